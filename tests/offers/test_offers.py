"""What becomes of an offer, who may get one, and what a booth may promise with no network."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from jobfair.fairs.services import HasOffers, take_off_positions
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.ids import new_key
from jobfair.offers import services
from jobfair.offers.queries import HoldRow, PostsLeft, find_hold, posts_left
from jobfair.offers.rules import OFFER_VALID, HoldState, Release
from jobfair.placements.rules.drafts import SeekerGone
from jobfair.seekers import services as seekers
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station
from tests.factories import Make
from tests.offers.factory import make_offering

Offer = Callable[..., HoldRow]


@pytest.fixture
def offering(database: Database) -> tuple[int, list[int]]:
    """A fair and two positions: one post, and three."""
    return make_offering(database, [1, 3])


@pytest.fixture
def offer(database: Database, offering: tuple[int, list[int]]) -> Offer:
    """Offers a post of a position to a person."""

    def make(position: int, person: int, *, key: str = "") -> HoldRow:
        with database.writing() as session:
            return services.offer(session, offering[0], position, person, key=key or new_key())

    return make


def _left(database: Database, fair: int, position: int) -> PostsLeft:
    with database.reading() as session:
        return posts_left(session, fair, clock.now())[position]


def _do(database: Database, verb: Callable[..., HoldRow], *asked: object) -> HoldRow:
    with database.writing() as session:
        return verb(session, *asked)


def test_the_same_offer_twice_is_one(
    database: Database, offering: tuple[int, list[int]], make: Make, offer: Offer
) -> None:
    fair, (single, _) = offering
    person, key = make.seeker(), new_key()
    first = offer(single, person, key=key)
    assert first.state is HoldState.OFFERED
    assert offer(single, person, key=key) == first
    assert _left(database, fair, single) == PostsLeft(1, 0, 1, 0)
    with pytest.raises(services.OfferedAlready):
        offer(single, person)
    with pytest.raises(services.NoneLeft):
        offer(single, make.seeker(2))


@pytest.mark.parametrize("reason", list(Release))
def test_what_is_given_back_is_offered_again_and_keeps_its_reason(
    database: Database,
    offering: tuple[int, list[int]],
    make: Make,
    offer: Offer,
    reason: Release,
) -> None:
    fair, (single, _) = offering
    held = offer(single, make.seeker())
    for _twice in range(2):
        given_back = _do(database, services.release, held.key, reason)
        assert (given_back.state, given_back.reason) == (HoldState.RELEASED, reason)
    assert _left(database, fair, single).left == 1
    assert offer(single, make.seeker(2)).state is HoldState.OFFERED
    with pytest.raises(services.OfferClosed):
        _do(database, services.accept, held.key)


def test_an_offer_nobody_answers_ends_by_itself(
    database: Database,
    offering: tuple[int, list[int]],
    make: Make,
    offer: Offer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair, (single, _) = offering
    held = offer(single, make.seeker())
    later = clock.now() + OFFER_VALID
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _left(database, fair, single).left == 1
    with pytest.raises(services.OfferClosed):
        _do(database, services.accept, held.key)
    assert offer(single, make.seeker(2)).state is HoldState.OFFERED
    with database.reading() as session:
        ended = find_hold(session, held.key)
    assert ended is not None
    assert (ended.state, ended.reason) == (HoldState.RELEASED, Release.EXPIRED)


def test_who_accepts_one_post_gives_back_the_others_and_gets_no_more(
    database: Database, offering: tuple[int, list[int]], make: Make, offer: Offer
) -> None:
    fair, (single, triple) = offering
    person = make.seeker()
    one, other = offer(single, person), offer(triple, person)
    for _twice in range(2):
        assert _do(database, services.accept, one.key).state is HoldState.ACCEPTED
    assert _left(database, fair, single) == PostsLeft(1, 0, 0, 1)
    assert _left(database, fair, triple) == PostsLeft(3, 0, 0, 0)
    with database.reading() as session:
        freed = find_hold(session, other.key)
    assert freed is not None
    assert freed.reason == Release.ELSEWHERE
    with pytest.raises(services.Taken):
        offer(triple, person)


def _withdraw(database: Database, person: int) -> None:
    with database.writing() as session:
        seekers.withdraw_consent(session, person)


def _employ(database: Database, person: int) -> None:
    with database.writing() as session:
        seekers.mark_employed(session, {person: date(2026, 1, 5)})


@pytest.mark.parametrize(
    ("change", "refusal"), [(_withdraw, SeekerGone), (_employ, services.OnPost)]
)
def test_who_may_not_be_offered_a_post_is_named_with_the_reason(
    database: Database,
    make: Make,
    offer: Offer,
    *,
    offering: tuple[int, list[int]],
    change: Callable[[Database, int], None],
    refusal: type[Refusal],
) -> None:
    person = make.seeker()
    change(database, person)
    with pytest.raises(refusal):
        offer(offering[1][0], person)


def test_nothing_is_offered_of_a_position_that_takes_no_part(make: Make, offer: Offer) -> None:
    with pytest.raises(NotFound):
        offer(999_999, make.seeker())


def test_a_lease_and_the_server_never_promise_more_than_the_headcount(
    database: Database, offering: tuple[int, list[int]], make: Make, offer: Offer
) -> None:
    fair, (_, triple) = offering
    until = clock.now() + timedelta(hours=8)
    with database.writing() as session:
        gate = add_station(session, fair, "A1", Job.GATE)
    with database.writing() as session:
        units = services.lease(session, fair, triple, gate, units=2, until=until)
    assert _left(database, fair, triple) == PostsLeft(3, 2, 0, 0)
    offer(triple, make.seeker())
    with pytest.raises(services.NoneLeft):
        offer(triple, make.seeker(2))
    with pytest.raises(services.FewerLeft), database.writing() as session:
        services.lease(session, fair, triple, gate, units=1, until=until)
    _do(database, services.release, units[0], Release.RETURNED)
    assert offer(triple, make.seeker(2)).state is HoldState.OFFERED


def test_the_headcount_cannot_fall_below_what_is_held(
    database: Database, offering: tuple[int, list[int]], make: Make, offer: Offer
) -> None:
    fair, (_, triple) = offering
    held = [offer(triple, make.seeker(n)) for n in (1, 2)]
    lower = text("UPDATE fair_position SET headcount = 1")
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(lower)
    with pytest.raises(HasOffers), database.writing() as session:
        take_off_positions(session, fair, [triple])
    _do(database, services.release, held[1].key, Release.DECLINED)
    with database.writing() as session:
        session.execute(lower)
    assert _left(database, fair, triple) == PostsLeft(1, 0, 1, 0)
