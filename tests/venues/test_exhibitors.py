"""The list of exhibitors: by booth, contacts masked, who confirmed; as a file, too."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.fairs.services import confirm_positions
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.fairs.factory import make_fair
from tests.venues.factory import booths_of, fair_id_of, make_booths

SignIn = Callable[..., FlaskClient]
NAMES = ("甲电子厂", "乙家具厂", "丙制衣厂")


@pytest.fixture
def positions(database: Database) -> list[int]:
    """A position of each of three employers."""
    return [
        make_position(
            database,
            make_employer(database, name=name, contact_name="王小明", contact_phone="13800138000"),
        )
        for name in NAMES
    ]


@pytest.fixture
def fair(database: Database, positions: list[int]) -> str:
    """A fair at which 丙制衣厂 has booth A01, 乙家具厂 booth A02 and 甲电子厂 none."""
    code = make_fair(database, positions)
    make_booths(database, code, 2, fill=True)
    assert [booth.employer for booth in booths_of(database, code)] == ["丙制衣厂", "乙家具厂"]
    return code


def shown(page: str) -> list[str]:
    return re.findall(r'href="/employers/\d+">([^<]+)<', page)


def test_exhibitors_stand_in_the_order_of_their_booths(fair: str, sign_in: SignIn) -> None:
    page = sign_in("staff").get(f"/fairs/{fair}/employers").text
    assert shown(page) == ["丙制衣厂", "乙家具厂", "甲电子厂"]
    assert page.index("<strong>A01</strong>") < page.index("<strong>A02</strong>")
    assert "王*明" in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_manager_sees_who_has_not_confirmed(
    database: Database, fair: str, positions: list[int], sign_in: SignIn
) -> None:
    with database.writing() as session:
        confirm_positions(session, fair_id_of(database, fair), {positions[0]: 10}, user_id=None)
    manager = sign_in("manager")
    page = manager.get(f"/fairs/{fair}/employers").text
    assert "To be confirmed (2)" in page
    assert "Confirmed (1)" in page
    assert shown(manager.get(f"/fairs/{fair}/employers?confirmed=yes").text) == ["甲电子厂"]
    waiting = manager.get(f"/fairs/{fair}/employers?confirmed=no").text
    assert shown(waiting) == ["丙制衣厂", "乙家具厂"]
    assert shown(manager.get(f"/fairs/{fair}/employers?q=家具").text) == ["乙家具厂"]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_list_is_taken_away_masked(fair: str, sign_in: SignIn, file_format: str) -> None:
    answer = sign_in("clerk").get(f"/fairs/{fair}/employers/export/{file_format}")
    assert answer.status_code == 200
    assert f"exhibitors-{fair}.{file_format}" in answer.headers["Content-Disposition"]
    if file_format == "csv":
        head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
        assert head[:3] == ["Booth", "Zone", "Employer"]
        assert [row[:3] for row in rows] == [
            ["A01", "A 机械", "丙制衣厂"],
            ["A02", "A 机械", "乙家具厂"],
            ["", "", "甲电子厂"],
        ]
        assert rows[0][6:] == ["王*明", "138****8000", "to be confirmed"]


def test_a_recruiter_has_no_list_of_exhibitors(fair: str, sign_in: SignIn) -> None:
    assert sign_in("recruiter").get(f"/fairs/{fair}/employers").status_code == 403
