"""Rights cases: the list, one case, those of a placement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import UserAccount
from jobfair.follow_ups.models import RightsCase, RightsCaseStep
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

_EMPLOYERS = 500  # in a list to choose from


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list of cases is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division.
        standing: open, overdue or closed.
        owner_id: a user; 0 for nobody's.
        employer: name of the employer, as it is on record.
        person: a seeker; records merged into it count.
    """

    today: date
    scope: str | None = None
    kind: str = ""
    standing: str = ""
    owner_id: int | None = None
    employer: str = ""
    person: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; the name is masked."""

    id: int
    placement_id: int
    name: str
    home_division: str
    employer_name: str
    kind: str
    owner_id: int | None
    owner: str
    opened_on: date
    deadline: date
    claimed_fen: int | None
    recovered_fen: int
    closed_on: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """How many cases a list has, and the money recovered in them, fen."""

    cases: int
    recovered_fen: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """What was done about a case."""

    recorded_at: datetime
    recorder: str
    note: str
    recovered_fen: int


def list_cases(
    session: Session, wanted: CaseFilter, *, limit: int = 50, offset: int = 0
) -> list[CaseRow]:
    """Return a page of cases: open ones first, the nearest deadline at the top."""
    conditions = _conditions(wanted)
    order = (RightsCase.closed_on.is_not(None), RightsCase.deadline, RightsCase.id)
    return _rows(session, conditions, order, limit, offset)


def count_cases(session: Session, wanted: CaseFilter) -> CaseTotals:
    """Return how many cases the whole list has, and what was recovered in them."""
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(RightsCase.recovered_fen), 0)).where(
            *_conditions(wanted)
        )
    ).one()
    return CaseTotals(row[0], int(row[1]))


def case_employers(session: Session, scope: str | None) -> list[str]:
    """Return the employers that cases are about, by name."""
    query = (
        select(Placement.employer_name)
        .join(RightsCase, RightsCase.placement_id == Placement.id)
        .where(Placement.employer_name != "")
        .distinct()
        .order_by(Placement.employer_name)
        .limit(_EMPLOYERS)
    )
    if scope:
        query = query.where(RightsCase.home_division.startswith(scope, autoescape=True))
    return list(session.execute(query).scalars())


def open_cases_of(session: Session, placements: Collection[int]) -> dict[int, int]:
    """Return how many open cases each of some placements has; none are left out."""
    rows = session.execute(
        select(RightsCase.placement_id, func.count())
        .where(RightsCase.placement_id.in_(placements), RightsCase.closed_on.is_(None))
        .group_by(RightsCase.placement_id)
    )
    return {row[0]: row[1] for row in rows}


def find_case(session: Session, case_id: int) -> CaseRow | None:
    """Return one case."""
    found = _rows(session, [RightsCase.id == case_id], (RightsCase.id,), 1, 0)
    return found[0] if found else None


def cases_of(session: Session, placement_id: int) -> list[CaseRow]:
    """Return the cases of a placement, the newest first."""
    conditions = [RightsCase.placement_id == placement_id]
    return _rows(session, conditions, (RightsCase.id.desc(),), 50, 0)


def list_steps(session: Session, case_id: int) -> list[StepRow]:
    """Return what was done about a case, in order."""
    rows = session.execute(
        select(RightsCaseStep, UserAccount.display_name)
        .outerjoin(UserAccount, UserAccount.id == RightsCaseStep.recorded_by)
        .where(RightsCaseStep.case_id == case_id)
        .order_by(RightsCaseStep.id)
    )
    return [StepRow(one.recorded_at, by or "", one.note, one.recovered_fen) for one, by in rows]


def _rows(
    session: Session,
    conditions: Collection[ColumnElement[bool]],
    order: Collection[Any],
    limit: int,
    offset: int,
) -> list[CaseRow]:
    found = session.execute(
        select(RightsCase, Placement.employer_name, UserAccount.display_name)
        .join(Placement, Placement.id == RightsCase.placement_id)
        .outerjoin(UserAccount, UserAccount.id == RightsCase.owner_id)
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    ).all()
    people = seekers.names_of(session, {case.seeker_id for case, *_ in found})
    return [
        CaseRow(
            id=case.id,
            placement_id=case.placement_id,
            name=people[case.seeker_id].name,
            home_division=case.home_division,
            employer_name=employer,
            kind=case.kind,
            owner_id=case.owner_id,
            owner=owner or "",
            opened_on=case.opened_on,
            deadline=case.deadline,
            claimed_fen=case.claimed_fen,
            recovered_fen=case.recovered_fen,
            closed_on=case.closed_on,
            outcome=case.outcome,
        )
        for case, employer, owner in found
    ]


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.scope:
        found.append(RightsCase.home_division.startswith(wanted.scope, autoescape=True))
    if wanted.kind:
        found.append(RightsCase.kind == wanted.kind)
    if wanted.standing == "closed":
        found.append(RightsCase.closed_on.is_not(None))
    elif wanted.standing:
        found.append(RightsCase.closed_on.is_(None))
    if wanted.standing == "overdue":
        found.append(RightsCase.deadline < wanted.today)
    if wanted.employer:
        theirs = select(Placement.id).where(Placement.employer_name == wanted.employer)
        found.append(RightsCase.placement_id.in_(theirs))
    if wanted.person is not None:
        records = select(Seeker.id).where(wanted.person == PERSON)
        found.append(RightsCase.seeker_id.in_(records))
    if wanted.owner_id is not None:
        found.append(
            RightsCase.owner_id == wanted.owner_id
            if wanted.owner_id
            else RightsCase.owner_id.is_(None)
        )
    return found
