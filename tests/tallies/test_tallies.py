"""Services are counted by entries that stand; a wrong one is taken back by its opposite."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.tallies.queries import Total, count_entries, list_entries, totals
from jobfair.tallies.rules import Service
from jobfair.tallies.services import TakenBack, TallyDraft, count_more, take_back
from tests.fairs.factory import make_empty_fair
from tests.kit.sheets.test_every_export import csv_cells

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/tallies"
FIRST, SECOND = date(2010, 3, 6), date(2010, 3, 7)


@pytest.fixture
def fair(database: Database) -> int:
    """A fair of two days."""
    return make_empty_fair(database)


def _typed(**more: str) -> dict[str, str]:
    plain = {"service": "leaflets", "place": "Gate B", "day": "2010-03-06", "number": "500"}
    return {"key": new_key()} | plain | more


def _draft(number: int, day: date = FIRST, service: Service = Service.LEAFLETS) -> TallyDraft:
    return TallyDraft(new_key(), service, "", number, day, "Gate B")


def _totals(database: Database, fair: int) -> list[Total]:
    with database.reading() as session:
        return totals(session, fair)


def test_entries_add_up_by_service_and_day(database: Database, fair: int, sign_in: SignIn) -> None:
    staff = sign_in("staff")
    for more in (
        {},
        {"step": "10"},
        {"step": "1", "number": ""},
        {"day": "2010-03-07", "number": "5"},
        {"service": "legal", "number": "90"},
        {"service": "other", "name": "Health checks", "number": "7"},
        {"service": "legal", "name": "left over from before", "number": "1"},
    ):
        answer = staff.post(PAGE, data=_typed(**more), follow_redirects=True)
        assert answer.status_code == 200, answer.text
    assert _totals(database, fair) == [
        Total(Service.LEAFLETS, "", FIRST, 511),
        Total(Service.LEAFLETS, "", SECOND, 5),
        Total(Service.LEGAL, "", FIRST, 91),
        Total(Service.OTHER, "Health checks", FIRST, 7),
    ]
    page = staff.get(PAGE).text
    row = re.search(r"<tr[^>]*>\s*<th[^>]*>Leaflets handed out</th>.*?</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r">([\d,]+)<", row.group()) == ["511", "5", "516"]


def test_a_form_sent_twice_counts_once(database: Database, fair: int, sign_in: SignIn) -> None:
    staff, typed = sign_in("staff"), _typed()
    for _ in range(2):
        assert staff.post(PAGE, data=typed).status_code == 303
    assert _totals(database, fair) == [Total(Service.LEAFLETS, "", FIRST, 500)]


def test_the_next_entry_begins_with_what_the_last_one_said(fair: int, sign_in: SignIn) -> None:
    assert fair
    page = sign_in("staff").post(PAGE, data=_typed(), follow_redirects=True).text
    assert "Leaflets handed out: 500 more." in page
    assert '<option selected value="leaflets">' in page
    assert 'value="Gate B"' in page


def test_a_wrong_entry_is_taken_back_once_and_both_stay(
    database: Database, fair: int, sign_in: SignIn
) -> None:
    staff = sign_in("staff")
    staff.post(PAGE, data=_typed(number="5000"))
    [url] = re.findall(r"/tallies/\d+/take-back", staff.get(PAGE).text)
    page = staff.post(url, follow_redirects=True).text
    assert "The entry is taken back." in page
    assert "take-back" not in page
    assert _totals(database, fair) == []
    with database.reading() as session:
        assert [(e.number, e.taken_back) for e in list_entries(session, fair)] == [
            (-5000, False),
            (5000, True),
        ]
    again = staff.post(url)
    assert again.status_code == 409
    assert "taken back already" in again.text
    assert staff.post("/tallies/999999/take-back").status_code == 404


def test_what_takes_an_entry_back_is_not_taken_back(database: Database, fair: int) -> None:
    with database.writing() as session:
        count_more(session, fair, _draft(3), user_id=None)
        take_back(session, list_entries(session, fair)[0].id, user_id=None)
    with database.writing() as session, pytest.raises(TakenBack):
        take_back(session, list_entries(session, fair)[0].id, user_id=None)


def test_no_entry_is_ever_changed(database: Database, fair: int) -> None:
    with database.writing() as session:
        count_more(session, fair, _draft(3), user_id=None)
    for change in ("UPDATE tally_entry SET number = 4", "DELETE FROM tally_entry"):
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
            session.execute(text(change))


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_a_number_that_counts_nothing_is_a_bug(database: Database, fair: int, number: int) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="at least one"):
        count_more(session, fair, _draft(number), user_id=None)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(
        st.tuples(st.sampled_from([FIRST, SECOND]), st.integers(1, 1_000), st.booleans()),
        max_size=8,
    )
)
def test_totals_are_the_sum_of_what_stands(
    database: Database, fair: int, entries: list[tuple[date, int, bool]]
) -> None:
    before = {one.day: one.number for one in _totals(database, fair)}
    for day, number, wrong in entries:
        with database.writing() as session:
            count_more(session, fair, _draft(number, day), user_id=None)
            if wrong:
                take_back(session, list_entries(session, fair, limit=1)[0].id, user_id=None)
    expected = {
        day: before.get(day, 0) + sum(n for d, n, wrong in entries if d == day and not wrong)
        for day in (FIRST, SECOND)
    }
    found = {one.day: one.number for one in _totals(database, fair)}
    assert found == {day: number for day, number in expected.items() if number}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"number": "0"}, "Enter a whole number from 1 to 100,000"),
        ({"number": "-5"}, "Enter a whole number from 1 to 100,000"),
        ({"number": ""}, "Enter a whole number from 1 to 100,000"),
        ({"number": "", "step": "1000"}, "Enter a whole number from 1 to 100,000"),
        ({"service": ""}, "Choose the service"),
        ({"service": "other"}, "Say what else was done"),
        ({"place": ""}, "Enter the desk or gate"),
        ({"day": "soon"}, "cannot be understood"),
    ],
)
def test_what_counts_nothing_is_refused(
    database: Database, fair: int, sign_in: SignIn, typed: dict[str, str], told: str
) -> None:
    answer = sign_in("staff").post(PAGE, data=_typed(**typed))
    assert answer.status_code == 422
    assert told in answer.text
    with database.reading() as session:
        assert count_entries(session, fair) == 0


def test_who_reads_the_fair_sees_the_totals_and_takes_the_entries_away(
    fair: int, sign_in: SignIn
) -> None:
    assert fair
    sign_in("manager").post(PAGE, data=_typed())
    leader = sign_in("leader")
    page = leader.get(PAGE).text
    assert "Leaflets handed out" in page
    assert "Take back" not in page
    assert leader.post(PAGE, data=_typed()).status_code == 403
    assert csv_cells(leader.get(f"{PAGE}/export/csv").data)[6:10] == [
        "Leaflets handed out",
        "500",
        "2010-03-06",
        "Gate B",
    ]
    book = leader.get(f"{PAGE}/export/xlsx")
    assert io.BytesIO(book.data).read(2) == b"PK"
