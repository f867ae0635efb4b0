"""A person's line as a clerk keeps it: what is refused, what is shown, what is taken back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.placements import queries
from jobfair.placements.models import PlacementEvent
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.placements.test_placement_pages import WORK

SignIn = Callable[..., FlaskClient]
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
EVENT = {"kind": "follow_up", "occurred_on": "2010-06-01", "precision": "day", "grade": "C"}
OUT = {"kind": "exempt", "reason": "death", "grade": "A", "evidence": "派出所证明2010-17"}


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in("clerk", division="520502")


@pytest.fixture
def seeker(make: Make) -> int:
    """Somebody born on 17 May 1990."""
    return make.seeker(1)


def lines(database: Database, seeker: int) -> list[queries.PlacementLine]:
    with database.reading() as session:
        return queries.person_lines(session, seeker)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"started_on": TOMORROW}, "lies in the future"),
        ({"started_on": "2026-13-01"}, "There is no such day in the calendar"),
        ({"started_on": "2006-05-16"}, "was under 16 on that day"),
        ({"employer_name": " "}, "Enter the employer"),
        ({"workplace": ""}, "Enter city and district"),
        ({"channel": ""}, "Choose how the work was found"),
        ({"wage": "-5"}, "Enter an amount"),
        ({"grade": "Z"}, "Not a valid choice"),
    ],
)
def test_a_placement_that_cannot_be_is_refused(
    database: Database, clerk: FlaskClient, seeker: int, changes: dict[str, str], said: str
) -> None:
    answer = clerk.post(f"/placements/people/{seeker}/new", data=WORK | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="普工"' in answer.text  # nothing typed is lost
    assert lines(database, seeker) == []


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"occurred_on": TOMORROW}, "lies in the future"),
        ({"occurred_on": "2010-02-30"}, "There is no such day in the calendar"),
        ({"kind": ""}, "Choose what happened"),
        ({"kind": "reversal"}, "Not a valid choice"),
        ({"kind": "on_post"}, "This is recorded already"),
        ({"kind": "departed", "occurred_on": "2006-05-16"}, "was under 16 on that day"),
        ({"kind": "returned_home", "occurred_on": "2010-03-07"}, "The first day at work was"),
        ({"kind": "contact_restored"}, "Contact was not lost"),
        (
            {"kind": "health_checked", "reason": "fit", "evidence": "县医院 大三阳"},
            "Only the verdict of a health check may be kept",
        ),
        ({"kind": "returned_home", "reason": "death"}, "Choose one of the reasons listed"),
        (OUT | {"reason": ""}, "Choose why the person is taken out"),
        (OUT | {"reason": "final"}, "Choose why the person is taken out"),
        (OUT | {"grade": "E"}, "needs evidence"),
        (OUT | {"evidence": ""}, "needs evidence"),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    database: Database, clerk: FlaskClient, seeker: int, event: dict[str, str], said: str
) -> None:
    placement = make_placement(database, seeker)
    answer = clerk.post(f"/placements/{placement}/events/new", data=EVENT | event)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Recorded so far" in answer.text  # what it contradicts stands beside it
    assert len(lines(database, seeker)[0].events) == 1


def test_a_wage_far_from_usual_is_asked_about_and_a_years_pay_is_offered_by_the_month(
    database: Database, make: Make, clerk: FlaskClient, seeker: int
) -> None:
    for n in range(10, 15):
        make_placement(database, make.seeker(n), title="装配工", wage_fen=490_000)
    page = f"/placements/people/{seeker}/new"
    typed = WORK | {"title": "装配工", "wage": "35000"}
    asked = clerk.post(page, data=typed)
    assert asked.status_code == 422
    assert "35,000 yuan a month? The median here is 4,900" in asked.text
    assert 'value="35000"' in asked.text
    yearly = clerk.post(page, data=typed | {"wage": "58800"})
    assert "enter 4,900; or confirm that it is right" in yearly.text.replace("&#39;", "'")
    assert lines(database, seeker) == []
    assert clerk.post(page, data=typed | {"wage_confirmed": "y"}).status_code == 302
    assert lines(database, seeker)[0].wage_fen == 3_500_000


@pytest.mark.parametrize("workplace", ["广东", "日本东京总部"])
def test_a_place_no_better_known_than_its_province_is_taken_and_asked_about(
    clerk: FlaskClient, seeker: int, workplace: str
) -> None:
    typed = WORK | {"workplace": workplace}
    assert clerk.post(f"/placements/people/{seeker}/new", data=typed).status_code == 302
    assert "whose place is not known beyond the province" in clerk.get("/").text
    asked = clerk.get("/ledgers/?todo=place").text
    assert "深圳某电子厂" in asked.split("<tbody", 1)[1]


def test_after_the_end_nothing_is_recorded(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    placement = make_placement(database, seeker, ended_on=date(2010, 12, 1))
    url = f"/placements/{placement}/events/new"
    answer = clerk.post(url, data=EVENT | {"occurred_on": "2010-12-02"})
    assert "The placement ended on 2010-12-01" in answer.text
    assert "Returned home" in answer.text
    assert clerk.post(url, data=EVENT | {"occurred_on": "2010-11-30"}).status_code == 302


def test_who_records_what_with_which_evidence_is_shown(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    placement = make_placement(database, seeker)
    clerk.post(f"/placements/{placement}/events/new", data=EVENT | OUT | {"precision": "month"})
    (line,) = lines(database, seeker)
    row = line.events[-1]
    assert (row.event.occurred_on, row.office) == (date(2010, 6, 1), "520502劳动部门")
    page = clerk.get(f"/placements/people/{seeker}").text
    for text in ("Taken out of the count", "2010-06", "Only the month is known", "Death"):
        assert text in page
    for text in ("A: third party", "派出所证明2010-17", row.recorder, row.office):
        assert text in page
    assert (
        "2010-06-01"
        not in page.split("Taken out of the count")[1].split("</li>")[0].split("recorded")[0]
    )


@pytest.mark.parametrize(
    ("precision", "told", "kept"),
    [("month", "2010-03-31", "2010-03-08"), ("year", "2011-07-01", "2011-01-01")],
)
def test_a_vague_return_is_kept_on_the_earliest_day_it_can_have_been(
    clerk: FlaskClient, make: Make, precision: str, told: str, kept: str
) -> None:
    seeker = make.seeker(1)
    placement = make_placement(make.database, seeker)  # first day 8 March 2010
    event = EVENT | {"kind": "returned_home", "occurred_on": told, "precision": precision}
    assert clerk.post(f"/placements/{placement}/events/new", data=event).status_code == 302
    (line,) = lines(make.database, seeker)
    assert str(line.state.ended_on) == kept
    assert line.events[-1].event.precision == precision


def test_one_tap_makes_a_second_placement_a_change_of_employer(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    placement = make_placement(database, seeker)
    later = WORK | {"started_on": "2010-07-01", "employer_name": "东莞某鞋厂"}
    answer = clerk.post(f"/placements/people/{seeker}/new", data=later)
    assert "is on post at 深圳某电子厂 since 2010-03-08" in answer.text
    tap = f"/placements/{placement}/change-employer"
    assert f'formaction="{tap}"' in answer.text
    assert clerk.post(tap, data=later).status_code == 302
    assert [line.running for line in lines(database, seeker)] == [True, False]
    early = clerk.post(tap, data=later | {"started_on": "2010-03-01"})
    assert early.status_code == 422


def test_no_offer_of_a_change_where_the_other_placement_is_over(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    make_placement(database, seeker, ended_on=date(2010, 12, 1))
    answer = clerk.post(f"/placements/people/{seeker}/new", data=WORK)
    assert answer.status_code == 422
    assert "from 2010-03-08 to 2010-12-01" in answer.text
    assert "formaction" not in answer.text


def test_a_reversed_entry_is_recorded_anew_with_what_it_said(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    placement = make_placement(database, seeker)
    clerk.post(f"/placements/{placement}/events/new", data=EVENT)
    wrong = lines(database, seeker)[0].events[-1].event.id
    url = f"/placements/events/{wrong}/reverse"
    assert "Entries are never deleted" in clerk.get(url).text
    assert clerk.post(url, data={"reason": ""}).status_code == 422
    done = clerk.post(url, data={"reason": "another person"}, follow_redirects=True)
    assert "record it anew" in done.text
    assert "another person" in done.text
    anew = f"/placements/{placement}/events/new?kind=follow_up&occurred_on=2010-06-01"
    assert anew.replace("&", "&amp;") in done.text
    form = clerk.get(anew + "&precision=day&grade=C").text
    assert 'selected value="follow_up"' in form
    assert 'value="2010-06-01"' in form
    assert "There is a problem" not in form
    with database.reading() as session:
        entries = session.execute(select(PlacementEvent.id).order_by(PlacementEvent.id)).scalars()
        back = list(entries)[-1]
    for entry in (wrong, back):  # once is enough, and a reversal stays
        twice = clerk.post(f"/placements/events/{entry}/reverse", data={"reason": "x"})
        assert twice.status_code == 422
        assert "was reversed before" in twice.text


def test_the_first_day_is_reversed_only_with_all_that_stands_on_it(
    database: Database, clerk: FlaskClient, seeker: int
) -> None:
    wrong = make_placement(
        database, seeker, started_on=date(2009, 3, 1), ended_on=date(2009, 12, 1)
    )
    make_placement(database, seeker, employer_name="东莞某鞋厂")
    old = next(line for line in lines(database, seeker) if line.id == wrong)
    first = clerk.post(
        f"/placements/events/{old.events[0].event.id}/reverse", data={"reason": "another person"}
    )
    assert "Later entries stand on this one" in first.text
    end = clerk.post(
        f"/placements/events/{old.events[1].event.id}/reverse", data={"reason": "another person"}
    )
    assert "on record at" in end.text or "is on post at" in end.text
    url = f"/placements/{wrong}/reverse"
    page = clerk.get(url).text
    assert "On post" in page
    assert "Returned home" in page
    assert clerk.post(url, data={"reason": ""}).status_code == 422
    done = clerk.post(url, data={"reason": "another person"}, follow_redirects=True)
    assert "All entries reversed" in done.text
    again = clerk.post(url, data={"reason": "another person"})
    assert again.status_code == 422
    assert "was reversed before" in again.text
    found = {line.id: line.running for line in lines(database, seeker)}
    assert found.pop(wrong) is False
    assert list(found.values()) == [True]


def test_the_line_is_shown_in_chinese(database: Database, clerk: FlaskClient, seeker: int) -> None:
    make_placement(database, seeker)
    clerk.set_cookie("language", "zh")
    page = clerk.get(f"/placements/people/{seeker}").text
    for text in ("到岗", "冲销这条", "E级"):
        assert text in page
    refused = clerk.post(
        f"/placements/people/{seeker}/new", data=WORK | {"started_on": "2026-13-01"}
    )
    assert refused.status_code == 422
    assert "Not a valid" not in refused.text


def test_the_list_is_sorted_and_its_export_complete(
    database: Database, clerk: FlaskClient, make: Make
) -> None:
    made = [
        make_placement(database, make.seeker(n), wage_fen=n * 100_000, employer_name=f"厂{n:03d}")
        for n in range(1, 53)
    ]
    assert len(made) == 52
    first = clerk.get("/placements/?sort=wage").text
    assert "厂001" in first
    assert "厂051" not in first
    assert "厂051" in clerk.get("/placements/?sort=wage&page=2").text
    assert "厂052" in clerk.get("/placements/?sort=-wage").text
    table = clerk.get("/placements/export/csv?sort=wage").data.decode("utf-8-sig").splitlines()
    assert len(table) == 53
    assert "厂001" in table[1]
    assert len(clerk.get("/placements/export/csv?employer=厂05").data.splitlines()) == 4
