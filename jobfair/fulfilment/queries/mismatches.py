"""Where office and employer differ now, and the list of tasks that came of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.queries import recorder_names
from jobfair.employers.models import Employer
from jobfair.fulfilment.models import DutyAnswer, WordMismatch
from jobfair.fulfilment.rules.duties import Said
from jobfair.fulfilment.rules.mismatches import (
    LOOKED_BACK,
    SILENT,
    Differs,
    Kind,
    TaskState,
    apart,
)
from jobfair.kit import clock
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import said_by_employer
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.seekers import queries as seekers

_COUNTY = 6


def differing(session: Session, today: date) -> Iterator[Differs]:
    """Give every difference between office and employer that the records show."""
    yield from _denied(session)
    yield from _days_apart(session)
    yield from _office_silent(session, today)
    yield from _employer_silent(session, today)


def _differs(row: Any, kind: Kind, office: date | None, employer: date | None) -> Differs:
    return Differs(row.id, row.seeker_id, row.home_division, kind, office, employer)


def _placements(*more: Any) -> Select[*tuple[Any, ...]]:
    """Return the question for placements that count and are not over."""
    return (
        select(
            Placement.id, Placement.seeker_id, Placement.home_division, Placement.started_on, *more
        )
        .where(Placement.main, ~Placement.void, Placement.ended_on.is_(None))
        .order_by(Placement.id)
    )


def _last_word() -> tuple[Any, list[ColumnElement[bool]]]:
    """Return the employer's word, and the conditions that it is the last that was recorded.

    What an employer told last counts, also of a day before its earlier words.
    """
    word, later = aliased(PlacementEvent), aliased(PlacementEvent)
    newer = (
        select(later.id)
        .where(
            later.placement_id == word.placement_id,
            later.kind == EventKind.EMPLOYER_CONFIRMED,
            later.id > word.id,
            *counting(later),
        )
        .exists()
    )
    last = [word.kind == EventKind.EMPLOYER_CONFIRMED, *counting(word), ~newer]
    return word, last


def _denied(session: Session) -> Iterator[Differs]:
    word, last = _last_word()
    wanted = (
        _placements(word.occurred_on)
        .join(word, word.placement_id == Placement.id)
        .where(Placement.started_on.is_not(None), word.reason == Word.NOT_HERE, *last)
    )
    for row in session.execute(wanted):
        yield _differs(row, Kind.DENIED, row.started_on, row.occurred_on)


def _days_apart(session: Session) -> Iterator[Differs]:
    """Give days that the employer named and the office has otherwise; its newest answer counts."""
    arrived = aliased(PlacementEvent)
    named = (Said.CAME, Said.ON_POST)
    newest = (
        select(func.max(DutyAnswer.id))
        .where(DutyAnswer.said.in_(named), DutyAnswer.day.is_not(None))
        .group_by(DutyAnswer.placement_id, DutyAnswer.said)
    )
    wanted = (
        _placements(DutyAnswer.said, DutyAnswer.day, arrived.occurred_on.label("arrived_on"))
        .join(DutyAnswer, DutyAnswer.placement_id == Placement.id)
        .outerjoin(
            arrived,
            (arrived.placement_id == Placement.id)
            & (arrived.kind == EventKind.ARRIVED)
            & counting(arrived)[0],
        )
        .where(DutyAnswer.id.in_(newest))
    )
    for row in session.execute(wanted):
        came = row.said == Said.CAME
        office = row.arrived_on if came else row.started_on
        if office is not None and apart(office, row.day):
            yield _differs(row, Kind.ARRIVAL if came else Kind.FIRST_DAY, office, row.day)


def _office_silent(session: Session, today: date) -> Iterator[Differs]:
    """Give people whom the employer has and the office does not, two weeks after.

    Whoever only arrived, by the employer's word, is no question once the office has that, too.
    """
    word, last = _last_word()
    arrived = aliased(PlacementEvent)
    known = (
        select(arrived.id)
        .where(
            arrived.placement_id == Placement.id,
            arrived.kind == EventKind.ARRIVED,
            *counting(arrived),
        )
        .exists()
    )
    wanted = (
        _placements(word.occurred_on)
        .join(word, word.placement_id == Placement.id)
        .where(
            Placement.started_on.is_(None),
            (word.reason == Word.ON_POST) | ((word.reason == Word.ARRIVED) & ~known),
            word.occurred_on <= today - SILENT,
            *last,
        )
    )
    for row in session.execute(wanted):
        yield _differs(row, Kind.OFFICE_SILENT, None, row.occurred_on)


def _employer_silent(session: Session, today: date) -> Iterator[Differs]:
    """Give people on post of whom an employer with an account has not said a word in two weeks."""
    wanted = (
        _placements()
        .join(Employer, Employer.id == Placement.employer_id)
        .where(
            Employer.organisation_id.is_not(None),
            Placement.channel != Channel.SELF_ARRANGED,
            Placement.started_on <= today - SILENT,
            Placement.started_on >= today - LOOKED_BACK,
            ~said_by_employer(),
        )
    )
    for row in session.execute(wanted):
        yield _differs(row, Kind.EMPLOYER_SILENT, row.started_on, None)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the list is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division.
        state: open without another.
        employer_id: only of this employer's people.
        month: first day of the month in which they came to be asked about.
        together: without whom an employer has not spoken of, who are one task for each employer
            and month.
    """

    scope: str | None = None
    kind: str = ""
    county: str = ""
    state: str = TaskState.OPEN
    employer_id: int | None = None
    month: date | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class SilentRow:
    """One task: an employer that has not spoken of some people who came up in a month."""

    employer_id: int
    employer: str
    month: date
    people: int
    opened_on: date


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One difference as shown; the name is masked.

    Attributes:
        office_on: the day by the office's record; None where it has none.
        employer_on: the day by the employer's word; None where it has none.
    """

    id: int
    placement_id: int
    seeker_id: int
    name: str
    home_division: str
    employer: str
    title: str
    kind: str
    office_on: date | None
    employer_on: date | None
    state: str
    opened_on: date
    how: str | None
    note: str
    settled_at: datetime | None
    settled_by: str


def list_tasks(
    session: Session, wanted: TaskFilter, *, limit: int = 50, offset: int = 0
) -> list[TaskRow]:
    """Return a page of differences, the oldest first."""
    found = session.execute(
        _tasks()
        .where(*_conditions(wanted))
        .order_by(WordMismatch.opened_on, WordMismatch.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return _rows(session, found)


def list_silent(session: Session, wanted: TaskFilter) -> list[SilentRow]:
    """Return the employers that have not spoken of people, by month, the oldest first."""
    if wanted.kind not in {"", Kind.EMPLOYER_SILENT}:
        return []
    day = WordMismatch.opened_on
    year, month = extract("year", day), extract("month", day)
    silent = replace(wanted, kind=Kind.EMPLOYER_SILENT, together=False)
    rows = session.execute(
        select(
            Placement.employer_id,
            func.max(Employer.name).label("employer"),
            year.label("year"),
            month.label("month"),
            func.count().label("people"),
            func.min(day).label("opened_on"),
        )
        .select_from(WordMismatch)
        .join(Placement, Placement.id == WordMismatch.placement_id)
        .join(Employer, Employer.id == Placement.employer_id)
        .where(*_conditions(silent))
        .group_by(Placement.employer_id, year, month)
        .order_by(func.min(day), Placement.employer_id)
    )
    return [
        SilentRow(
            row.employer_id or 0,
            row.employer,
            date(int(row.year), int(row.month), 1),
            row.people,
            row.opened_on,
        )
        for row in rows
    ]


def count_work(session: Session, scope: str | None) -> int:
    """Return how many tasks wait; people whom an employer has not spoken of are one a month."""
    others = TaskFilter(scope=scope, together=True)
    return count_tasks(session, others) + len(list_silent(session, TaskFilter(scope=scope)))


def task_ids(session: Session, wanted: TaskFilter) -> list[int]:
    """Return the ids of the differences that a filter finds."""
    found = select(WordMismatch.id).where(*_conditions(wanted)).order_by(WordMismatch.id)
    return list(session.execute(found).scalars())


def count_tasks(session: Session, wanted: TaskFilter) -> int:
    """Return how many differences a filter finds."""
    counted = select(func.count()).select_from(WordMismatch).where(*_conditions(wanted))
    return session.execute(counted).scalar_one()


def find_task(session: Session, mismatch_id: int) -> TaskRow | None:
    """Return one difference."""
    found = session.execute(_tasks().where(WordMismatch.id == mismatch_id)).all()
    return _rows(session, found)[0] if found else None


def open_denials(session: Session) -> list[TaskRow]:
    """Return the open tasks of people whom their employer denies, by placement."""
    found = session.execute(
        _tasks()
        .where(WordMismatch.kind == Kind.DENIED, WordMismatch.state == TaskState.OPEN)
        .order_by(WordMismatch.placement_id)
    ).all()
    return _rows(session, found)


def open_task_of(session: Session, placement_id: int, kind: Kind) -> int | None:
    """Return the open task of a kind about a placement."""
    return session.execute(
        select(WordMismatch.id).where(
            WordMismatch.placement_id == placement_id,
            WordMismatch.kind == kind,
            WordMismatch.state == TaskState.OPEN,
        )
    ).scalar()


def _tasks() -> Select[*tuple[Any, ...]]:
    return select(WordMismatch, Placement.employer_name, Placement.title).join(
        Placement, Placement.id == WordMismatch.placement_id
    )


def _conditions(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        found.append(WordMismatch.state == wanted.state)
    if wanted.kind:
        found.append(WordMismatch.kind == wanted.kind)
    if wanted.together:
        found.append(WordMismatch.kind != Kind.EMPLOYER_SILENT)
    if wanted.employer_id is not None:
        own = select(Placement.id).where(Placement.employer_id == wanted.employer_id)
        found.append(WordMismatch.placement_id.in_(own))
    if wanted.month is not None:
        found.append(WordMismatch.opened_on >= wanted.month)
        found.append(WordMismatch.opened_on < clock.add_months(wanted.month, 1))
    found += [
        WordMismatch.home_division.startswith(place, autoescape=True)
        for place in (wanted.scope, wanted.county)
        if place
    ]
    return found


def _rows(session: Session, found: Any) -> list[TaskRow]:
    people = seekers.names_of(session, {task.seeker_id for task, *_ in found})
    names, _ = recorder_names(session, {t.settled_by for t, *_ in found if t.settled_by}, ())
    return [
        TaskRow(
            task.id,
            task.placement_id,
            task.seeker_id,
            people[task.seeker_id].name,
            task.home_division,
            employer,
            title,
            task.kind,
            task.office_on,
            task.employer_on,
            task.state,
            task.opened_on,
            task.how,
            task.note,
            task.settled_at,
            names.get(task.settled_by or 0, ""),
        )
        for task, employer, title in found
    ]
