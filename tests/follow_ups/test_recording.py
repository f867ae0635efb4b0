"""Due follow-ups make themselves; what is found goes on the line, and comes off it again."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from jobfair.follow_ups.models import RightsCase
from jobfair.follow_ups.queries.calls import list_dues, list_follow_ups
from jobfair.follow_ups.rules.drafts import FollowUpDraft, Kept, RecordedMeanwhile, SaysOtherwise
from jobfair.follow_ups.rules.outcomes import (
    EmployerUnnamed,
    Outcome,
    Problem,
    RelativeUnnamed,
    TooEarly,
    Way,
)
from jobfair.follow_ups.services import catch_up, record_follow_up, reverse_follow_up
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, NotYet, Recorder
from jobfair.placements.queries import find_placement
from jobfair.placements.rules.events import EvidenceMissing
from jobfair.placements.rules.kinds import EventKind, Stage
from jobfair.placements.rules.wages import OddWage, YearlyWage
from jobfair.placements.services import append_event, reverse_event, reverse_placement
from tests.factories import Make
from tests.placements.factory import make_placement

CLERK = Recorder()
TODAY = clock.today()
# In the window of the first month, whatever its length.
FIRST = TODAY - timedelta(days=30)
ON_POST = FollowUpDraft(Outcome.ON_POST_SAME, Way.PHONE, TODAY)


@pytest.fixture
def placement(database: Database, make: Make) -> int:
    """Somebody in the first month at work, whose due follow-ups are made."""
    found = make_placement(database, make.seeker(1), started_on=FIRST)
    make_due(database)
    return found


def make_due(database: Database) -> tuple[int, int]:
    with database.writing() as session:
        caught = catch_up(session)
    assert not caught.more
    return caught.made, caught.changed


def record(database: Database, placement: int, draft: FollowUpDraft) -> Kept:
    with database.writing() as session:
        return record_follow_up(session, placement, draft, CLERK)


def states(database: Database, placement: int) -> dict[str, str]:
    with database.reading() as session:
        return {due.checkpoint: due.state for due in list_dues(session, placement)}


def line(database: Database, placement: int) -> list[str]:
    """Return the kinds of entries that count."""
    with database.reading() as session:
        found = find_placement(session, placement)
    assert found
    return [str(row.event.kind) for row in found.events if not (row.reversal or row.event.reverses)]


def stage(database: Database, placement: int) -> Stage | None:
    with database.reading() as session:
        found = find_placement(session, placement)
    assert found
    return found.state.stage


def test_due_follow_ups_follow_the_placements_by_themselves(database: Database, make: Make) -> None:
    people = [make.seeker(n) for n in range(1, 4)]
    here, gone, old = (
        make_placement(database, people[0], started_on=FIRST),
        make_placement(database, people[1], started_on=FIRST, ended_on=TODAY),
        make_placement(database, people[2], started_on=date(2010, 3, 8)),
    )
    assert make_due(database) == (5, 0)
    assert make_due(database) == (0, 0)
    assert states(database, here) == {"d7": "passed"} | dict.fromkeys(
        ("m1", "m3", "m6", "m12"), "open"
    )
    assert states(database, gone) == {}
    assert states(database, old) == {}
    with database.writing() as session:
        found = find_placement(session, here)
        assert found
        first_day = found.events[0].event.id
        end = append_event(
            session, here, Fact(EventKind.RETURNED_HOME, TODAY, reason="final"), CLERK
        )
    assert make_due(database) == (0, 4)
    assert set(states(database, here).values()) == {"passed", "dropped"}
    with database.writing() as session:
        reverse_event(session, end, "typed for another person", CLERK)
    assert make_due(database) == (0, 4)
    with database.writing() as session:
        reverse_event(session, first_day, "wrong day", CLERK)
        append_event(session, here, Fact(EventKind.ON_POST, TODAY), CLERK)
    assert make_due(database) == (0, 5)
    with database.reading() as session:
        assert list_dues(session, here)[0].due_on == TODAY + timedelta(days=7)
    with database.writing() as session:
        reverse_placement(session, here, "never happened", CLERK)
    make_due(database)
    assert set(states(database, here).values()) == {"dropped"}


def test_on_post_settles_the_checkpoint_of_its_day_and_can_be_taken_back(
    database: Database, placement: int
) -> None:
    kept = record(database, placement, replace(ON_POST, wage_fen=200_000, seconds=95))
    assert kept.checkpoint == "m1"
    assert states(database, placement)["m1"] == "done"
    assert line(database, placement) == ["on_post", "follow_up"]
    again = record(database, placement, ON_POST)
    assert again.checkpoint is None  # a contact: this month is settled
    with database.writing() as session:
        assert reverse_follow_up(session, kept.follow_up_id, "other person", CLERK) == placement
    assert states(database, placement)["m1"] == "open"
    assert line(database, placement) == ["on_post", "follow_up"]
    with database.reading() as session:
        newest, first = list_follow_ups(session, placement)
    assert (first.reversed_because, newest.reversed_because) == ("other person", "")
    assert (first.wage_fen, first.seconds, first.grade) == (200_000, 95, "C")
    assert "****" in first.dialled


def test_before_its_window_a_call_is_a_contact_and_no_checkpoint(
    database: Database, make: Make
) -> None:
    placement = make_placement(database, make.seeker(1), started_on=TODAY - timedelta(days=3))
    make_due(database)
    assert record(database, placement, ON_POST).checkpoint is None
    assert set(states(database, placement).values()) == {"open"}
    assert line(database, placement) == ["on_post", "follow_up"]


def test_a_call_of_last_week_told_today_counts_for_its_own_day(
    database: Database, placement: int
) -> None:
    told = replace(ON_POST, happened_on=FIRST + timedelta(days=8))
    assert record(database, placement, told).checkpoint == "d7"
    assert states(database, placement)["d7"] == "done"


def test_what_cannot_be_is_refused_and_nothing_is_kept(database: Database, placement: int) -> None:
    other = replace(ON_POST, outcome=Outcome.ON_POST_OTHER, employer_name="某厂")
    wrong: tuple[tuple[FollowUpDraft, type[Exception]], ...] = (
        (replace(ON_POST, happened_on=TODAY + timedelta(days=1)), NotYet),
        (replace(ON_POST, happened_on=FIRST - timedelta(days=1)), TooEarly),
        (replace(ON_POST, way=Way.RELATIVE), RelativeUnnamed),
        (other, EmployerUnnamed),
        (replace(ON_POST, outcome=Outcome.IN_STUDY), EvidenceMissing),
        (replace(ON_POST, wage_fen=3_500_000), OddWage),
        (replace(ON_POST, wage_fen=2_160_000), YearlyWage),
    )
    for draft, refusal in wrong:
        with pytest.raises(refusal):
            record(database, placement, draft)
    assert line(database, placement) == ["on_post"]
    with database.reading() as session:
        assert list_follow_ups(session, placement) == []


def test_an_odd_wage_that_is_right_is_confirmed(database: Database, placement: int) -> None:
    record(database, placement, replace(ON_POST, wage_fen=3_500_000, wage_confirmed=True))
    with database.reading() as session:
        assert list_follow_ups(session, placement)[0].wage_fen == 3_500_000


def test_an_end_is_written_with_its_reason_and_drops_what_was_due(
    database: Database, placement: int
) -> None:
    found: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"outcome": Outcome.RETURNED_SEASONAL}, "returned_home", "seasonal"),
        ({"outcome": Outcome.RETURNED_FINAL, "reason": "family"}, "returned_home", "family"),
        ({"outcome": Outcome.UNEMPLOYED_AWAY, "reason": "night_shift"}, "left_post", "night_shift"),
        ({"outcome": Outcome.IN_STUDY, "evidence": "录取通知书"}, "exempt", "study"),
        ({"outcome": Outcome.REFUSED}, "", ""),
    )
    for changes, entry, reason in found:
        draft = replace(ON_POST, since=TODAY - timedelta(days=2), **changes)
        kept = record(database, placement, draft)
        assert line(database, placement) == ["on_post", *([entry] if entry else [])]
        with database.reading() as session:
            shown = find_placement(session, placement)
        assert shown
        assert shown.state.end_reason == reason
        assert states(database, placement)["m3"] == ("dropped" if entry else "open")
        with database.writing() as session:
            reverse_follow_up(session, kept.follow_up_id, "wrong", CLERK)
        assert line(database, placement) == ["on_post"]
        assert states(database, placement)["m3"] == "open"


def test_a_change_of_employer_opens_the_next_placement_and_its_checkpoints(
    database: Database, placement: int
) -> None:
    draft = replace(
        ON_POST,
        outcome=Outcome.ON_POST_OTHER,
        since=TODAY - timedelta(days=6),
        employer_name="东莞鞋厂",
        workplace_text="东莞市厚街镇",
        workplace_division="441900",
    )
    kept = record(database, placement, draft)
    assert kept.next_placement_id
    assert states(database, kept.next_placement_id)["d7"] == "open"
    assert states(database, placement)["m3"] == "dropped"
    with database.writing() as session:
        reverse_follow_up(session, kept.follow_up_id, "it was the sister", CLERK)
    assert line(database, kept.next_placement_id) == []
    assert set(states(database, kept.next_placement_id).values()) == {"dropped"}
    assert states(database, placement)["m1"] == "open"
    assert stage(database, placement) is Stage.ON_POST


def test_contact_is_lost_by_the_rule_and_restored_for_the_time_between(
    database: Database, placement: int
) -> None:
    failed = FollowUpDraft(Outcome.UNREACHED, Way.PHONE, TODAY - timedelta(days=4))
    for days in (4, 3):
        kept = record(database, placement, replace(failed, happened_on=TODAY - timedelta(days)))
        assert not kept.lost
    relative = replace(failed, way=Way.RELATIVE, relative="母亲 王秀英")
    assert record(
        database, placement, replace(relative, happened_on=TODAY - timedelta(days=2))
    ).lost
    assert stage(database, placement) is Stage.LOST
    assert states(database, placement)["m1"] == "done"  # unreached, until somebody is
    assert record(database, placement, ON_POST).checkpoint == "m1"
    assert stage(database, placement) is Stage.ON_POST
    assert line(database, placement)[1:] == ["lost_contact", "contact_restored", "follow_up"]
    with database.reading() as session:
        assert list_follow_ups(session, placement)[1].relative == "母亲 王秀英"


def test_an_end_before_the_loss_takes_the_loss_back(database: Database, placement: int) -> None:
    failed = FollowUpDraft(Outcome.UNREACHED, Way.PHONE, TODAY)
    for days, way in ((4, Way.PHONE), (3, Way.MESSAGE), (2, Way.RELATIVE)):
        day = TODAY - timedelta(days=days)
        record(database, placement, replace(failed, way=way, happened_on=day, relative="父亲"))
    home = replace(ON_POST, outcome=Outcome.RETURNED_SEASONAL, since=TODAY - timedelta(days=10))
    record(database, placement, home)
    assert line(database, placement) == ["on_post", "returned_home"]


def test_an_attempt_taken_back_takes_the_loss_with_it(database: Database, placement: int) -> None:
    failed = FollowUpDraft(Outcome.UNREACHED, Way.PHONE, TODAY)
    for days, way in ((4, Way.PHONE), (3, Way.MESSAGE), (2, Way.RELATIVE)):
        day = TODAY - timedelta(days=days)
        kept = record(
            database, placement, replace(failed, way=way, happened_on=day, relative="父亲")
        )
    with database.writing() as session:
        reverse_follow_up(session, kept.follow_up_id, "asked somebody else's father", CLERK)
    assert stage(database, placement) is Stage.ON_POST
    with database.reading() as session:
        due = next(d for d in list_dues(session, placement) if d.checkpoint == "m1")
    assert (due.state, due.attempts) == ("open", 2)


def test_on_post_after_a_recorded_end_shows_both(database: Database, placement: int) -> None:
    with database.writing() as session:
        death = Fact(
            EventKind.EXEMPT,
            TODAY - timedelta(days=5),
            grade=Grade.A,
            evidence="派出所证明",
            reason="death",
        )
        append_event(session, placement, death, CLERK)
    with pytest.raises(SaysOtherwise) as said:
        record(database, placement, ON_POST)
    assert (TODAY - timedelta(days=5)).isoformat() in str(said.value)
    assert line(database, placement) == ["on_post", "exempt"]


def test_problems_of_rights_open_one_case_each(database: Database, placement: int) -> None:
    draft = replace(ON_POST, problems=(Problem.UNPAID_WAGES, Problem.FAMILY))
    record(database, placement, draft)
    record(database, placement, draft)
    with database.reading() as session:
        [case] = session.execute(select(RightsCase)).scalars()
        assert (case.kind, case.deadline) == ("unpaid_wages", TODAY + timedelta(days=15))


def test_two_clerks_at_once_and_one_sees_what_the_other_recorded(
    database: Database, placement: int
) -> None:
    answers: list[str] = []
    ready = threading.Barrier(2)

    def call() -> None:
        ready.wait()
        try:
            record(database, placement, replace(ON_POST, seen=0))
        except RecordedMeanwhile:
            answers.append("seen")
        else:
            answers.append("kept")

    clerks = [threading.Thread(target=call) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(answers) == ["kept", "seen"]
    assert line(database, placement) == ["on_post", "follow_up"]


def test_more_than_anybody_can_do_in_an_hour_are_kept(database: Database, make: Make) -> None:
    """Who records more than sixty an hour is asked about it by another rule; nothing is lost."""
    placement = make_placement(database, make.seeker(1), started_on=FIRST)
    other = make_placement(database, make.seeker(2), started_on=FIRST)
    refused = replace(ON_POST, outcome=Outcome.REFUSED)
    with database.writing() as session:
        for _ in range(31):
            record_follow_up(session, placement, refused, Recorder(user_id=7))
            record_follow_up(session, other, refused, Recorder(user_id=7))
    with database.reading() as session:
        assert [len(list_follow_ups(session, one)) for one in (placement, other)] == [31, 31]
