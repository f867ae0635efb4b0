"""Who came, counted from the records themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Entry, Kind
from jobfair.cards.models import Card
from jobfair.kit.bulk import among, in_slices
from jobfair.seekers.models import Seeker

# Of the tables themselves, which the session hands on without a look at their classes.
_card, _record, _seeker = (cast(Table, one.__table__) for one in (Card, GateRecord, Seeker))
_of_card, _undo = _record.alias(), _record.alias()
_PERSON: Any = func.coalesce(_seeker.c.merged_into_id, _seeker.c.id)


def _stands(record: FromClause) -> ColumnElement[bool]:
    """Return whether a record was not taken back; what was, before or after it came, counts not."""
    return ~select(_undo.c.id).where(_undo.c.target == record.c.id).exists()


_STANDS = _stands(_record)


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came to a fair: persons, and entries; the two are never mixed.

    Attributes:
        unknown: entries with a card nobody knows.
    """

    persons: int
    entries: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose card it is, and whether it is in force."""

    seeker_id: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a stored record says: whose card, where, when."""

    card: bytes | None
    place: str
    at: datetime


# A statement of its own by its limit, so that the planner asks it of one card's records and does
# not join all records to all undos.
_undone = (
    select(_undo.c.id)
    .where(_undo.c.target == _of_card.c.id)
    .limit(1)
    .correlate(_of_card)
    .scalar_subquery()
)
_first_of_card = (
    select(_of_card.c.id)
    .where(
        _of_card.c.card == _card.c.digest,
        _of_card.c.fair_id == bindparam("fair"),
        _of_card.c.kind == Kind.IN,
        _undone.is_(None),
    )
    .order_by(_of_card.c.at, _of_card.c.id)
    .limit(1)
    .correlate(_card)
    .scalar_subquery()
)


# Asked at every scan, so they are put together once.
@cache
def _holders(dialect: str) -> Select[*tuple[Any, ...]]:
    return (
        select(_card.c.digest, _PERSON, _card.c.revoked_at)
        .join(_seeker, _seeker.c.id == _card.c.seeker_id)
        .where(among(_card.c.digest, "cards", dialect))
    )


@cache
def _first(dialect: str) -> Select[*tuple[Any, ...]]:
    return (
        select(_PERSON, _first_of_card)
        .select_from(_seeker)
        .join(_card, _card.c.seeker_id == _seeker.c.id)
        .where(
            among(_seeker.c.id, "people", dialect)
            | among(_seeker.c.merged_into_id, "people", dialect)
        )
    )


# Not joined to the statement above: PostgreSQL would read every record for that.
@cache
def _said(dialect: str) -> Select[*tuple[Any, ...]]:
    return select(_record.c.id, _record.c.at, _record.c.place).where(
        among(_record.c.id, "ids", dialect)
    )


def holders_of(session: Session, digests: Iterable[bytes]) -> dict[bytes, Holder]:
    """Return the holders of some cards by digest; a merged record's is the one that was kept."""
    rows = session.execute(_holders(_dialect(session)), {"cards": list(digests)}).all()
    return {
        bytes(digest): Holder(person, revoked_at is None) for digest, person, revoked_at in rows
    }


def first_entries(session: Session, fair_id: int, seekers: Iterable[int]) -> dict[int, Entry]:
    """Return the first entry of each of some people to a fair, of those not taken back.

    By time, then by id, so that all agree on which was the first.
    """
    dialect = _dialect(session)
    asked = {"people": list(seekers), "fair": fair_id}
    people = {key: person for person, key in session.execute(_first(dialect), asked).all() if key}
    found: dict[int, Entry] = {}
    for key, at, place in session.execute(_said(dialect), {"ids": list(people)}).all():
        person = people[key]
        known = found.get(person)  # by another card of theirs
        if known is None or (at, key) < (known.at, known.id):
            found[person] = Entry(at, key, place)
    return found


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def find_facts(session: Session, ids: Iterable[str]) -> dict[str, Said]:
    """Return what those records say that are stored, by id."""
    found: dict[str, Said] = {}
    columns = (GateRecord.id, GateRecord.card, GateRecord.place, GateRecord.at)
    for some in in_slices(ids):
        for row in session.execute(select(*columns).where(GateRecord.id.in_(some))):
            found[row.id] = Said(bytes(row.card) if row.card else None, row.place, row.at)
    return found


def last_sequence(session: Session, pairing_id: int) -> int:
    """Return the highest sequence that a device has used; 0 before its first record."""
    query = select(func.max(GateRecord.sequence)).where(GateRecord.pairing_id == pairing_id)
    return session.execute(query).scalar_one() or 0


def count_attendance(session: Session, fair_id: int) -> Attendance:
    """Return how many came to a fair until now."""
    persons, entries, known = session.execute(
        select(func.count(_PERSON.distinct()), func.count(), func.count(Card.id))
        .select_from(GateRecord)
        .outerjoin(Card, Card.digest == GateRecord.card)
        .outerjoin(Seeker, Seeker.id == Card.seeker_id)
        .where(*_entries(fair_id))
    ).one()
    return Attendance(persons, entries, entries - known)


def _entries(fair_id: int) -> list[ColumnElement[bool]]:
    return [GateRecord.fair_id == fair_id, GateRecord.kind == Kind.IN, _STANDS]


def people_seen(session: Session, fair_id: int) -> set[int]:
    """Return who came in at a fair at all."""
    rows = session.execute(
        select(_PERSON)
        .distinct()
        .select_from(GateRecord)
        .join(Card, Card.digest == GateRecord.card)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .where(*_entries(fair_id))
    )
    return set(rows.scalars())


def entry_times(session: Session, fair_id: int, since: datetime) -> list[datetime]:
    """Return when each entry of a fair was since an instant; what was taken back is left out."""
    query = select(GateRecord.at).where(*_entries(fair_id), GateRecord.at >= since)
    return list(session.execute(query).scalars())


def count_records(session: Session) -> int:
    """Return how many records there are of all fairs, whatever they say."""
    return session.execute(select(func.count()).select_from(GateRecord)).scalar_one()


def people_inside(session: Session, fair_id: int) -> set[int]:
    """Return who was seen coming in and not, later, going out."""
    rows = session.execute(
        select(_PERSON, GateRecord.kind)
        .select_from(GateRecord)
        .join(Card, Card.digest == GateRecord.card)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .where(GateRecord.fair_id == fair_id, GateRecord.kind != Kind.UNDO, _STANDS)
        .order_by(GateRecord.at, GateRecord.id)
    )
    newest = {row[0]: row.kind for row in rows}
    return {person for person, kind in newest.items() if kind == Kind.IN}
