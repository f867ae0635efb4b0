"""What is held and what is left of a fair's headcount, counted from the holds themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.fairs import queries as fairs
from jobfair.offers.models import Hold, LeaseOrder
from jobfair.offers.rules import LEASE_GRACE, HoldState, Release
from jobfair.seekers import queries as seekers
from jobfair.stations.models import Station


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One unit held, or given back."""

    id: int
    key: str
    fair_id: int
    position_id: int
    station_id: int | None
    seeker_id: int | None
    expires_at: datetime | None
    state: HoldState
    reason: str | None


@dataclass(frozen=True, slots=True)
class PostsLeft:
    """A position's headcount at a fair and what became of it; the parts add up to it."""

    headcount: int
    leased: int
    offered: int
    accepted: int

    @property
    def left(self) -> int:
        """Units nobody holds."""
        return self.headcount - self.leased - self.offered - self.accepted


def state_of(hold: Hold) -> HoldState:
    """Return where a held unit stands."""
    if hold.released_at is not None:
        return HoldState.RELEASED
    if hold.accepted_at is not None:
        return HoldState.ACCEPTED
    return HoldState.LEASED if hold.seeker_id is None else HoldState.OFFERED


def row_of(hold: Hold) -> HoldRow:
    """Return what is told of a hold."""
    return HoldRow(
        hold.id,
        hold.key,
        hold.fair_id,
        hold.position_id,
        hold.station_id,
        hold.seeker_id,
        hold.expires_at,
        state_of(hold),
        hold.reason,
    )


def find_hold(session: Session, key: str) -> HoldRow | None:
    """Return one hold by its key."""
    hold = session.execute(select(Hold).where(Hold.key == key)).scalar_one_or_none()
    return row_of(hold) if hold else None


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer in a list, its person masked."""

    key: str
    position_id: int
    title: str
    employer: str
    seeker_id: int
    person: str
    offered_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    released_at: datetime | None
    reason: str | None


def _in_state(state: HoldState, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a unit stands somewhere; an overdue offer is given back."""
    live = Hold.released_at.is_(None)
    answered = Hold.accepted_at.is_not(None)
    match state:
        case HoldState.ACCEPTED:
            return live & answered
        case HoldState.OFFERED:
            return live & ~answered & (Hold.expires_at > now)
        case HoldState.RELEASED:
            return ~live | (~answered & (Hold.expires_at <= now))
        case HoldState.LEASED:
            return live & Hold.seeker_id.is_(None) & (Hold.leased_until > now - LEASE_GRACE)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a unit is to be given back: nobody answered or used it in time."""
    over = (Hold.expires_at <= now) | (
        Hold.seeker_id.is_(None) & (Hold.leased_until <= now - LEASE_GRACE)
    )
    return over & Hold.released_at.is_(None) & Hold.accepted_at.is_(None)


def offered_since(session: Session, position_id: int, seeker_id: int, at: datetime) -> bool:
    """Return whether a person was offered a position at an instant or later."""
    query = select(Hold.id).where(
        Hold.position_id == position_id, Hold.seeker_id == seeker_id, Hold.offered_at >= at
    )
    return session.execute(query.limit(1)).first() is not None


def _offers(fair_id: int, organisation_id: int | None) -> list[ColumnElement[bool]]:
    found = [Hold.fair_id == fair_id, Hold.seeker_id.is_not(None)]
    if organisation_id is not None:
        found.append(Employer.organisation_id == organisation_id)
    return found


def count_offers(
    session: Session, fair_id: int, now: datetime, *, organisation_id: int | None = None
) -> dict[HoldState, int]:
    """Return how many offers of a fair stand where; of one employer's organisation, or all."""
    states = (HoldState.OFFERED, HoldState.ACCEPTED, HoldState.RELEASED)
    counts = session.execute(
        select(*(func.count().filter(_in_state(state, now)) for state in states))
        .select_from(Hold)
        .join(Position, Position.id == Hold.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(*_offers(fair_id, organisation_id))
    ).one()
    return dict(zip(states, counts, strict=True))


def list_offers(
    session: Session,
    fair_id: int,
    state: HoldState,
    now: datetime,
    *,
    organisation_id: int | None = None,
    limit: int,
    offset: int = 0,
) -> list[OfferRow]:
    """Return the offers of a fair that stand somewhere: who has least time left first, else newest.

    Args:
        session: a reading session.
        fair_id: the fair.
        state: offered, accepted or released.
        now: what is overdue then counts as given back.
        organisation_id: only the offers of its employer.
        limit: how many at most.
        offset: how many come before them.
    """
    order = Hold.expires_at if state is HoldState.OFFERED else Hold.id.desc()
    rows = session.execute(
        select(Hold, Position.title, Employer.name)
        .join(Position, Position.id == Hold.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(*_offers(fair_id, organisation_id), _in_state(state, now))
        .order_by(order, Hold.id)
        .limit(limit)
        .offset(offset)
    ).all()
    people = seekers.names_of(session, {hold.seeker_id for hold, _, _ in rows if hold.seeker_id})
    return [_offer(hold, title, employer, people, now) for hold, title, employer in rows]


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An offer as the person it was made to is told of it."""

    employer_id: int
    employer: str
    title: str
    expires_at: datetime
    accepted: bool


def list_own_offers(
    session: Session, fair_id: int, seeker_id: int, now: datetime
) -> list[OwnOffer]:
    """Return what somebody was offered and may still answer or has accepted, the newest first."""
    rows = session.execute(
        select(Hold.expires_at, Hold.accepted_at, Position.title, Employer.id, Employer.name)
        .join(Position, Position.id == Hold.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(
            Hold.fair_id == fair_id,
            Hold.seeker_id == seeker_id,
            _in_state(HoldState.OFFERED, now) | _in_state(HoldState.ACCEPTED, now),
        )
        .order_by(Hold.id.desc())
    )
    return [
        OwnOffer(employer_id, employer, title, expires_at, accepted_at is not None)
        for expires_at, accepted_at, title, employer_id, employer in rows
        if expires_at is not None
    ]


def _offer(
    hold: Hold, title: str, employer: str, people: Mapping[int, seekers.MaskedPerson], now: datetime
) -> OfferRow:
    if hold.seeker_id is None or hold.offered_at is None or hold.expires_at is None:
        raise ValueError("a lease is no offer")
    overdue = hold.accepted_at is None and hold.expires_at <= now
    return OfferRow(
        hold.key,
        hold.position_id,
        title,
        employer,
        hold.seeker_id,
        people[hold.seeker_id].name,
        hold.offered_at,
        hold.expires_at,
        hold.accepted_at,
        hold.released_at or (hold.expires_at if overdue else None),
        hold.reason or (Release.EXPIRED if overdue else None),
    )


def posts_left(session: Session, fair_id: int, now: datetime) -> dict[int, PostsLeft]:
    """Return what is left of every position of a fair, by position id.

    An offer nobody answered in time counts no more, whether or not its end is recorded yet.
    """
    states = (HoldState.LEASED, HoldState.OFFERED, HoldState.ACCEPTED)
    counts = session.execute(
        select(Hold.position_id, *(func.count().filter(_in_state(s, now)) for s in states))
        .where(Hold.fair_id == fair_id)
        .group_by(Hold.position_id)
    )
    held = {position: parts for position, *parts in counts}
    return {
        position: PostsLeft(headcount, *held.get(position, (0, 0, 0)))
        for position, headcount in fairs.headcounts_of(session, fair_id).items()
    }


@dataclass(frozen=True, slots=True)
class LeasedUnit:
    """A unit that a booth may promise while it is apart."""

    key: str
    position_id: int
    until: datetime


def list_leases(session: Session, station_id: int, now: datetime) -> list[LeasedUnit]:
    """Return the units a booth's station may promise apart now, by position."""
    rows = session.execute(
        select(Hold.key, Hold.position_id, Hold.leased_until)
        .where(
            Hold.station_id == station_id,
            Hold.seeker_id.is_(None),
            Hold.released_at.is_(None),
            Hold.leased_until > now,
        )
        .order_by(Hold.position_id, Hold.id)
    )
    return [LeasedUnit(key, position, until) for key, position, until in rows if until]


def lease_orders(session: Session, station_id: int) -> dict[int, int]:
    """Return how many units of each position a booth shall have, where the manager ordered it."""
    query = select(LeaseOrder).where(LeaseOrder.station_id == station_id)
    return {one.position_id: one.units for one in session.execute(query).scalars()}


@dataclass(frozen=True, slots=True)
class LeaseCount:
    """What became of the units of a position that a booth was leased.

    Attributes:
        at_hand: may be promised apart now.
        used: became offers.
        returned: were given back.
        ordered: how many the manager ordered; None where the rule holds.
    """

    at_hand: int
    used: int
    returned: int
    ordered: int | None


def count_leases(
    session: Session, fair_id: int, now: datetime
) -> dict[tuple[int, int], LeaseCount]:
    """Return what became of the units leased at a fair, by station and position."""
    counts = session.execute(
        select(
            Hold.station_id,
            Hold.position_id,
            func.count().filter(_in_state(HoldState.LEASED, now)),
            func.count().filter(Hold.seeker_id.is_not(None)),
            func.count().filter(Hold.reason == Release.RETURNED),
        )
        .where(Hold.fair_id == fair_id, Hold.station_id.is_not(None))
        .group_by(Hold.station_id, Hold.position_id)
    )
    found = {
        (station, position): LeaseCount(at_hand, used, returned, None)
        for station, position, at_hand, used, returned in counts
        if station is not None
    }
    of_fair = select(Station.id).where(Station.fair_id == fair_id)
    orders = select(LeaseOrder).where(LeaseOrder.station_id.in_(of_fair))
    for order in session.execute(orders).scalars():
        key = order.station_id, order.position_id
        found[key] = replace(found.get(key, LeaseCount(0, 0, 0, None)), ordered=order.units)
    return found


def people_placed(session: Session, fair_id: int) -> set[int]:
    """Return who accepted a post at a fair."""
    rows = session.execute(
        select(Hold.seeker_id).where(
            Hold.fair_id == fair_id, Hold.accepted_at.is_not(None), Hold.released_at.is_(None)
        )
    ).scalars()
    return {person for person in rows if person is not None}
