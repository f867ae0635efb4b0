"""Employers' duties make themselves, are answered, chased, excused, and stand on the record."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from jobfair.fairs.queries import find_fair
from jobfair.fairs.services import FairDraft, change_fair
from jobfair.follow_ups.queries.calls import list_follow_ups
from jobfair.follow_ups.queries.confirming import Reach
from jobfair.follow_ups.rules.confirming import Confirmation
from jobfair.follow_ups.rules.confirming import Said as Month
from jobfair.follow_ups.services.confirming import confirm
from jobfair.fulfilment.queries.duties import Show
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.models import Placement
from jobfair.placements.queries import find_placement
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.fulfilment.factory import TODAY, Exhibited, duties, make_exhibited

SignIn = Callable[..., FlaskClient]


def key_of(database: Database, placement: int) -> str:
    with database.reading() as session:
        return session.get_one(Placement, placement).key


def begin(database: Database, placement: int, days: int) -> None:
    """Let the office record a first day at work, so many days ago."""
    with database.writing() as session:
        fact = Fact(EventKind.ON_POST, TODAY - timedelta(days=days), grade=Grade.C)
        append_event(session, placement, fact, Recorder())


def states(database: Database, shown: Exhibited) -> dict[str, tuple[str, int, int]]:
    found = {}
    for show in (None, *Show):
        for row in duties(database, show=show, employer_id=shown.employer):
            found[row.term] = (row.state, row.answered, row.people)
    return found


def test_an_employer_answers_seven_days_after_a_fair(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=3)
    [duty] = duties(database)
    assert (duty.term, duty.due_on) == ("d7", TODAY + timedelta(days=4))
    recruiter = sign_in("recruiter", organisation=shown.organisation)
    assert "reports on people taken at a fair" in recruiter.get("/").text
    assert "Reports to be made after fairs: 1" in recruiter.get("/own-fairs").text
    assert "0 / 2" in recruiter.get("/fulfilment/duties").text
    url = f"/fulfilment/duties/{duty.id}/answer"
    came, missed = (key_of(database, one) for one in shown.placements)
    day = (TODAY - timedelta(days=1)).isoformat()
    wrong = recruiter.post(
        url, data={f"said-{came}": "came", f"day-{came}": day, f"said-{missed}": "not_come"}
    )
    assert wrong.status_code == 422
    assert "Choose the reason" in wrong.text
    assert f'value="{day}"' in wrong.text
    first = recruiter.post(
        url, data={f"said-{came}": "came", f"day-{came}": day}, follow_redirects=True
    )
    assert "People still to be spoken of: 1" in first.text
    rest = recruiter.get(url).text
    assert f"said-{came}" not in rest
    assert "1 people are on record already" in rest
    done = recruiter.post(
        url,
        data={f"said-{missed}": "not_come", f"why-{missed}": "elsewhere"},
        follow_redirects=True,
    )
    assert "Everything asked here is answered" in done.text
    assert "Took other work" in done.text
    assert states(database, shown)["d7"] == ("done", 2, 2)
    with database.reading() as session:
        lines = [find_placement(session, one) for one in shown.placements]
    assert [line.state.employer_said for line in lines if line] == ["arrived", "not_here"]
    for role in ("clerk", "manager"):
        exhibitors = sign_in(role).get(f"/fairs/{shown.fair_code}/employers").text
        assert "1 of 1 reports in time" in exhibitors


def test_nobody_answers_for_another_employer_or_before_the_time(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=3)
    other = sign_in("recruiter", organisation=make_organisation(database, kind="employer"))
    [duty] = duties(database)
    later = next(d for d in duties(database, show=Show.LATER) if d.term == "d30")
    for path in ("", "/answer"):
        assert other.get(f"/fulfilment/duties/{duty.id}{path}").status_code == 404
    recruiter = sign_in("recruiter", organisation=shown.organisation)
    key = key_of(database, shown.placements[0])
    data = {f"said-{key}": "on_post", f"day-{key}": TODAY.isoformat()}
    early = recruiter.post(f"/fulfilment/duties/{later.id}/answer", data=data)
    assert early.status_code == 422
    assert f"asked from {later.opens_on}" in early.text
    stranger = sign_in("clerk")
    assert stranger.get(f"/fulfilment/duties/{duty.id}/answer").status_code == 403


def test_what_the_monthly_sheet_says_is_not_asked_again(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=28)
    first, second = shown.placements
    for placement in (first, second):
        begin(database, placement, 20)
    with database.writing() as session:
        signed = Fact(EventKind.CONTRACT_SIGNED, TODAY, grade=Grade.B)
        append_event(session, first, signed, Recorder())
        here = Confirmation(session.get_one(Placement, first).key, Month.HERE, wage_fen=190_000)
        left = Confirmation(
            session.get_one(Placement, second).key, Month.LEFT, TODAY - timedelta(days=2)
        )
        confirm(session, [here, left], Reach(organisation_id=shown.organisation), Recorder())
    assert states(database, shown)["d7"] == ("done", 2, 2)
    assert states(database, shown)["d30"] == ("done", 2, 2)


def test_after_ninety_days_the_pay_is_told_and_counts_as_a_follow_up(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=88, people=1)
    begin(database, shown.placements[0], 80)
    open_now = {row.term: row for row in duties(database)}
    assert {"d7", "d30", "d90"} == set(open_now)
    recruiter = sign_in("recruiter", organisation=shown.organisation)
    key = key_of(database, shown.placements[0])
    said = {f"said-{key}": "on_post", f"paid-{key}": "1950"}
    recruiter.post(f"/fulfilment/duties/{open_now['d90'].id}/answer", data=said)
    with database.reading() as session:
        [kept] = list_follow_ups(session, shown.placements[0])
    assert (kept.way, kept.grade, kept.wage_fen) == ("employer", "B", 195_000)
    # The contract is still to be told; that the person came needs no words any more.
    found = states(database, shown)
    assert (found["d7"][0], found["d30"][0], found["d90"][0]) == ("done", "open", "done")
    since = (TODAY - timedelta(days=80)).isoformat()
    told = {f"said-{key}": "on_post", f"day-{key}": since, f"signed_on-{key}": since}
    recruiter.post(f"/fulfilment/duties/{open_now['d30'].id}/answer", data=told)
    assert states(database, shown)["d30"] == ("done", 1, 1)
    with database.reading() as session:
        line = find_placement(session, shown.placements[0])
    assert line
    assert line.state.signed_on == TODAY - timedelta(days=80)


def test_who_is_expected_later_is_asked_about_again(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=25, people=1)
    recruiter = sign_in("recruiter", organisation=shown.organisation)
    key = key_of(database, shown.placements[0])
    by_term = {row.term: row.id for row in duties(database)}
    data = {f"said-{key}": "not_come", f"why-{key}": "later"}
    recruiter.post(f"/fulfilment/duties/{by_term['d7']}/answer", data=data)
    found = states(database, shown)
    assert (found["d7"][0], found["d30"][0]) == ("done", "open")
    with database.reading() as session:
        line = find_placement(session, shown.placements[0])
    assert line
    assert line.state.employer_said == ""


def test_overdue_duties_are_chased_excused_and_shown_where_exhibitors_are_chosen(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=10)
    make_fair(database, [], code="next", starts_on=TODAY, ends_on=TODAY)
    manager = sign_in("manager")
    listed = manager.get("/fulfilment/duties?show=overdue").text
    assert "龙岗电子厂autumn" in listed
    assert "reports of employers after fairs are overdue" in manager.get("/").text
    book = f"/fairs/next/book/{shown.employer}"
    assert "1 overdue" in manager.get("/fairs/next/book").text
    assert f'href="/fulfilment/duties?employer={shown.employer}"' in manager.get(book).text
    [duty] = duties(database, show=Show.OVERDUE)
    url = f"/fulfilment/duties/{duty.id}"
    ahead = (TODAY + timedelta(days=1)).isoformat()
    reminder = {"way": "phone", "happened_on": ahead, "note": "人事不在"}
    refused = manager.post(f"{url}/reminders", data=reminder)
    assert refused.status_code == 422
    assert "lies in the future" in refused.text
    assert "人事不在" in refused.text
    kept = manager.post(
        f"{url}/reminders",
        data=reminder | {"happened_on": TODAY.isoformat()},
        follow_redirects=True,
    ).text
    assert "nobody reached" in kept
    [row] = duties(database, show=Show.OVERDUE)
    assert (row.reminders, row.reminded_on) == (1, TODAY)
    recruiter = sign_in("recruiter", organisation=shown.organisation)
    assert recruiter.post(f"{url}/excuse", data={"reason": "放假"}).status_code == 403
    assert "Enter why the employer is excused" in manager.post(f"{url}/excuse").text
    manager.post(f"{url}/excuse", data={"reason": "工厂停产"})
    assert states(database, shown)["d7"][0] == "excused"
    assert "1 overdue" not in manager.get(book).text
    assert manager.post(f"{url}/reminders", data=reminder).status_code == 422
    manager.post(f"{url}/excuse")
    assert states(database, shown)["d7"][0] == "open"


def test_many_employers_are_reminded_together_and_those_refused_are_named(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    make_exhibited(database, make, ended=10)
    make_exhibited(database, make, ended=10, code="spring", first=5)
    late = duties(database, show=Show.OVERDUE)
    assert len(late) == 2
    clerk = sign_in("clerk")
    assert 'href="/fulfilment/duties"' in clerk.get("/").text, "it stands in the menu"
    url = "/fulfilment/duties/reminders?show=overdue"
    reminder = {"way": "message", "happened_on": TODAY.isoformat(), "note": "群里提醒"}
    none = clerk.post(url, data=reminder, follow_redirects=True)
    assert "Choose at least one duty" in none.text
    both = {"duty": [str(one.id) for one in late]}
    ahead = clerk.post(url, data=reminder | both | {"happened_on": "tomorrow"})
    assert ahead.status_code == 422
    assert ahead.text.count(" checked>") >= 2, "what was ticked stays"
    clerk.post(f"/fulfilment/duties/{late[0].id}/excuse", data={"reason": "停产"})
    done = clerk.post(url, data=reminder | both, follow_redirects=True).text
    assert "Reminders recorded: 1" in done
    assert f"{late[0].employer} · " in done
    [left] = duties(database, show=Show.OVERDUE)
    assert (left.id, left.reminders, left.reminded_on) == (late[1].id, 1, TODAY)
    recruiter = sign_in("recruiter")
    assert recruiter.post(url, data=both).status_code == 403


def test_nothing_is_owed_where_nobody_was_taken_and_duties_move_with_the_fair(
    database: Database, make: Make
) -> None:
    shown = make_exhibited(database, make, ended=10)
    nobody = make_employer(database, name="没招到人的厂")
    old = make_employer(database, name="多年前的厂")
    day = TODAY - timedelta(days=10)
    make_fair(database, [make_position(database, nobody)], code="b", starts_on=day, ends_on=day)
    make_fair(database, [make_position(database, old)], code="c")  # of 2010
    assert {row.employer_id for row in duties(database)} == {shown.employer}
    assert duties(database, employer_id=old, show=Show.LATER) == []
    moved = FairDraft(
        code=shown.fair_code,
        name="春风行动招聘会",
        name_en="",
        starts_on=TODAY,
        ends_on=TODAY,
        venue="毕节",
        division_code="5205",
    )
    with database.writing() as session:
        fair = find_fair(session, shown.fair_code)
        assert fair
        change_fair(session, fair.id, moved)
    [row] = duties(database)
    assert row.due_on == TODAY + timedelta(days=7)
