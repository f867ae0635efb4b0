"""Who came, counted from the records themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Entry, Kind
from jobfair.cards.models import Card
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.sealed import in_slices

_undo = aliased(GateRecord)
_PERSON: Any = func.coalesce(Seeker.merged_into_id, Seeker.id)
# Whatever was taken back, before or after it came, counts nowhere.
_STANDS = ~select(_undo.id).where(_undo.target == GateRecord.id).exists()


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


# Asked at every scan, so they are put together once.
_HOLDERS = (
    select(Card.digest, _PERSON, Card.revoked_at)
    .join(Seeker, Seeker.id == Card.seeker_id)
    .where(Card.digest.in_(bindparam("cards", expanding=True)))
)
_CARDS = (
    select(Card.digest, _PERSON)
    .join(Seeker, Seeker.id == Card.seeker_id)
    .where(
        Seeker.id.in_(bindparam("people", expanding=True))
        | Seeker.merged_into_id.in_(bindparam("people", expanding=True))
    )
)
_numbered = (
    select(
        GateRecord.card,
        GateRecord.at,
        GateRecord.id,
        GateRecord.place,
        func.row_number()
        .over(partition_by=GateRecord.card, order_by=(GateRecord.at, GateRecord.id))
        .label("number"),
    )
    .where(
        GateRecord.card.in_(bindparam("cards", expanding=True)),
        GateRecord.fair_id == bindparam("fair"),
        GateRecord.kind == Kind.IN,
        _STANDS,
    )
    .subquery()
)
_FIRST = select(_numbered).where(_numbered.c.number == 1)


def holders_of(session: Session, digests: Iterable[bytes]) -> dict[bytes, Holder]:
    """Return the holders of some cards by digest; a merged record's is the one that was kept."""
    rows = session.execute(_HOLDERS, {"cards": list(digests)})
    return {
        bytes(digest): Holder(person, revoked_at is None) for digest, person, revoked_at in rows
    }


def first_entries(session: Session, fair_id: int, seekers: Iterable[int]) -> dict[int, Entry]:
    """Return the first entry of each of some people to a fair, of those not taken back.

    By time, then by id, so that all agree on which was the first.
    """
    rows = session.execute(_CARDS, {"people": list(seekers)})
    people = {bytes(digest): person for digest, person in rows}
    found: dict[int, Entry] = {}
    for row in session.execute(_FIRST, {"cards": list(people), "fair": fair_id}):
        person, entry = people[bytes(row.card)], Entry(row.at, row.id, row.place)
        known = found.get(person)  # by another card of theirs
        if known is None or (entry.at, entry.id) < (known.at, known.id):
            found[person] = entry
    return found


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
