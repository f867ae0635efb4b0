"""Rules of batches: moves, seats, what stops a roster, what scans add up to."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.attendance.rules import MOST_RECORDS, Unreadable
from jobfair.departures.rules import locking, scans, states
from jobfair.departures.rules.locking import Check, Head
from jobfair.departures.rules.roster import Gap, Journey, Rung, gap, rungs, stop_of
from jobfair.departures.rules.scans import Kind, Recorded, Seen
from jobfair.departures.rules.seating import Passenger, Seating, seat
from jobfair.departures.rules.states import Mode, Mover, Plan, State
from jobfair.departures.rules.telling import Course, due
from jobfair.kit.events.rules import Event, Fact, told_next
from jobfair.kit.ids import new_key
from jobfair.placements.rules.events import LINE
from jobfair.placements.rules.kinds import EventKind, OffBatch

_DAY = date(2010, 3, 8)
_NOON = datetime(2010, 3, 8, 4, tzinfo=UTC)
_WHOLE = Plan(Mode.COACH, "毕节客运", "黔交运5224", "PICC-1", True, "宝安汽车站", (2, 2), 3, 1)


def test_every_state_is_reached_from_a_draft_and_two_of_them_end() -> None:
    reached = {State.DRAFT}
    for _ in State:
        reached |= {to for at, to in states.MOVES if at in reached}
    assert reached == set(State)
    assert {state for state in State if not any(at is state for at, _ in states.MOVES)} == {
        State.CLOSED,
        State.CANCELLED,
    }


def test_the_escort_departs_the_receiver_arrives_and_only_the_office_does_the_rest() -> None:
    for move, movers in states.MOVES.items():
        assert Mover.OFFICE in movers, move
    for mover, allowed in (
        (Mover.ESCORT, {(State.LOCKED, State.DEPARTED)}),
        (Mover.RECEIVER, {(State.DEPARTED, State.ARRIVED)}),
    ):
        assert {move for move, movers in states.MOVES.items() if mover in movers} == allowed
    with pytest.raises(states.NoSuchMove):
        states.check_move(State.DRAFT, State.LOCKED, Mover.OFFICE)
    with pytest.raises(states.NoSuchMove):
        states.check_move(State.DEPARTED, State.CANCELLED, Mover.OFFICE)


def test_a_plan_says_all_that_it_lacks() -> None:
    assert states.lacking(_WHOLE, State.OPEN) == states.lacking(_WHOLE, State.LOCKED) == []
    assert len(states.lacking(replace(_WHOLE, vehicles=(), stops=0), State.OPEN)) == 2
    empty = replace(
        _WHOLE, carrier="", carrier_licence="", policy_number="", pick_up="", vehicles=(2, 1)
    )
    assert len(states.lacking(replace(empty, escorts=0), State.LOCKED)) == 6
    own = replace(_WHOLE, mode=Mode.SELF_DRIVE, carrier="", carrier_licence="", vehicles=(1,))
    assert states.lacking(own, State.LOCKED) == []


def test_days_of_a_journey_are_in_order_and_not_to_come() -> None:
    states.check_departure(_DAY, _DAY)
    with pytest.raises(states.StillToCome):
        states.check_departure(_DAY + timedelta(1), _DAY)
    with pytest.raises(states.BeforeDeparture):
        states.check_arrival(_DAY - timedelta(1), _DAY, _DAY)


@given(st.integers(0, 10**9), st.integers(0, 700))
def test_what_the_travellers_cost_is_what_the_journey_cost(cost: int, people: int) -> None:
    found = states.shares(cost, people)
    assert len(found) == people
    if people:
        assert sum(found) == cost
        assert max(found) - min(found) <= 1


_sizes = st.lists(st.integers(1, 6), max_size=7)
_seats = st.lists(st.integers(1, 9), max_size=4)


def _people(sizes: list[int], alone: int) -> list[Passenger]:
    names = [(f"group {n}", n % 3) for n, size in enumerate(sizes) for _ in range(size)]
    names += [("", n % 3) for n in range(alone)]
    return [Passenger(rider, group, stop) for rider, (group, stop) in enumerate(names)]


def _members(people: list[Passenger], found: Seating) -> dict[str, list[tuple[int, int]]]:
    """Return the seats of each group that has any."""
    seats: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in people:
        if one.group and one.rider in found.seats:
            place = found.seats[one.rider]
            seats[one.group].append((place.vehicle, place.number))
    return seats


@given(_sizes, _seats, st.integers(0, 12))
def test_everybody_has_one_seat_as_far_as_there_are_seats(
    sizes: list[int], capacities: list[int], alone: int
) -> None:
    people = _people(sizes, alone)
    vehicles = [(10 + n, seats) for n, seats in enumerate(capacities)]
    found = seat(people, vehicles)
    assert len(set(found.seats.values())) == len(found.seats)
    for place in found.seats.values():
        assert 1 <= place.number <= dict(vehicles)[place.vehicle]
    assert sorted([*found.seats, *found.standing]) == [one.rider for one in people]
    assert len(found.standing) == max(0, len(people) - sum(capacities))


@given(_sizes, _seats, st.integers(0, 12))
def test_a_group_is_parted_only_where_no_vehicle_could_hold_it(
    sizes: list[int], capacities: list[int], alone: int
) -> None:
    people = _people(sizes, alone)
    found = seat(people, list(enumerate(capacities)))
    taken = Counter(place.vehicle for place in found.seats.values())
    for group, seats in _members(people, found).items():
        size = sizes[int(group.split()[1])]
        inside = Counter(vehicle for vehicle, _ in seats)
        if len(inside) > 1 or len(seats) < size:
            assert group in found.parted
            for vehicle, capacity in enumerate(capacities):
                assert capacity - taken[vehicle] + inside[vehicle] < size
        for vehicle in inside:
            numbers = sorted(number for at, number in seats if at == vehicle)
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@given(st.lists(st.integers(2, 5), max_size=5), st.lists(st.integers(2, 7), min_size=1, max_size=3))
def test_no_group_is_parted_where_any_way_keeps_all_together(
    sizes: list[int], capacities: list[int]
) -> None:
    def whole(ways: tuple[int, ...]) -> bool:
        used = Counter[int]()
        for size, vehicle in zip(sizes, ways, strict=True):
            used[vehicle] += size
        return all(used[n] <= capacity for n, capacity in enumerate(capacities))

    ways = product(range(len(capacities)), repeat=len(sizes))
    if any(whole(way) for way in ways):
        assert seat(_people(sizes, 0), list(enumerate(capacities))).parted == []


def test_people_of_a_stop_sit_in_one_coach_where_it_has_room() -> None:
    people = [Passenger(n, f"group {n // 2}" if n < 4 else "", 1 if n % 2 else 2) for n in range(8)]
    people = [replace(one, stop=1 if one.rider < 4 else 2) for one in people]
    found = seat(people, [(1, 4), (2, 4)])
    assert {found.seats[n].vehicle for n in range(4)} == {1}
    assert {found.seats[n].vehicle for n in range(4, 8)} == {2}


_HEADS = [
    Head(n, person=n, born=date(1985, 1, 1), seat=(7, n), consent=False, insured=True)
    for n in range(1, 4)
]


def _failed(
    heads: list[Head], seats: int = 3, elsewhere: set[int] | None = None
) -> dict[Check, object]:
    found = locking.failed_checks(
        heads, vehicles={7: seats}, seated=True, departs_on=_DAY, elsewhere=elsewhere or set()
    )
    return {one.check: (one.riders, one.count) for one in found}


def test_a_sound_roster_passes_every_check() -> None:
    assert _failed(_HEADS) == {}
    assert _failed([]) == {Check.EMPTY: ((), 0)}


def test_each_check_names_whom_it_concerns() -> None:
    one, two, three = _HEADS
    assert _failed(_HEADS, seats=2) == {Check.SEATS: ((3,), 1)}
    assert _failed([one, two, replace(three, seat=None)]) == {Check.NO_SEAT: ((3,), 1)}
    assert _failed([one, two, replace(three, seat=(7, 2))]) == {Check.NO_SEAT: ((2, 3), 2)}
    assert _failed([one, two, replace(three, person=2)]) == {Check.TWICE: ((2, 3), 2)}
    assert _failed(_HEADS, elsewhere={2, 99}) == {Check.ELSEWHERE: ((2,), 1)}
    young = replace(two, born=date(1992, 3, 9))
    assert _failed([one, young, three]) == {Check.CONSENT: ((2,), 1)}
    assert _failed([one, replace(young, consent=True), three]) == {}
    assert _failed([one, replace(two, born=date(1992, 3, 8)), three]) == {}
    assert _failed([one, two, replace(three, insured=False)]) == {Check.NOT_INSURED: ((3,), 1)}
    assert _failed([one, two, replace(three, going=False)]) == {Check.INSURED_NOT_GOING: ((3,), 1)}


def _journey(*kinds: Kind, left: OffBatch | None = None, **more: Any) -> Journey:
    seen = {kind: Seen(kind.value, _NOON, late=False) for kind in kinds}
    return Journey(seen, left, more.get("to_post", True), more.get("on_post_on"))


def test_who_did_not_come_was_planned_and_who_was_taken_off_before_was_not() -> None:
    assert rungs(_journey(), None) == {Rung.PLANNED}
    assert rungs(_journey(left=OffBatch.NO_SHOW), None) == {Rung.PLANNED}
    assert rungs(_journey(left=OffBatch.WITHDREW), None) == set()


def test_on_post_counts_within_seven_days_of_the_arrival() -> None:
    for days, counts in ((7, True), (8, False)):
        journey = _journey(Kind.BOARDED, on_post_on=_DAY + timedelta(days))
        assert (Rung.ON_POST in rungs(journey, _DAY)) == counts


def test_each_gap_is_named_once_its_state_is_reached() -> None:
    later = _DAY + timedelta(8)

    def found(journey: Journey, state: State, today: date = _DAY) -> Gap | None:
        return gap(journey, state, _DAY, today)

    assert found(_journey(), State.LOCKED) is None
    assert found(_journey(), State.DEPARTED) is Gap.NOT_BOARDED
    assert found(_journey(left=OffBatch.NO_SHOW), State.DEPARTED) is None
    aboard = _journey(Kind.BOARDED)
    assert found(aboard, State.DEPARTED) is None
    assert found(aboard, State.ARRIVED) is Gap.NOT_ARRIVED
    there = (Kind.BOARDED, Kind.ARRIVED)
    assert found(_journey(*there), State.ARRIVED) is Gap.NOT_HANDED_OVER
    assert found(_journey(*there, to_post=False), State.ARRIVED) is None
    done = _journey(*there, Kind.HANDED_OVER)
    assert found(done, State.HANDED_OVER) is None
    assert found(done, State.HANDED_OVER, later) is Gap.NOT_ON_POST


def test_people_board_in_their_township_else_their_county_else_first() -> None:
    stops = [(1, "520521"), (2, "520502"), (3, "520502001")]
    assert stop_of("520502001", stops) == 3
    assert stop_of("520502002", stops) == 2
    assert stop_of("520524001", stops) == 1
    assert stop_of("520524001", []) is None


_seen_on = st.dictionaries(
    st.sampled_from([Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER]),
    st.integers(-3, 3).map(lambda n: Seen("x", _NOON + timedelta(days=n), late=False)),
)


@given(
    st.sampled_from(State),
    _seen_on,
    st.none() | st.sampled_from(OffBatch),
    st.none() | st.integers(-3, 30).map(lambda n: _DAY + timedelta(n)),
    st.none() | st.integers(-2, 2).map(lambda n: _DAY + timedelta(n)),
)
def test_what_lines_are_told_of_a_journey_is_never_refused(
    state: State,
    seen: dict[Kind, Seen],
    left: OffBatch | None,
    assigned_on: date | None,
    departed_on: date | None,
) -> None:
    """Whatever clocks and clerks said, the events follow one another as a line asks for."""
    if Kind.HANDED_OVER in seen:
        seen.setdefault(Kind.ARRIVED, seen[Kind.HANDED_OVER])
    if Kind.ARRIVED in seen:
        seen.setdefault(Kind.BOARDED, seen[Kind.ARRIVED])
    course = Course("2010-001", state, _DAY, departed_on)
    line: list[Event[EventKind]] = []
    for one in due(course, seen, left, assigned_on, _DAY + timedelta(30)):
        fact = Fact(one.kind, one.day, reason=one.reason)
        event = told_next(line, fact, _NOON + timedelta(days=40))
        LINE.check_append(line, event)
        line.append(event)


def _sent(**changes: object) -> dict[str, object]:
    return {
        "id": new_key(),
        "seq": 1,
        "kind": "boarded",
        "rider": 5,
        "at": 1_268_020_800_000,
    } | changes


def test_a_message_is_read_whole_or_not_at_all() -> None:
    [scan] = scans.read_scans([_sent(skew=1000)])
    assert (scan.kind, scan.rider, scan.at) == (
        Kind.BOARDED,
        5,
        datetime.fromtimestamp(1_268_020_799, UTC),
    )
    [undo] = scans.read_scans([_sent(kind="undo", target=scan.id)])
    assert (undo.rider, undo.target) == (None, scan.id)
    wrong: list[object] = [
        "text",
        [[]],
        [_sent(kind="flown")],
        [_sent(rider=True)],
        [_sent(id="x")],
        [_sent(seq=0)],
        [_sent(at=-1)],
        [_sent(kind="undo")],
        [_sent()] * (MOST_RECORDS + 1),
    ]
    for sent in wrong:
        with pytest.raises(Unreadable):
            scans.read_scans(sent)


_record = st.builds(
    Recorded,
    id=st.integers(0, 30).map(lambda n: f"{n:032x}"),
    kind=st.sampled_from([Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER]),
    rider=st.integers(1, 3),
    target=st.none(),
    at=st.integers(0, 9).map(lambda n: _NOON + timedelta(hours=n)),
    received=st.just(_NOON + timedelta(days=2)),
)


@given(st.lists(_record, unique_by=lambda one: one.id, max_size=8), st.data())
def test_scans_add_up_to_the_same_in_any_order_and_twice(
    records: list[Recorded], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(records))
    assert scans.seen(records) == scans.seen([*shuffled, *records])


def test_a_scan_taken_back_does_not_count_whichever_came_first() -> None:
    boarded = Recorded("a" * 32, Kind.BOARDED, 1, None, _NOON, _NOON)
    undo = Recorded("b" * 32, Kind.UNDO, None, boarded.id, _NOON, _NOON)
    assert scans.seen([boarded, undo]) == scans.seen([undo, boarded]) == {}


def test_whoever_is_handed_over_has_arrived_and_boarded_and_late_news_says_so() -> None:
    handed = Recorded("a" * 32, Kind.HANDED_OVER, 1, None, _NOON, _NOON + timedelta(days=2))
    found = scans.seen([handed])[1]
    assert set(found) == {Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER}
    assert all(one.late for one in found.values())


def test_a_code_of_a_batch_has_nine_digits_and_a_fairs_eight() -> None:
    assert scans.read_code("123 456 789") == "123456789"
    assert scans.read_code("1234 5678") == ""
    assert scans.show_code("123456789") == "123 456 789"


@given(
    st.lists(st.tuples(st.sampled_from(states.Payer), st.integers(0, 10**7)), max_size=60),
)
def test_what_payers_pay_together_is_what_the_travellers_cost(
    costs: list[tuple[states.Payer, int]],
) -> None:
    found = states.by_payer(costs)
    assert sum(people for people, _fen in found.values()) == len(costs)
    assert sum(fen for _people, fen in found.values()) == sum(fen for _payer, fen in costs)
    assert all(people for people, _fen in found.values())
