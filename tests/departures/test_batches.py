"""A batch through its life: roster, checks, boarding late and twice, lines, two clerks."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from jobfair.departures.queries import batches, roster
from jobfair.departures.rules.roster import Company, Gap, Role, Rung
from jobfair.departures.rules.scans import Job, Kind, Result, Scan
from jobfair.departures.rules.states import NoSuchMove, NotComplete, State, StillToCome
from jobfair.departures.services import moving, planning, recording
from jobfair.departures.services import roster as rosters
from jobfair.departures.services.recording import take_in
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Fact
from jobfair.kit.ids import new_key
from jobfair.placements.queries import find_placement
from jobfair.placements.rules.kinds import EventKind, OffBatch
from jobfair.placements.services import append_event, reverse_event
from jobfair.seekers.services import merge_seekers
from tests.departures.factory import (
    CLERK,
    DAY,
    DRAFT,
    Phone,
    make_batch,
    make_phone,
    make_traveller,
    move,
    put_on,
    riders,
    row,
)

_MORNING = datetime(2010, 3, 8, 0, 15, tzinfo=UTC)  # 8:15 in Beijing


def _scan(n: int, rider: int | None, kind: Kind = Kind.BOARDED, **more: Any) -> Scan:
    target = more.get("target")
    at = more.get("at", _MORNING)
    return Scan(more.get("id") or new_key(), n, kind, rider, target, at, 0)


def _send(database: Database, phone: Phone, *scans: Scan) -> list[Result]:
    with database.writing() as session:
        return [answer.result for answer in take_in(session, phone.device, scans)]


def _line(database: Database, placement: int) -> list[tuple[str, date, str]]:
    """Return what counts on a line after the intention: kind, day, reason."""
    with database.reading() as session:
        found = find_placement(session, placement)
    assert found
    return [
        (one.event.kind.value, one.event.occurred_on, one.event.reason)
        for one in found.events
        if one.reversal is None and one.event.kind not in {EventKind.INTENTION, EventKind.REVERSAL}
    ]


def _kinds(database: Database, placement: int) -> list[str]:
    return [kind for kind, _, _ in _line(database, placement)]


def test_a_journey_from_the_roster_to_the_employer(database: Database) -> None:
    first, second = make_traveller(database, 1), make_traveller(database, 2)
    batch = make_batch(database)
    one, two = put_on(database, batch, first, second)
    move(database, batch, State.LOCKED)
    number = row(database, batch).number
    assert _line(database, first) == [("batch_assigned", DAY, number)]
    phone = make_phone(database, batch)
    assert _send(database, phone, _scan(1, one), _scan(2, two)) == [Result.DONE] * 2
    move(database, batch, State.DEPARTED, day=DAY)
    there = make_phone(database, batch, Job.ARRIVAL)
    next_day = _MORNING + timedelta(days=1)
    _send(database, there, _scan(1, one, Kind.ARRIVED, at=next_day))
    move(database, batch, State.ARRIVED, day=DAY + timedelta(1))
    _send(database, there, _scan(2, one, Kind.HANDED_OVER, at=next_day))
    with database.writing() as session:
        append_event(session, first, Fact(EventKind.ON_POST, DAY + timedelta(3)), CLERK)
    move(database, batch, State.HANDED_OVER)
    assert _line(database, first) == [
        ("batch_assigned", DAY, number),
        ("boarded", DAY, ""),
        ("departed", DAY, ""),
        ("arrived", DAY + timedelta(1), ""),
        ("handed_over", DAY + timedelta(1), ""),
        ("on_post", DAY + timedelta(3), ""),
    ]
    [whole, lost] = riders(database, batch)
    assert whole.rungs == set(Rung)
    assert lost.rungs == {Rung.PLANNED, Rung.BOARDED}
    assert lost.gap is Gap.NOT_ARRIVED
    with pytest.raises(moving.GapsOpen) as refused:
        move(database, batch, State.CLOSED)
    assert refused.value.params["names"] == f"{lost.person.name} {lost.person.id_number[-4:]}"
    with database.writing() as session:
        recording.record_by_hand(session, batch, [two], Kind.HANDED_OVER, CLERK)
    move(database, batch, State.CLOSED)
    assert row(database, batch).state is State.CLOSED


def test_a_boarding_list_two_days_late_and_twice_counts_once(database: Database) -> None:
    placements = [make_traveller(database, n) for n in (1, 2)]
    batch = make_batch(database)
    one, two = put_on(database, batch, *placements)
    move(database, batch, State.LOCKED)
    phone = make_phone(database, batch)
    move(database, batch, State.DEPARTED, day=DAY)
    with database.writing() as session:
        rosters.take_off(session, batch, [two], OffBatch.NO_SHOW, CLERK)
    assert _kinds(database, placements[1]) == ["batch_assigned", "batch_left"]
    late = [_scan(1, one), _scan(2, two)]
    for _ in range(2):
        assert _send(database, phone, *late) == [Result.DONE] * 2
    assert _send(database, phone, _scan(3, one, at=_MORNING + timedelta(minutes=1))) == [
        Result.AGAIN
    ]
    for placement in placements:
        assert _kinds(database, placement) == ["batch_assigned", "boarded", "departed"]
    for rider in riders(database, batch):
        assert (rider.left, rider.seen[Kind.BOARDED].late) == (None, True)
    with pytest.raises(rosters.AlreadyOnBoard), database.writing() as session:
        rosters.take_off(session, batch, [two], OffBatch.NO_SHOW, CLERK)


def test_what_a_line_refuses_is_shown_and_stops_nobody_else(database: Database) -> None:
    first, second = make_traveller(database, 1), make_traveller(database, 2)
    batch = make_batch(database)
    one, two = put_on(database, batch, first, second)
    move(database, batch, State.LOCKED)
    with database.writing() as session:
        line = find_placement(session, first)
        assert line
        reverse_event(session, line.events[-1].event.id, "录错", CLERK)
    _send(database, make_phone(database, batch), _scan(1, one), _scan(2, two))
    assert [rider.refused for rider in riders(database, batch)] == [("boarded",), ()]
    assert _kinds(database, second) == ["batch_assigned", "boarded"]


def test_a_journey_that_left_a_day_early_stands_so_on_the_line(database: Database) -> None:
    placement = make_traveller(database, 1)
    batch = make_batch(database)
    [rider] = put_on(database, batch, placement)
    move(database, batch, State.LOCKED)
    _send(database, make_phone(database, batch), _scan(1, rider))
    early = DAY - timedelta(1)
    move(database, batch, State.DEPARTED, day=early)
    assert [(kind, day) for kind, day, _ in _line(database, placement)] == [
        ("batch_assigned", early),
        ("boarded", early),
        ("departed", early),
    ]


def test_a_record_taken_back_is_taken_back_on_the_line(database: Database) -> None:
    placement = make_traveller(database, 1)
    batch = make_batch(database)
    [rider] = put_on(database, batch, placement)
    move(database, batch, State.LOCKED)
    phone = make_phone(database, batch)
    scan = _scan(1, rider)
    undo = _scan(2, None, Kind.UNDO, target=scan.id)
    assert _send(database, phone, scan) == [Result.DONE]
    assert _send(database, phone, undo) == [Result.UNDONE]
    assert _kinds(database, placement) == ["batch_assigned"]
    assert riders(database, batch)[0].seen == {}


def test_a_station_records_only_riders_of_its_batch_and_what_it_is_for(
    database: Database,
) -> None:
    mine, other = make_batch(database), make_batch(database)
    [rider] = put_on(database, mine, make_traveller(database, 1))
    [stranger] = put_on(database, other, make_traveller(database, 2))
    phone = make_phone(database, mine)
    scan = _scan(1, rider)
    found = _send(database, phone, scan, _scan(1, rider), _scan(2, stranger))
    assert found == [Result.DONE, Result.CLASH, Result.UNKNOWN]
    assert _send(database, phone, _scan(3, rider, Kind.ARRIVED)) == [Result.CLASH]
    assert set(riders(database, mine)[0].seen) == {Kind.BOARDED}


def test_the_escorts_phone_departs_and_the_receivers_arrives(database: Database) -> None:
    placement = make_traveller(database, 1)
    batch = make_batch(database)
    [rider] = put_on(database, batch, placement)
    phone, there = make_phone(database, batch), make_phone(database, batch, Job.ARRIVAL)
    departs = _scan(2, None, Kind.DEPARTS)
    assert _send(database, phone, departs) == [Result.DONE]
    assert row(database, batch).state is State.OPEN  # the roster is not locked: nothing departs
    move(database, batch, State.LOCKED)
    arrives = _scan(1, None, Kind.REACHED, at=_MORNING + timedelta(days=1))
    assert _send(database, phone, _scan(3, rider), departs) == [Result.DONE] * 2
    assert _send(database, there, arrives) == [Result.DONE]
    found = row(database, batch)
    assert (found.state, found.departed_on) == (State.ARRIVED, DAY)
    assert found.arrived_on == DAY + timedelta(1)
    assert _kinds(database, placement) == ["batch_assigned", "boarded", "departed"]
    assert _send(database, phone, departs, _scan(4, None, Kind.REACHED)) == [
        Result.DONE,
        Result.CLASH,
    ]
    assert row(database, batch).departed_on == DAY


def test_46_riders_on_45_seats_are_not_locked(database: Database) -> None:
    placements = [make_traveller(database, n) for n in range(1, 7)]
    batch = make_batch(database, 3, 2)
    put_on(database, batch, *placements)
    with pytest.raises(moving.RosterNotSound) as refused:
        move(database, batch, State.LOCKED)
    [out] = [one.person for one in riders(database, batch) if one.seat is None]
    why = str(refused.value.params["why"])
    assert "1 more on the roster" in why or "多1人" in why
    assert f"{out.name} {out.id_number[-4:]}" in why
    assert row(database, batch).state is State.OPEN


def test_one_person_does_not_ride_in_two_batches_on_the_same_days(database: Database) -> None:
    """The placement can be on one roster; merged records or a companion come to it all the same."""
    placement = make_traveller(database, 1)
    first, second = make_batch(database), make_batch(database, departs_on=date(2010, 3, 9))
    put_on(database, first, placement)
    with database.writing() as session:
        assert rosters.add_placed(session, second, [placement], CLERK, scope=None) == 0
        person = riders(database, first)[0].seeker_id
        rosters.add_companion(session, second, person, Company.ACCOMPANYING, CLERK)
        rosters.give_seats(session, second)
        rosters.note_insured(session, second)
    with pytest.raises(moving.RosterNotSound):
        move(database, second, State.LOCKED)
    with database.writing() as session:
        [rider] = riders(database, first)
        rosters.take_off(session, first, [rider.id], OffBatch.MOVED, CLERK)
    move(database, second, State.LOCKED)


def test_merged_records_are_one_person_on_a_roster(database: Database) -> None:
    one, two = make_traveller(database, 1), make_traveller(database, 2)
    batch = make_batch(database)
    put_on(database, batch, one, two)
    kept, merged = (rider.seeker_id for rider in riders(database, batch))
    with database.writing() as session:
        merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)
    with pytest.raises(moving.RosterNotSound):
        move(database, batch, State.LOCKED)


def test_a_minor_goes_with_a_guardians_consent(database: Database) -> None:
    placement = make_traveller(database, 1, born=date(1993, 6, 1))
    batch = make_batch(database)
    [rider] = put_on(database, batch, placement)
    assert riders(database, batch)[0].minor
    with pytest.raises(moving.RosterNotSound):
        move(database, batch, State.LOCKED)
    with pytest.raises(rosters.ConsentToCome), database.writing() as session:
        rosters.note_consent(session, batch, rider, clock.today() + timedelta(1))
    with database.writing() as session:
        rosters.note_consent(session, batch, rider, date(2010, 3, 7))
    move(database, batch, State.LOCKED)


def test_the_insured_are_the_roster(database: Database) -> None:
    one, two = make_traveller(database, 1), make_traveller(database, 2)
    batch = make_batch(database)
    first, _ = put_on(database, batch, one, two)
    with database.writing() as session:
        rosters.take_off(session, batch, [first], OffBatch.WITHDREW, CLERK)
    with pytest.raises(moving.RosterNotSound):
        move(database, batch, State.LOCKED)
    with database.writing() as session:
        assert rosters.note_insured(session, batch) == 1
    move(database, batch, State.LOCKED)
    assert _kinds(database, one) == []


def test_a_plan_that_lacks_something_is_not_opened_and_says_what(database: Database) -> None:
    with database.writing() as session:
        batch = planning.plan_batch(session, DRAFT, CLERK, division="520502")
    with pytest.raises(NotComplete) as refused:
        move(database, batch, State.OPEN)
    assert refused.value.params["missing"]


def test_a_departure_to_come_is_not_recorded(database: Database) -> None:
    batch = make_batch(database)
    put_on(database, batch, make_traveller(database, 1))
    move(database, batch, State.LOCKED)
    with pytest.raises(StillToCome):
        move(database, batch, State.DEPARTED, day=clock.today() + timedelta(3))
    with pytest.raises(planning.NotInPreparation), database.writing() as session:
        planning.add_vehicle(session, batch, "贵F99999", 45)


def test_unlocking_and_cancelling_need_a_reason_and_free_the_people(database: Database) -> None:
    placement = make_traveller(database, 1)
    batch = make_batch(database)
    [rider] = put_on(database, batch, placement)
    move(database, batch, State.LOCKED)
    with pytest.raises(moving.ReasonNeeded):
        move(database, batch, State.OPEN)
    move(database, batch, State.OPEN, reason="换车")
    assert _kinds(database, placement) == ["batch_assigned"]
    with database.writing() as session:
        rosters.take_off(session, batch, [rider], OffBatch.WITHDREW, CLERK)
    assert _kinds(database, placement) == ["batch_assigned", "batch_left"]
    put_on(database, batch, placement)
    move(database, batch, State.LOCKED)
    move(database, batch, State.CANCELLED, reason="大雪封路")
    assert _line(database, placement)[-1][::2] == ("batch_left", "moved")
    wanted = roster.CandidateFilter(ids=(placement,))
    with database.reading() as session:
        assert roster.count_candidates(session, wanted) == 1


def test_who_did_not_come_waits_again_and_the_list_says_so(database: Database) -> None:
    came, missed, gone = (make_traveller(database, n) for n in (1, 2, 3))
    with database.writing() as session:
        append_event(session, gone, Fact(EventKind.DEPARTED, DAY), CLERK)
    batch = make_batch(database)
    first, second = put_on(database, batch, came, missed)
    move(database, batch, State.LOCKED)
    _send(database, make_phone(database, batch), _scan(1, first))
    move(database, batch, State.DEPARTED, day=DAY)
    assert [one.gap for one in riders(database, batch)] == [None, Gap.NOT_BOARDED]
    with database.writing() as session:
        rosters.take_off(session, batch, [second], OffBatch.NO_SHOW, CLERK)
    with database.reading() as session:
        for wanted in (roster.CandidateFilter(), roster.CandidateFilter(missed=True)):
            [one] = roster.list_candidates(session, wanted)
            assert (one.placement_id, one.missed) == (missed, row(database, batch).number)
        assert roster.list_candidates(session, roster.CandidateFilter(scope="520521")) == []


def test_a_group_that_goes_whole_or_not_at_all_is_missed_when_some_stay(
    database: Database,
) -> None:
    together = {"travel_group": "青场三人", "only_with_group": True}
    one, two, three = (make_traveller(database, n, **together) for n in (1, 2, 3))
    batch = make_batch(database)
    put_on(database, batch, one, two)
    with database.reading() as session:
        assert roster.group_left_behind(session, riders(database, batch)) == {"青场三人": 1}
    put_on(database, batch, three)
    with database.reading() as session:
        assert roster.group_left_behind(session, riders(database, batch)) == {}
    seats = sorted((one.vehicle_id, one.seat) for one in riders(database, batch))
    assert [seat for _, seat in seats] == [1, 2, 3]


def test_a_seat_changes_hands(database: Database) -> None:
    batch = make_batch(database, 2, 2)
    first, second = put_on(database, batch, *(make_traveller(database, n) for n in (1, 2)))
    before = {one.id: (one.vehicle_id, one.seat) for one in riders(database, batch)}
    with database.writing() as session:
        rosters.change_seat(session, batch, first, before[second][0] or 0, before[second][1] or 0)
    after = {one.id: (one.vehicle_id, one.seat) for one in riders(database, batch)}
    assert after == {first: before[second], second: before[first]}
    with pytest.raises(rosters.NoSuchSeat), database.writing() as session:
        rosters.change_seat(session, batch, first, before[second][0] or 0, 3)
    with pytest.raises(NotFound), database.writing() as session:
        rosters.change_seat(session, batch, first, 999_999, 1)


def test_contacts_are_masked_and_a_vehicle_takes_its_drivers_along(database: Database) -> None:
    batch = make_batch(database, 3, 2)
    put_on(database, batch, make_traveller(database, 1))
    with database.writing() as session:
        [vehicle, _] = batches.vehicles_of(session, batch)
        planning.remove_vehicle(session, batch, vehicle.id)
        shown = batches.contacts_of(session, batch)
        assert [one.role for one in shown].count(Role.DRIVER) == 2
        assert {one.phone for one in shown} == {"139****0000", "138****0001", "138****0002"}
        clear = batches.contacts_of(session, batch, clear=True)
        assert "孙带队" in {one.name for one in clear}
    assert riders(database, batch)[0].seat is None


def _one_of_two_clerks_wins(database: Database) -> None:
    """Let two clerks put a person on two rosters at once, and lock one roster at once."""
    placement = make_traveller(database, 1)
    both = [make_batch(database), make_batch(database)]
    added: list[int] = []

    def add(batch: int) -> None:
        with database.writing() as session:
            added.append(rosters.add_placed(session, batch, [placement], CLERK, scope=None))

    _at_once([partial(add, batch) for batch in both])
    assert sorted(added) == [0, 1]
    [batch] = [one for one in both if riders(database, one)]
    with database.writing() as session:
        rosters.give_seats(session, batch)
        rosters.note_insured(session, batch)
    refused: list[NoSuchMove] = []

    def lock() -> None:
        try:
            move(database, batch, State.LOCKED)
        except NoSuchMove as refusal:
            refused.append(refusal)

    _at_once([lock, lock])
    assert len(refused) == 1
    assert row(database, batch).state is State.LOCKED


def _at_once(deeds: Sequence[Callable[[], None]]) -> None:
    start = threading.Barrier(len(deeds))

    def begin(deed: Callable[[], None]) -> None:
        start.wait()
        deed()

    clerks = [threading.Thread(target=begin, args=(deed,)) for deed in deeds]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_of_two_clerks_at_once_one_wins_on_sqlite(database: Database) -> None:
    _one_of_two_clerks_wins(database)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_of_two_clerks_at_once_one_wins_on_postgresql(database: Database) -> None:
    _one_of_two_clerks_wins(database)
