"""Vacancy files of every shape, by command and by browser."""

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.cli.importing import import_group
from jobfair.employers import queries
from jobfair.employers.cli import NoSuchEmployer, import_positions
from jobfair.employers.queries import PositionFilter, PositionRow
from jobfair.fairs.queries import list_fair_positions
from jobfair.fairs.services import FairDraft, open_fair
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import NoKnownColumn, write_errors
from jobfair.kit.terminal import Terminal
from tests.accounts.factory import make_organisation
from tests.employers.factory import credit_code, make_employer

# The real files take a minute together.
pytestmark = pytest.mark.long
SignIn = Callable[..., FlaskClient]

_SHARED = Path(os.environ.get("JOBFAIR_SHARED_DATA") or Path(__file__).parents[3] / "shared")
VACANCIES = _SHARED / "data" / "vacancies"
REAL = (
    "1dagong_bluecollar_2015.csv",
    "51job_2019_gb18030.csv",
    "51job_2023.xls",
    "51job_nanjing_2020.xlsx",
    "boss_2022_utf8.csv",
    "lagou_2019_multisheet.xlsx",
    "liepin_2019_utf8.csv",
    "liepin_2021_utf8.csv",
    "zhaopin_2019_utf8bom.csv",
    "zhaopin_2024_utf8bom_numeric_header.csv",
    "zhaopin_shenzhen_2016_utf8.csv",
)
_MANY = 1_000  # rows; a larger file is read once, the smaller ones twice
_LINES = 1_500
_LINE_BY_LINE = {"51job_2019_gb18030.csv", "boss_2022_utf8.csv", "liepin_2019_utf8.csv"}
FORM = """岗位信息采集表（2026年春风行动）,,,,,,,,
编号,岗位名称,单位名称,统一社会信用代码,招聘人数,工资待遇,工作地点,性别,岗位要求
A1,电子厂普工,深圳市春风电子有限公司,{code},50,4500-6000元/月,深圳市龙岗区,女,"初中以上学历，18-45岁，包吃住，两班倒"
A2,焊工,深圳市春风电子有限公司,{code},5名,200元/天,深圳-宝安区,,须持焊工证
A3,保安,深圳市春风电子有限公司,{code},若干,面议,深圳市龙岗区,男,退伍军人优先
,,,,,,,,
A4,保洁,,,2,3000,深圳市龙岗区,,
"""


@pytest.fixture(autouse=True)
def speaking() -> Iterator[None]:
    with Terminal("en").speaking():
        yield


def _file(folder: Path, text: str, name: str = "岗位.csv", encoding: str = "gb18030") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _positions(database: Database) -> dict[str, PositionRow]:
    with database.reading() as session:
        rows = queries.list_positions(session, PositionFilter(), limit=None)
    return {row.source_ref or row.title: row for row in rows}


def test_a_form_is_read_whole_and_the_bad_row_comes_back(
    database: Database, tmp_path: Path
) -> None:
    code = credit_code(31)
    make_employer(database, name="深圳市春风电子有限公司", credit_code=code)
    file = _file(tmp_path, FORM.format(code=code))
    result, made = import_positions(database, file)
    report = result.report
    assert (report.rows, report.created, report.drafts, report.refused) == (4, 3, 1, 1)
    assert (report.wage_rows, report.wage_parsed) == (4, 4)
    rows = _positions(database)
    worker = rows["A1"]
    assert (worker.status, worker.headcount, worker.wage_low, worker.wage_high) == (
        "open", 50, 450_000, 600_000,
    )  # fmt: skip
    assert (worker.min_education, worker.min_age, worker.max_age) == ("71", 18, 45)
    assert (worker.lodging, worker.meals, worker.shift) == (True, True, "two")
    welder = rows["A2"]
    assert (welder.pay_type, welder.wage_low) == ("daily", 435_000)
    assert welder.certificates == ["焊工证"]
    guard = rows["A3"]
    assert (guard.status, guard.missing, guard.pay_type) == ("draft", ["headcount"], "negotiable")
    assert [note.number for note in made.notes] == [5]
    (refused,) = result.refused
    assert refused.row.number == 7
    assert refused.errors[0].field == "employer"


def test_sex_and_registration_are_set_aside(database: Database, tmp_path: Path) -> None:
    result, _made = import_positions(database, _file(tmp_path, FORM.format(code=credit_code(1))))
    assert result.report.mapping["性别"] == "sex"
    for row in _positions(database).values():
        assert "女" not in f"{row.requirements}{row.description}{row.title}"


def test_an_employer_known_only_by_name_is_unverified_and_its_rows_wait(
    database: Database, tmp_path: Path
) -> None:
    text = "职位,公司,薪资,城市,人数\n普工,某某电子厂,4-6千/月,深圳,3人\n"
    import_positions(database, _file(tmp_path, text))
    (row,) = _positions(database).values()
    assert (row.employer_status, row.status) == ("unverified", "draft")
    assert row.missing == ["credit_code", "verification"]


def test_the_same_file_twice_changes_nothing_and_a_changed_row_is_updated(
    database: Database, tmp_path: Path
) -> None:
    text = FORM.format(code=credit_code(31))
    file = _file(tmp_path, text)
    import_positions(database, file)
    again, _made = import_positions(database, file)
    assert (again.report.created, again.report.updated, again.report.unchanged) == (0, 0, 3)
    changed = _file(tmp_path, text.replace("4500-6000", "5000-6500"))
    third, _made = import_positions(database, changed)
    assert (third.report.created, third.report.updated, third.report.unchanged) == (0, 1, 2)


def test_a_dry_run_stores_nothing(database: Database, tmp_path: Path) -> None:
    file = _file(tmp_path, FORM.format(code=credit_code(31)))
    result, _made = import_positions(database, file, dry_run=True)
    assert result.report.created == 3
    assert _positions(database) == {}


def test_the_mended_rows_go_in_and_the_others_stay(database: Database, tmp_path: Path) -> None:
    result, _made = import_positions(database, _file(tmp_path, FORM.format(code=credit_code(31))))
    errors = tmp_path / "errors.csv"
    write_errors(errors, result, translate)
    mended = errors.read_text(encoding="utf-8-sig").replace(
        "保洁,,", f"保洁,深圳市春风电子有限公司,{credit_code(31)}"
    )
    errors.write_text(mended, encoding="utf-8-sig")
    second, _made = import_positions(database, errors)
    assert (second.report.created, second.report.refused) == (1, 0)
    assert _positions(database)["A4"].headcount == 2


def test_a_file_of_something_else_is_refused(database: Database, tmp_path: Path) -> None:
    file = _file(tmp_path, "a,b\n1,2\n")
    with pytest.raises(NoKnownColumn):
        import_positions(database, file)


@pytest.fixture
def aside(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A database outside the watched home: real files hold rare signs the leak alarm plants."""
    shutil.copy(sqlite_template, tmp_path / "aside.db")
    found = Database(f"sqlite:///{tmp_path / 'aside.db'}", before_commit=(audit.seal_chain,))
    yield found
    found.close()


def _begin_of(file: Path, folder: Path) -> Path:
    """Return a text file's first lines as a file, the whole one with EVERY_SIDE=1."""
    if "EVERY_SIDE" in os.environ or file.name not in _LINE_BY_LINE:
        return file
    made = folder / file.name
    made.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:_LINES]))
    return made


@pytest.mark.parametrize("name", REAL)
def test_the_real_files_go_in_as_they_are(aside: Database, name: str, tmp_path: Path) -> None:
    if not (VACANCIES / name).exists():
        pytest.skip("the sample files are not beside this checkout")
    database, file = aside, _begin_of(VACANCIES / name, tmp_path)
    result, made = import_positions(database, file)
    report = result.report
    assert report.created > 0
    assert report.wage_parsed >= 0.97 * report.wage_rows
    assert report.created + report.unchanged + report.refused == report.rows
    assert report.refused <= 0.03 * report.rows
    assert all(refused.errors for refused in result.refused)
    assert made.missing["credit_code"] == report.created + report.unchanged
    if report.rows < _MANY:
        again, _made = import_positions(database, file)
        assert (again.report.created, again.report.updated) == (0, 0)


def test_the_command_answers_one_json_object(
    database: Database, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _file(tmp_path, FORM.format(code=credit_code(31)))
    errors = tmp_path / "errors.xlsx"
    terminal = Terminal("en")
    monkeypatch.setattr(Terminal, "database", database)
    arguments = ["positions", str(file), "--json", "--errors", str(errors)]
    answer = CliRunner().invoke(import_group, arguments, obj=terminal)
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert (found["rows"], found["created"], found["refused"]) == (4, 3, 1)
    assert found["mapping"]["工资待遇"] == "wage"
    assert found["set_aside"] == ["sex"]
    how = {column["field"]: column["how"] for column in found["columns"]}
    assert how["wage"] == "alias"
    assert found["missing"]["headcount"] == 1
    assert errors.exists()


def test_the_command_refuses_an_unknown_employer(database: Database, tmp_path: Path) -> None:
    file = _file(tmp_path, FORM.format(code=credit_code(31)))
    with pytest.raises(NoSuchEmployer):
        import_positions(database, file, employer=credit_code(99))


def test_the_complete_positions_take_part_in_a_fair(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = credit_code(31)
    make_employer(database, name="深圳市春风电子有限公司", credit_code=code)
    fair = FairDraft("spring", "春风", "Spring", date(2026, 3, 6), date(2026, 3, 7), "毕节", "5205")
    with database.writing() as session:
        fair_id = open_fair(session, fair).id
    file = _file(tmp_path, FORM.format(code=code))
    monkeypatch.setattr(Terminal, "database", database)
    arguments = ["positions", str(file), "--json", "--fair", "spring"]
    answer = CliRunner().invoke(import_group, arguments, obj=Terminal("en"))
    assert json.loads(answer.stdout)["booked"] == 2  # the draft without a headcount stays out
    with database.reading() as session:
        assert len(list_fair_positions(session, fair_id)) == 2
    arguments[-1] = "no-such-fair"
    refused = CliRunner().invoke(import_group, arguments, obj=Terminal("en"))
    assert refused.exit_code == 1


def _upload(client: FlaskClient, text: str, name: str = "岗位.csv") -> str:
    answer = client.post(
        "/positions/import", data={"file": (io.BytesIO(text.encode("gb18030")), name)}
    )
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_clerk_previews_confirms_and_gets_the_refused_rows(
    database: Database, sign_in: SignIn, home: Path
) -> None:
    clerk = sign_in(Role.CLERK)
    url = _upload(clerk, FORM.format(code=credit_code(31)))
    preview = clerk.get(url)
    assert preview.status_code == 200
    assert "工资待遇" in preview.text
    assert _positions(database) == {}
    done = clerk.post(url, data={"confirm": "1"}, follow_redirects=True)
    assert "Download the refused rows" in done.text
    assert len(_positions(database)) == 3
    errors = clerk.get(f"{url}/errors.xlsx")
    assert errors.data.startswith(b"PK")
    kept = sorted(path.suffix for path in (home / "uploads").iterdir())
    assert kept == [".json", ".xlsx"]  # the file itself is gone
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / "uploads").iterdir())


def test_the_preview_says_in_words_why_the_rules_stop_a_row(sign_in: SignIn) -> None:
    clerk = sign_in(Role.CLERK)
    stopped = FORM.format(code=credit_code(31)).replace("须持焊工证", "限男性，押金300元")
    preview = clerk.get(_upload(clerk, stopped)).text
    assert "The text asks for men or women." in preview
    assert "deposit" in preview
    assert "Still missing: Number to hire" in preview


def test_a_file_can_be_thrown_away(database: Database, sign_in: SignIn, home: Path) -> None:
    clerk = sign_in(Role.CLERK)
    url = _upload(clerk, FORM.format(code=credit_code(31)))
    clerk.post(url, data={"cancel": "1"})
    assert list((home / "uploads").iterdir()) == []
    assert clerk.get(url).status_code == 404
    assert _positions(database) == {}


def test_another_session_cannot_see_an_upload(database: Database, sign_in: SignIn) -> None:
    url = _upload(sign_in(Role.CLERK), FORM.format(code=credit_code(31)))
    assert sign_in(Role.CLERK, division="520521").get(url).status_code == 404


@pytest.mark.parametrize("name", ["岗位.pdf", ""])
def test_another_kind_of_file_is_refused(sign_in: SignIn, name: str) -> None:
    answer = sign_in(Role.CLERK).post(
        "/positions/import", data={"file": (io.BytesIO(b"%PDF"), name)}
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_a_recruiters_file_belongs_to_its_own_employer(database: Database, sign_in: SignIn) -> None:
    organisation = make_organisation(
        database, kind=OrganisationKind.EMPLOYER, division=None, name="招聘单位"
    )
    own = make_employer(database, organisation_id=organisation)
    recruiter = sign_in(Role.RECRUITER, organisation=organisation)
    url = _upload(recruiter, FORM.format(code=credit_code(31)))
    recruiter.post(url, data={"confirm": "1"})
    assert {row.employer_id for row in _positions(database).values()} == {own}


def test_the_template_comes_back_through_the_import(
    database: Database, sign_in: SignIn, tmp_path: Path
) -> None:
    answer = sign_in(Role.CLERK).get("/positions/template.xlsx")
    assert answer.data.startswith(b"PK")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    headers = [str(cell) for cell in sheet.to_python()[0]]
    values = {"岗位名称": "焊工", "单位名称": "春风电子厂", "招聘人数": "3", "薪资": "5000元/月"}
    row = [values.get(header, "") for header in headers]
    file = _file(tmp_path, f"{','.join(headers)}\n{','.join(row)}\n")
    result, _made = import_positions(database, file)
    assert (result.report.created, result.report.unmapped) == (1, ())
    assert set(result.report.mapping) == set(headers)
