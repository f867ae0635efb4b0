"""Who came, counted from the records themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Entry, Kind
from jobfair.cards.models import Card
from jobfair.seekers.models import Seeker

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


def holders_of(session: Session, digests: Iterable[bytes]) -> dict[bytes, Holder]:
    """Return the holders of some cards by digest; a merged record's is the one that was kept."""
    rows = session.execute(
        select(Card.digest, _PERSON, Card.revoked_at)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .where(Card.digest.in_(list(digests)))
    )
    return {
        bytes(digest): Holder(person, revoked_at is None) for digest, person, revoked_at in rows
    }


def entries_of(session: Session, fair_id: int, seekers: Iterable[int]) -> dict[int, list[Entry]]:
    """Return the entries of some people to a fair that were not taken back."""
    found: dict[int, list[Entry]] = defaultdict(list)
    wanted = list(seekers)
    rows = session.execute(
        select(_PERSON, GateRecord.at, GateRecord.id, GateRecord.place)
        .select_from(Seeker)
        .join(Card, Card.seeker_id == Seeker.id)
        .join(GateRecord, GateRecord.card == Card.digest)
        .where(
            Seeker.id.in_(wanted) | Seeker.merged_into_id.in_(wanted),
            *_entries(fair_id),
        )
    )
    for seeker_id, at, id_, place in rows:
        found[seeker_id].append(Entry(at, id_, place))
    return found


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


def count_records(session: Session) -> int:
    """Return how many records there are of all fairs, whatever they say."""
    return session.execute(select(func.count()).select_from(GateRecord)).scalar_one()
