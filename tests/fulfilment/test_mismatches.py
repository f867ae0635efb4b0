"""Office and employer differ: a task makes itself, one of both words stands, and it is said why."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from jobfair.findings.queries import FindingFilter, list_findings
from jobfair.findings.rules import Code
from jobfair.findings.services import look
from jobfair.fulfilment.queries.mismatches import TaskFilter, TaskRow, list_tasks
from jobfair.fulfilment.rules.answers import Answer
from jobfair.fulfilment.rules.duties import Said
from jobfair.fulfilment.services import answer_duty, catch_up
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.queries import find_placement
from jobfair.placements.rules.events import State
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer
from tests.factories import Make
from tests.fulfilment.factory import TODAY, duties, make_exhibited
from tests.placements.factory import make_placement

SignIn = Callable[..., FlaskClient]


def ago(days: int) -> object:
    return TODAY - timedelta(days=days)


def tell(database: Database, placement: int, kind: EventKind, days: int, reason: str = "") -> None:
    fact = Fact(kind, TODAY - timedelta(days=days), grade=Grade.B, reason=reason)
    with database.writing() as session:
        append_event(session, placement, fact, Recorder())


def tasks(database: Database, **narrowed: str) -> list[TaskRow]:
    with database.writing() as session:
        catch_up(session)
        return list_tasks(session, TaskFilter(**narrowed))  # type: ignore[arg-type]


def state(database: Database, placement: int) -> State:
    with database.reading() as session:
        line = find_placement(session, placement)
    assert line
    return line.state


@pytest.fixture
def denied(database: Database, make: Make) -> int:
    """Somebody on post for ten days, of whom the employer said two days ago: not here."""
    placement = make_placement(database, make.seeker(1), started_on=ago(10))
    tell(database, placement, EventKind.EMPLOYER_CONFIRMED, 2, "not_here")
    return placement


def settle(client: FlaskClient, database: Database, how: str) -> str:
    [task] = tasks(database)
    data = {"how": how, "note": "打电话核实过"}
    answer = client.post(f"/fulfilment/mismatches/{task.id}", data=data, follow_redirects=True)
    return str(answer.text)


def test_a_denial_is_a_task_that_the_finding_refers_to(
    database: Database, sign_in: SignIn, denied: int
) -> None:
    [task] = tasks(database)
    assert (task.kind, task.placement_id, task.employer_on) == ("denied", denied, ago(2))
    clerk, other = sign_in("clerk"), sign_in("clerk", division="520521")
    assert "differences between office and employer to be settled" in clerk.get("/").text
    assert "differences between" not in other.get("/").text
    url = f"/fulfilment/mismatches/{task.id}"
    assert url in clerk.get("/fulfilment/mismatches").text
    assert url not in other.get("/fulfilment/mismatches").text
    assert other.get(url).status_code == 404
    with database.writing() as session:
        look(session)
        [finding] = list_findings(session, FindingFilter(code=Code.DENIED))
    page = clerk.get(f"/findings/{finding.id}").text
    assert url in page
    assert "Keep the explanation" not in page
    refused = clerk.post(f"/findings/{finding.id}/explain", data={"note": "没事"})
    assert "what office and employer say differently" in refused.text
    settle(clerk, database, "explained")
    with database.writing() as session:
        look(session)
        assert list_findings(session, FindingFilter(code=Code.DENIED)) == []


def test_nothing_is_settled_without_saying_which_and_why(
    database: Database, sign_in: SignIn, denied: int
) -> None:
    clerk = sign_in("clerk")
    [task] = tasks(database)
    url = f"/fulfilment/mismatches/{task.id}"
    silent = clerk.post(url, data={"note": "核实过"})
    assert silent.status_code == 422
    assert "Choose which word stands" in silent.text
    assert 'value="核实过"' in silent.text
    assert "Enter what was found out" in clerk.post(url, data={"how": "office"}).text
    settle(clerk, database, "explained")
    again = clerk.post(url, data={"how": "office", "note": "再来"})
    assert again.status_code == 422
    assert "settled already" in again.text
    assert tasks(database) == []
    [kept] = tasks(database, state="settled")
    assert (kept.how, kept.note) == ("explained", "打电话核实过")
    assert "打电话核实过" in clerk.get(url).text
    # The employer says it again, of another day: that is another question.
    tell(database, denied, EventKind.EMPLOYER_CONFIRMED, 0, "not_here")
    assert [task.employer_on for task in tasks(database)] == [TODAY]


@pytest.mark.parametrize(
    ("how", "after"),
    [("office", ("", None, ago(10))), ("employer", ("not_here", ago(2), ago(10)))],
)
def test_one_word_stands_and_the_other_is_taken_back(
    database: Database, sign_in: SignIn, denied: int, how: str, after: object
) -> None:
    settle(sign_in("clerk"), database, how)
    found = state(database, denied)
    assert (found.employer_said, found.ended_on, found.on_post_on) == after
    assert tasks(database) == []


def test_who_never_came_by_the_employers_word_was_never_on_post(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    placement = make_placement(database, make.seeker(1), started_on=ago(10))
    tell(database, placement, EventKind.CONTRACT_SIGNED, 10)
    tell(database, placement, EventKind.EMPLOYER_CONFIRMED, 10, "not_here")
    settle(sign_in("clerk"), database, "employer")
    assert state(database, placement).on_post_on is None
    assert tasks(database) == []


def test_days_more_than_three_apart_are_a_task_and_the_employers_may_stand(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=28)
    far, near = shown.placements
    for placement in (far, near):
        tell(database, placement, EventKind.ON_POST, 20)
    by_term = {row.term: row.id for row in duties(database)}
    answers = {
        far: Answer(Said.ON_POST, TODAY - timedelta(days=16)),
        near: Answer(Said.ON_POST, TODAY - timedelta(days=17)),
    }
    with database.writing() as session:
        answer_duty(session, by_term["d30"], answers, Recorder())
    [task] = tasks(database)
    assert (task.placement_id, task.kind) == (far, "first_day")
    assert (task.office_on, task.employer_on) == (ago(20), ago(16))
    clerk = sign_in("clerk")
    settle(clerk, database, "employer")
    after = state(database, far)
    # What was found since stands, now on the other first day.
    assert (after.on_post_on, after.confirmed_on) == (ago(16), TODAY)
    assert tasks(database) == []


def test_a_side_that_says_nothing_for_two_weeks_is_asked_about(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make_organisation(database, kind="employer", name="龙岗电子")
    employer = make_employer(database, organisation_id=own)
    without = make_employer(database)
    on_post = {"started_on": ago(14)}
    silent = make_placement(database, make.seeker(1), employer_id=employer, **on_post)
    make_placement(database, make.seeker(2), employer_id=employer, started_on=ago(13))
    make_placement(database, make.seeker(3), employer_id=without, **on_post)
    unknown = make_placement(database, make.seeker(4), employer_id=employer, started_on=None)
    tell(database, unknown, EventKind.EMPLOYER_CONFIRMED, 15, "on_post")
    found = {task.placement_id: task.kind for task in tasks(database)}
    assert found == {silent: "employer_silent", unknown: "office_silent"}
    clerk = sign_in("clerk")
    task = next(one for one in tasks(database) if one.placement_id == unknown)
    url = f"/fulfilment/mismatches/{task.id}"
    clerk.post(url, data={"how": "employer", "note": "核实过"})
    assert state(database, unknown).on_post_on == ago(15)
    # The employer's word comes, and the question is gone by itself.
    tell(database, silent, EventKind.EMPLOYER_CONFIRMED, 0, "on_post")
    assert tasks(database) == []
    assert [one.placement_id for one in tasks(database, state="gone")] == [silent]


def test_whom_an_employer_has_not_spoken_of_is_one_task_for_it_and_the_month(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make_organisation(database, kind="employer", name="龙岗电子")
    employer = make_employer(database, name="龙岗电子厂", organisation_id=own)
    other = make_employer(
        database,
        name="宝安鞋厂",
        organisation_id=make_organisation(database, kind="employer", name="宝安鞋"),
    )
    for n in range(1, 5):
        make_placement(database, make.seeker(n), employer_id=employer, started_on=ago(20))
    make_placement(database, make.seeker(5), employer_id=other, started_on=ago(20))
    away = make.seeker(6, division="520521")
    make_placement(database, away, employer_id=employer, started_on=ago(20))
    assert len(tasks(database)) == 6
    clerk = sign_in("clerk", division="520502")
    assert ">2<" in re.sub(r"\s", "", clerk.get("/").text).split("differencesbetween")[0][-200:]
    page = clerk.get("/fulfilment/mismatches").text
    assert page.count('role="rowheader"') == 2, "one line for each employer"
    [link] = re.findall(rf'href="([^"]*employer={employer}&amp;month=[^"]*)"', page)
    inside = clerk.get(link.replace("&amp;", "&"))
    assert inside.text.count('role="rowheader"') == 4, "the people inside, those of the own county"
    settle = f"/fulfilment/mismatches/silent?employer={employer}&month={TODAY:%Y-%m}"
    assert "Enter what was found out" in clerk.post(settle).text
    answer = clerk.post(settle, data={"note": "电话问过，都在"}, follow_redirects=True)
    assert "Settled for 4 people" in answer.text
    assert "This is settled already" in clerk.post(settle, data={"note": "again"}).text
    left = {task.seeker_id for task in tasks(database)}
    assert len(left) == 2, "of the other employer, and of another county"
    assert away in left
    assert len(tasks(database, state="settled")) == 4
    refused = clerk.post("/fulfilment/mismatches/silent", follow_redirects=True)
    assert "Choose an employer and a month" in refused.text
