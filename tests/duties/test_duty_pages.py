"""The checklist follows the fair, is ticked and unticked, takes own duties, and is told today."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.fairs.queries import find_fair
from jobfair.fairs.services import FairDraft, change_fair
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from tests.capacity.test_plan_page import CROWD
from tests.fairs.factory import make_fair

SignIn = Callable[..., FlaskClient]
CODE = "spring"
PAGE = f"/fairs/{CODE}/duties"


def _fair(database: Database, in_days: int) -> None:
    day = clock.today() + timedelta(days=in_days)
    make_fair(database, [], code=CODE, starts_on=day, ends_on=day)


def _row(page: str, words: str) -> str:
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{re.escape(words)}.*?</tr>", page, re.DOTALL)
    assert found, words
    return found.group()


def test_the_list_follows_the_days_and_the_expected_number(
    database: Database, sign_in: SignIn
) -> None:
    _fair(database, 30)
    manager = sign_in("manager")
    page = manager.get(PAGE).text
    assert "Nobody has said yet how many people are expected. From 1,000 a day" in page
    assert "safety permit" not in page
    day = (clock.today() + timedelta(days=15)).isoformat()
    assert f"due on {day}, in 15 days" in _row(page, "File the fair")
    assert "binding in Beijing" in _row(page, "File the fair")
    manager.post(f"/fairs/{CODE}/plan", data=CROWD | {"persons": "4000"})
    page = manager.get(PAGE).text
    assert "Apply to the county police" in page
    assert "arts. 2, 12, 13" in _row(page, "county police")
    manager.post(f"/fairs/{CODE}/plan", data=CROWD)
    assert "Apply to the prefecture police" in manager.get(PAGE).text


def test_what_is_done_says_by_whom_and_moves_with_the_fair(
    database: Database, sign_in: SignIn
) -> None:
    _fair(database, 5)
    manager = sign_in("manager")
    assert "overdue since" in _row(manager.get(PAGE).text, "File the fair")
    done = manager.post(f"{PAGE}/filing/done", follow_redirects=True).text
    row = _row(done, "File the fair")
    assert "overdue" not in row
    assert clock.today().isoformat() in row
    assert "Not done after all" in row
    manager.post(f"{PAGE}/filing/done")  # pressed twice
    with database.writing() as session:
        fair = find_fair(session, CODE)
        assert fair
        day = clock.today() + timedelta(days=60)
        draft = FairDraft(CODE, fair.name, "", day, day, fair.venue, fair.division_code)
        change_fair(session, fair.id, draft)
    assert "Not done after all" in _row(manager.get(PAGE).text, "File the fair")
    undone = manager.post(f"{PAGE}/filing/undo", follow_redirects=True).text
    assert "in 45 days" in _row(undone, "File the fair")
    with database.reading() as session:
        actions = session.execute(
            select(AuditEntry.action).where(AuditEntry.action.startswith("duty."))
        )
        assert list(actions.scalars()) == ["duty.done", "duty.done", "duty.open"]


def test_a_duty_of_ones_own_is_added_changed_done_and_removed(
    database: Database, sign_in: SignIn
) -> None:
    _fair(database, 30)
    manager = sign_in("manager")
    day = clock.today() + timedelta(days=3)
    data = {"title": "租桌椅 200 套", "due_on": day.isoformat()}
    page = manager.post(PAGE, data=data, follow_redirects=True).text
    row = _row(page, "租桌椅 200 套")
    assert "in 3 days" in row
    [edit] = re.findall(r"/duties/\d+/edit", row)
    assert 'value="租桌椅 200 套"' in manager.get(edit).text
    changed = manager.post(edit, data=data | {"title": "租桌椅 300 套"}, follow_redirects=True)
    assert "租桌椅 300 套" in changed.text
    assert "租桌椅 200 套" not in changed.text
    own = edit.split("/")[2]
    assert "Not done" in _row(
        manager.post(f"{PAGE}/{own}/done", follow_redirects=True).text, "租桌椅 300 套"
    )
    gone = manager.post(f"/duties/{own}/remove", follow_redirects=True).text
    assert "租桌椅" not in gone
    assert manager.get(edit).status_code == 404


@pytest.mark.parametrize("key", ["nothing", "0", "99", "²", "1" * 30])
def test_what_is_no_duty_of_the_fair_cannot_be_done(
    database: Database, sign_in: SignIn, key: str
) -> None:
    _fair(database, 30)
    assert sign_in("manager").post(f"{PAGE}/{key}/done").status_code == 404


def test_a_duty_of_another_fair_cannot_be_done_here(database: Database, sign_in: SignIn) -> None:
    _fair(database, 30)
    make_fair(database, [], code="other")
    manager = sign_in("manager")
    data = {"title": "租桌椅", "due_on": "2030-01-01"}
    page = manager.post("/fairs/other/duties", data=data, follow_redirects=True).text
    [own] = set(re.findall(r"/duties/(\d+)/edit", page))
    assert manager.post(f"{PAGE}/{own}/done").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"title": ""}, "Say what is to be done"), ({"due_on": "soon"}, "cannot be understood")],
)
def test_a_duty_without_words_or_day_is_refused(
    database: Database, sign_in: SignIn, typed: dict[str, str], told: str
) -> None:
    _fair(database, 30)
    data = {"title": "租桌椅", "due_on": "2030-01-01"} | typed
    answer = sign_in("manager").post(PAGE, data=data)
    assert answer.status_code == 422
    assert told in answer.text


def test_who_may_see_the_fair_reads_the_list_only(database: Database, sign_in: SignIn) -> None:
    _fair(database, 30)
    staff = sign_in("staff")
    page = staff.get(PAGE).text
    assert "File the fair" in page
    assert "Mark as done" not in page
    assert staff.post(f"{PAGE}/filing/done").status_code == 403


def test_the_manager_is_told_today_what_is_due_or_overdue(
    database: Database, sign_in: SignIn
) -> None:
    _fair(database, 5)
    manager = sign_in("manager")
    page = manager.get("/").text
    assert "duties of Spring fair are due within 7 days or overdue" in page
    assert "File the fair with the human resources office" in page
    for key in ("filing", "employers", "staff", "complaints"):
        manager.post(f"{PAGE}/{key}/done")
    assert "duties of Spring fair" not in manager.get("/").text
    assert "duties of Spring fair" not in sign_in("clerk").get("/").text


def test_a_fair_long_past_presses_nobody(database: Database, sign_in: SignIn) -> None:
    _fair(database, -61)
    assert "duties of" not in sign_in("manager").get("/").text
