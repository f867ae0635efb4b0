"""What a ledger says of households goes on record, and what of its work does not fit is told."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from jobfair.kit.db import Database
from jobfair.ledgers.queries import open_told
from jobfair.ledgers.queries.lines import told_lines
from jobfair.ledgers.rules.reading import (
    BAD_MONTHS,
    INCOME_WITHOUT_MONTHS,
    MONTHS_WITHOUT,
    NO_DIRECT,
    NO_PLACE,
)
from jobfair.placements.queries import PlacementFilter, list_placements
from jobfair.placements.rules.events import TooYoung
from jobfair.seekers.queries import find_by_id_numbers, household_records, households_of
from jobfair.seekers.rules.drafts import TOO_YOUNG
from jobfair.seekers.rules.household import ODD_CAPACITY, Household
from jobfair.seekers.rules.reading import ID_KIND_DIFFERS, SEX_DIFFERS
from tests.ledgers.factory import kinds, line, take_in, told, workbook
from tests.ledgers.test_pages import confirm, tiles, upload
from tests.planted import person

SignIn = Callable[..., FlaskClient]
SAID = {
    "户编号": "5205020001",
    "与户主关系": "户主之子",
    "劳动能力": "技能劳动力",
    "脱贫状态": "已脱贫",
    "脱贫时间": "2019年12月",
    "采集日期": "2026-03-20",
}
KEPT = Household(
    household_no="5205020001",
    relation="20",
    household_since=date(2026, 3, 20),
    labour_capacity="skilled",
    labour_capacity_since=date(2026, 3, 20),
    exit_state="lifted",
    exit_since="2019-12",
)


def household(database: Database, n: int) -> Household:
    with database.reading() as session:
        [seeker] = find_by_id_numbers(session, [person(n).id_number]).values()
        return households_of(session, [seeker])[seeker]


def notes(database: Database, folder: Path, **cells: str) -> set[str]:
    return set(take_in(database, folder, [line(1, **cells)]).report.note_counts)


def test_the_household_goes_on_record_and_a_later_survey_is_kept_beside_the_earlier(
    database: Database, tmp_path: Path
) -> None:
    assert kinds(take_in(database, tmp_path, [line(1, **SAID)])) == (1, 0, 0, 0)
    assert household(database, 1) == KEPT
    assert kinds(take_in(database, tmp_path, [line(1, **SAID)])) == (0, 0, 1, 0)
    later = {"劳动能力": "丧失劳动能力", "采集日期": "2026-09-01"}
    assert kinds(take_in(database, tmp_path, [line(1, **SAID | later)])) == (0, 1, 0, 0)
    with database.reading() as session:
        [seeker] = find_by_id_numbers(session, [person(1).id_number]).values()
        first, second = household_records(session, seeker)
    assert first.said == KEPT
    assert (second.said.labour_capacity, second.said.labour_capacity_since) == (
        "none",
        date(2026, 9, 1),
    )
    assert second.said.household_since == date(2026, 3, 20), "the same does not begin anew"
    assert first.at < second.at


def test_another_countys_ledger_does_not_write_the_household(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, [line(1, **SAID)])
    take_in(database, tmp_path, [line(1, **SAID | {"劳动能力": "无"})], scope="520521")
    assert household(database, 1) == KEPT


def test_the_household_is_given_out_and_reads_back_without_a_change(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    confirm(clerk, upload(clerk, workbook([line(1, **SAID)]).getvalue()))
    file = clerk.post("/ledgers/give-out?state=all", data={"reason": "contact"}).data
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    cells = dict(zip(head, row, strict=True))
    assert {name: cells[name] for name in SAID} == SAID | {
        "与户主关系": "子",
        "脱贫时间": "2019-12",
    }
    assert tiles(confirm(clerk, upload(clerk, file))) == [1, 0, 0, 1, 0, 0]
    assert household(database, 1) == KEPT


def test_a_verdict_is_kept_and_never_its_reason(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, [line(1, 劳动能力="肢体残疾，无劳动能力", 社保="工伤")])
    result = take_in(database, tmp_path, [line(2, 劳动能力="肢体残疾")])
    assert household(database, 1).labour_capacity == "none"
    assert household(database, 2).labour_capacity is None
    assert result.report.note_counts[ODD_CAPACITY] == 1
    with database.reading() as session:
        placed = [row.id for row in list_placements(session, PlacementFilter())]
        lines = [open_told(*one) for one in told_lines(session, placed).values()]
    assert lines
    assert "残疾" not in str(lines)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"务工时间（月）": "13"}, BAD_MONTHS),
        ({"务工时间（月）": "半年多"}, BAD_MONTHS),
        ({"转移就业时间": ""}, INCOME_WITHOUT_MONTHS),
        ({"务工时间（月）": "8", "月收入": ""}, MONTHS_WITHOUT["income"]),
        ({"务工时间（月）": "8", "转移就业地点": ""}, MONTHS_WITHOUT["workplace"]),
        ({"务工时间（月）": "8个月", "单位名称": ""}, MONTHS_WITHOUT["employer"]),
        ({"是否有组织劳务输出": "是"}, NO_DIRECT),
        ({"证件类型": "残疾人证"}, ID_KIND_DIFFERS),
        ({"证件类型": "护照"}, ID_KIND_DIFFERS),
    ],
)
def test_what_does_not_fit_together_is_told(
    database: Database, tmp_path: Path, cells: dict[str, str], expected: str
) -> None:
    assert expected in notes(database, tmp_path, **cells)


def test_nothing_is_told_of_what_fits(database: Database, tmp_path: Path) -> None:
    fits = {"务工时间（月）": "8", "证件类型": "居民身份证", "是否点对点输送": "否"}
    assert notes(database, tmp_path, **fits) == set()


def test_what_cannot_be_is_refused_and_says_why(database: Database, tmp_path: Path) -> None:
    rows = [
        line(1, 性别="女"),
        line(2, 单位名称="", 转移就业地点=""),
        line(3, 转移就业时间="2005-03-08", **{"岗位/工种": "公益性岗位保洁员"}),
        line(4, 身份证号=person(4, born=date(2015, 1, 1)).id_number),
        line(5, 身份证号=f"{person(5).id_number}4"),
    ]
    result = take_in(database, tmp_path, rows)
    assert kinds(result) == (0, 0, 0, 5)
    said = told(result)
    for reason in (SEX_DIFFERS, NO_PLACE, TOO_YOUNG, TooYoung.message.partition("%")[0]):
        assert reason in said, reason
    assert re.search("17 digits", said)
    with database.reading() as session:
        assert list_placements(session, PlacementFilter()) == []
