"""Vacancy files in the shapes that boards, offices and employers write them, all read the same."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from jobfair.employers import queries
from jobfair.employers.cli import import_positions
from jobfair.employers.queries import PositionFilter, PositionRow
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal

Rows = Sequence[Sequence[str]]
HEADERS = ("岗位名称", "单位名称", "招聘人数", "薪资", "工作地点", "学历要求", "工作经验")
ROWS: tuple[tuple[str, ...], ...] = (
    ("普工", "春风电子有限公司", "50人", "4500-6000元/月", "深圳市龙岗区", "初中", "经验不限"),
    ("焊工", "七星机械厂", "5", "200元/天 日结", "毕节市七星关区", "不限", "1-3年"),
    ("保安员", "平安物业有限公司", "若干", "面议", "东莞", "高中", "无经验"),
    ("会计", "好账财务咨询有限公司", "1", "5-8K·13薪", "贵阳市南明区", "大专", "3年以上"),
)
READ = {
    "普工": (50, 450_000, 600_000, "monthly", None, "440307", "71", 0),
    "焊工": (5, 435_000, 435_000, "daily", None, "520502", "90", 1),
    "保安员": (None, None, None, "negotiable", None, "4419", "61", 0),
    "会计": (1, 500_000, 800_000, "monthly", 13, "520102", "31", 3),
}


@pytest.fixture(autouse=True)
def speaking() -> Iterator[None]:
    with Terminal("en").speaking():
        yield


def _said(row: PositionRow) -> tuple[object, ...]:
    return (
        row.headcount,
        row.wage_low,
        row.wage_high,
        row.pay_type,
        row.pay_months,
        row.workplace_division,
        row.min_education,
        row.min_experience_years,
    )


def _taken(database: Database, file: Path) -> dict[str, PositionRow]:
    import_positions(database, file)
    with database.reading() as session:
        rows = queries.list_positions(session, PositionFilter(), limit=None)
    return {row.title: row for row in rows}


def _text(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / "positions.csv"
        path.write_bytes("\n".join(separator.join(row) for row in rows).encode(encoding))
        return path

    return write


def _ods(folder: Path) -> Path:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in (HEADERS, *ROWS)
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    path = folder / "positions.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0" office:version="1.2">'
            f'<office:body><office:spreadsheet><table:table table:name="Sheet1">{cells}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


def _workbook(folder: Path) -> Path:
    """A merged title, two empty columns in front, a hidden row and a sheet of explanations."""
    path = folder / "positions.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("岗位")
    sheet.merge_range("C1:I1", "招聘会岗位汇总表（第三场）")
    sheet.write("C2", "主办单位：人力资源和社会保障局")
    for number, row in enumerate((HEADERS, *ROWS), start=3):
        for column, cell in enumerate(row, start=2):
            sheet.write(number, column, int(cell) if cell.isdecimal() else cell)
    sheet.set_row(5, None, None, {"hidden": True})
    book.add_worksheet("说明").write(0, 0, "填表说明：请按要求填写")
    book.close()
    return path


_OTHER_WORDS = ("招工岗位", "用工企业", "需求数", "薪酬水平", "上班地址", "文化要求", "从业年限")
_TRADITIONAL = ("職位名稱", "公司名稱", "招聘人數", "薪資待遇", "工作地點", "學歷要求", "工作經驗")
_ENGLISH = ("Job Title", "Company", "Vacancies", "Salary", "Location", "Education", "Experience")
_BOARD = (
    "jobName",
    "brandName",
    "headcount",
    "salaryDesc",
    "cityName",
    "jobDegree",
    "jobExperience",
)
_STARRED = tuple(f"*{header}（必填）" for header in HEADERS)
_LABELS = ("职位", "公司", "招聘人数", "薪资", "工作地点", "学历", "经验")
SHAPES: dict[str, Callable[[Path], Path]] = {
    "other words": _text((_OTHER_WORDS, *ROWS)),
    "traditional characters": _text((_TRADITIONAL, *ROWS)),
    "English headers": _text((_ENGLISH, *ROWS)),
    "a board's field names": _text((_BOARD, *ROWS)),
    "starred headers": _text((_STARRED, *ROWS)),
    "no header": _text((*ROWS, *ROWS, *ROWS)),
    "numbered columns": _text((tuple(f"col{n}" for n in range(1, 8)), *ROWS, *ROWS, *ROWS)),
    "titles above the header": _text(
        (("岗位汇总表",), ("填报单位：某局", "", "2026"), HEADERS, *ROWS)
    ),
    "two rows of headers": _text((("岗位信息", "", "", "待遇", "", "要求", ""), HEADERS, *ROWS)),
    "the header repeated": _text((HEADERS, *ROWS[:2], HEADERS, *ROWS[2:])),
    "tabs in UTF-16": _text((HEADERS, *ROWS), "\t", "utf-16"),
    "semicolons": _text((HEADERS, *ROWS), ";"),
    "bars in GB18030": _text((HEADERS, *ROWS), "|", "gb18030"),
    "on its side": _text(tuple(zip(HEADERS, *ROWS, strict=True))),
    "labelled cells": _text(
        [[f"{k}：{v}" for k, v in zip(_LABELS, row, strict=True)] for row in ROWS]
    ),
    "labels in one text": _text(
        [[" ".join(f"{k}：{v}" for k, v in zip(_LABELS, row, strict=True))] for row in ROWS], "\t"
    ),
    "a record of lines": _text(
        [[f"{k}：{v}"] for row in ROWS for k, v in zip(_LABELS, row, strict=True)], "\t", "gb18030"
    ),
    "ods": _ods,
    "merged title, empty columns": _workbook,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_any_shape_says_the_same(shape: str, database: Database, tmp_path: Path) -> None:
    taken = _taken(database, SHAPES[shape](tmp_path))
    assert {title: _said(row) for title, row in taken.items()} == READ
    assert {row.employer_name for row in taken.values()} == {row[1] for row in ROWS}


def test_an_employer_merged_over_its_positions_belongs_to_each(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for column, header in enumerate(("企业名称", "岗位", "工资")):
        sheet.write(0, column, header)
    for number, title in enumerate(("普工", "仓管员", "质检员"), start=1):
        sheet.write(number, 1, title)
        sheet.write(number, 2, "5000左右")
    sheet.merge_range(1, 0, 3, 0, "春风电子有限公司")
    book.close()
    taken = _taken(database, path)
    assert {title: row.employer_name for title, row in taken.items()} == dict.fromkeys(
        ("普工", "仓管员", "质检员"), "春风电子有限公司"
    )


def test_the_header_gives_the_unit_of_the_pay(database: Database, tmp_path: Path) -> None:
    rows = (
        ("岗位", "单位", "年薪（万元）"),
        ("总监", "春风科技", "30-50"),
        ("经理", "春风科技", "15"),
    )
    taken = _taken(database, _text(rows)(tmp_path))
    assert (taken["总监"].wage_low, taken["总监"].wage_high) == (2_500_000, 4_166_667)
    assert (taken["经理"].pay_type, taken["经理"].wage_low) == ("yearly", 1_250_000)


def test_a_number_shared_by_different_positions_does_not_make_them_one(
    database: Database, tmp_path: Path
) -> None:
    rows = (
        ("编号", "岗位名称", "单位名称", "工资"),
        ("A1", "普工", "春风厂", "5000"),
        ("A1", "焊工", "春风厂", "6000"),
    )
    file = _text(rows)(tmp_path)
    assert set(_taken(database, file)) == {"普工", "焊工"}
    again, _made = import_positions(database, file)
    assert (again.report.created, again.report.updated) == (0, 0)


def test_one_cell_may_hold_place_experience_schooling_and_number(
    database: Database, tmp_path: Path
) -> None:
    rows = (
        ("job_name", "company_name", "providesalary_text", "attribute_text"),
        ("普工", "春风厂", "5-6千/月", "深圳-宝安区 | 3-4年经验 | 大专 | 招2人 | 18-45岁"),
    )
    row = _taken(database, _text(rows, "\t")(tmp_path))["普工"]
    assert (row.workplace_division, row.min_experience_years, row.min_education) == (
        "440306", 3, "31",
    )  # fmt: skip
    assert (row.headcount, row.min_age, row.max_age) == (2, 18, 45)


def test_texts_come_without_tags_and_lists_without_brackets(
    database: Database, tmp_path: Path
) -> None:
    rows = (
        ("职位名称", "公司名称", "薪资", "技能", "福利", "职位描述"),
        (
            "焊工",
            "春风厂",
            "6千",
            "['焊接', '健康证', '包住']",
            "['五险一金', '包吃']",
            "<p>岗位职责：</p>焊接&nbsp;装配<br/>18-45岁",
        ),
    )
    row = _taken(database, _text(rows, "\t")(tmp_path))["焊工"]
    assert row.description == "岗位职责:\n焊接 装配\n18-45岁\n五险一金、包吃"
    assert (row.skills, row.certificates) == (["焊接"], ["健康证"])
    assert (row.lodging, row.meals, row.insurance, row.max_age) == (True, True, True, 45)


def test_ages_in_two_columns_and_offers_in_words(database: Database, tmp_path: Path) -> None:
    rows = (
        (
            "岗位名称",
            "企业名称",
            "最低薪资(元/月)",
            "最高薪资(元/月)",
            "年龄下限",
            "年龄上限",
            "食宿",
        ),
        ("普工", "春风厂", "4000", "6000", "18", "45", "包吃不包住"),
        ("保洁", "春风厂", "3000", "0", "", "55", "食宿自理"),
    )
    taken = _taken(database, _text(rows)(tmp_path))
    worker, cleaner = taken["普工"], taken["保洁"]
    assert (worker.min_age, worker.max_age, worker.wage_high) == (18, 45, 600_000)
    assert (worker.meals, worker.lodging) == (True, False)
    assert (cleaner.meals, cleaner.lodging, cleaner.wage_low) == (False, False, 300_000)


@pytest.mark.parametrize(
    ("city", "more", "division"),
    [
        ("深圳", "南山区", "440305"),
        ("广州", "广州天河区东圃-黄埔大道中309号", "440106"),
        ("长沙", "长沙开福区伍家岭-芙蓉中路", "430105"),
    ],
)
def test_places_in_two_columns_are_read_together(
    database: Database, tmp_path: Path, city: str, more: str, division: str
) -> None:
    rows = (("岗位", "单位", "工资", "城市", "详细地址"), ("普工", "春风厂", "5000", city, more))
    assert _taken(database, _text(rows)(tmp_path))["普工"].workplace_division == division
