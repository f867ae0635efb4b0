"""A county's transfer ledger from a file: columns of several kinds, refusals, a second run."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Precision, Recorder
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.headers import Headers
from jobfair.kit.sheets.importing import ImportResult, run_import
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.ledgers.rules import reading
from jobfair.ledgers.rules.rows import FIELDS
from jobfair.ledgers.rules.words import State
from jobfair.ledgers.services.taking_in import JOINED, UNREGISTERED, Incoming, ledger_spec
from jobfair.occupations.core.resolver import Occupations
from jobfair.placements import queries
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EndReason, Stage
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.services.importing import places_of
from tests.placements.factory import make_placement
from tests.planted import person

HEAD = (
    "乡镇",
    "行政村",
    "姓名",
    "身份证号",
    "电话",
    "是否建档立卡",
    "就业状态",
    "是否有组织劳务输出",
    "就业渠道",
    "务工地域",
    "转移就业地点",
    "转移就业时间",
    "单位名称",
    "岗位/工种",
    "月收入",
    "返乡时间",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger under HEAD."""

    n: int
    work: tuple[str, ...]
    status: str = "转移就业"

    def cells(self) -> list[str]:
        who = person(self.n)
        return ["", "", who.name, who.id_number, who.phone, "是", self.status, *self.work]


ORGANISED = (
    "是",
    "劳务协作",
    "省外",
    "广东省深圳市宝安区",
    "2010年3月",
    "某厂",
    "普工",
    "1800",
    "",
)
ALONE = ("否", "自发", "省外", "广东省东莞市", "2010.4.2", "某鞋厂", "车工", "2000", "2010-12-20")
NO_DAY = ("否", "自发", "省外", "浙江省", "", "某建筑工地", "", "", "")
CHILD = ("否", "自发", "省外", "浙江省", "2005-01-01", "某工地", "", "", "")
BAD_DAY = ("否", "自发", "省外", "浙江省", "2010-13-01", "某工地", "", "", "")
ROWS = (
    Line(1, ORGANISED),
    Line(2, ALONE),
    Line(3, NO_DAY),
    Line(4, CHILD),
    Line(5, BAD_DAY),
    Line(6, ORGANISED, status="务农"),
)


def write(path: Path, rows: list[list[str]], head: tuple[str, ...] = HEAD) -> Path:
    write_table(path, [Column(title, text=True) for title in head], rows)
    return path


def take_in(
    database: Database,
    path: Path,
    *,
    division: str | None = "520502",
    confirmed: Collection[str] = (),
) -> ImportResult:
    incoming = Incoming(new_key(), path.name, Recorder(), scope=division, confirmed=confirmed)
    with database.reading() as session:
        places = places_of(regions.gazetteer(session), Occupations(()), default=division)
        spec = ledger_spec(session, places, incoming)
    return run_import(database, spec, path)


def reasons(result: ImportResult) -> list[str]:
    return [error.reason for row in result.refused for error in row.errors]


def placements(database: Database) -> list[queries.PlacementRow]:
    with database.reading() as session:
        return queries.list_placements(session, queries.PlacementFilter())


def test_a_ledger_is_taken_in_and_a_second_run_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    path = write(tmp_path / "台账.xlsx", [line.cells() for line in ROWS])
    report = take_in(database, path).report
    assert (report.rows, report.created, report.drafts, report.refused) == (6, 4, 1, 2)
    found = {row.title: row for row in placements(database)}
    organised, alone, unknown = found["普工"], found["车工"], found[""]
    assert (organised.channel, organised.started_on) == (Channel.ORGANISED, date(2010, 3, 1))
    assert organised.workplace_division == "440306"
    assert organised.household_category == "registered_poor"
    assert organised.wage_fen == 180_000
    assert (alone.channel, alone.ended_on) == (Channel.SELF_ARRANGED, date(2010, 12, 20))
    assert alone.destination == Destination.OUT_OF_PROVINCE
    assert unknown.started_on is None
    again = take_in(database, path).report
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 4, 2)
    with database.reading() as session:
        lines = queries.person_lines(session, organised.seeker_id)
        rows = queries.exported_rows(session, as_of=date(2010, 12, 31))
    assert lines[0].events[0].event.precision is Precision.MONTH
    assert {row.placement_id for row in rows} == {organised.id, alone.id}


def test_refused_rows_say_why(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "台账.xlsx", [line.cells() for line in ROWS])
    said = " ".join(reasons(take_in(database, path)))
    assert "under 16" in said
    assert reading.BAD_START in said


def test_an_end_told_later_closes_the_placement(database: Database, tmp_path: Path) -> None:
    take_in(database, write(tmp_path / "三月.xlsx", [Line(1, ORGANISED).cells()]))
    ended = (*ORGANISED[:-1], "2010年12月")
    report = take_in(database, write(tmp_path / "十二月.xlsx", [Line(1, ended).cells()])).report
    assert (report.created, report.updated) == (0, 1)
    (row,) = placements(database)
    assert row.ended_on == date(2010, 12, 1)


def test_a_clerk_writes_nothing_into_records_of_another_county(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, write(tmp_path / "三月.xlsx", [Line(1, ORGANISED).cells()]))
    ended = Line(1, (*ORGANISED[:-1], "2010年12月"))
    later = Line(1, ("", "", "", "贵州省贵阳市", "2011-02-20", "某公司", "", "", ""))
    path = write(tmp_path / "台账.xlsx", [ended.cells(), later.cells()])
    result = take_in(database, path, division="520521")
    assert (result.report.created, result.report.updated, result.report.refused) == (2, 0, 0)
    assert result.report.note_counts[JOINED] == 2
    (row,) = placements(database)
    assert row.ended_on is None


def test_the_monthly_survey_with_its_title_rows(database: Database, tmp_path: Path) -> None:
    head = [
        *("县", "乡", "行政村", "户编号", "户类型", "证件号码", "是否已务工", "务工所在县"),
        *("务工企业名称", "就业渠道", "开始时间", "结束时间"),
    ]
    known, stranger = person(1), person(2)
    register = write(tmp_path / "a.xlsx", [Line(1, NO_DAY).cells()])
    take_in(database, register)

    def cells(number: str) -> list[str]:
        return [
            *("七星关区", "", "", "1", "脱贫户", number, "是", "广东省深圳市龙岗区", "某公司"),
            *("劳务协作有组织输出", "2011-02-20", ""),
        ]

    path = tmp_path / "务工月监测.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(["务工月监测已外出务工信息"])
        out.writerow(["填报单位:某县"])
        out.writerow(head)
        out.writerows([cells(known.id_number), cells(stranger.id_number)])
    result = take_in(database, path)
    assert result.report.refused == 2, result.report
    said = reasons(result)
    assert UNREGISTERED in said
    # The first is on record with a placement that has no first day: to be completed, not doubled.
    assert any("is on post at" in reason for reason in said), said


def test_the_headers_of_real_forms_are_known() -> None:
    """By their words; see the header samples of three systems and the ministry's item codes."""
    headers = Headers(FIELDS)
    meant = {
        **dict.fromkeys(("务工所在县", "转移就业地点", "就业地点"), "workplace"),
        **dict.fromkeys(("务工企业名称", "就业单位", "AAB004"), "employer"),
        **dict.fromkeys(("姓名", "AAC003", "aac003"), "name"),
        **dict.fromkeys(("身份证号码", "AAC147", "AAC002"), "id_number"),
        **dict.fromkeys(("主要从事工种", "从事工种"), "title"),
        **dict.fromkeys(("参保情况", "社保"), "insurance"),
        **dict.fromkeys(("填报人", "AAE011"), "collector"),
        **dict.fromkeys(("填报日期", "AAE036"), "collected_on"),
        "名族": "ethnic_group",
        "年收入（万元）": "yearly_income",
        "外出务工月收入": "monthly_income",
        "户编号": "household_no",
        "户主": "head_name",
        "ACC455": "way",
        "ACC987": "transfer",
        "转移就业产业类别": "sector",
        "外出就业意向": "wishes",
        "AAC033": "health",
    }
    assert {word: headers.find(word)[0][0] for word in meant} == meant


@pytest.mark.parametrize(
    ("organised", "channel", "expected"),
    [
        ("是", "", Channel.ORGANISED),
        ("", "1", Channel.ORGANISED),
        ("", "2", Channel.SELF_ARRANGED),
        ("", "自发转移", Channel.SELF_ARRANGED),
        ("", "政府组织转移", Channel.ORGANISED),
        ("否", "企业组织", Channel.ASSISTED),
        ("", "招聘会", Channel.ASSISTED),
        ("否", "", Channel.SELF_ARRANGED),
        ("", "", None),
    ],
)
def test_channels(organised: str, channel: str, expected: Channel | None) -> None:
    assert reading.read_channel(organised=organised, direct="", channel=channel) is expected


def test_words_of_ledgers() -> None:
    assert reading.read_area("县外市内") is Destination.IN_PREFECTURE
    assert reading.read_area("省内县外") is Destination.IN_PROVINCE
    assert reading.read_area("境外") is Destination.ABROAD
    assert reading.read_area("") is None
    assert reading.read_income("", "2.4") == 200_000
    assert reading.read_income("3500元", "") == 350_000
    assert reading.read_income("35", "") is None
    assert reading.read_income("", "24000元/年") == 200_000
    assert reading.read_income("", "3万-4万") == 250_000
    assert reading.read_workplace("东莞市", "广东省") == "广东省东莞市"
    assert reading.read_workplace("广东东莞", "广东省") == "广东东莞"
    assert reading.read_reason("回家过年") is EndReason.SEASONAL


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("state", "01 转移就业", State.EMPLOYED),
        ("state", "02", State.OWN_BUSINESS),
        ("transfer", "02", State.IDLE),
        ("transfer", "05", State.OWN_BUSINESS),
        ("state", "04", State.EMPLOYED),
        ("state", "99", State.IDLE),
        ("state", "返乡创业", State.OWN_BUSINESS),
        ("working", "未务工", State.IDLE),
        ("working", "已务工", State.EMPLOYED),
        ("working", "", None),
    ],
)
def test_states_by_words_and_by_the_codes_of_two_lists(
    column: str, text: str, expected: State | None
) -> None:
    """02 is a business of one's own in the form's list and farming in the ministry's ACC987."""
    said = {"state": "", "transfer": "", "working": ""} | {column: text}
    assert reading.read_state(**said) is expected


def test_people_of_the_ledger_are_registered_and_employed(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, write(tmp_path / "台账.xlsx", [Line(1, ORGANISED).cells()]))
    (row,) = placements(database)
    with database.reading() as session:
        found = seekers.find_seeker(session, row.seeker_id)
        (line,) = queries.person_lines(session, row.seeker_id)
    assert found is not None
    assert found.source == "ledger"
    assert found.employed_since == date(2010, 3, 1)
    assert line.state.stage is Stage.ON_POST
    make_placement(database, row.seeker_id, main=False)
