"""Recording, appending and reversing on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import (
    AlreadyHappened,
    Fact,
    NothingToReverse,
    NotYet,
    OthersDepend,
    ReasonMissing,
    Recorder,
)
from jobfair.placements import queries, services
from jobfair.placements.models import Placement
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import (
    AlreadyPlaced,
    EndBeforeStart,
    Result,
    SeekerGone,
)
from jobfair.placements.rules.events import NotOnPost, TooYoung
from jobfair.placements.rules.kinds import EndReason, EventKind, Stage
from jobfair.seekers import queries as seekers
from jobfair.seekers import services as seeker_services
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.rules.identity import IdNumber
from tests.placements.factory import DRAFT, make_placement
from tests.planted import person

D = date


def register(database: Database, *numbers: int, **changes: object) -> list[int]:
    drafts = []
    for n in numbers:
        who = person(n)
        number = IdNumber.parse(who.id_number, today=clock.today())
        made = SeekerDraft(who.name, number, "520502", household_category="registered_poor")
        drafts.append(replace(made, **changes))  # type: ignore[arg-type]
    with database.writing() as session:
        found = seeker_services.bulk_upsert(session, drafts, registered_by=None)
    return [one.seeker_id for one in found if one.seeker_id]


def lines(database: Database, seeker_id: int) -> list[queries.PlacementLine]:
    with database.reading() as session:
        return queries.person_lines(session, seeker_id)


def employed_since(database: Database, seeker_id: int) -> date | None:
    with database.reading() as session:
        found = seekers.find_seeker(session, seeker_id)
    assert found is not None
    return found.employed_since


def test_a_placement_takes_the_person_out_of_the_pool(database: Database) -> None:
    (who,) = register(database, 1)
    make_placement(database, who)
    (line,) = lines(database, who)
    assert line.state.stage is Stage.ON_POST
    assert line.export
    assert line.household_category == "registered_poor"
    assert employed_since(database, who) == D(2010, 3, 8)


def test_one_main_placement_at_a_time(database: Database) -> None:
    (who,) = register(database, 1)
    first = make_placement(database, who)
    with pytest.raises(AlreadyPlaced):
        make_placement(database, who, started_on=D(2010, 9, 1))
    make_placement(database, who, started_on=D(2009, 3, 1), ended_on=D(2009, 12, 1))
    make_placement(database, who, started_on=D(2010, 9, 1), main=False)
    with database.writing() as session:
        end = Fact(EventKind.RETURNED_HOME, D(2010, 8, 1), reason=EndReason.SEASONAL)
        services.append_event(session, first, end, Recorder())
    assert employed_since(database, who) is None
    make_placement(database, who, started_on=D(2010, 9, 1))
    assert employed_since(database, who) == D(2010, 9, 1)


def test_the_database_itself_refuses_a_second_open_one(database: Database) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    copy = text(
        "INSERT INTO placement SELECT id + 1, 'k', seeker_id, employer_id, employer_name,"
        " position_id, previous_id, title, industry, workplace_division, workplace_text,"
        " home_division, destination, export, channel, household_category, wage_fen, main, void,"
        " started_on, ended_on, office_id, source, fingerprint, created_at, created_by"
        " FROM placement WHERE id = :id"
    )
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(copy, {"id": placement})


def test_events_are_never_changed(database: Database) -> None:
    (who,) = register(database, 1)
    make_placement(database, who)
    for statement in ("UPDATE placement_event SET reason = 'x'", "DELETE FROM placement_event"):
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
            session.execute(text(statement))


def test_what_is_refused(database: Database) -> None:
    (who,) = register(database, 1)
    for refusal, changes in (
        (NotYet, {"started_on": clock.today() + timedelta(days=1)}),
        (TooYoung, {"started_on": D(2006, 5, 16)}),
        (EndBeforeStart, {"ended_on": D(2010, 3, 7)}),
    ):
        with pytest.raises(refusal):
            make_placement(database, who, **changes)
    with pytest.raises(SeekerGone):
        make_placement(database, 999_999)
    assert lines(database, who) == []
    with pytest.raises(NotFound), database.writing() as session:
        services.append_event(session, 7, Fact(EventKind.FOLLOW_UP, D(2010, 3, 9)), Recorder())


def test_a_reversal_restores_state_and_pool(database: Database) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    before = lines(database, who)[0].state
    with database.writing() as session:
        end = services.append_event(
            session, placement, Fact(EventKind.RETURNED_HOME, D(2010, 12, 1)), Recorder()
        )
    assert lines(database, who)[0].state.stage is Stage.ENDED
    first = lines(database, who)[0].events[0].event.id
    with pytest.raises(OthersDepend), database.writing() as session:
        services.reverse_event(session, first, "typed wrong", Recorder())
    with database.writing() as session:
        services.reverse_event(session, end, "another person", Recorder())
    (line,) = lines(database, who)
    assert line.state == before
    assert employed_since(database, who) == D(2010, 3, 8)
    struck = [row for row in line.events if row.reversal]
    assert [row.event.id for row in struck] == [end]
    assert struck[0].reversal is not None
    assert struck[0].reversal.reason == "another person"


def test_a_first_day_is_put_right_under_what_stands_on_it(database: Database) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    first = lines(database, who)[0].events[0].event.id
    with database.writing() as session:
        services.append_event(
            session, placement, Fact(EventKind.FOLLOW_UP, D(2010, 4, 8)), Recorder()
        )

    def correct(event_id: int, day: date, reason: str = "typed wrong") -> None:
        with database.writing() as session:
            fact = Fact(EventKind.ON_POST, day)
            services.correct_event(session, event_id, fact, reason, Recorder())

    for event_id, day, reason, refusal in (
        (999_999, D(2010, 3, 12), "typed wrong", NotFound),
        (first, D(2010, 3, 12), " ", ReasonMissing),
        (first, D(2010, 4, 9), "typed wrong", NotOnPost),
        (first, clock.today() + timedelta(days=1), "typed wrong", NotYet),
        (first, D(1990, 1, 1), "typed wrong", TooYoung),
    ):
        with pytest.raises(refusal):
            correct(event_id, day, reason)
    correct(first, D(2010, 3, 12))
    (line,) = lines(database, who)
    assert (line.state.on_post_on, line.state.confirmed_on) == (D(2010, 3, 12), D(2010, 4, 8))
    assert employed_since(database, who) == D(2010, 3, 12)
    with pytest.raises(NothingToReverse):
        correct(first, D(2010, 3, 13))


def test_an_end_cannot_be_reversed_over_a_new_placement(database: Database) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    with database.writing() as session:
        end = services.append_event(
            session, placement, Fact(EventKind.RETURNED_HOME, D(2010, 12, 1)), Recorder()
        )
    make_placement(database, who, started_on=D(2011, 2, 20))
    with pytest.raises(AlreadyPlaced), database.writing() as session:
        services.reverse_event(session, end, "wrong", Recorder())


def test_a_placement_all_of_whose_events_are_reversed_blocks_nobody(database: Database) -> None:
    (who,) = register(database, 1)
    make_placement(database, who)
    event = lines(database, who)[0].events[0].event.id
    with database.writing() as session:
        services.reverse_event(session, event, "another person", Recorder())
    assert employed_since(database, who) is None
    make_placement(database, who, started_on=D(2010, 4, 1))


def test_a_change_of_employer_closes_one_and_opens_the_next(database: Database) -> None:
    (who,) = register(database, 1)
    first = make_placement(database, who)
    draft = replace(DRAFT, employer_name="东莞某鞋厂", started_on=D(2010, 7, 1))
    with database.writing() as session:
        services.change_employer(session, first, draft, Recorder())
    new, old = lines(database, who)
    assert (old.state.end_kind, old.state.ended_on) == (EventKind.CHANGED_EMPLOYER, D(2010, 7, 1))
    assert new.state.on_post_on == D(2010, 7, 1)
    with database.reading() as session:
        rows = queries.exported_rows(session, as_of=D(2010, 12, 31))
    assert [row.opens_move for row in rows] == [True, False]


def test_a_refused_change_of_employer_leaves_the_old_one_running(database: Database) -> None:
    (who,) = register(database, 1)
    first = make_placement(database, who)
    make_placement(database, who, started_on=D(2009, 1, 1), ended_on=D(2009, 6, 1))
    bad = replace(DRAFT, started_on=D(2010, 7, 1), ended_on=D(2010, 6, 1))
    with pytest.raises(EndBeforeStart), database.writing() as session:
        services.change_employer(session, first, bad, Recorder())
    assert lines(database, who)[0].state.stage is Stage.ON_POST


def test_the_same_draft_again_changes_nothing_but_an_end_is_kept(database: Database) -> None:
    (who,) = register(database, 1)
    draft = replace(DRAFT, fingerprint="f" * 64)

    def record(changed: object) -> Result:
        with database.writing() as session:
            return services.record_placements(session, [(who, changed)], Recorder())[0].result  # type: ignore[list-item]

    assert record(draft) is Result.CREATED
    assert record(draft) is Result.UNCHANGED
    ended = replace(draft, ended_on=D(2010, 12, 1))
    assert record(ended) is Result.UPDATED
    assert record(ended) is Result.UNCHANGED
    (line,) = lines(database, who)
    assert line.state.ended_on == D(2010, 12, 1)
    with pytest.raises(AlreadyHappened), database.writing() as session:
        services.append_event(session, line.id, Fact(EventKind.ON_POST, D(2010, 3, 8)), Recorder())


def test_exported_rows_as_of_and_known_at(database: Database) -> None:
    a, b, c = register(database, 1, 2, 3)
    make_placement(database, a)
    make_placement(database, b, channel=Channel.SELF_ARRANGED, started_on=D(2010, 4, 2))
    make_placement(database, c, workplace_division="520502")  # in the home county: no export
    known_at = clock.now()
    wrong = lines(database, b)[0].events[0].event.id
    with database.writing() as session:
        services.reverse_event(session, wrong, "never went", Recorder())

    def rows(**more: object) -> list[tuple[int, date, bool]]:
        with database.reading() as session:
            found = queries.exported_rows(session, **({"as_of": D(2010, 12, 31)} | more))  # type: ignore[arg-type]
        return [(row.seeker_id, row.month, row.organised) for row in found]

    march, april = (a, D(2010, 3, 1), True), (b, D(2010, 4, 1), False)
    assert rows() == [march]
    assert rows(known_at=known_at) == [march, april]
    assert rows(known_at=known_at, as_of=D(2010, 3, 31)) == [march]
    assert rows(known_at=known_at, since=D(2010, 4, 1)) == [april]
    assert rows(division="5201") == []
    assert rows(known_at=datetime(2010, 1, 1, tzinfo=UTC)) == []


def test_the_list_is_filtered_scoped_and_masked(database: Database) -> None:
    a, b = register(database, 1, 2)
    make_placement(database, a)
    make_placement(database, b, ended_on=D(2010, 12, 1), employer_name="东莞某鞋厂")
    with database.reading() as session:
        wanted = queries.PlacementFilter
        assert queries.count_placements(session, wanted()).persons == 2
        assert queries.count_placements(session, wanted(scope="520521")).placements == 0
        running = queries.list_placements(session, wanted(standing=queries.Standing.RUNNING))
        assert [row.seeker_id for row in running] == [a]
        shoes = queries.list_placements(session, wanted(text="鞋厂"))
        assert [row.seeker_id for row in shoes] == [b]
    assert "*" in running[0].name
    assert person(1).name not in running[0].name


def test_placements_of_a_merged_record_are_the_kept_persons(database: Database) -> None:
    kept, other = register(database, 1, 2)
    old = make_placement(database, other, fingerprint="f" * 64)
    with database.writing() as session:
        seeker_services.merge_seekers(session, kept_id=kept, merged_id=other, user_id=None)
    with pytest.raises(AlreadyPlaced):
        make_placement(database, kept, started_on=D(2010, 5, 1))
    draft = replace(DRAFT, fingerprint="f" * 64)  # the same ledger again, under the kept number
    with database.writing() as session:
        (again,) = services.record_placements(session, [(kept, draft)], Recorder())
    assert (again.result, again.placement_id) == (Result.UNCHANGED, old)
    with database.writing() as session:
        end = Fact(EventKind.RETURNED_HOME, D(2010, 12, 1))
        services.append_event(session, old, end, Recorder())
    assert employed_since(database, kept) is None
    make_placement(database, kept, started_on=D(2011, 2, 20))
    assert employed_since(database, kept) == D(2011, 2, 20)


def test_a_placement_of_another_person_is_taken_back_whole(database: Database) -> None:
    (who,) = register(database, 1)
    wrong = make_placement(database, who, started_on=D(2009, 3, 1), ended_on=D(2009, 9, 1))
    right = make_placement(database, who)
    with database.writing() as session:
        services.reverse_placement(session, wrong, "another person", Recorder())
    state = {line.id: line.state.stage for line in lines(database, who)}
    assert state == {wrong: None, right: Stage.ON_POST}
    assert employed_since(database, who) == D(2010, 3, 8)
    with pytest.raises(NothingToReverse), database.writing() as session:
        services.reverse_placement(session, wrong, "again", Recorder())


def journey(day: date, code: str = "B1") -> list[Fact[EventKind]]:
    return [
        Fact(EventKind.BATCH_ASSIGNED, day, reason=code),
        Fact(EventKind.BOARDED, day),
        Fact(EventKind.DEPARTED, day),
        Fact(EventKind.ARRIVED, day + timedelta(days=1)),
        Fact(EventKind.ON_POST, day + timedelta(days=2)),
    ]


def test_many_facts_at_once_and_the_refused_ones_leave_the_others_alone(
    database: Database,
) -> None:
    one, two, three = register(database, 1, 2, 3)
    ids = [make_placement(database, who, started_on=None) for who in (one, two, three)]
    told = [(n, fact) for n in ids for fact in journey(D(2010, 3, 6))]
    told[6:7] = []  # the second person was never seen boarding
    told += [
        (ids[0], Fact(EventKind.ARRIVED, D(2010, 3, 7))),
        (ids[2], Fact(EventKind.BOARDED, D(2010, 3, 9))),
        (10_000, Fact(EventKind.ARRIVED, D(2010, 3, 7))),
    ]
    with database.writing() as session:
        found = services.append_events(session, told, Recorder(), source="station")
    assert [a.refusal and type(a.refusal) for a in found[-3:]] == [
        AlreadyHappened,
        AlreadyHappened,
        NotFound,
    ]
    assert all(a.event_id for a in found[:-3])
    stages = [lines(database, who)[0].state for who in (one, two, three)]
    assert {state.stage for state in stages} == {Stage.ON_POST}
    assert [state.boarded_on for state in stages] == [D(2010, 3, 6), None, D(2010, 3, 6)]
    assert employed_since(database, two) == D(2010, 3, 8)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM placement_event")).scalar_one() == 14


def test_facts_of_one_call_meet_each_other_and_other_placements(database: Database) -> None:
    (who,) = register(database, 1)
    first = make_placement(database, who)
    second = make_placement(database, who, started_on=D(2009, 3, 1), ended_on=D(2009, 12, 1))
    end = Fact(EventKind.RETURNED_HOME, D(2010, 6, 1), reason="family")
    told = [
        (second, Fact(EventKind.FOLLOW_UP, D(2009, 4, 1))),
        (first, end),
        (first, Fact(EventKind.FOLLOW_UP, D(2010, 7, 1))),
        (first, replace(end, occurred_on=D(2010, 8, 1))),
    ]
    with database.writing() as session:
        found = services.append_events(session, told, Recorder())
    assert [a.refusal is None for a in found] == [True, True, False, False]
    assert employed_since(database, who) is None


def test_who_left_because_of_night_shifts_is_back_in_the_pool_and_refuses_them(
    database: Database,
) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    left = Fact(EventKind.LEFT_POST, D(2010, 4, 1), reason=EndReason.NIGHT_SHIFT)
    with database.writing() as session:
        services.append_event(session, placement, left, Recorder())
    with database.reading() as session:
        found = seekers.find_seeker(session, who)
    assert found is not None
    assert found.employed_since is None
    assert found.refusals == ("night_shift",)


def test_what_was_wholly_reversed_is_a_placement_again_with_its_next_entry(
    database: Database,
) -> None:
    (who,) = register(database, 1)
    placement = make_placement(database, who)
    with database.writing() as session:
        services.reverse_placement(session, placement, "wrong day", Recorder())
    assert employed_since(database, who) is None
    with database.writing() as session:
        fact = Fact(EventKind.ON_POST, D(2010, 3, 9))
        services.append_event(session, placement, fact, Recorder())
    assert employed_since(database, who) == D(2010, 3, 9)
    with database.reading() as session:
        assert not session.get_one(Placement, placement).void
