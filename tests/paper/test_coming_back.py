"""Filled check-in sheets are taken in once, the way of what gates record, with errors by row."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import RevokeReason, code_of, spoken
from jobfair.cards.services import issue_cards, reissue_card
from jobfair.kit.db import Database
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.stations.queries import list_stations
from jobfair.stations.services import offer_pairing, pair
from tests.factories import Make
from tests.fairs.factory import make_empty_fair

SignIn = Callable[..., FlaskClient]
Row = tuple[str, ...]
HEADS = ("表号", "行号", "求职卡", "地点", "日期", "时间", "识别方式")
SHEET = "520502001-0305-1"


@pytest.fixture
def fair(database: Database) -> int:
    """A fair of two days."""
    return make_empty_fair(database)


@pytest.fixture
def cards(database: Database, make: Make) -> list[Any]:
    """The cards of three people."""
    people = [make.seeker(n) for n in (1, 2, 3)]
    with database.writing() as session:
        issue_cards(session, people)
    with database.reading() as session:
        return [find_in_force(session, person) for person in people]


def _book(rows: list[Row], heads: Row = HEADS) -> io.BytesIO:
    target = io.BytesIO()
    write_table(target, [Column(head, text=True) for head in heads], rows)
    target.seek(0)
    return target


def _send(client: FlaskClient, rows: list[Row], heads: Row = HEADS) -> str:
    """Send a file, confirm it, and return the page of the result."""
    data = {"fair": "2010-spring", "file": (_book(rows, heads), "sheets.xlsx")}
    preview = client.post("/paper/import", data=data)
    assert preview.status_code == 302, preview.text
    url = preview.headers["Location"]
    assert client.get(url).status_code == 200
    done = client.post(url, follow_redirects=True)
    assert done.status_code == 200
    return done.text


def _came(database: Database, fair: int) -> Attendance:
    with database.reading() as session:
        return count_attendance(session, fair)


def _row(n: int, card: str, **more: str) -> Row:
    plain = {"place": "Gate B", "day": "2010-03-06", "time": f"09:{n:02}", "how": ""}
    filled = plain | more
    return (SHEET, str(n), card, *(filled[name] for name in ("place", "day", "time", "how")))


def test_codes_and_scanned_texts_come_in_as_arrivals_and_the_same_file_twice_does_nothing(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn
) -> None:
    staff = sign_in("staff")
    rows = [_row(1, spoken(cards[0].code)), _row(2, cards[1].token, how="扫码")]
    for _ in range(2):
        _send(staff, rows)
        assert _came(database, fair) == Attendance(persons=2, entries=2, unknown=0)
    with database.reading() as session:
        wanted = "SELECT how, place, at, sequence FROM gate_record ORDER BY sequence"
        found = session.execute(text(wanted)).all()
    assert [(row.how, row.place, row.sequence) for row in found] == [
        ("code", "Gate B", 1),
        ("qr", "Gate B", 2),
    ]
    assert "01:01" in str(found[0].at)  # nine in Beijing
    _send(staff, [*rows, _row(3, cards[2].code)])  # more of the same sheet
    assert _came(database, fair) == Attendance(persons=3, entries=3, unknown=0)


def test_the_preview_takes_nothing_in(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn
) -> None:
    clerk = sign_in("clerk")
    data = {"fair": "2010-spring", "file": (_book([_row(1, cards[0].code)]), "sheets.xlsx")}
    page = clerk.post("/paper/import", data=data, follow_redirects=True)
    assert page.status_code == 200
    assert _came(database, fair) == Attendance(0, 0, 0)


def test_a_person_who_was_in_before_is_one_person_with_two_entries(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn
) -> None:
    code = cards[0].code
    page = _send(sign_in("staff"), [_row(1, code), _row(2, code, time="13:30")])
    assert "The person was in before" in page
    assert _came(database, fair) == Attendance(persons=1, entries=2, unknown=0)


def test_a_row_taken_in_with_another_card_is_refused(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn
) -> None:
    staff = sign_in("staff")
    _send(staff, [_row(1, cards[0].code)])
    for wrong in (
        [_row(1, cards[1].code)],
        [_row(1, cards[0].code, time="10:00")],
        [_row(2, cards[1].code), _row(2, cards[2].code)],
    ):
        assert "was taken in before with another card" in _send(staff, wrong)
    assert _came(database, fair) == Attendance(persons=2, entries=2, unknown=0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"card": code_of(b"\0" * 5)}, "No card says this"),
        ({"card": "0000-0000-1"}, "The last character does not go with"),
        ({"card": "EVERYBODY HERE"}, "neither the code of a card"),
        ({"card": ""}, "Enter the code of the card"),
        ({"time": ""}, "Enter the time like 09:42."),
        ({"day": ""}, "enter which one"),
        ({"day": "2010-03-08"}, "The fair is not on that day."),
        ({"row": "first"}, "Enter the number of the row"),
        ({"sheet": ""}, "Enter the number of the sheet"),
        ({"place": "G" * 61}, "at most 60 characters"),
    ],
)
def test_a_wrong_row_comes_back_with_its_reason_and_the_others_go_in(
    database: Database,
    fair: int,
    cards: list[Any],
    sign_in: SignIn,
    *,
    tmp_path: Path,
    changes: dict[str, str],
    told: str,
) -> None:
    names = ("sheet", "row", "card", "place", "day", "time", "how")
    filled = dict(zip(names, _row(2, cards[1].code), strict=True)) | changes
    staff = sign_in("staff")
    page = _send(staff, [_row(1, cards[0].code), tuple(filled.values())])
    assert told in page
    assert _came(database, fair).entries == 1
    [errors] = set(re.findall(r"/paper/import/[0-9a-f]+/errors\.xlsx", page))
    (tmp_path / "back.xlsx").write_bytes(staff.get(errors).data)
    sheet = CalamineWorkbook.from_path(tmp_path / "back.xlsx").get_sheet_by_index(0)
    head, refused = sheet.to_python()
    assert head[:7] == list(HEADS)
    assert refused[:7] == list(filled.values())
    assert told in str(refused[7])


def test_a_replaced_card_still_counts_and_is_told(
    database: Database, fair: int, make: Make, sign_in: SignIn
) -> None:
    person = make.seeker()
    with database.writing() as session:
        issue_cards(session, [person])
        old = find_in_force(session, person)
        assert old
        reissue_card(session, person, RevokeReason.LOST)
    assert "The card was replaced since" in _send(sign_in("staff"), [_row(1, old.code)])
    assert _came(database, fair) == Attendance(persons=1, entries=1, unknown=0)


def test_a_device_paired_as_the_paper_desk_and_the_paper_do_not_mix(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn, client: FlaskClient
) -> None:
    staff = sign_in("staff")
    _send(staff, [_row(1, cards[0].code)])
    with database.writing() as session:
        [station] = list_stations(session, fair)
        secret = pair(session, offer_pairing(session, station.id)).secret
    header = {"Authorization": f"Bearer {secret}"}
    assert client.get("/station/self", headers=header).status_code == 200
    _send(staff, [_row(2, cards[1].code)])
    with database.reading() as session:
        assert len(list_stations(session, fair)) == 1
        wanted = "SELECT DISTINCT pairing_id FROM gate_record"
        assert len(session.execute(text(wanted)).all()) == 1


def test_what_stands_for_the_paper_pairing_opens_nothing(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn, client: FlaskClient
) -> None:
    assert fair
    _send(sign_in("staff"), [_row(1, cards[0].code)])
    with database.reading() as session:
        kept = session.execute(text("SELECT secret_digest FROM pairing")).scalar_one()
    answer = client.get("/station/self", headers={"Authorization": f"Bearer {kept}"})
    assert answer.status_code == 401


def test_the_template_is_understood_in_both_languages(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn, tmp_path: Path
) -> None:
    staff = sign_in("staff")
    for n, language in enumerate(("zh", "en")):
        staff.set_cookie("language", language)
        (tmp_path / "empty.xlsx").write_bytes(staff.get("/paper/template.xlsx").data)
        sheet = CalamineWorkbook.from_path(tmp_path / "empty.xlsx").get_sheet_by_index(0)
        heads = tuple(str(cell) for cell in sheet.to_python()[0])
        _send(staff, [_row(n + 1, cards[n].code)], heads)
    assert _came(database, fair) == Attendance(persons=2, entries=2, unknown=0)


def test_an_outcome_in_the_file_stays_on_paper_and_is_told(
    database: Database, fair: int, cards: list[Any], sign_in: SignIn
) -> None:
    row = (*_row(1, cards[0].code), "初步意向")
    page = _send(sign_in("staff"), [row], (*HEADS, "结果"))
    assert "A check-in sheet has no outcome" in page
    assert _came(database, fair).entries == 1


def test_who_only_reads_takes_nothing_in(fair: int, sign_in: SignIn) -> None:
    assert fair
    leader = sign_in("leader")
    assert leader.get("/paper/import").status_code == 403
    assert leader.get("/paper/template.xlsx").status_code == 403
