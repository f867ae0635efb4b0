"""Doubtful records of single placements."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.employers.models import Employer
from jobfair.findings.rules import (
    CONTRACT_DAYS,
    CONTRACT_YEAR,
    SETTLED_DAYS,
    TIMES_MEDIAN,
    Code,
    Found,
    Subject,
)
from jobfair.fulfilment.queries.mismatches import open_denials
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.counting import Channel, overlap
from jobfair.placements.rules.kinds import EventKind
from jobfair.regions import codes
from jobfair.school.queries.exports import students_at_work
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.rules.drafts import HouseholdCategory

# Fewer wages of one kind of work say nothing about what is usual.
_WAGES_LEAST = 10


def _found(code: Code, placement: Any, mark: str = "", **told: object) -> Found:
    return Found(
        code,
        Subject.PLACEMENT,
        placement.id,
        placement.home_division,
        mark,
        placement.person,
        {name: str(value) for name, value in told.items()},
    )


def _placements(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(Placement.id, Placement.home_division, PERSON.label("person"), *columns)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(Placement.main, ~Placement.void)
        .order_by(Placement.id)
    )


def overlapping(session: Session) -> Iterator[Found]:
    """Give placements of one person on the same days; two records that were merged had one each."""
    columns = (Placement.employer_name, Placement.started_on, Placement.ended_on)
    twice = (
        select(PERSON)
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(Placement.main, ~Placement.void, Placement.started_on.is_not(None))
        .group_by(PERSON)
        .having(func.count() > 1)
    )
    of: dict[int, list[Any]] = defaultdict(list)
    wanted = _placements(*columns).where(Placement.started_on.is_not(None), PERSON.in_(twice))
    for row in session.execute(wanted):
        for other in of[row.person]:
            if overlap((other.started_on, other.ended_on), (row.started_on, row.ended_on)):
                names = {"a": other.employer_name or "–", "b": row.employer_name or "–"}
                yield _found(Code.OVERLAP, row, str(other.id), **names)
        of[row.person].append(row)


def before_eligible(session: Session) -> Iterator[Found]:
    """Give placements counted for a household category that began only later."""
    special = Placement.household_category != HouseholdCategory.GENERAL
    columns = (
        Placement.household_category,
        Placement.started_on,
        Seeker.household_category_since,
    )
    wanted = _placements(*columns).where(
        special,
        Seeker.household_category == Placement.household_category,
        Seeker.household_category_since > Placement.started_on,
    )
    for row in session.execute(wanted):
        yield _found(
            Code.BEFORE_ELIGIBLE,
            row,
            category=row.household_category,
            day=row.started_on,
            since=row.household_category_since,
        )


def denied(session: Session) -> Iterator[Found]:
    """Give the open tasks of people whom their employer denies; they are settled there."""
    tasks = {task.placement_id: task for task in open_denials(session)}
    wanted = _placements(Placement.started_on).where(Placement.id.in_(tasks))
    for row in session.execute(wanted):
        yield _found(Code.DENIED, row, since=row.started_on, day=tasks[row.id].employer_on)


def never_boarded(session: Session) -> Iterator[Found]:
    """Give people of a roster who were handed over, but whom nobody saw boarding."""
    seat, over = aliased(PlacementEvent), aliased(PlacementEvent)
    wanted = (
        _placements(seat.reason.label("batch"), over.occurred_on)
        .join(seat, seat.placement_id == Placement.id)
        .join(over, over.placement_id == Placement.id)
        .where(
            seat.kind == EventKind.BATCH_ASSIGNED,
            over.kind == EventKind.HANDED_OVER,
            *counting(seat),
            *counting(over),
            ~_has(EventKind.BOARDED),
            ~_left_batch_after(seat),
        )
    )
    for row in session.execute(wanted):
        yield _found(Code.NEVER_BOARDED, row, batch=row.batch, day=row.occurred_on)


def _left_batch_after(seat: Any) -> Any:
    left = aliased(PlacementEvent)
    return (
        select(left.id)
        .where(
            left.placement_id == Placement.id,
            left.kind == EventKind.BATCH_LEFT,
            left.occurred_on >= seat.occurred_on,
            left.id > seat.id,
            *counting(left),
        )
        .exists()
    )


def _has(*kinds: EventKind) -> Any:
    event = aliased(PlacementEvent)
    return (
        select(event.id)
        .where(event.placement_id == Placement.id, event.kind.in_(kinds), *counting(event))
        .exists()
    )


def no_departure(session: Session) -> Iterator[Found]:
    """Give people whose travel was organised, who arrived and never left."""
    arrived = aliased(PlacementEvent)
    wanted = (
        _placements(arrived.occurred_on)
        .join(arrived, arrived.placement_id == Placement.id)
        .where(
            Placement.channel == Channel.ORGANISED,
            arrived.kind == EventKind.ARRIVED,
            *counting(arrived),
            ~_has(EventKind.DEPARTED, EventKind.BOARDED),
        )
    )
    for row in session.execute(wanted):
        yield _found(Code.NO_DEPARTURE, row, day=row.occurred_on)


def no_contract(session: Session, today: date) -> Iterator[Found]:
    """Give running placements arranged by an office, a month old, without a contract.

    After a year without one it is no question any more: the law takes it for one without an end.
    Source: Labour Contract Law, articles 10, 14 and 82.
    """
    wanted = _placements(Placement.started_on).where(
        Placement.channel != Channel.SELF_ARRANGED,
        Placement.started_on < today - timedelta(days=CONTRACT_DAYS),
        Placement.started_on > today - timedelta(days=CONTRACT_YEAR),
        Placement.ended_on.is_(None),
        ~_has(EventKind.CONTRACT_SIGNED),
    )
    for row in session.execute(wanted):
        yield _found(Code.NO_CONTRACT, row, since=row.started_on)


def incomplete(session: Session, today: date) -> Iterator[Found]:
    """Give running placements of two months without a wage, a place, an employer, an industry."""
    columns = (
        Placement.started_on,
        Placement.wage_fen,
        Placement.workplace_text,
        Placement.workplace_division,
        Placement.employer_name,
        Placement.industry,
        Employer.industry_code,
    )
    joined = _placements(*columns).outerjoin(Employer, Employer.id == Placement.employer_id)
    wanted = joined.where(
        Placement.started_on < today - timedelta(days=SETTLED_DAYS),
        Placement.ended_on.is_(None),
        Placement.wage_fen.is_(None)
        | (Placement.employer_name == "")
        | (Placement.industry == "")
        | (Placement.workplace_division.is_(None) & (Placement.workplace_text == "")),
    )
    for row in session.execute(wanted):
        lacks = {
            Code.NO_WAGE: row.wage_fen is None,
            Code.NO_PLACE: not (row.workplace_text or row.workplace_division),
            Code.NO_EMPLOYER: not row.employer_name,
            Code.NO_INDUSTRY: not (row.industry or row.industry_code),
        }
        for code, lacking in lacks.items():
            if lacking:
                yield _found(code, row, since=row.started_on)


def students(session: Session, today: date) -> Iterator[Found]:
    """Give placements of people who are on a school's roll on the same days."""
    at_work = {
        one.placement_id: one for one in students_at_work(session, as_of=today) if one.together
    }
    wanted = _placements(Placement.started_on, Placement.employer_name)
    for row in session.execute(wanted.where(Placement.id.in_(at_work))):
        yield _found(
            Code.STUDENT_AT_WORK,
            row,
            entered=at_work[row.id].entered,
            employer=row.employer_name or "–",
            since=row.started_on,
        )


def odd_wages(session: Session) -> Iterator[Found]:
    """Give wages below the minimum of workplace and month, or above five times the median.

    The median is that of the same kind of work, where at least ten wages of it are on record.
    """
    columns = (
        Placement.title,
        Placement.wage_fen,
        Placement.workplace_division,
        Placement.started_on,
    )
    rows = session.execute(_placements(*columns).where(Placement.wage_fen.is_not(None))).all()
    of_title: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        of_title[row.title].append(row.wage_fen)
    usual = {
        title: median(wages) for title, wages in of_title.items() if len(wages) >= _WAGES_LEAST
    }
    for row in rows:
        place = row.workplace_division
        low = codes.minimum_wage(place, row.started_on) if place and row.started_on else None
        high = TIMES_MEDIAN * usual[row.title] if row.title in usual else None
        if (low and row.wage_fen < low) or (high and row.wage_fen > high):
            yield _found(Code.WAGE, row, wage=_yuan(row.wage_fen), low=_yuan(low), high=_yuan(high))


def _yuan(fen: float | None) -> str:
    return f"{fen / 100:,.0f}" if fen else "–"
