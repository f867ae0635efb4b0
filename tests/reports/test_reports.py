"""One report, three doors: the command, the page and the files show the same figures."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.terminal import Terminal
from jobfair.reports import files
from jobfair.reports.cli import report
from jobfair.reports.queries import UnknownDimension, UnknownReport
from jobfair.reports.rules import REG, Figure, Report
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
_NUMBER = re.compile(r'people/(\d+)[^"]*">([\d,]+)</a>')


@pytest.fixture
def terminal(database: Database) -> Terminal:
    made = Terminal("en")
    made.__dict__["database"] = database  # the test's own, instead of the home's
    return made


@pytest.fixture
def town(database: Database, make: Make) -> None:
    """Three people of one county and one of another, a fair, three exported, two students."""
    homes = ("520502001", "520502001", "520502002", "520521001")
    people = [make.seeker(n, division=home) for n, home in enumerate(homes, 1)]
    employer_id = make_employer(database)
    make_fair(database, [make_position(database, employer_id, headcount=9)])
    for seeker_id in people[1:]:
        make_placement(database, seeker_id)


def run(terminal: Terminal, *words: str) -> Result:
    with terminal.speaking():
        return CliRunner().invoke(report, words, obj=terminal)


def rows_of(terminal: Terminal, *words: str) -> list[dict[str, Any]]:
    answer = run(terminal, *words)
    assert answer.exit_code == 0, answer.output
    rows: list[dict[str, Any]] = json.loads(answer.stdout)["rows"]
    return rows


def numbers_on(page: str) -> list[int]:
    return [int(value.replace(",", "")) for _cell, value in _NUMBER.findall(page)]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("code", ["fair-summary", "exported"])
def test_the_command_the_page_and_the_files_agree(
    code: str, terminal: Terminal, sign_in: SignIn
) -> None:
    printed = [row["value"] for row in rows_of(terminal, code, "--by=county", "--as-of=2010-12-31")]
    assert printed
    admin = sign_in("admin", division="5205")
    asked = "by=county&as-of=2010-12-31"
    assert numbers_on(admin.get(f"/reports/{code}?{asked}").text) == printed

    book = python_calamine.load_workbook(
        io.BytesIO(admin.get(f"/reports/{code}/file/xlsx?{asked}").data)
    )
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[2] for row in sheet[1:]] == printed

    text = admin.get(f"/reports/{code}/file/csv?{asked}").data
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [int(line[2]) for line in lines[1:]] == printed


@pytest.mark.usefixtures("town")
def test_the_figures_are_right(terminal: Terminal) -> None:
    rows = rows_of(terminal, "fair-summary", "--by=county")
    seekers = {r["county"]: r["value"] for r in rows if r["indicator"] == "REG"}
    assert sorted(seekers.values()) == [1, 3]
    assert {r["indicator"]: r["value"] for r in rows if not r["county"]} == {
        "F01": 1,
        "F02": 9,
        "F02P": 1,
    }
    exported = rows_of(terminal, "exported", "--by=county", "--as-of=2010-12-31")
    assert sorted(r["value"] for r in exported if r["indicator"] == "P02") == [1, 2]
    before = rows_of(terminal, "exported", "--by=county", "--as-of=2010-03-07")
    assert before == [], "nobody had left yet"


@pytest.mark.usefixtures("town")
def test_each_number_opens_into_exactly_as_many_masked_lines(sign_in: SignIn) -> None:
    admin = sign_in("admin", division="5205")
    page = admin.get("/reports/exported?by=county&as-of=2010-12-31").text
    found = _NUMBER.findall(page)
    assert len(found) == 4
    for cell, value in found:
        behind = admin.get(f"/reports/exported/people/{cell}?by=county&as-of=2010-12-31").text
        assert behind.split("<tbody")[1].count("<tr") == int(value)
        assert holds_personal_data(behind) is None
    assert admin.get("/reports/exported/people/99").status_code == 404


@pytest.mark.usefixtures("town")
def test_a_clerk_sees_the_own_county_only(sign_in: SignIn) -> None:
    clerk = sign_in("clerk", division="520521")
    page = clerk.get("/reports/exported?by=county&as-of=2010-12-31").text
    assert numbers_on(page) == [1, 1]
    behind = clerk.get("/reports/exported/people/2?by=county&as-of=2010-12-31")
    assert behind.status_code == 404, "another county's cell is not there"


@pytest.mark.usefixtures("town")
def test_a_registrar_sees_only_the_intake_of_the_own_school(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make.organisation("school", name="毕节测试职校")
    other = make.organisation("school", name="另一职校")
    for n in (11, 12):
        make_student(database, own, n)
    make_student(database, other, 13)
    registrar = sign_in("registrar", organisation=own)
    listed = registrar.get("/reports/").text
    assert "/reports/intake" in listed
    assert "/reports/exported" not in listed
    for code in ("exported", "fair-summary"):
        assert registrar.get(f"/reports/{code}").status_code == 404
        assert registrar.get(f"/reports/{code}/file/csv").status_code == 404
    page = registrar.get("/reports/intake?year=2010&as-of=2010-12-31").text
    assert numbers_on(page) == [2]
    behind = registrar.get("/reports/intake/people/0?year=2010&as-of=2010-12-31").text
    assert behind.split("<tbody")[1].count("<tr") == 2


def test_unknown_reports_and_dimensions_are_refused(terminal: Terminal, sign_in: SignIn) -> None:
    assert isinstance(run(terminal, "taxes").exception, UnknownReport)
    assert isinstance(run(terminal, "exported", "--by=sex").exception, UnknownDimension)
    assert issubclass(UnknownReport, NotFound)
    assert issubclass(UnknownDimension, Invalid)
    admin = sign_in("admin", division="5205")
    assert admin.get("/reports/taxes").status_code == 404
    assert admin.get("/reports/exported?by=sex").status_code == 422
    assert admin.get("/reports/exported/file/pdf").status_code == 404


def test_a_wrong_day_is_today(sign_in: SignIn) -> None:
    assert sign_in("admin", division="5205").get("/reports/exported?as-of=x").status_code == 200


def test_a_csv_cell_is_never_a_formula(terminal: Terminal) -> None:
    names = ("=1+1", "+1", "-1", "@SUM(A1)", "七星关区")
    figures = tuple(Figure(REG, (name,), 1, (1,)) for name in names)
    made = Report("fair-summary", date(2010, 3, 6), ("county",), figures)
    with terminal.speaking():
        text = files.as_csv(made).decode("utf-8-sig")
        book = python_calamine.load_workbook(io.BytesIO(files.as_xlsx(made)))
    cells = [line[0] for line in csv.reader(io.StringIO(text))][1:]
    assert cells == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "七星关区"]
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == list(names), "a workbook holds them as plain text"


@pytest.mark.usefixtures("town")
def test_the_same_question_has_the_same_digest(terminal: Terminal) -> None:
    first, second = (
        json.loads(run(terminal, "exported", "--as-of=2010-12-31").stdout) for _again in range(2)
    )
    assert first == second
    earlier = json.loads(run(terminal, "exported", "--as-of=2010-03-07").stdout)
    assert earlier["digest"] != first["digest"]
