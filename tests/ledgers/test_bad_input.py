"""Bad input in a ledger, and the answer to each: refused, asked, read otherwise or joined."""

from datetime import date, timedelta
from pathlib import Path

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Precision, Recorder
from jobfair.ledgers import queries
from jobfair.ledgers.queries import LedgerFilter
from jobfair.ledgers.rules import reading
from jobfair.ledgers.rules.rows import CHANGES, WAGES
from jobfair.ledgers.services.taking_in import JOINED, STILL_ON_POST
from jobfair.placements.queries import PlacementFilter, list_placements, person_lines
from jobfair.placements.queries.lines import PlacementLine
from jobfair.placements.queries.listing import PlacementRow
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EventKind, Stage
from jobfair.placements.services import append_event
from jobfair.seekers.rules.reading import ID_TIDIED
from tests.factories import Make
from tests.ledgers.factory import kinds, line, make_office, take_in, told
from tests.placements.factory import make_placement
from tests.planted import person


def placements(database: Database) -> list[PlacementRow]:
    with database.reading() as session:
        return list_placements(session, PlacementFilter(sort="started"))


def lines(database: Database, seeker_id: int) -> list[PlacementLine]:
    with database.reading() as session:
        return person_lines(session, seeker_id)


def test_an_id_number_that_excel_rounded_is_refused_and_others_go_in(
    database: Database, tmp_path: Path
) -> None:
    rows = [line(1, 身份证号="5.22E+17"), line(2)]
    result = take_in(database, tmp_path, rows)
    assert kinds(result) == (1, 0, 0, 1)
    assert "Excel" in told(result)
    assert result.refused[0].row.cells[1] == "5.22E+17", "what was typed comes back"


def test_an_id_number_in_other_clothes_is_tidied_and_a_wrong_digit_refused(
    database: Database, tmp_path: Path
) -> None:
    number = person(1).id_number
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number[:6]) + " " + number[6:].lower()
    wrong = person(2).id_number[:-1] + ("1" if person(2).id_number[-1] != "1" else "2")
    result = take_in(database, tmp_path, [line(1, 身份证号=f" {wide} "), line(2, 身份证号=wrong)])
    assert kinds(result) == (1, 0, 0, 1)
    assert result.report.note_counts[ID_TIDIED] == 1
    assert person(2).id_number[-1] not in told(result), "the right digit would hide a real error"


DAYS = {
    "2010.3.8": (date(2010, 3, 8), Precision.DAY),
    "2010年3月初": (date(2010, 3, 1), Precision.TEN_DAYS),
    "2010年3月中旬": (date(2010, 3, 11), Precision.TEN_DAYS),
    "2010年3月下旬": (date(2010, 3, 21), Precision.TEN_DAYS),
    "2010年2月": (date(2010, 2, 1), Precision.MONTH),
    "2010年": (date(2010, 1, 1), Precision.YEAR),
}


def test_days_are_kept_as_exactly_as_they_are_written(database: Database, tmp_path: Path) -> None:
    rows = [line(n, 转移就业时间=text, 单位名称=text) for n, text in enumerate(DAYS)]
    take_in(database, tmp_path, rows)
    kept = {}
    for row in placements(database):
        event = lines(database, row.seeker_id)[0].events[0].event
        kept[row.employer_name] = (row.started_on, event.precision)
    assert kept == DAYS


def test_a_day_that_cannot_be_is_refused(database: Database, tmp_path: Path) -> None:
    result = take_in(database, tmp_path, [line(1, 转移就业时间="2026-13-01")])
    assert told(result) == reading.BAD_START
    assert placements(database) == []


def test_a_wage_far_from_usual_is_asked_about(
    database: Database, make: Make, tmp_path: Path
) -> None:
    for n in range(10, 16):
        make_placement(database, make.seeker(n), title="装配工", wage_fen=490_000)
    odd = line(1, **{"月收入": "35000", "岗位/工种": "装配工"})
    yearly = line(2, **{"月收入": "58800", "岗位/工种": "装配工"})
    result = take_in(database, tmp_path, [odd, yearly])
    assert kinds(result) == (0, 0, 0, 2)
    assert "35,000 yuan a month? The median here is 4,900" in told(result)
    assert "If it is a year's pay, enter 4,900" in told(result)
    assert result.report.asked == {WAGES: 2}
    by_row = take_in(database, tmp_path, [odd | {"月收入属实": "是"}])
    by_file = take_in(database, tmp_path, [odd, yearly], confirmed={WAGES})
    assert (kinds(by_row), kinds(by_file)) == ((1, 0, 0, 0), (1, 0, 1, 0))


def test_where_no_wage_is_known_only_a_very_high_one_is_asked_about(
    database: Database, tmp_path: Path
) -> None:
    rows = [line(1, 月收入="35000"), line(2, 月收入="3500"), line(3, 月收入="很多")]
    result = take_in(database, tmp_path, rows)
    assert kinds(result) == (2, 0, 0, 1)
    assert "35,000 yuan a month?" in told(result)
    assert result.report.note_counts[reading.ODD_INCOME] == 1


def test_a_province_alone_counts_in_stock_and_stands_on_the_list_to_be_asked(
    database: Database, tmp_path: Path
) -> None:
    rows = [line(1, 转移就业地点="广东", 务工地域="省外"), line(2)]
    result = take_in(database, tmp_path, rows)
    assert result.report.note_counts[reading.VAGUE_PLACE] == 1
    vague = next(row for row in placements(database) if row.workplace_division == "44")
    assert vague.destination == Destination.OUT_OF_PROVINCE
    with database.reading() as session:
        asked = queries.list_work(session, LedgerFilter(vague=True), limit=9)
        assert queries.count_vague_places(session, "520502") == 1
        assert queries.count_vague_places(session, "520521") == 0
    assert [row.placement_id for row in asked] == [vague.id]


def test_work_that_nobody_arranged_is_self_arranged_and_said_so(
    database: Database, tmp_path: Path
) -> None:
    result = take_in(database, tmp_path, [line(1, 是否有组织劳务输出="", 就业渠道="")])
    assert result.report.note_counts[reading.ASSUMED] == 1
    assert placements(database)[0].channel == Channel.SELF_ARRANGED


def test_a_second_post_while_one_is_open_is_refused_or_a_change_of_employer(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, [line(1)])
    later = line(1, 单位名称="深圳某电子厂", 转移就业时间="2010-08-01")
    refused = take_in(database, tmp_path, [later])
    assert "is on post at 东莞某鞋厂 since 2010-03-08" in told(refused)
    assert refused.report.asked == {CHANGES: 1}
    assert kinds(take_in(database, tmp_path, [later], confirmed={CHANGES})) == (1, 0, 0, 0)
    old, new = placements(database)
    assert (old.ended_on, new.started_on, new.ended_on) == (
        date(2010, 8, 1),
        date(2010, 8, 1),
        None,
    )
    assert kinds(take_in(database, tmp_path, [later])) == (0, 0, 1, 0)


def test_a_row_may_say_itself_that_the_employer_changed(database: Database, tmp_path: Path) -> None:
    rows = [line(1), line(1, 单位名称="深圳某电子厂", 转移就业时间="2010-08-01", 换单位="是")]
    assert kinds(take_in(database, tmp_path, rows)) == (2, 0, 0, 0)
    too_early = line(1, 单位名称="惠州某厂", 转移就业时间="2010-01-01", 换单位="是")
    assert "before" in told(take_in(database, tmp_path, [too_early]))
    assert len(placements(database)) == 2


def test_a_first_day_ahead_is_planned_until_it_comes(database: Database, tmp_path: Path) -> None:
    ahead = (clock.today() + timedelta(days=40)).isoformat()
    result = take_in(database, tmp_path, [line(1, 转移就业时间=ahead)])
    assert result.report.note_counts[reading.STILL_AHEAD] == 1
    (row,) = placements(database)
    assert row.started_on is None
    assert lines(database, row.seeker_id)[0].state.stage is Stage.PLANNED
    with database.reading() as session:
        (shown,) = queries.list_work(session, LedgerFilter(), limit=9)
    assert shown.planned_on == date.fromisoformat(ahead)
    came = line(1, 转移就业时间=clock.today().isoformat())
    assert kinds(take_in(database, tmp_path, [came])) == (0, 1, 0, 0)
    assert placements(database)[0].started_on == clock.today()


def test_the_same_person_by_two_offices_is_one_person_and_one_move(
    database: Database, tmp_path: Path
) -> None:
    home = make_office(database, "520502", "七星关区就业局")
    other = make_office(database, "520521", "大方县就业局")
    take_in(database, tmp_path, [line(1)], office=home)
    in_other_words = line(1, 单位名称="东莞某鞋厂有限公司", 转移就业时间="2010-03-10")
    new_to_home = line(1, 单位名称="深圳某电子厂", 转移就业时间="2011-02-01")
    result = take_in(
        database, tmp_path, [in_other_words, new_to_home], scope="520521", office=other
    )
    assert kinds(result) == (2, 0, 0, 0)
    assert result.report.note_counts[JOINED] == 2
    assert len(placements(database)) == 1, "the other office writes nothing into the record"
    with database.reading() as session:
        total, rows = queries.list_overlaps(session, "520502", limit=9)
        open_ones = queries.count_overlaps(session, "520502")
        assert queries.count_overlaps(session, "520521") == 0
        (sums,) = queries.totals(session, LedgerFilter())
    assert (total, open_ones) == (2, 1)
    assert [(row.office, row.placement_id is None) for row in rows] == [
        ("大方县就业局", True),
        ("大方县就业局", False),
    ]
    assert (sums.persons, sums.moves) == (1, 1)


def test_two_offices_of_one_county_join_the_same_work(database: Database, tmp_path: Path) -> None:
    one = make_office(database, "520502", "甲镇就业站")
    two = make_office(database, "520502", "乙镇就业站")
    take_in(database, tmp_path, [line(1)], office=one)
    again = line(1, 单位名称="东莞某鞋厂有限公司", 转移就业时间="2010-03-15")
    assert kinds(take_in(database, tmp_path, [again], office=two)) == (0, 0, 1, 0)
    assert len(placements(database)) == 1


def test_a_health_finding_is_never_kept(database: Database, tmp_path: Path) -> None:
    result = take_in(database, tmp_path, [line(1, 健康状况="大三阳"), line(2, 健康状况="健康")])
    assert kinds(result) == (2, 0, 0, 0)
    assert result.report.note_counts[reading.HEALTH_LEFT_OUT] == 1


def test_who_does_not_work_is_kept_with_reason_and_wish(database: Database, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("转移就业地点", "转移就业时间", "单位名称", "月收入"), "")
    idle = line(1, **nothing, 转移就业状态="03 暂未就业", 未就业原因="照顾老人", 求职意向="保洁员")
    own = line(2, **nothing, 转移就业状态="02 自主创业")
    assert kinds(take_in(database, tmp_path, [idle, own])) == (2, 0, 0, 0)
    assert kinds(take_in(database, tmp_path, [idle, own])) == (0, 0, 2, 0)
    other_reason = take_in(database, tmp_path, [idle | {"未就业原因": "技能不足"}])
    assert kinds(other_reason) == (0, 1, 0, 0)
    assert placements(database) == []
    with database.reading() as session:
        assert queries.count_work(session, LedgerFilter(state=None)) == (0, 2)
    take_in(database, tmp_path, [line(3)])
    clash = take_in(database, tmp_path, [line(3, **nothing, 转移就业状态="03 暂未就业")])
    assert clash.report.note_counts[STILL_ON_POST] == 1


GRADES: tuple[tuple[dict[str, str], Grade], ...] = (
    ({}, Grade.D),
    ({"数据来源": "估计"}, Grade.E),
    ({"证据等级": "C"}, Grade.C),
    ({"证据等级": "A", "证明材料": "2010-04 社保"}, Grade.A),
    ({"证据等级": "A"}, Grade.D),
)


def test_a_ledger_is_a_cadres_word_unless_it_says_better(
    database: Database, tmp_path: Path
) -> None:
    rows = [line(n, 单位名称=f"第{n}号工地", **cells) for n, (cells, _) in enumerate(GRADES)]
    result = take_in(database, tmp_path, rows)
    assert result.report.note_counts[reading.NO_EVIDENCE] == 1
    kept = {
        row.employer_name: lines(database, row.seeker_id)[0].events[0].event.grade
        for row in placements(database)
    }
    assert kept == {f"第{n}号工地": grade for n, (_, grade) in enumerate(GRADES)}


def test_work_after_a_recorded_death_is_shown_as_a_conflict(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, [line(1)])
    (row,) = placements(database)
    death = Fact(EventKind.EXEMPT, date(2010, 6, 1), grade=Grade.B, evidence="证明", reason="death")
    with database.writing() as session:
        append_event(session, row.id, death, Recorder())
    result = take_in(database, tmp_path, [line(1, 单位名称="惠州某厂", 转移就业时间="2010-09-01")])
    assert "the records have the death on that day" in told(result)
    assert len(placements(database)) == 1


def test_the_same_file_again_changes_nothing_in_any_of_its_transactions(
    database: Database, tmp_path: Path
) -> None:
    rows = [line(n) for n in range(3)]
    assert kinds(take_in(database, tmp_path, rows, batch=1)) == (3, 0, 0, 0)
    assert kinds(take_in(database, tmp_path, rows, batch=1)) == (0, 0, 3, 0)


def test_an_end_that_contradicts_the_record_is_refused(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, [line(1, 返乡时间="2010-12-20"), line(2, 返乡时间="2010年12月")])
    assert kinds(take_in(database, tmp_path, [line(2, 返乡时间="2010-12-20")])) == (0, 0, 1, 0)
    assert kinds(take_in(database, tmp_path, [line(1, 返乡时间="2010年12月")])) == (0, 0, 1, 0)
    assert "ended on 2010-12-20" in told(
        take_in(database, tmp_path, [line(1, 返乡时间="2010-11-01")])
    )
