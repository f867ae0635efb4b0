"""Who came, counted from the records themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Entry, Kind
from jobfair.cards.models import Card

_undo = aliased(GateRecord)
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


def entries_of(session: Session, fair_id: int, seekers: Iterable[int]) -> dict[int, list[Entry]]:
    """Return the entries of some people to a fair that were not taken back."""
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = session.execute(
        select(Card.seeker_id, GateRecord.at, GateRecord.id, GateRecord.place)
        .join(Card, Card.digest == GateRecord.card)
        .where(Card.seeker_id.in_(list(seekers)), *_entries(fair_id))
    )
    for seeker_id, at, id_, place in rows:
        found[seeker_id].append(Entry(at, id_, place))
    return found


def count_attendance(session: Session, fair_id: int) -> Attendance:
    """Return how many came to a fair until now."""
    persons, entries, known = session.execute(
        select(func.count(Card.seeker_id.distinct()), func.count(), func.count(Card.id))
        .select_from(GateRecord)
        .outerjoin(Card, Card.digest == GateRecord.card)
        .where(*_entries(fair_id))
    ).one()
    return Attendance(persons, entries, entries - known)


def _entries(fair_id: int) -> list[ColumnElement[bool]]:
    return [GateRecord.fair_id == fair_id, GateRecord.kind == Kind.IN, _STANDS]
