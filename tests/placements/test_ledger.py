"""A county's transfer ledger from a file: columns of several kinds, refusals, a second run."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Precision, Recorder
from jobfair.kit.sheets.importing import ImportResult, run_import
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.occupations.core.resolver import Occupations
from jobfair.placements import queries
from jobfair.placements.rules import reading
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EndReason, Stage
from jobfair.placements.services.ledger import UNREGISTERED, ledger_spec
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


def take_in(database: Database, path: Path, *, division: str | None = "520502") -> ImportResult:
    with database.reading() as session:
        gazetteer = regions.gazetteer(session)
    places = places_of(gazetteer, Occupations(()), default=division)
    spec = ledger_spec(places, Recorder(), scope_division=division)
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
    assert (report.rows, report.created, report.drafts, report.refused) == (6, 3, 1, 3)
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
    assert (again.created, again.updated, again.unchanged, again.refused) == (0, 0, 3, 3)
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
    assert reading.NO_PLACEMENT in said


def test_an_end_told_later_closes_the_placement(database: Database, tmp_path: Path) -> None:
    take_in(database, write(tmp_path / "三月.xlsx", [Line(1, ORGANISED).cells()]))
    ended = (*ORGANISED[:-1], "2010年12月")
    report = take_in(database, write(tmp_path / "十二月.xlsx", [Line(1, ended).cells()])).report
    assert (report.created, report.updated) == (0, 1)
    (row,) = placements(database)
    assert row.ended_on == date(2010, 12, 1)


def test_a_clerk_writes_only_people_of_the_own_county(database: Database, tmp_path: Path) -> None:
    take_in(database, write(tmp_path / "三月.xlsx", [Line(1, ORGANISED).cells()]))
    ended = Line(1, (*ORGANISED[:-1], "2010年12月"))
    later = Line(1, ("", "", "", "贵州省贵阳市", "2011-02-20", "某公司", "", "", ""))
    path = write(tmp_path / "台账.xlsx", [ended.cells(), later.cells()])
    result = take_in(database, path, division="520521")
    assert (result.report.created, result.report.updated, result.report.refused) == (0, 0, 2)
    assert "another office" in reasons(result)[0]
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


def test_every_column_of_the_samples_is_known_or_left_alone(database: Database) -> None:
    """Headers of real forms, by their words; see the header samples of three systems."""
    known = {alias for aliases in reading.HEADERS.values() for alias in aliases}
    assert {"务工所在县", "务工企业名称", "就业渠道", "开始时间", "结束时间"} <= known
    assert {"转移就业地点", "转移就业产业类别", "转移就业从事行业", "月收入"} <= known
    assert {"就业单位", "就业地点", "主要从事工种", "年收入（万元）"} <= known
    assert database.dialect


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
        ("", "", Channel.SELF_ARRANGED),
    ],
)
def test_channels(organised: str, channel: str, expected: Channel) -> None:
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
    assert reading.works_away(status="", working="未务工") is False
    assert reading.works_away(status="", working="已务工") is True
    assert not reading.works_away(status="02", working="")
    assert not reading.works_away(status="", working="否")
    assert reading.works_away(status="04", working="")
    assert reading.read_reason("回家过年") is EndReason.SEASONAL


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
