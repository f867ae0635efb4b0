"""Verbs of offers. Every one locks the position first, so that two of them never meet half-way."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobfair.employers.queries import find_position
from jobfair.fairs import services as fairs
from jobfair.kit import audit, clock
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.ids import is_key, new_key
from jobfair.offers.models import Hold, LeaseOrder
from jobfair.offers.queries import HoldRow, is_overdue, list_leases, row_of, state_of
from jobfair.offers.rules import (
    CONNECTED_WITHIN,
    LEASE_VALID,
    MOST_ORDERED,
    OFFER_VALID,
    PLACEMENT_MARK,
    RELEASE_NAMES,
    HoldState,
    Release,
    free_slots,
)
from jobfair.placements.queries import find_by_fingerprint
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft, SeekerGone
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, record_placement, reverse_placement
from jobfair.seekers import queries as seekers
from jobfair.stations.queries import StationRow
from jobfair.stations.rules import State
from jobfair.stations.services import Revoked


class NoneLeft(Refusal):
    """Every unit of the headcount is held."""

    code = "no_posts_left"
    message = N_("No post of this position is left: all %(headcount)s are promised.")


class FewerLeft(Refusal):
    """A lease asks for more units than nobody holds."""

    code = "fewer_posts_left"
    message = N_("Only %(left)s posts of this position are left. Reserve fewer.")


class OfferedAlready(Refusal):
    """The person has an open offer of this position."""

    code = "offered_already"
    message = N_("This person already has an offer of this position.")


class Taken(Refusal):
    """The person accepted another post."""

    code = "accepted_elsewhere"
    message = N_("This person has accepted another post. Offer it to somebody else.")


class NoConsent(Refusal):
    """The person did not agree to be recommended, or no longer does."""

    code = "no_consent"
    message = N_("No consent to be recommended, or it was withdrawn.")


class OnPost(Refusal):
    """The person has a placement."""

    code = "on_post"
    message = N_("The person is on post already.")


class LeaseOver(Refusal):
    """The unit of a lease came back before it was used, or went to somebody else."""

    code = "lease_over"
    message = N_("The booth's reserve was over when this was promised. Look for another post.")


class OfferClosed(Refusal):
    """The offer was accepted or given back."""

    code = "offer_closed"
    message = N_("This offer is no longer open. Look at the list and offer again.")


class BoothApart(Refusal):
    """A booth that is not connected may promise what it has at hand."""

    code = "booth_apart"
    message = N_(
        "%(name)s is not connected, or has records not yet sent: it may have promised these posts. "
        "What it does not use comes back when its time is over."
    )


class UnitsUnreadable(Invalid):
    """No number of units that can be leased."""

    code = "units_unreadable"
    message = N_("Enter how many posts, 0 to %(most)s.")


class KeyUnusable(Invalid):
    """The key sent with an offer is none, or another offer has it."""

    code = "offer_key_unusable"
    message = N_("This page was sent before for another offer. Check it and send it once more.")


def offer(
    session: Session,
    fair_id: int,
    position_id: int,
    seeker_id: int,
    *,
    key: str,
    user_id: int | None = None,
) -> HoldRow:
    """Offer a post to a person; it holds one unit until answered or expired.

    The same key again gives the same offer, whatever became of it.

    Args:
        session: the writing session.
        fair_id: the fair.
        position_id: takes part in it.
        seeker_id: to whom.
        key: made by whoever offers, before asking; see ``kit.ids``.
        user_id: who offers.

    Raises:
        KeyUnusable: the key is none, or belongs to another offer.
        NotFound: the position takes no part in the fair.
        SeekerGone: the person has no active record.
        NoConsent: the person does not agree to be recommended.
        OnPost: the person has a placement.
        Taken: the person accepted another post.
        OfferedAlready: the person has an open offer of this position.
        NoneLeft: every unit is held.
    """
    if not is_key(key):
        raise KeyUnusable
    known = session.execute(select(Hold).where(Hold.key == key)).scalar_one_or_none()
    if known is not None:
        if (known.fair_id, known.position_id, known.seeker_id) != (fair_id, position_id, seeker_id):
            raise KeyUnusable
        return row_of(known)
    fairs.must_run_here(session, fair_id)
    headcount = fairs.lock_headcount(session, fair_id, position_id)
    now = clock.now()
    expire(session, fair_id, position_id, now)
    _check_person(session, seeker_id, fair_id, position_id)
    slots = free_slots(_held_slots(session, fair_id, position_id), headcount, 1)
    if not slots:
        raise NoneLeft(headcount=headcount)
    hold = Hold(
        key=key,
        fair_id=fair_id,
        position_id=position_id,
        headcount=headcount,
        slot=slots[0],
        seeker_id=seeker_id,
        offered_at=now,
        offered_by=user_id,
        expires_at=now + OFFER_VALID,
    )
    session.add(hold)
    session.flush()
    _note(session, "offer.make", hold)
    return row_of(hold)


def lease(
    session: Session,
    fair_id: int,
    position_id: int,
    station_id: int,
    *,
    units: int,
    until: datetime,
) -> list[str]:
    """Grant a booth units that it may offer with no network; return the key of each.

    Args:
        session: the writing session.
        fair_id: the fair.
        position_id: takes part in it.
        station_id: the booth's station.
        units: how many.
        until: when the booth stops offering them by itself.

    Raises:
        NotFound: the position takes no part in the fair.
        FewerLeft: not so many are left; none is granted.
    """
    fairs.must_run_here(session, fair_id)
    headcount = fairs.lock_headcount(session, fair_id, position_id)
    expire(session, fair_id, position_id, clock.now())
    slots = free_slots(_held_slots(session, fair_id, position_id), headcount, units)
    if len(slots) < units:
        raise FewerLeft(left=len(slots))
    holds = [
        Hold(
            key=new_key(),
            fair_id=fair_id,
            position_id=position_id,
            headcount=headcount,
            slot=slot,
            station_id=station_id,
            leased_until=until,
        )
        for slot in slots
    ]
    session.add_all(holds)
    session.flush()
    detail = {"fair": fair_id, "station": station_id, "units": units}
    audit.record(session, "offer.lease", subject="position", subject_id=position_id, detail=detail)
    return [hold.key for hold in holds]


def use_lease(
    session: Session, key: str, seeker_id: int, *, station_id: int, user_id: int | None = None
) -> HoldRow:
    """Make a leased unit the offer that its booth made while it was apart.

    The person has as long to answer as if it had been made now. The same person again changes
    nothing.

    Raises:
        NotFound: the station was leased no such unit.
        LeaseOver: the unit came back before, or was offered to somebody else.
        SeekerGone, NoConsent, OnPost, Taken, OfferedAlready: as for an offer.
    """
    hold = _locked(session, key)
    if hold.station_id != station_id:
        raise NotFound
    if hold.seeker_id == seeker_id:
        return row_of(hold)
    if state_of(hold) is not HoldState.LEASED:
        raise LeaseOver
    _check_person(session, seeker_id, hold.fair_id, hold.position_id)
    now = clock.now()
    hold.seeker_id, hold.offered_at, hold.offered_by = seeker_id, now, user_id
    hold.expires_at = now + OFFER_VALID
    session.flush()
    _note(session, "offer.make", hold)
    return row_of(hold)


def give_back_leases(session: Session, station_id: int, keys: Collection[str] | None = None) -> int:
    """Give back units a booth was leased and did not use; all, or those of some keys.

    Returns:
        How many came back.
    """
    unused = (Hold.station_id == station_id) & Hold.seeker_id.is_(None)
    if keys is not None:
        unused &= Hold.key.in_(list(keys))
    count = _give_back(session, unused, Release.RETURNED, clock.now())
    if count:
        detail = {"units": count}
        audit.record(
            session, "offer.return", subject="station", subject_id=station_id, detail=detail
        )
    return count


def order_leases(
    session: Session,
    station: StationRow,
    position_id: int,
    units: int,
    *,
    user_id: int | None = None,
) -> int:
    """Let a booth have so many units of a position at hand from now on, whatever the rule says.

    Args:
        session: the writing session.
        station: the booth's.
        position_id: takes part in the fair.
        units: how many, 0 to 999.
        user_id: who orders.

    Returns:
        How many more it has at hand now; negative where some were taken back.

    Raises:
        UnitsUnreadable: not so many.
        Revoked: the station was revoked.
        RunElsewhere: another server runs the fair's day.
        NotFound: the position takes no part in the fair.
        FewerLeft: so many are not left; nothing is changed.
        BoothApart: some are to be taken back, and the booth may promise them unheard.
    """
    if not 0 <= units <= MOST_ORDERED:
        raise UnitsUnreadable(most=MOST_ORDERED)
    if station.state is State.REVOKED:
        raise Revoked
    fairs.must_run_here(session, station.fair_id)
    fairs.lock_headcount(session, station.fair_id, position_id)
    now = clock.now()
    expire(session, station.fair_id, position_id, now)
    have = [
        one.key for one in list_leases(session, station.id, now) if one.position_id == position_id
    ]
    if units < len(have):
        heard = station.seen_at is not None and now - station.seen_at <= CONNECTED_WITHIN
        if not heard or station.waiting:
            raise BoothApart(name=station.name)
        give_back_leases(session, station.id, have[units:])  # it promises the first first
    elif units > len(have):
        more, until = units - len(have), now + LEASE_VALID
        lease(session, station.fair_id, position_id, station.id, units=more, until=until)
    order = session.get(LeaseOrder, (station.id, position_id))
    if order is None:
        order = LeaseOrder(station_id=station.id, position_id=position_id)
        session.add(order)
    order.units, order.ordered_at, order.ordered_by = units, now, user_id
    session.flush()
    detail = {"station": station.id, "units": units}
    audit.record(
        session, "offer.order_leases", subject="position", subject_id=position_id, detail=detail
    )
    return units - len(have)


def extend_leases(session: Session, station_id: int, until: datetime) -> None:
    """Let a booth promise the units it has at hand for longer."""
    session.execute(
        update(Hold)
        .where(
            Hold.station_id == station_id,
            Hold.seeker_id.is_(None),
            Hold.released_at.is_(None),
            Hold.leased_until > clock.now(),
        )
        .values(leased_until=until)
    )
    audit.record(session, "offer.extend_lease", subject="station", subject_id=station_id)


def accept(session: Session, key: str, *, user_id: int | None = None) -> HoldRow:
    """Take the person at their word: the unit is theirs, and their other offers are given back.

    The placement begins with the intention that was agreed; it counts as work only once the first
    day is known. A second time changes nothing.

    Raises:
        NotFound: there is no such offer.
        OfferClosed: it was given back or had expired.
        Taken: the person accepted another post.
        Refusal: the person cannot be placed there, as under the age for it.
    """
    hold = _locked(session, key)
    if state_of(hold) is HoldState.ACCEPTED:
        return row_of(hold)
    now = clock.now()
    if state_of(hold) is not HoldState.OFFERED or hold.expires_at is None or hold.expires_at <= now:
        raise OfferClosed
    if _accepted_elsewhere(session, hold.seeker_id):
        raise Taken
    hold.accepted_at = now
    _note(session, "offer.accept", hold)
    try:
        session.flush()
    except IntegrityError as fault:  # at this moment, on another database connection
        raise Taken from fault
    _agree(session, hold, user_id)
    _free_others(session, hold, now)
    return row_of(hold)


def release(session: Session, key: str, reason: Release) -> HoldRow:
    """Give a unit back, for a reason. A second time changes nothing.

    Raises:
        NotFound: there is no such offer or lease.
    """
    hold = _locked(session, key)
    if hold.released_at is None:
        hold.released_at, hold.reason = clock.now(), reason
        placement_id = find_by_fingerprint(session, _fingerprint(hold))
        if placement_id is not None:
            reverse_placement(session, placement_id, RELEASE_NAMES[reason], Recorder())
        _note(session, f"offer.{reason}", hold)
        session.flush()
    return row_of(hold)


def expire(session: Session, fair_id: int, position_id: int, now: datetime) -> int:
    """Give back the units of a position that nobody answered for in time; return how many.

    Called under the position's lock. Leases that are over come back, too.
    """
    here = _of(fair_id, position_id)
    overdue = _give_back(session, here & (Hold.expires_at <= now), Release.EXPIRED, now)
    returned = _give_back(session, here & is_overdue(now), Release.RETURNED, now)
    if overdue or returned:
        detail = {"fair": fair_id, "offers": overdue, "leases": returned}
        audit.record(
            session, "offer.expire", subject="position", subject_id=position_id, detail=detail
        )
    return overdue + returned


def _fingerprint(hold: Hold) -> str:
    """Return what the placement of an offer is found by."""
    return f"{PLACEMENT_MARK}{hold.key}"


def _agree(session: Session, hold: Hold, user_id: int | None) -> None:
    """Begin the placement of an accepted offer with the intention that was agreed."""
    position = find_position(session, hold.position_id)
    if position is None:
        raise NotFound
    recorder = Recorder(user_id=user_id)
    draft = PlacementDraft(
        employer_name=position.employer_name,
        channel=Channel.ASSISTED,
        title=position.title,
        workplace_division=position.workplace_division,
        wage_fen=position.wage_low,
        employer_id=position.employer_id,
        position_id=position.id,
        source="fair",
        fingerprint=_fingerprint(hold),
    )
    placement_id = record_placement(session, cast(int, hold.seeker_id), draft, recorder)
    agreed = Fact(EventKind.INTENTION, clock.today(), evidence=f"offer {hold.key}")
    append_event(session, placement_id, agreed, recorder)


def _free_others(session: Session, accepted: Hold, now: datetime) -> None:
    """Give back what somebody who accepted a post was offered besides."""
    theirs = Hold.seeker_id == accepted.seeker_id
    count = _give_back(session, theirs, Release.ELSEWHERE, now)
    if count:
        detail = {"seeker": accepted.seeker_id, "offers": count}
        audit.record(
            session, "offer.elsewhere", subject="hold", subject_id=accepted.id, detail=detail
        )


def _of(fair_id: int, position_id: int) -> ColumnElement[bool]:
    return (Hold.fair_id == fair_id) & (Hold.position_id == position_id)


def _give_back(session: Session, which: ColumnElement[bool], reason: Release, now: datetime) -> int:
    """Give back units that nobody has accepted yet; return how many."""
    given_back = session.execute(
        update(Hold)
        .where(which, Hold.released_at.is_(None), Hold.accepted_at.is_(None))
        .values(released_at=now, reason=reason)
        .returning(Hold.id)
    ).scalars()
    return len(given_back.all())


def _held_slots(session: Session, fair_id: int, position_id: int) -> set[int]:
    held = select(Hold.slot).where(_of(fair_id, position_id), Hold.released_at.is_(None))
    return set(session.execute(held).scalars())


def _accepted_elsewhere(session: Session, seeker_id: int | None) -> bool:
    theirs = select(Hold.id).where(
        Hold.seeker_id == seeker_id, Hold.accepted_at.is_not(None), Hold.released_at.is_(None)
    )
    return session.execute(theirs).first() is not None


def _check_person(session: Session, seeker_id: int, fair_id: int, position_id: int) -> None:
    if _accepted_elsewhere(session, seeker_id):
        raise Taken
    standing = seekers.find_standing(session, seeker_id)
    if standing is None or not standing.active:
        raise SeekerGone
    if not standing.consents:
        raise NoConsent
    if standing.on_post:
        raise OnPost
    open_offer = select(Hold.id).where(
        _of(fair_id, position_id), Hold.seeker_id == seeker_id, Hold.released_at.is_(None)
    )
    if session.execute(open_offer).first():
        raise OfferedAlready


def may_be_offered(session: Session, seeker_id: int, fair_id: int, position_id: int) -> bool:
    """Return whether nothing of the person keeps somebody from offering a position now."""
    try:
        _check_person(session, seeker_id, fair_id, position_id)
    except Refusal:
        return False
    return True


def _locked(session: Session, key: str) -> Hold:
    """Return a hold while nobody else changes one of its position."""
    found = session.execute(select(Hold.fair_id, Hold.position_id).where(Hold.key == key)).first()
    if found is None:
        raise NotFound
    fairs.must_run_here(session, found.fair_id)
    fairs.lock_headcount(session, *found)
    return session.execute(
        select(Hold).where(Hold.key == key).execution_options(populate_existing=True)
    ).scalar_one()


def _note(session: Session, action: str, hold: Hold) -> None:
    detail = {"position": hold.position_id, "seeker": hold.seeker_id}
    audit.record(session, action, subject="hold", subject_id=hold.id, detail=detail)
