"""Outcomes of booth sheets come in as the booth would have recorded them, and are taken back."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from jobfair.attendance.queries import count_attendance
from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import spoken
from jobfair.interviews.queries import list_booths, list_outcomes
from jobfair.kit import clock
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.offers.queries import people_placed, posts_left
from jobfair.paper.queries import list_imports, list_taken_in
from tests.interviews.booth import Fair

SignIn = Callable[..., FlaskClient]
HEADS = ("表号", "行号", "求职卡", "日期", "时间", "结果", "原因号")
PAGE = "/fairs/2010-spring/paper/taken-in"


@pytest.fixture
def staff(sign_in: SignIn) -> FlaskClient:
    """Who types what was written."""
    return sign_in("staff")


def _send(client: FlaskClient, *rows: tuple[str, ...]) -> str:
    """Send a file, confirm it, and return the page of the result."""
    target = io.BytesIO()
    write_table(target, [Column(head, text=True) for head in HEADS], rows)
    target.seek(0)
    asked = client.post("/paper/import", data={"fair": "2010-spring", "file": (target, "b.xlsx")})
    url = asked.headers["Location"]
    client.get(url)
    return client.post(url, follow_redirects=True).text


def _row(fair: Fair, n: int, outcome: str, *, place: int = 0, reason: str = "") -> tuple[str, ...]:
    """Return a row of the first position's sheet; the person is the n-th."""
    with fair.database.reading() as session:
        card = find_in_force(session, n)
    assert card
    sheet = f"B{fair.positions[place]}-1"
    return (sheet, str(n), spoken(card.code), "2010-03-06", f"10:{n:02}", outcome, reason)


def _kinds(fair: Fair) -> list[tuple[str, str | None]]:
    with fair.database.reading() as session:
        return [(o.kind.value, o.reason) for o in list_outcomes(session, fair.id, fair.employer)]


def _left(fair: Fair) -> tuple[int, int]:
    with fair.database.reading() as session:
        post = posts_left(session, fair.id, clock.now())[fair.positions[0]]
    return post.offered, post.accepted


def _file(fair: Fair) -> tuple[str, list[Any]]:
    with fair.database.reading() as session:
        [one] = list_imports(session, fair.id)
        return one.import_id, list_taken_in(session, fair.id, one.import_id, limit=99)


@pytest.mark.parametrize("fair", [3], indirect=True)
def test_each_outcome_comes_in_once_beside_the_arrivals(fair: Fair, staff: FlaskClient) -> None:
    rows = [
        _row(fair, 1, "面谈"),
        _row(fair, 2, "复试"),
        _row(fair, 3, "不合适", reason="3"),
        _row(fair, 4, "录用"),
        _row(fair, 5, "接受"),
        ("520502001-0305-1", "1", _row(fair, 6, "")[2], "2010-03-06", "09:00", "", ""),
    ]
    for _twice in range(2):
        _send(staff, *rows)
        assert _kinds(fair) == [
            ("talk", None),
            ("second", None),
            ("unsuitable", "certificate"),
            ("offer", None),
            ("offer", None),
            ("accept", None),
        ]
        assert _left(fair) == (1, 1)
    with fair.database.reading() as session:
        [booth] = list_booths(session, fair.id)
        assert (booth.talks, booth.accepted) == (5, 1)
        assert count_attendance(session, fair.id).persons == 1
        assert people_placed(session, fair.id) == {5}


def test_wrong_rows_say_what_is_wrong(fair: Fair, staff: FlaskClient) -> None:
    wrong: list[dict[int, str]] = [
        {5: ""},
        {5: "可能"},
        {5: "不合适"},
        {5: "不合适", 6: "10"},
        {0: "B999999-1"},
    ]
    rows = []
    for n, changes in enumerate(wrong, 1):
        row = list(_row(fair, n, "面谈"))
        for place, value in changes.items():
            row[place] = value
        rows.append(tuple(row))
    page = _send(staff, *rows)
    assert page.count("Enter the outcome that was ticked") >= 2
    assert page.count("Enter the number of the reason") >= 2
    assert "takes no part in the fair" in page
    assert _kinds(fair) == []


def test_what_was_promised_on_paper_beyond_the_posts_is_told_and_listed(
    fair: Fair, staff: FlaskClient
) -> None:
    page = _send(staff, _row(fair, 1, "接受"), _row(fair, 2, "接受"))
    assert "No post of this position is left" in page
    assert _left(fair) == (0, 1)
    assert ("no_posts_left", False) in fair.claims()
    other = _send(staff, _row(fair, 2, "面谈"))
    assert "was taken in before with another card" in other


def test_a_row_or_a_whole_file_is_taken_back_and_gives_the_post_back(
    fair: Fair, staff: FlaskClient
) -> None:
    rows = [_row(fair, 1, "接受"), _row(fair, 2, "面谈")]
    _send(staff, *rows)
    file, taken = _file(fair)
    page = staff.get(f"{PAGE}?file={file}").text
    assert "Offered and accepted" in page
    accepted = next(one.record_id for one in taken if one.outcome == "accepted")
    answer = staff.post(PAGE, data={"file": file, "record": accepted}, follow_redirects=True).text
    assert "1 rows are taken back" in answer
    assert _left(fair) == (0, 0)
    assert _kinds(fair) == [("talk", None)]
    with fair.database.reading() as session:
        assert people_placed(session, fair.id) == set()
    assert "This row was taken back" in _send(staff, rows[0])
    assert "1 rows" in staff.post(PAGE, data={"file": file}, follow_redirects=True).text
    assert _kinds(fair) == []
    assert (
        "Nothing of this stands"
        in staff.post(PAGE, data={"file": file}, follow_redirects=True).text
    )


def test_arrivals_are_taken_back_and_shown_to_the_manager(
    fair: Fair, staff: FlaskClient, sign_in: SignIn
) -> None:
    sheet = ("520502001-0305-1", "1", _row(fair, 1, "")[2], "2010-03-06", "09:00", "", "")
    _send(staff, sheet)
    file, _rows = _file(fair)
    staff.post(PAGE, data={"file": file})
    with fair.database.reading() as session:
        assert count_attendance(session, fair.id).entries == 0
    assert "纸质签到" in sign_in("manager").get("/fairs/2010-spring/corrections").text
    assert sign_in("leader").post(PAGE, data={"file": file}).status_code == 403
