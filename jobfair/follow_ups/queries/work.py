"""The work list: who is to be asked, by when, by whom; a page at a time, people masked."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import UserAccount
from jobfair.follow_ups.models import FollowUpDue, FollowUpMark
from jobfair.follow_ups.queries.cases import open_cases_of
from jobfair.follow_ups.rules.checkpoints import DueState
from jobfair.follow_ups.rules.sharing import ToShare
from jobfair.kit.changes import current_revision
from jobfair.ownership.queries import is_held
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.events import LINE, State
from jobfair.seekers import queries as seekers

_COUNTY = 6


class Show(StrEnum):
    """Which part of the work a list shows."""

    DUE = "due"
    OVERDUE = "overdue"
    TRIED = "tried"
    MISSED = "missed"


class OwnedBy(StrEnum):
    """Whose people a list shows."""

    HOME = "home"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What the work list is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division: only people whose home begins with it.
        owner: only people whom the home owns, or only those whom a labour station does.
        station_id: only people whom this station owns.
        place: a county or township.
        caller_id: a user; 0 for what nobody has been given.
        show: due and overdue together without it.
    """

    today: date
    scope: str | None = None
    place: str = ""
    checkpoint: str = ""
    caller_id: int | None = None
    show: Show | None = None
    owner: OwnedBy | None = None
    station_id: int | None = None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the list; the name is masked.

    Attributes:
        disputed: the employer's last word is that the person is not there.
        lost: contact is lost.
        cases: open rights cases.
    """

    due_id: int
    placement_id: int
    name: str
    home_division: str
    employer_name: str
    title: str
    checkpoint: str
    due_on: date
    closes_on: date
    overdue: bool
    attempts: int
    caller: str
    disputed: bool
    lost: bool
    cases: int


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much there is to do; ``tried`` of it was tried and nobody was reached."""

    due: int
    overdue: int
    tried: int


def list_work(
    session: Session, wanted: WorkFilter, *, limit: int = 50, offset: int = 0
) -> list[WorkRow]:
    """Return a page of the work, what closes first at the top."""
    found = session.execute(
        select(FollowUpDue, Placement.employer_name, Placement.title, UserAccount.display_name)
        .join(Placement, Placement.id == FollowUpDue.placement_id)
        .outerjoin(UserAccount, UserAccount.id == FollowUpDue.caller_id)
        .where(*_conditions(wanted))
        .order_by(FollowUpDue.closes_on, FollowUpDue.id)
        .limit(limit)
        .offset(offset)
    ).all()
    people = seekers.names_of(session, {due.seeker_id for due, *_ in found})
    states = states_of(session, {due.placement_id for due, *_ in found})
    cases = open_cases_of(session, {due.placement_id for due, *_ in found})
    return [
        WorkRow(
            due_id=due.id,
            placement_id=due.placement_id,
            name=people[due.seeker_id].name,
            home_division=due.home_division,
            employer_name=employer,
            title=title,
            checkpoint=due.checkpoint,
            due_on=due.due_on,
            closes_on=due.closes_on,
            overdue=due.closes_on < wanted.today,
            attempts=due.attempts,
            caller=caller or "",
            disputed=states[due.placement_id].disputed,
            lost=states[due.placement_id].lost_on is not None,
            cases=cases.get(due.placement_id, 0),
        )
        for due, employer, title, caller in found
    ]


def count_listed(session: Session, wanted: WorkFilter) -> int:
    """Return how many lines the whole list has."""
    counted = select(func.count()).select_from(FollowUpDue).where(*_conditions(wanted))
    return session.execute(counted).scalar_one()


def count_work(session: Session, wanted: WorkFilter) -> WorkCounts:
    """Return how much there is to do, whatever part of it the list shows."""
    overdue = FollowUpDue.closes_on < wanted.today
    row = session.execute(
        select(
            func.count(),
            func.count(case((overdue, 1))),
            func.count(case((FollowUpDue.attempts > 0, 1))),
        ).where(*_conditions(_whole(wanted)))
    ).one()
    return WorkCounts(row[0] - row[1], row[1], row[2])


def count_loads(session: Session, user_ids: Collection[int], today: date) -> dict[int, int]:
    """Return how many open follow-ups each user has been given."""
    found = dict.fromkeys(user_ids, 0)
    rows = session.execute(
        select(FollowUpDue.caller_id, func.count())
        .where(
            FollowUpDue.state == DueState.OPEN,
            FollowUpDue.caller_id.in_(user_ids),
            FollowUpDue.opens_on <= today,
        )
        .group_by(FollowUpDue.caller_id)
    )
    return found | {user: count for user, count in rows if user is not None}


def unshared(session: Session, wanted: WorkFilter) -> list[ToShare]:
    """Return what nobody has been given, township by township, with who asked the person before."""
    before = (
        select(func.max(FollowUpDue.caller_id))
        .where(FollowUpDue.placement_id == Placement.id)
        .correlate(Placement)
        .scalar_subquery()
    )
    rows = session.execute(
        select(FollowUpDue.id, before)
        .join(Placement, Placement.id == FollowUpDue.placement_id)
        .where(*_conditions(wanted), FollowUpDue.caller_id.is_(None))
        .order_by(FollowUpDue.home_division, FollowUpDue.due_on, FollowUpDue.id)
    )
    return [ToShare(due_id, known) for due_id, known in rows]


def home_places(session: Session, wanted: WorkFilter, digits: int) -> list[str]:
    """Return the counties (6 digits) or townships (9) in which there is work."""
    place = func.substr(FollowUpDue.home_division, 1, digits)
    found = select(place).where(*_conditions(_whole(wanted))).distinct()
    return sorted(session.execute(found).scalars())


def states_of(session: Session, placement_ids: Collection[int]) -> dict[int, State]:
    """Return what some placements' lines add up to."""
    lines = EVENTS.lines(session, placement_ids)
    return {one: LINE.state_at(lines.get(one, ())) for one in placement_ids}


def is_behind(session: Session, today: date) -> bool:
    """Return whether placements or homes may have changed since due follow-ups were last made."""
    mark = session.get(FollowUpMark, 1)
    if mark is None or mark.swept_on != today:
        return True
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    return newest > mark.event_id or current_revision(session, "seeker") > mark.seeker_revision


def _whole(wanted: WorkFilter) -> WorkFilter:
    return replace(wanted, show=None)


def _conditions(wanted: WorkFilter) -> list[ColumnElement[bool]]:
    state = DueState.MISSED if wanted.show is Show.MISSED else DueState.OPEN
    found: list[ColumnElement[bool]] = [
        FollowUpDue.state == state,
        FollowUpDue.opens_on <= wanted.today,
    ]
    if wanted.show is Show.DUE:
        found.append(FollowUpDue.closes_on >= wanted.today)
    if wanted.show is Show.OVERDUE:
        found.append(FollowUpDue.closes_on < wanted.today)
    if wanted.show is Show.TRIED:
        found.append(FollowUpDue.attempts > 0)
    if wanted.checkpoint:
        found.append(FollowUpDue.checkpoint == wanted.checkpoint)
    if wanted.caller_id is not None:
        found.append(
            FollowUpDue.caller_id == wanted.caller_id
            if wanted.caller_id
            else FollowUpDue.caller_id.is_(None)
        )
    for place in (wanted.scope, wanted.place):
        found += _within(place or "")
    if wanted.owner is not None:
        held = is_held(FollowUpDue.seeker_id)
        found.append(held if wanted.owner is OwnedBy.STATION else ~held)
    if wanted.station_id is not None:
        found.append(is_held(FollowUpDue.seeker_id, wanted.station_id))
    return found


def _within(place: str) -> list[ColumnElement[bool]]:
    """Return the conditions of a home in a division; a whole county reads its own index."""
    if not place:
        return []
    if len(place) < _COUNTY:
        following = str(int(place) + 1)
        return [FollowUpDue.county >= place, FollowUpDue.county < following]
    county: list[ColumnElement[bool]] = [FollowUpDue.county == place[:_COUNTY]]
    if len(place) > _COUNTY:
        county.append(FollowUpDue.home_division.startswith(place, autoescape=True))
    return county
