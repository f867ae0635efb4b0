"""Retention through its page: figures, the people behind them, filters, refusals."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements import services
from jobfair.placements.rules.kinds import EventKind
from tests.factories import Make
from tests.placements.factory import make_placement

SignIn = Callable[..., FlaskClient]
YEAR = "since=2010-01-01&until=2010-12-31&as-of=2010-12-31"


@pytest.fixture
def five(database: Database, make: Make) -> list[int]:
    """Five people on post since 8 March: stayed, left, silent, a cadre's word, exempt."""
    ids = [
        make_placement(database, make.seeker(n, division="520502001"), grade=Grade.B)
        for n in range(1, 6)
    ]
    told = [
        (ids[0], Fact(EventKind.FOLLOW_UP, date(2010, 6, 9), grade=Grade.C)),
        (ids[1], Fact(EventKind.LEFT_POST, date(2010, 5, 1), grade=Grade.C, reason="pay")),
        (ids[3], Fact(EventKind.FOLLOW_UP, date(2010, 6, 9), grade=Grade.D)),
        (
            ids[4],
            Fact(EventKind.EXEMPT, date(2010, 5, 2), grade=Grade.A, evidence="17", reason="death"),
        ),
    ]
    with database.writing() as session:
        assert all(a.event_id for a in services.append_events(session, told, Recorder()))
    return ids


def row_of(page: str, checkpoint: str) -> list[str]:
    """Return a row of the checkpoints' table as text."""
    found = re.search(rf"<tr[^>]*>\s*<th[^>]*>{checkpoint}</th>(.*?)</tr>", page, re.DOTALL)
    assert found
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def test_each_checkpoint_has_three_figures_and_what_is_known(
    five: list[int], sign_in: SignIn
) -> None:
    page = sign_in("leader").get(f"/retention/?{YEAR}").text
    assert row_of(page, "3 months") == [
        *("4", "1", "1", "2", "1"),
        *("50.0 %", "25.0 %", "not reportable", "75.0 %"),
    ]
    assert row_of(page, "12 months") == ["0", "0", "0", "0", "0", "–", "–", "–", "–"]
    assert row_of(page, "1 month")[:4] == ["5", "3", "0", "2"]


def test_the_middle_line_is_drawn_only_where_enough_is_known(
    database: Database, five: list[int], sign_in: SignIn
) -> None:
    leader, only_bounds = sign_in("leader"), "only the bounds are drawn"
    page = leader.get(f"/retention/?{YEAR}").text
    assert only_bounds in page
    assert "How the others ended" not in page
    told = [
        (ids, Fact(EventKind.FOLLOW_UP, date(2010, day, 9), grade=Grade.C))
        for ids in (five[0], five[2], five[3])
        for day in (9, 12)
    ]
    with database.writing() as session:
        services.append_events(session, told, Recorder())
    page = leader.get(f"/retention/?{YEAR}").text
    assert only_bounds not in page
    assert "How the others ended" in page
    assert row_of(page, "6 months")[5:] == ["100.0 %", "75.0 %", "75.0 %", "75.0 %"]


def test_every_number_opens_into_its_people_and_not_beyond_the_own_division(
    five: list[int], sign_in: SignIn
) -> None:
    clerk = sign_in("clerk")
    page = clerk.get(f"/retention/?{YEAR}").text
    links = re.findall(r'href="([^"]*people\?[^"]*checkpoint=m3[^"]*)">(\d+)<', page)
    assert [int(count) for _url, count in links] == [1, 1, 2, 1]
    for url, count in links:
        people = clerk.get(url.replace("&amp;", "&")).text
        assert people.count("/placements/people/") == int(count) or people.count(
            "<tr class"
        ) == int(count)
        file = clerk.get(url.replace("&amp;", "&").replace("/people?", "/people/export/csv?"))
        assert len(file.get_data(as_text=True).splitlines()) == int(count) + 1
    other = sign_in("clerk", division="520521")
    assert "Nobody fits the filter" in other.get(f"/retention/?{YEAR}").text
    assert "Nobody is counted here" in other.get(f"/retention/people?{YEAR}").text


def test_known_at_leaves_out_what_was_recorded_later(five: list[int], sign_in: SignIn) -> None:
    page = sign_in("leader").get(f"/retention/?{YEAR}&known-at=2010-06-30T00:00").text
    assert "Nobody fits the filter" in page


def test_what_cannot_be_read_is_told_and_left_out(five: list[int], sign_in: SignIn) -> None:
    asked = "/retention/?since=March&until=2011-99-01&as-of=2999-01-01&known-at=soon&employer=x"
    page = sign_in("leader").get(asked).text
    for said in ("left out: March", "left out: 2011-99-01", "in the future", "left out: soon"):
        assert said in page
    swapped = sign_in("leader").get("/retention/?since=2010-12-31&until=2010-01-01").text
    assert "exchanged" in swapped
    assert row_of(swapped, "3 months")[0] == "4"


@pytest.mark.parametrize("asked", ["checkpoint=m4", "standing=gone", "standing=due"])
def test_no_such_number_is_not_found(five: list[int], sign_in: SignIn, asked: str) -> None:
    assert sign_in("leader").get(f"/retention/people?{asked}").status_code == 404


def test_nothing_yet_says_what_to_do(sign_in: SignIn) -> None:
    assert "Nobody has been on post yet" in sign_in("leader").get("/retention/").text
