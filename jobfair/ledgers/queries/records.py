"""What is on record of the people whom a ledger names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobfair.kit.bulk import in_slices
from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Precision
from jobfair.ledgers.rules.same import Work
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.events import ENDS
from jobfair.placements.rules.kinds import ExemptReason
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON


@dataclass(frozen=True, slots=True)
class Person:
    """What a row must know of its person."""

    id: int
    home: str
    status: str
    employed: bool


@dataclass(frozen=True, slots=True)
class OnRecord:
    """One time at work on record.

    Attributes:
        end_precision: how exactly the day of the end is known.
        died: it ended with the person's death.
    """

    work: Work
    main: bool
    end_precision: Precision = Precision.DAY
    died: bool = False


def people_of(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """Return people by id."""
    found: dict[int, Person] = {}
    for some in in_slices(set(ids)):
        rows = session.execute(
            select(Seeker.id, Seeker.home_division, Seeker.status, Seeker.employed_since).where(
                Seeker.id.in_(some)
            )
        )
        for row in rows:
            employed = row.employed_since is not None
            found[row.id] = Person(row.id, row.home_division, row.status, employed)
    return found


def works_of(session: Session, people: Iterable[int]) -> dict[int, list[OnRecord]]:
    """Return people's times at work that count, those of merged records included, newest first."""
    found: dict[int, list[OnRecord]] = {}
    for some in in_slices(set(people)):
        rows = session.execute(
            select(
                PERSON.label("person"),
                Placement.id,
                Placement.employer_name,
                Placement.employer_id,
                Placement.workplace_text,
                Placement.workplace_division,
                Placement.started_on,
                Placement.ended_on,
                Placement.main,
            )
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .where(or_(Seeker.id.in_(some), Seeker.merged_into_id.in_(some)), ~Placement.void)
            .order_by(Placement.id.desc())
        ).all()
        ends = _ends(session, [row.id for row in rows if row.ended_on])
        for row in rows:
            work = Work(
                row.employer_name,
                row.employer_id,
                row.workplace_text,
                row.workplace_division,
                row.started_on,
                row.ended_on,
                row.id,
            )
            found.setdefault(row.person, []).append(OnRecord(work, row.main, *ends.get(row.id, ())))
    return found


def _ends(session: Session, ended: Sequence[int]) -> dict[int, tuple[Precision, bool]]:
    """Return of placements how exactly their end is known, and whether it was a death."""
    found: dict[int, tuple[Precision, bool]] = {}
    event = PlacementEvent
    for some in in_slices(ended):
        rows = session.execute(
            select(event.placement_id, event.date_precision, event.reason).where(
                event.placement_id.in_(some), event.kind.in_(sorted(ENDS)), *counting(event)
            )
        )
        for row in rows:
            died = row.reason == ExemptReason.DEATH
            found[row.placement_id] = Precision(row.date_precision), died
    return found
