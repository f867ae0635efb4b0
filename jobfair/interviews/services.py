"""Verbs of booths: take in what they recorded and carry it out, offers from a reserve included."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from jobfair.attendance.queries import holders_of
from jobfair.fairs import queries as fairs
from jobfair.fairs.services import must_run_here
from jobfair.interviews.models import BoothClaim, BoothRecord
from jobfair.interviews.queries import found_unsuitable
from jobfair.interviews.rules import BoothFact, Kind
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_new
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.offers import queries as held
from jobfair.offers import services as offers
from jobfair.offers.rules import LEASE_VALID, HoldState, Release, units_to_lease
from jobfair.placements.rules.drafts import SeekerGone
from jobfair.stations.models import Pairing
from jobfair.stations.queries import Device

_RECORDS = cast(Table, BoothRecord.__table__)
_CLAIMS = cast(Table, BoothClaim.__table__)
# What changes posts; of everything else it is enough that it is kept.
_CARRIED_OUT = frozenset({Kind.OFFER, Kind.ACCEPT, Kind.REFUSE, Kind.UNDO})


class UnknownCard(Refusal):
    """Nobody knows the card yet."""

    code = "unknown_card"
    message = N_("Nobody knows this card yet. Send the person to the desk.")


class NotYours(Refusal):
    """The position is not of this booth, or takes no part in the fair."""

    code = "not_of_this_booth"
    message = N_("This position is not of this booth. Choose another.")


class FoundUnsuitable(Refusal):
    """This booth found the person not suitable for this very position."""

    code = "found_unsuitable"
    message = N_("You recorded this person as not suitable for it. Take that back first.")


class NoSuchOffer(Refusal):
    """The offer that is answered was never made."""

    code = "no_such_offer"
    message = N_("There is no such offer. Make it first.")


# Every refusal that may keep a booth's word from being carried out, by its code.
REFUSALS: dict[str, str] = {
    one.code: one.message
    for one in (
        UnknownCard,
        NotYours,
        FoundUnsuitable,
        NoSuchOffer,
        offers.NoneLeft,
        offers.LeaseOver,
        offers.OfferedAlready,
        offers.Taken,
        offers.NoConsent,
        offers.OnPost,
        offers.OfferClosed,
        SeekerGone,
    )
}


class Result(StrEnum):
    """What a booth is told of a record."""

    KEPT = "kept"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CLASH = "clash"  # the device used the sequence for another record


class Settlement(StrEnum):
    """How a person settled what could not be carried out."""

    OTHER_POST = "other_post"
    MORE_POSTS = "more_posts"
    TOLD = "told"
    MISTAKE = "mistake"


SETTLEMENT_NAMES = {
    Settlement.OTHER_POST: N_("The person was offered another post"),
    Settlement.MORE_POSTS: N_("The employer raised the headcount and offered again"),
    Settlement.TOLD: N_("The person was told and agrees"),
    Settlement.MISTAKE: N_("It was recorded by mistake"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a record.

    Attributes:
        refusal: why not, where it was refused.
        until: by when an offer must be answered.
    """

    id: str
    result: Result
    refusal: str = ""
    until: datetime | None = None


def take_in(session: Session, device: Device, fact: BoothFact) -> Answer:
    """Take in one record of a booth and carry it out; the same record again changes nothing.

    One record is one transaction: two booths never wait for each other's positions in a ring.
    What cannot be carried out is kept for somebody to settle, and nothing is silently dropped.
    """
    if insert_new(session, _RECORDS, [_row(fact, device)]):
        if fact.kind not in _CARRIED_OUT:
            return Answer(fact.id, Result.KEPT)
        _carry_out(session, device, fact)
    elif _station_of(session, fact.id) != device.station_id:
        return Answer(fact.id, Result.CLASH)
    return _answer(session, fact)


def _station_of(session: Session, record_id: str) -> int | None:
    """Return which station stored a record, None when another record stands in its place."""
    found = (
        select(Pairing.station_id)
        .join(BoothRecord, BoothRecord.pairing_id == Pairing.id)
        .where(BoothRecord.id == record_id)
    )
    return session.execute(found).scalar_one_or_none()


def _row(fact: BoothFact, device: Device) -> dict[str, object]:
    return {
        "id": fact.id,
        "pairing_id": device.pairing_id,
        "sequence": fact.sequence,
        "fair_id": device.fair_id,
        "employer_id": device.employer_id,
        "kind": fact.kind,
        "card": fact.card,
        "position_id": fact.position_id,
        "number": fact.number,
        "reason": fact.reason,
        "lease": fact.lease,
        "target": fact.target,
        "instead": fact.instead,
        "at": fact.at,
        "skew": fact.skew,
        "received_at": clock.now(),
    }


def _carry_out(session: Session, device: Device, fact: BoothFact) -> None:
    try:
        with session.begin_nested():
            match fact.kind:
                case Kind.OFFER:
                    _offer(session, device, fact)
                case Kind.ACCEPT:
                    offers.accept(session, _hold_key(session, fact))
                case Kind.REFUSE:
                    offers.release(session, _hold_key(session, fact), Release.DECLINED)
                case _:
                    _take_back(session, fact)
    except Refusal as refusal:
        promised = fact.kind is Kind.ACCEPT or fact.lease is not None
        insert_new(
            session,
            _CLAIMS,
            [
                {
                    "record_id": fact.id,
                    "fair_id": device.fair_id,
                    "promised": promised,
                    "refusal": refusal.code,
                    "raised_at": clock.now(),
                }
            ],
        )
        detail = {"record": fact.id, "refusal": refusal.code}
        audit.record(
            session, "booth.claim", subject="fair", subject_id=device.fair_id, detail=detail
        )


def _offer(session: Session, device: Device, fact: BoothFact) -> None:
    if fact.card is None or fact.position_id is None:
        raise NotYours
    holder = holders_of(session, [fact.card]).get(fact.card)
    if holder is None:
        raise UnknownCard
    seeker_id = holder.seeker_id
    own = fairs.FairFilter(employer_id=device.employer_id)
    rows = fairs.list_fair_positions(session, device.fair_id, own)
    if fact.position_id not in {row.position_id for row in rows}:
        raise NotYours
    if found_unsuitable(session, device.fair_id, fact.position_id, seeker_id):
        raise FoundUnsuitable
    if fact.lease is not None:
        try:
            offers.use_lease(session, fact.lease, seeker_id, station_id=device.station_id)
        except (offers.LeaseOver, NotFound):
            pass  # the reserve is gone: perhaps a post is free all the same
        else:
            return
    offers.offer(session, device.fair_id, fact.position_id, seeker_id, key=fact.id)


def _hold_key(session: Session, fact: BoothFact) -> str:
    """Return the key of the offer that a record answers.

    Raises:
        NoSuchOffer: there is none.
    """
    made = session.execute(
        select(BoothRecord).where(BoothRecord.id == fact.target, BoothRecord.kind == Kind.OFFER)
    ).scalar_one_or_none()
    for key in (fact.target, made.lease if made else None):
        hold = held.find_hold(session, key) if key else None
        if hold is not None and hold.seeker_id is not None:
            return hold.key
    raise NoSuchOffer


def _take_back(session: Session, fact: BoothFact) -> None:
    """Give back the post of an offer that was recorded by mistake; other records hold none."""
    try:
        key = _hold_key(session, fact)
    except NoSuchOffer:
        return
    offers.release(session, key, Release.WITHDRAWN)


def _answer(session: Session, fact: BoothFact) -> Answer:
    claim = session.get(BoothClaim, fact.id)
    if claim is not None:
        return Answer(fact.id, Result.REFUSED, claim.refusal)
    if fact.kind is Kind.OFFER:
        hold = held.find_hold(session, fact.id)
        if hold is None and fact.lease is not None:
            hold = held.find_hold(session, fact.lease)
        if hold is not None and hold.state is HoldState.OFFERED:
            return Answer(fact.id, Result.OFFERED, until=hold.expires_at)
    if fact.kind is Kind.ACCEPT:
        return Answer(fact.id, Result.ACCEPTED)
    return Answer(fact.id, Result.KEPT)


def renew_leases(session: Session, device: Device) -> None:
    """Give a booth what it may promise while it is apart, of each position: by rule or by order.

    Units that it has already stay with it for as long again.
    """
    now = clock.now()
    own = fairs.FairFilter(employer_id=device.employer_id)
    posts = fairs.list_fair_positions(session, device.fair_id, own)
    left = held.posts_left(session, device.fair_id, now)
    leases = held.list_leases(session, device.station_id, now)
    if any(one.until < now + LEASE_VALID / 2 for one in leases):
        offers.extend_leases(session, device.station_id, now + LEASE_VALID)
    have = Counter(one.position_id for one in leases)
    orders = held.lease_orders(session, device.station_id)
    for post in posts:
        mine = have[post.position_id]
        free = left[post.position_id].left + mine
        wanted = units_to_lease(left[post.position_id].headcount, free)
        units = min(orders.get(post.position_id, wanted), free) - mine
        if units > 0:
            offers.lease(
                session,
                device.fair_id,
                post.position_id,
                device.station_id,
                units=units,
                until=now + LEASE_VALID,
            )


def settle_claim(
    session: Session, record_id: str, how: Settlement, *, user_id: int | None = None
) -> None:
    """Note how a person settled what could not be carried out; a second time changes nothing.

    Raises:
        NotFound: there is nothing such to settle.
    """
    claim = session.get(BoothClaim, record_id, with_for_update=True)
    if claim is None:
        raise NotFound
    must_run_here(session, claim.fair_id)
    if claim.settled_at is None:
        claim.settled_at, claim.settled_by, claim.settled_how = clock.now(), user_id, how
        detail = {"record": record_id, "how": how.value}
        audit.record(
            session, "booth.settle", subject="fair", subject_id=claim.fair_id, detail=detail
        )
