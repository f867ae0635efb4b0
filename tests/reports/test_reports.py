"""One report, three doors: the command, the page and the files show the same figures."""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.kit.db import Database
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.terminal import Terminal
from jobfair.reports import files
from jobfair.reports.cli import report
from jobfair.reports.queries import UnknownDimension, UnknownReport
from jobfair.reports.rules import REG, Figure, Report
from jobfair.reports.views import pages
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
_NUMBER = re.compile(r'href="([^"]*people/(\w+)\?[^"]*at=[^"]*)">([\d,]+)</a>')
_AT = re.compile(r"at=([^&]*)")
_TOTAL = re.compile(r'href="[^"]*people/(\w+)(?:\?(?![^"]*at=)[^"]*)?">([\d,]+)</a></td>')


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


def cells_on(page: str) -> list[tuple[str, str, int]]:
    """Return address, indicator and number of each cell of a page's table that opens."""
    return [
        (html.unescape(url), code, int(value.replace(",", "")))
        for url, code, value in _NUMBER.findall(page)
    ]


def totals_on(page: str) -> dict[str, int]:
    return {code: int(value.replace(",", "")) for code, value in _TOTAL.findall(page)}


def numbers_on(page: str) -> list[int]:
    """Return the numbers of a page's table, one indicator after the other."""
    return [n for _url, _code, n in sorted(cells_on(page), key=lambda cell: cell[1])]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("code", ["fair-summary", "exported"])
def test_the_command_the_page_and_the_files_agree(
    code: str, terminal: Terminal, sign_in: SignIn
) -> None:
    rows = rows_of(terminal, code, "--by=county", "--as-of=2010-12-31")
    printed = [row["value"] for row in rows]
    split = [row["value"] for row in rows if row["county"]]
    assert split
    admin = sign_in("admin", division="5205")
    asked = "by=county&as-of=2010-12-31"
    page = admin.get(f"/reports/{code}?{asked}").text
    assert numbers_on(page) == split
    sums: dict[str, int] = {}
    for row in rows:
        if row["county"]:
            sums[row["indicator"]] = sums.get(row["indicator"], 0) + row["value"]
    assert totals_on(page) == sums

    book = python_calamine.load_workbook(
        io.BytesIO(admin.get(f"/reports/{code}/file/xlsx?{asked}").data)
    )
    assert book.sheet_names == ["Report", "Definitions", "Sources"]
    sheet = book.get_sheet_by_index(0).to_python()
    places = len({row["county"] for row in rows if row["county"]})
    columns = zip(*(row[1:] for row in sheet[1 : places + 1]), strict=True)
    assert [n for column in columns for n in column if n not in {"", 0}] == split
    assert [n for n in sheet[places + 1][1:] if n not in {"", 0}] == list(sums.values())

    file = admin.get(f"/reports/{code}/file/csv?{asked}").data
    assert file.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
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
    asked = "by=county&as-of=2010-12-31"
    page = admin.get(f"/reports/exported?{asked}").text
    found = [(url, value) for url, _code, value in cells_on(page)]
    assert len(found) == 4
    found += [
        (f"/reports/exported/people/{code}?{asked}", value)
        for code, value in totals_on(page).items()
    ]
    assert len(found) == 6
    for url, value in found:
        behind = admin.get(url).text
        assert behind.split("<tbody")[1].count("<tr") == value
        assert holds_personal_data(behind) is None
    assert admin.get("/reports/exported/people/X99").status_code == 404
    assert admin.get(f"/reports/exported/people/P02?{asked}&at=440306").status_code == 404


@pytest.mark.usefixtures("town")
def test_a_clerk_sees_the_own_county_only(sign_in: SignIn) -> None:
    clerk = sign_in("clerk", division="520521")
    page = clerk.get("/reports/exported?by=county&as-of=2010-12-31").text
    assert numbers_on(page) == [1, 1]
    asked = "by=county&as-of=2010-12-31"
    assert clerk.get(f"/reports/exported/people/P02?{asked}&at=520521").status_code == 200
    behind = clerk.get(f"/reports/exported/people/P02?{asked}&at=520502")
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
    behind = registrar.get("/reports/intake/people/S01?year=2010&as-of=2010-12-31").text
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
    day = date(2010, 3, 6)
    made = Report("fair-summary", day, ("county",), figures, indicators=(REG,))
    with terminal.speaking():
        file = files.as_csv(made).decode("utf-8-sig")
        book = python_calamine.load_workbook(io.BytesIO(files.as_xlsx(made)))
    cells = [line[0] for line in csv.reader(io.StringIO(file))][1:]
    assert cells == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "七星关区"]
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1 : len(names) + 1]] == sorted(names), (
        "a workbook holds them as plain text"
    )


@pytest.mark.usefixtures("town")
def test_the_same_question_has_the_same_digest(terminal: Terminal) -> None:
    first, second = (
        json.loads(run(terminal, "exported", "--as-of=2010-12-31").stdout) for _again in range(2)
    )
    assert first == second
    earlier = json.loads(run(terminal, "exported", "--as-of=2010-03-07").stdout)
    assert earlier["digest"] != first["digest"]


@pytest.mark.usefixtures("town")
def test_one_value_of_a_dimension_can_be_asked_for(terminal: Terminal, sign_in: SignIn) -> None:
    words = ("exported", "--by=month", "--as-of=2010-12-31", "--only=county=520521")
    assert [row["value"] for row in rows_of(terminal, *words)] == [1, 1]
    assert run(terminal, "exported", "--only=county").exit_code == 2
    assert isinstance(run(terminal, "exported", "--only=sex=1").exception, UnknownDimension)
    admin = sign_in("admin", division="5205")
    page = admin.get("/reports/exported?by=month&as-of=2010-12-31&county=520521").text
    assert numbers_on(page) == [1, 1]
    assert "County 大方县" in page, "the filter is printed"
    nobody = admin.get("/reports/exported?as-of=2010-12-31&county=520999").text
    assert "Nobody fits the filter" in nobody
    file = admin.get("/reports/exported/file/csv?as-of=2010-12-31&county=520521").text
    assert "大方县" in file
    assert "七星关区" not in file


@pytest.mark.usefixtures("town")
def test_what_was_recorded_later_can_be_left_out(terminal: Terminal, sign_in: SignIn) -> None:
    before = ("--as-of=2010-12-31", "--known-at=2010-12-31")
    assert rows_of(terminal, "exported", *before) == []
    found = rows_of(terminal, "fair-summary", "--known-at=2010-12-31")
    assert {row["indicator"] for row in found} == {"F01", "F02", "F02P"}
    admin = sign_in("admin", division="5205")
    page = admin.get("/reports/exported?as-of=2010-12-31&known-at=2011-01-01T00:00").text
    assert numbers_on(page) == []
    assert "Known at 2011-01-01 00:00" in page
    assert 'value="2011-01-01T00:00"' in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("as-of=x", "The as-of date could not be read"),
        ("as-of=2999-01-01", "lies in the future"),
        ("known-at=x", "The known-at time could not be read"),
        ("known-at=2010-01-01T00:00", "Known-at lies before the as-of date"),
    ],
)
def test_what_cannot_be_asked_is_told(sign_in: SignIn, asked: str, told: str) -> None:
    answer = sign_in("admin", division="5205").get(f"/reports/exported?{asked}")
    assert answer.status_code == 200
    assert told in answer.text


@pytest.mark.usefixtures("town")
def test_without_a_breakdown_only_totals_are_shown(sign_in: SignIn) -> None:
    page = sign_in("admin", division="5205").get("/reports/exported?by=&as-of=2010-12-31").text
    assert cells_on(page) == []
    assert "Tick a dimension above" in page


def test_a_person_with_two_moves_counts_once_at_the_first(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker_id = make.seeker(1)
    make_placement(database, seeker_id, started_on=date(2010, 9, 1))
    first = {"started_on": date(2010, 3, 1), "ended_on": date(2010, 5, 1)}
    make_placement(database, seeker_id, **first)
    page = sign_in("admin", division="5205").get("/reports/exported?by=month&as-of=2010-12-31").text
    cells = {(_AT.findall(url)[0], code): n for url, code, n in cells_on(page)}
    assert cells == {("2010-03", "P02"): 1, ("2010-03", "P03"): 1, ("2010-09", "P03"): 1}
    assert totals_on(page) == {"P02": 1, "P03": 2}
    assert page.index("2010-03") < page.index("2010-09")
    assert "A person counts once" in page


def test_the_positions_of_a_fair_are_paged_and_sorted(database: Database, sign_in: SignIn) -> None:
    employer_id = make_employer(database)
    ids = [
        make_position(database, employer_id, title=f"焊工{n:02d}", headcount=n)
        for n in range(1, 61)
    ]
    make_fair(database, ids)
    admin = sign_in("admin", division="5205")

    def titles(more: str) -> list[str]:
        return re.findall("<td[^>]*>(焊工[0-9]+)<", admin.get(f"/reports/fair-summary?{more}").text)

    assert len(titles("")) == 50
    assert titles("posts-sort=-headcount")[:2] == ["焊工60", "焊工59"]
    assert titles("posts-sort=-headcount&posts-page=2")[-1] == "焊工01"
    assert len(titles("posts-sort=nonsense")) == 50


def _links(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page.partition("<tbody")[2].partition("</tbody")[0])


@pytest.mark.usefixtures("town")
def test_who_may_not_open_a_person_sees_no_link(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    school = make.organisation("school", name="毕节测试职校")
    student_id = make_student(database, school, 11)
    exported = "/reports/exported/people/P02?as-of=2010-12-31"
    intake = "/reports/intake/people/S01?as-of=2010-12-31&year=2010"
    clerk = sign_in("clerk", division="520521")
    leader, auditor = sign_in("leader"), sign_in("auditor")
    assert all("/placements/people/" in link for link in _links(clerk.get(exported).text))
    assert _links(clerk.get(intake).text) == [], "students are the school's"
    for address in (exported, intake):
        assert "<td" in leader.get(address).text
        assert _links(leader.get(address).text) == []
    lines = _links(auditor.get(exported).text)
    assert len(lines) == 3
    assert all(link.startswith("/reports/lines/seekers/") for link in lines)
    assert _links(auditor.get(intake).text) == [f"/reports/lines/students/{student_id}"]
    for role in (clerk, leader):
        assert role.get(lines[0]).status_code == 403
    positions = _links(auditor.get("/reports/fair-summary/people/F02").text)
    assert auditor.get(positions[0]).status_code == 200


@pytest.mark.usefixtures("town")
def test_an_auditor_follows_a_line_masked_and_recorded(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    school = make.organisation("school", name="毕节测试职校")
    student_id = make_student(database, school, 11)
    auditor = sign_in("auditor")
    page = auditor.get("/reports/lines/seekers/2").text
    assert "First day at work" in page or "2010-03-08" in page
    assert "深圳某电子厂" in page
    assert holds_personal_data(page) is None
    assert "<form" not in page.partition("<main")[2].partition("</main")[0], "nothing to change"
    page = auditor.get(f"/reports/lines/students/{student_id}").text
    assert "模具制造" in page
    assert holds_personal_data(page) is None
    assert auditor.get("/reports/lines/seekers/999999").status_code == 404
    assert auditor.get("/reports/lines/students/999999").status_code == 404
    with database.reading() as session:
        looks = session.execute(
            text("SELECT subject, subject_id FROM audit_entry WHERE action = 'line.inspect'")
        ).all()
    assert [tuple(look) for look in looks] == [("seeker", 2), ("student", student_id)]


@pytest.mark.usefixtures("town")
def test_a_long_table_is_paged_with_its_totals_on_every_page(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_ROWS", 1)
    admin = sign_in("admin", division="5205")
    asked = "/reports/exported?by=county&as-of=2010-12-31"
    first, second = admin.get(asked).text, admin.get(f"{asked}&page=2").text
    assert numbers_on(first) == [2, 2]
    assert numbers_on(second) == [1, 1]
    for page in (first, second):
        assert totals_on(page) == {"P02": 3, "P03": 3}
        assert "of all 2 rows" in page
    assert "page=2" in first


@pytest.mark.usefixtures("town")
def test_the_workbook_has_a_live_chart_and_says_what_it_means(sign_in: SignIn) -> None:
    admin = sign_in("admin", division="5205")
    admin.set_cookie("language", "zh")
    asked = "by=county&as-of=2010-12-31&county=520502"
    data = admin.get(f"/reports/exported/file/xlsx?{asked}").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "xl/charts/chart1.xml" in archive.namelist()
    book = python_calamine.load_workbook(io.BytesIO(data))
    assert book.sheet_names == ["报表", "口径", "来源"]
    table, definitions, sources = (book.get_sheet_by_index(n).to_python() for n in range(3))
    persons, moves, employed = (
        "劳务输出人数 (人)",
        "劳务输出人次 (人次)",
        "已就业人数（已确认） (人)",
    )
    assert table[0] == ["县（市、区）", persons, moves, employed]
    assert table[-1] == ["合计", 2, 2, 0]
    assert [row[0] for row in definitions[:3]] == ["P02", "P03", "P04"]
    assert {"C1", "C13", "C15"} <= {row[0] for row in definitions}, "the counting rules"
    assert ["截至", "2010-12-31"] in sources
    assert ["县（市、区）", "七星关区"] in sources, "the filter"
    page = admin.get(f"/reports/exported?{asked}").text
    assert "劳务输出条形图：七星关区 2" in page, "the chart's alternative text"
