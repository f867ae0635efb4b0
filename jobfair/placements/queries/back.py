"""Who came back lately: the post ended, no other was begun, nobody referred the person again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.kit import clock
from jobfair.kit.bulk import in_slices
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.events import ENDS
from jobfair.placements.rules.kinds import EventKind
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.rules.drafts import SeekerStatus

# A person back in the pool is on the list of the day at once, and stays until referred again.
BACK_DAYS = 3
PERIODS = (BACK_DAYS, 30, 90)
# An end is learnt late: from a call three months on, or from the next ledger.
_LEARNT_LATE = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class BackFilter:
    """Whose posts ended.

    Attributes:
        today: the Beijing day.
        scope: only people whose home begins with it.
        days: posts that ended in so many days, or of which it was learnt in them.
        office: a division within the scope.
        reason: of the end.
    """

    today: date
    scope: str | None = None
    days: int = BACK_DAYS
    office: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BackRow:
    """Somebody who waits for a new referral; name and phone are masked."""

    placement_id: int
    seeker_id: int
    name: str
    phone: str
    home_division: str
    employer_name: str
    title: str
    ended_on: date
    kind: str
    reason: str
    days: int


def _waiting(wanted: BackFilter) -> Select[*tuple[object, ...]]:
    """Return the question: each person once, by the post that ended last."""
    end, again = aliased(PlacementEvent), aliased(PlacementEvent)
    since = wanted.today - timedelta(days=wanted.days)
    midnight = datetime.combine(since, time.min, clock.BEIJING)
    later, running = aliased(Placement), aliased(Placement)
    conditions: list[ColumnElement[bool]] = [
        Placement.ended_on >= since - _LEARNT_LATE,
        Placement.ended_on <= wanted.today,
        or_(Placement.ended_on >= since, end.recorded_at >= midnight),
        ~Placement.void,
        Placement.main.is_(True),
        end.kind.in_(sorted(ENDS - {EventKind.EXEMPT, EventKind.CHANGED_EMPLOYER})),
        *counting(end),
        Seeker.status == SeekerStatus.ACTIVE,
        Seeker.employed_since.is_(None),
        ~exists().where(
            again.placement_id == Placement.id,
            again.kind == EventKind.REMATCHED,
            *counting(again),
        ),
        ~exists().where(
            running.seeker_id == Placement.seeker_id,
            running.ended_on.is_(None),
            ~running.void,
            running.main,
        ),
        ~exists().where(
            later.seeker_id == Placement.seeker_id,
            later.id != Placement.id,
            later.main,
            ~later.void,
            or_(
                later.ended_on > Placement.ended_on,
                (later.ended_on == Placement.ended_on) & (later.id > Placement.id),
            ),
        ),
    ]
    conditions += [
        Seeker.home_division.startswith(prefix, autoescape=True)
        for prefix in (wanted.scope, wanted.office)
        if prefix
    ]
    if wanted.reason:
        conditions.append(end.reason == wanted.reason)
    return (
        select(
            Placement.id,
            Placement.seeker_id,
            Placement.employer_name,
            Placement.workplace_text,
            Placement.title,
            Placement.ended_on,
            end.kind,
            end.reason,
            Seeker.home_division,
        )
        .join(end, end.placement_id == Placement.id)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(*conditions)
    )


def count_back(session: Session, wanted: BackFilter) -> int:
    """Return how many people wait for a new referral."""
    statement = select(func.count()).select_from(_waiting(wanted).subquery())
    return session.execute(statement).scalar_one()


def list_back(
    session: Session, wanted: BackFilter, *, limit: int, offset: int = 0
) -> list[BackRow]:
    """Return a page of them, who came back last first."""
    rows = session.execute(
        _waiting(wanted)
        .order_by(Placement.ended_on.desc(), Placement.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    people: dict[int, seekers.MaskedPerson] = {}
    for some in in_slices([row.seeker_id for row in rows]):
        people |= seekers.names_of(session, some)
    return [
        BackRow(
            row.id,
            row.seeker_id,
            people[row.seeker_id].name,
            people[row.seeker_id].phone,
            row.home_division,
            row.employer_name or row.workplace_text,
            row.title,
            row.ended_on,
            row.kind,
            row.reason,
            (wanted.today - row.ended_on).days,
        )
        for row in rows
    ]


def back_offices(session: Session, wanted: BackFilter, length: int) -> dict[str, int]:
    """Return how many wait in each division within the scope.

    Args:
        session: a reading session.
        wanted: whom.
        length: of the divisions' codes: 6 for counties, 9 for townships.
    """
    waiting = _waiting(wanted).subquery()
    office = func.substr(waiting.c.home_division, 1, length)
    rows = session.execute(select(office, func.count()).group_by(office).order_by(office))
    return {row[0]: row[1] for row in rows}
