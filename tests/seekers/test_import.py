"""Ledgers as files: titles above the header, encodings, bad rows back, the same file twice."""

import os
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from jobfair.kit.db import Database
from jobfair.kit.sheets.importing import ImportResult, run_import, write_errors
from jobfair.seekers import queries
from jobfair.seekers.models import Seeker
from jobfair.seekers.rules import identity, reading
from jobfair.seekers.rules.reading import Places
from jobfair.seekers.services.importing import FIELDS, ethnic_groups, relations, seeker_spec
from tests.planted import person

SHARED = Path(os.environ.get("JOBFAIR_SHARED", Path(__file__).parents[3] / "shared"))
PLACES = Places(
    division=lambda text, _within: {"七星关区": "520502", "大方县": "520521"}.get(text),
    today_code={"520502": "520502"}.get,
    ethnic_group=ethnic_groups().get,
    occupation=lambda _title: None,
    relation=relations().get,
)
HEADER = "序号,姓名,身份证号码,民族,学历,联系电话,县（市）,备注"


def _line(n: int, **changes: str) -> str:
    who = person(n)
    cells = {"name": who.name, "id": who.id_number, "phone": who.phone, "county": "七星关区"}
    cells |= changes
    return f"{n},{cells['name']},{cells['id']},彝族,初中,{cells['phone']},{cells['county']},"


def _ledger(folder: Path, lines: list[str], *, encoding: str = "gb18030") -> Path:
    path = folder / "台账.csv"
    top = ["某县劳动力资源登记台账,,,,,,,", "填报单位：某局,,,,,,,", HEADER]
    path.write_bytes("\r\n".join([*top, *lines]).encode(encoding))
    return path


def _run(database: Database, path: Path, *, scope: str | None = None) -> ImportResult:
    return run_import(database, seeker_spec(PLACES, scope_division=scope), path)


def _counts(result: ImportResult) -> tuple[int, int, int, int]:
    report = result.report
    return report.created, report.updated, report.unchanged, report.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_ledger_goes_in_once_and_the_second_time_changes_nothing(
    database: Database, tmp_path: Path, encoding: str
) -> None:
    path = _ledger(tmp_path, [_line(n) for n in range(1, 31)], encoding=encoding)
    assert _counts(_run(database, path)) == (30, 0, 0, 0)
    assert _counts(_run(database, path)) == (0, 0, 30, 0)
    with database.reading() as session:
        kept = select(Seeker.ethnic_group, Seeker.education, Seeker.home_division).distinct()
        rows = session.execute(kept).all()
    assert [tuple(row) for row in rows] == [("07", "71", "520502")]


def test_bad_rows_come_back_with_their_reasons_and_go_in_when_mended(
    database: Database, tmp_path: Path
) -> None:
    bad = person(4).id_number[:-1] + ("1" if person(4).id_number[-1] != "1" else "2")
    lines = [
        _line(1),
        _line(2, id="5.22E+17"),
        _line(3, id=""),
        _line(4, id=bad),
        _line(5),
        _line(5),
    ]
    result = _run(database, _ledger(tmp_path, lines))
    assert _counts(result) == (2, 0, 0, 4)
    reasons = [error.reason for row in result.refused for error in row.errors]
    assert identity.SCIENTIFIC in reasons
    assert identity.MISSING in reasons
    assert identity.CHECK in reasons
    back = tmp_path / "back.xlsx"
    write_errors(back, result, lambda text: text)
    rows = CalamineWorkbook.from_path(str(back)).get_sheet_by_index(0).to_python()
    assert len(rows) == 5
    assert any("Excel" in str(cell) for row in rows for cell in row)
    mended = _ledger(tmp_path, [_line(n) for n in range(1, 6)])
    assert _counts(_run(database, mended)) == (3, 0, 2, 0)


def test_an_office_writes_only_its_own_people(database: Database, tmp_path: Path) -> None:
    path = _ledger(tmp_path, [_line(1), _line(2, county="大方县")])
    assert _counts(_run(database, path, scope="520502")) == (1, 0, 0, 1)


def test_every_column_is_known_by_its_own_title_only_once() -> None:
    names = [name for field in FIELDS for name in field.aliases]
    assert len(names) == len(set(names))
    assert {field.name for field in FIELDS if field.required} == {"name", "id_number"}


def test_headers_cover_every_field_the_reader_takes() -> None:
    assert {field.name for field in FIELDS} == set(reading.HEADERS)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source tables are not here")
def test_the_header_of_the_county_template_is_recognised(
    database: Database, tmp_path: Path
) -> None:
    template = SHARED / "data" / "templates" / "劳动力资源台账_模板.xlsx"
    sheet = CalamineWorkbook.from_path(str(template)).get_sheet_by_index(0)
    header = [str(cell) for cell in sheet.to_python()[0]]
    cells = dict.fromkeys(header, "")
    cells |= {"姓名": person(1).name, "身份证号码": person(1).id_number, "县（市）": "七星关区"}
    cells |= {"联系电话": person(1).phone, "学历": "大专", "就业工种意向": "普工"}
    path = tmp_path / "filled.csv"
    lines = [",".join(header), ",".join(cells[name] for name in header)]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = _run(database, path)
    assert _counts(result) == (1, 0, 0, 0)
    with database.reading() as session:
        facts = queries.seeker_facts(session)
        assert session.execute(select(Seeker.education)).scalar_one() == "31"
    assert list(facts.wishes.values()) == [[("普工", None)]]
