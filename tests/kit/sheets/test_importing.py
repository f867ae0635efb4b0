"""The import engine through files: encodings, headers, refusals, repetition, a kill half-way."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import (
    ImportResult,
    ImportSpec,
    NoKnownColumn,
    run_import,
    write_errors,
)
from jobfair.kit.sheets.reading import (
    FileEmpty,
    FileHasMacros,
    FileIsWebPage,
    FileTooBig,
    Limits,
    UnreadableFile,
    read_tables,
)
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.kit.sheets.text_files import text_rows
from jobfair.kit.sheets.writing import Column, write_csv, write_table, write_template
from jobfair.kit.values.kinds import Kind

Rows = Sequence[Sequence[object]]
HEADER = ("职位名称", "公司名称", "薪资", "地区")
DATA: Rows = (
    ("电子厂普工", "贵州某甲电子有限公司", "4000-6000元/月", "深圳-宝安区"),
    ("缝纫工", "贵州某乙制衣有限公司", "面议", "毕节市"),
    ("焊工", "贵州某丙机械有限公司", "6-8千/月", "贵阳"),
)
FIELDS = (
    FieldSpec("title", "Job title", ("职位名称", "岗位", "jobName"), kind=Kind.TITLE),
    FieldSpec("company", "Employer", ("公司名称", "AAB004"), kind=Kind.COMPANY),
    FieldSpec("wage", "Wage", ("薪资", "工资"), kind=Kind.WAGE),
    FieldSpec("place", "Workplace", ("地区", "工作地点"), kind=Kind.CITY),
    FieldSpec("education", "Education", ("学历",), kind=Kind.EDUCATION),
    FieldSpec("experience", "Experience", ("工作经验",), kind=Kind.EXPERIENCE),
)


@dataclass
class Store:
    """A stand-in for the database: what is committed stays, what is not is gone."""

    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fail_at: int = 0
    commits: int = 0
    open: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.open = dict(self.kept)
        if self.fail_at and self.commits >= self.fail_at:
            raise KeyboardInterrupt
        yield cast(Session, None)
        self.kept = self.open
        self.commits += 1

    def apply(self, _session: Session, drafts: list[tuple[str, ...]]) -> list[Outcome]:
        outcomes = []
        for draft in drafts:
            before = self.open.get(draft[0])
            self.open[draft[0]] = draft
            kind = "created" if before is None else "unchanged" if before == draft else "updated"
            outcomes.append(Outcome(kind))
        return outcomes


def parse(row: SheetRow) -> tuple[str, ...] | list[RowError]:
    if not row.text("title"):
        return [RowError("title", "Fill in the job title.")]
    return tuple(row.text(spec.name) for spec in FIELDS)


def take_in(path: Path, store: Store | None = None, **options: Any) -> ImportResult:
    store = store or Store()
    return run_import(store, ImportSpec("test", FIELDS, parse, store.apply), path, **options)


def workbook(path: Path, *sheets: Rows) -> Path:
    with Workbook(str(path)) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def text_file(path: Path, rows: Rows, encoding: str) -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_text_file_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    result = take_in(text_file(tmp_path / "a.csv", (HEADER, *DATA), encoding))
    assert (result.report.rows, result.report.created, result.report.wage_parsed) == (3, 3, 3)
    assert result.report.mapping["薪资"] == "wage"


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows = (("2010年岗位汇总表",), (), HEADER, *DATA)
    result = take_in(workbook(tmp_path / "a.xlsx", rows))
    assert (result.report.created, result.report.refused) == (3, 0)


def test_rows_are_numbered_as_people_see_them(tmp_path: Path) -> None:
    rows = ((), (), HEADER, ("", *DATA[0][1:]))
    result = take_in(workbook(tmp_path / "a.xlsx", rows))
    assert result.refused[0].row.number == 4


@pytest.mark.parametrize("header", [(), (("0", "1", "2", "3"),), (("A甲", "B乙", "C丙", "D丁"),)])
def test_columns_without_usable_headers_are_told_by_content(tmp_path: Path, header: Rows) -> None:
    result = take_in(workbook(tmp_path / "a.xlsx", (*header, *DATA)))
    assert result.report.created == 3
    assert {entry.field for entry in result.mapping} == {"title", "company", "wage", "place"}
    assert {entry.how for entry in result.mapping} == {"content"}


def test_a_header_again_is_left_out_and_another_one_is_obeyed(tmp_path: Path) -> None:
    turned = ("公司名称", "职位名称", "工资", "地区")
    rows = (HEADER, DATA[0], HEADER, DATA[1], turned, (DATA[2][1], DATA[2][0], *DATA[2][2:]))
    store = Store()
    result = take_in(text_file(tmp_path / "a.csv", rows, "utf-8"), store)
    assert result.report.rows == 3
    assert store.kept["焊工"][1] == DATA[2][1]


def test_one_column_may_say_schooling_and_experience(tmp_path: Path) -> None:
    rows = (("职位名称", "学历"), *((f"工人{n}", "3-5年本科") for n in range(4)))
    result = take_in(text_file(tmp_path / "a.csv", rows, "utf-8"))
    assert result.report.mapping["学历"] == "education+experience"


def test_pivots_empty_and_repeated_sheets_are_left_out_with_a_note(tmp_path: Path) -> None:
    pivot = (("行标签", "计数项:地区"), ("深圳", 93))
    again = ((*HEADER, "备注"), *((*row, "同上") for row in DATA))
    result = take_in(workbook(tmp_path / "a.xlsx", (HEADER, *DATA), pivot, (), again))
    assert result.report.rows == 3
    assert [sheet for sheet, _ in result.report.notes] == ["Sheet2", "Sheet4"]


def test_unknown_columns_are_listed_and_kept(tmp_path: Path) -> None:
    seen: list[SheetRow] = []

    def keep(row: SheetRow) -> tuple[str, ...] | list[RowError]:
        seen.append(row)
        return parse(row)

    path = text_file(tmp_path / "a.csv", ((*HEADER, "车间"), (*DATA[0], "三号")), "utf-8")
    store = Store()
    result = run_import(store, ImportSpec("test", FIELDS, keep, store.apply), path)
    assert result.report.unmapped == ("车间",)
    assert seen[0].extra == {"车间": "三号"}
    assert seen[0].number == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_refused_rows_come_back_mended_go_in(tmp_path: Path, ending: str) -> None:
    rows = (HEADER, DATA[0], ("", *DATA[1][1:]), DATA[2])
    result = take_in(text_file(tmp_path / "a.csv", rows, "gb18030"))
    assert (result.report.created, result.report.refused) == (2, 1)
    assert result.refused[0].row.number == 3
    back = tmp_path / f"errors.{ending}"
    write_errors(back, result, lambda message, **_: message)
    (table,) = read_tables(back)
    cells = [row for _, row in table.rows]
    assert cells[0] == (*HEADER, "Why it was refused")
    assert cells[1][-1] == "Fill in the job title."
    mended = [cells[0], ("缝纫工", *cells[1][1:])]
    again = take_in(text_file(tmp_path / "mended.csv", mended, "utf-8"))
    assert (again.report.created, again.report.refused) == (1, 0)


def test_a_second_run_and_a_run_after_a_kill_change_nothing_more(tmp_path: Path) -> None:
    rows = (HEADER, *((f"普工{n}", *DATA[0][1:]) for n in range(10)))
    path = text_file(tmp_path / "a.csv", rows, "utf-8")
    whole, killed = Store(), Store(fail_at=2)
    take_in(path, whole, batch=3)
    with pytest.raises(KeyboardInterrupt):
        take_in(path, killed, batch=3)
    assert len(killed.kept) == 6
    killed.fail_at = 0
    resumed = take_in(path, killed, batch=3).report
    assert (resumed.created, resumed.unchanged) == (4, 6)
    assert killed.kept == whole.kept
    second = take_in(path, whole, batch=3).report
    assert (second.created, second.updated, second.unchanged) == (0, 0, 10)


def test_a_preview_keeps_nothing_but_counts(tmp_path: Path) -> None:
    store = Store()
    path = text_file(tmp_path / "a.csv", (HEADER, *DATA), "utf-8")
    assert take_in(path, store, dry_run=True).report.created == 3
    assert store.kept == {}


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = text_file(tmp_path / "a.csv", (HEADER, *DATA), "utf-8")
    take_in(path, batch=1, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (4, 4)
    assert steps == sorted(steps)


def test_a_file_nobody_can_use_is_refused_in_words(tmp_path: Path) -> None:
    def refused(name: str, data: bytes, kind: type[UnreadableFile]) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(kind):
            read_tables(path)

    refused("empty.xlsx", b"", FileEmpty)
    refused("page.xls", b"<html><table></table></html>", FileIsWebPage)
    refused("broken.xlsx", b"PK\x03\x04" + b"\x00" * 100, UnreadableFile)
    refused("broken.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 100, UnreadableFile)
    refused("picture.csv", bytes(range(9)) * 200, UnreadableFile)


def test_macros_bombs_and_long_files_are_refused(tmp_path: Path) -> None:
    macro = tmp_path / "macro.xlsx"
    with zipfile.ZipFile(macro, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/vbaProject.bin", "")
    with pytest.raises(FileHasMacros):
        read_tables(macro)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 30_000_000)
    with pytest.raises(FileTooBig):
        read_tables(bomb)
    path = text_file(tmp_path / "long.csv", [HEADER] * 12, "utf-8")
    with pytest.raises(FileTooBig):
        read_tables(path, Limits(rows=10))
    with pytest.raises(NoKnownColumn):
        take_in(text_file(tmp_path / "other.csv", (("a", "b"), ("c", "d")), "utf-8"))


def test_long_numbers_come_out_damaged_and_short_ones_whole(tmp_path: Path) -> None:
    (table,) = read_tables(workbook(tmp_path / "a.xlsx", ((5.22e17, 19952830001, 1.5),)))
    assert next(table.rows)[1] == ("5.22000000000000E+17", "19952830001", "1.5")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1))
def test_csv_cells_survive_the_neutralising(cells: list[str]) -> None:
    stream = io.BytesIO()
    write_csv(stream, [Column("h")] * len(cells), [cells, ["=1+1", *cells[1:]]])
    found = text_rows(stream.getvalue())
    assert found is not None
    rows = list(found)
    if len(cells) > 1:
        assert rows[1] == tuple(cells)
        assert b"\n=1+1" not in stream.getvalue()


def test_no_written_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]
    write_table(path, [Column("值", text=True)], [[cell] for cell in nasty])
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    (table,) = read_tables(path)
    assert [cells[0] for _, cells in table.rows][1:] == nasty


def test_a_template_holds_its_lists_out_of_sight(tmp_path: Path, app: object) -> None:
    path = tmp_path / "template.xlsx"
    assert app
    write_template(path, [Column("性别", choices=("男", "女")), Column("证件号", text=True)], ["…"])
    assert len(CalamineWorkbook.from_path(str(path)).sheet_names) == 3
    tables = read_tables(path)
    assert [cells for _, cells in tables[0].rows] == [("性别", "证件号")]
    assert len(tables) == 2


def test_a_workbook_of_refused_rows_and_notes_goes_in_again_as_it_is(tmp_path: Path) -> None:
    store = Store()

    def apply(session: Session, drafts: list[tuple[str, ...]]) -> list[Outcome]:
        done = store.apply(session, drafts)
        return [Outcome(one.kind, notes=("The wage is not clear.",)) for one in done]

    spec = ImportSpec("test", FIELDS, parse, apply)
    rows = [
        *DATA,
        ("", "贵州某丁有限公司", "面议", "毕节"),
        ("", "贵州某戊有限公司", "面议", "都匀"),
    ]
    first = run_import(store, spec, workbook(tmp_path / "a.xlsx", [HEADER, *rows]))
    assert (first.report.created, first.report.refused, first.report.noted) == (3, 2, 3)
    assert first.report.note_counts == {"The wage is not clear.": 3}
    assert [note.number for note in first.row_notes] == [2, 3, 4]

    back = tmp_path / "errors.xlsx"
    write_errors(back, first, lambda message, **_: message)
    book = CalamineWorkbook.from_path(str(back))
    refused, notes = (book.get_sheet_by_index(i).to_python() for i in (0, 1))
    assert notes[1] == ["The wage is not clear.", "Sheet1", 2]
    again = run_import(store, spec, back)
    assert (again.report.rows, again.report.refused) == (2, 2)

    refused[1][0] = "电工"
    mended = workbook(tmp_path / "mended.xlsx", refused, notes)
    second = run_import(store, spec, mended)
    assert (second.report.created, second.report.unchanged, second.report.refused) == (1, 0, 1)
    write_errors(back, second, lambda message, **_: message)
    head = CalamineWorkbook.from_path(str(back)).get_sheet_by_index(0).to_python()[0]
    assert head == [*HEADER, "Why it was refused"]


def test_an_import_can_be_stopped_and_gone_on_with(tmp_path: Path) -> None:
    store = Store()
    rows = [(f"第{n}种普工", "贵州某甲有限公司", "面议", "毕节") for n in range(1_300)]
    path = workbook(tmp_path / "a.xlsx", [HEADER, *rows])
    seen: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        seen.append((done, total))

    stopped = take_in(path, store, batch=400, progress=tell, stop=lambda: len(seen) == 2).report
    assert (stopped.stopped, stopped.created, stopped.rows) == (True, 800, 800)
    assert [done for done, _total in seen] == [501, 1001]
    rest = take_in(path, store, batch=400).report
    assert (rest.created, rest.unchanged, rest.stopped) == (500, 800, False)


def test_the_process_a_file_is_opened_in_starts_without_web_and_database() -> None:
    look = "import jobfair.kit.sheets.child, sys; print(*sorted(sys.modules))"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "jobfair.kit.sheets.child" in loaded
    assert not loaded & {"flask", "flask_babel", "sqlalchemy", "numpy"}
