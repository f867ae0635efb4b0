"""A ledger through the browser: own columns, questions, a second upload, taking back, the file."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from jobfair.config import Settings
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Precision, Recorder, first_of
from jobfair.ledgers.models import LedgerLine
from jobfair.ledgers.rules.reading import When, read_when, write_when
from jobfair.ledgers.views import listing
from jobfair.placements.queries import PlacementFilter, count_placements, list_placements
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from jobfair.seekers.queries import find_by_id_numbers
from jobfair.seekers.services import erase_seeker
from tests.factories import Make
from tests.ledgers.factory import line, make_office, take_in, workbook
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data, person

SignIn = Callable[..., FlaskClient]
IDLE = {
    "转移就业状态": "03 暂未就业",
    "转移就业地点": "",
    "转移就业时间": "",
    "单位名称": "",
    "月收入": "",
    "未就业原因": "照顾老人",
    "求职意向": "保洁员",
}


def upload(clerk: FlaskClient, content: bytes) -> TestResponse:
    file = (io.BytesIO(content), "台账.xlsx")
    return clerk.post("/ledgers/import", data={"file": file}, follow_redirects=True)


def confirm(clerk: FlaskClient, preview: TestResponse, *yes: str) -> TestResponse:
    return clerk.post(preview.request.path, data={"yes": list(yes)}, follow_redirects=True)


def tiles(page: TestResponse) -> list[int]:
    """Return rows, new, changed, unchanged, drafts, refused."""
    found = page.text.split('class="jf-tile__number">')[1:7]
    return [int(part.partition("<")[0].replace(",", "")) for part in found]


def how_many(database: Database) -> int:
    with database.reading() as session:
        return count_placements(session, PlacementFilter()).placements


def test_the_file_given_out_reads_back_without_a_change(
    sign_in: SignIn, database: Database, make: Make
) -> None:
    """The people of a file, those recorded at the counter, and every column that only it has."""
    clerk = sign_in("clerk", division="520502")
    more = {"户主姓名": "张三", "与户主关系": "之子", "社保": "工伤", "采集日期": "2010-03-20"}
    rows = [
        line(1, 转移就业时间="2010年3月中旬", 返乡时间="2010年12月", 返乡原因="农忙", **more),
        line(2, 是否点对点输送="是", 就业渠道="劳务协作", 月收入="3500.5"),
        line(3, 转移就业时间=""),
        line(4, 转移就业时间="2099-01-01"),
        line(5, **IDLE),
    ]
    assert tiles(confirm(clerk, upload(clerk, workbook(rows).getvalue())))[1] == 5
    for n, channel in ((6, Channel.ASSISTED), (7, Channel.ORGANISED)):
        make_placement(database, make.seeker(n, division="520502001"), channel=channel)
    refused = clerk.post("/ledgers/give-out?state=all", data={})
    assert refused.status_code == 422
    given_out = clerk.post("/ledgers/give-out?state=all", data={"reason": "contact"})
    assert given_out.status_code == 200, given_out.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(given_out.data))
    cells = book.get_sheet_by_index(0).to_python()
    sums = [row[:3] for row in book.get_sheet_by_index(1).to_python()]
    assert sums == [
        ["Organised or not", "Persons", "Moves"],
        ["Assisted, own travel", 1, 1],
        ["Organised", 2, 2],
        ["Self-arranged", 1, 1],
    ]
    named = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    found = {str(row["姓名"]): row for row in named}
    assert len(found) == 7
    first = found[person(1).name]
    assert first["转移就业时间"] == "2010年3月中旬"
    assert (first["户主姓名"], first["返乡时间"]) == ("张三", "2010-12")
    assert found[person(5).name]["未就业原因"] == "照顾老人"
    for language in ("en", "zh"):
        clerk.set_cookie("language", language)
        file = clerk.post("/ledgers/give-out?state=all", data={"reason": "contact"}).data
        again = confirm(clerk, upload(clerk, file))
        assert tiles(again) == [7, 0, 0, 7, 0, 0]
    assert how_many(database) == 6
    with database.reading() as session:
        given = select(AuditEntry.detail).where(AuditEntry.action == "ledger.give_out")
        detail = session.execute(given.limit(1)).scalar_one()
    assert (detail["rows"], detail["reason"]) == (7, "contact")


def test_a_file_that_takes_long_is_made_meanwhile_and_kept_a_week_for_who_asked(
    settings: Settings,
    sign_in: SignIn,
    database: Database,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "WITHIN_REQUEST", 1)
    for n in (1, 2):
        make_placement(database, make.seeker(n))
    clerk, other = (sign_in("clerk", division="520502") for _ in range(2))
    asked = clerk.post("/ledgers/give-out", data={"reason": "contact"}, follow_redirects=True)
    assert "The file is being made" in asked.text
    while "Refresh" in (page := clerk.get("/ledgers/files")).headers:
        assert "<progress" in page.text
    [key] = re.findall(r'name="file" value="(\w+)"', page.text)
    got = clerk.post("/ledgers/files", data={"file": key})
    cells = CalamineWorkbook.from_filelike(io.BytesIO(got.data)).get_sheet_by_index(0).to_python()
    assert {str(row[cells[0].index("姓名")]) for row in cells[1:]} == {
        person(1).name,
        person(2).name,
    }
    assert person(1).id_number.encode() not in b"".join(
        path.read_bytes() for path in settings.home.glob("kept-files/*")
    ), "sealed"
    assert key not in other.get("/ledgers/files").text
    refused = other.post("/ledgers/files", data={"file": key}, follow_redirects=True)
    assert "is not ready or is no longer kept" in refused.text
    with database.reading() as session:
        taken = select(func.count()).where(AuditEntry.action == "ledger.take_file")
        assert session.execute(taken).scalar_one() == 1
    with clock.ahead(timedelta(days=8)):
        again = sign_in("clerk", division="520502")
        assert "No file asked for" in again.get("/ledgers/files").text
    assert not list(settings.home.glob("kept-files/*"))


def test_an_office_says_what_its_columns_are_once(sign_in: SignIn, database: Database) -> None:
    clerk = sign_in("clerk", division="520502")
    rows = [
        {"在哪打工": row.pop("转移就业地点"), "老板": row.pop("单位名称"), **row}
        for row in (line(1), line(2))
    ]
    preview = upload(clerk, workbook(rows).getvalue())
    assert tiles(preview)[5] == 2, "nobody can know these words"
    page = clerk.get(f"{preview.request.path}/columns")
    asked = [name for name in ("在哪打工", "老板") if f">{name}<" in page.text]
    assert asked == ["在哪打工", "老板"]
    place = {
        part.partition("<")[0]: part.partition('name="')[2].partition('"')[0]
        for part in page.text.split('<label class="govuk-label" for="column-')[1:]
        for part in [part.partition(">")[2]]
    }
    twice = {place["在哪打工"]: "workplace", place["老板"]: "workplace"}
    fault = clerk.post(f"{preview.request.path}/columns", data=twice)
    assert (fault.status_code, "Two columns cannot both be" in fault.text) == (422, True)
    said = {place["在哪打工"]: "workplace", place["老板"]: "employer"}
    better = clerk.post(f"{preview.request.path}/columns", data=said, follow_redirects=True)
    assert tiles(better)[1] == 2
    second = upload(clerk, workbook(rows).getvalue())
    assert tiles(second)[1] == 2, "remembered for the next file"
    address = f"{second.request.path}/columns"
    assert 'value="title"' not in select_of(clerk.get(address).text, place["老板"])
    clerk.post(address, data={place["老板"]: "-"}, follow_redirects=True)
    clerk.get(second.request.path)
    assert 'value="title"' in select_of(clerk.get(address).text, place["老板"]), "set aside"
    stranger = sign_in("clerk", division="520521")
    assert tiles(upload(stranger, workbook(rows).getvalue()))[5] == 2, "each office has its words"


def select_of(page: str, name: str) -> str:
    """Return one field's list of choices."""
    return page.partition(f'<select class="govuk-select" id="{name}"')[2].partition("</select>")[0]


def test_questions_are_asked_and_a_yes_lets_the_rows_in(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    content = workbook([line(1, 月收入="35000"), line(2)]).getvalue()
    preview = upload(clerk, content)
    assert "The unusual wages are right (1)" in preview.text
    assert tiles(confirm(clerk, preview, "wages"))[1] == 2
    again = upload(clerk, content)
    assert "This file was taken in already" in again.text
    assert tiles(confirm(clerk, again, "wages"))[1:4] == [0, 0, 2]
    assert how_many(database) == 2


def test_a_file_is_taken_back_but_for_what_others_built_on(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    before = [line(1, 返乡时间=""), line(5, 转移就业时间="")]
    confirm(clerk, upload(clerk, workbook(before).getvalue()))
    over = {"返乡时间": "2010-12-20"}
    rows = [line(1, **over), line(2), line(3), line(4, **IDLE), line(5, **over)]
    content = workbook(rows).getvalue()
    assert tiles(confirm(clerk, upload(clerk, content)))[1:3] == [3, 2]
    with database.reading() as session:
        found = sorted(row.id for row in list_placements(session, PlacementFilter()))
    first, incomplete, _gone, used = found
    with database.writing() as session:
        fact = Fact(EventKind.FOLLOW_UP, date(2010, 6, 8), grade=Grade.C)
        append_event(session, used, fact, Recorder())
    files = clerk.get("/ledgers/imports").text
    undo = files.partition('href="/ledgers/imports/')[2].partition('"')[0]
    assert clerk.post(f"/ledgers/imports/{undo}", data={}).status_code == 422
    stranger = sign_in("clerk", division="520521")
    assert stranger.get(f"/ledgers/imports/{undo}").status_code == 404
    done = clerk.post(f"/ledgers/imports/{undo}", data={"reason": "错表"}, follow_redirects=True)
    assert "1 lines left" in done.text
    with database.reading() as session:
        left = list_placements(session, PlacementFilter())
    assert {row.id for row in left} == {first, incomplete, used}
    assert [row.id for row in left if row.started_on is None] == [incomplete]
    assert all(row.ended_on is None for row in left), "the end that the file told is taken back"
    assert tiles(confirm(clerk, upload(clerk, content)))[1:4] == [2, 2, 1], "it can come again"


def test_the_ledger_keeps_units_and_channels_apart_and_people_masked(
    sign_in: SignIn, database: Database, make: Make
) -> None:
    one, two = (make.seeker(n, division="520502001") for n in (1, 2))
    for seeker, channel, start, end, place in (
        (one, Channel.ORGANISED, date(2010, 3, 1), date(2010, 6, 1), "440306"),
        (one, Channel.ORGANISED, date(2010, 6, 10), date(2010, 8, 1), "440306"),
        (one, Channel.SELF_ARRANGED, date(2011, 3, 1), None, "520502"),
        (two, Channel.SELF_ARRANGED, date(2010, 3, 1), None, "520102"),
    ):
        make_placement(
            database,
            seeker,
            channel=channel,
            started_on=start,
            ended_on=end,
            workplace_division=place,
        )
    clerk = sign_in("clerk", division="520502")
    assert sums(clerk.get("/ledgers/").text) == {
        "Organised": ["1", "1", "0", "0", "0", "1", "0", "0"],
        "Self-arranged": ["2", "2", "1", "0", "1", "0", "0", "0"],
    }
    assert sums(clerk.get("/ledgers/?on=2010-07-01&channel=organised").text) == {
        "Organised": ["1", "0", "0", "0", "0", "1", "0", "0"]
    }
    assert sums(clerk.get("/ledgers/?from=2011-01-01&to=2011&destination=in_county").text) == {
        "Self-arranged": ["1", "1", "1", "0", "0", "0", "0", "0"]
    }
    assert not holds_personal_data(clerk.get("/ledgers/?state=all").text)
    assert sums(sign_in("clerk", division="520521").get("/ledgers/").text) == {}


def sums(page: str) -> dict[str, list[str]]:
    """Return the table of totals: channel → persons, moves, persons by destination."""
    body = page.partition("By how the work was found</h2>")[2].partition("</table>")[0]
    rows = body.partition("<tbody")[2].split("<tr")[1:]
    cells = [[part.partition("<")[0].strip() for part in row.split(">")[1:]] for row in rows]
    found = [[text for text in row if text] for row in cells]
    return {row[0]: row[1:] for row in found if row}


def test_what_a_ledger_said_of_somebody_erased_goes_as_well(
    database: Database, make: Make, tmp_path: Path
) -> None:
    take_in(database, tmp_path, [line(1, 户主姓名="张三"), line(2, 户主姓名="李四")])
    with database.writing() as session:
        erase_seeker(
            session, find_by_id_numbers(session, [person(1).id_number])[person(1).id_number]
        )
    take_in(database, tmp_path, [line(3)])
    with database.reading() as session:
        kept = select(LedgerLine.id).where(LedgerLine.told_sealed.is_not(None))
        assert len(session.execute(kept).all()) == 1


def test_what_another_office_names_is_put_on_record_at_home_by_one_tap(
    sign_in: SignIn, database: Database, make: Make, tmp_path: Path
) -> None:
    make.seeker(1, division="520502001")
    other = make_office(database, "520521", "大方县就业局")
    row = line(1, 是否有组织劳务输出="是", 就业渠道="劳务协作")
    take_in(database, tmp_path, [row], scope="520521", office=other)
    clerk = sign_in("clerk", division="520502")
    assert "by another office&#39;s ledger" in clerk.get("/").text
    page = clerk.get("/ledgers/overlaps").text
    assert "大方县就业局" in page
    address = page.partition('action="/ledgers/overlaps/')[2].partition('"')[0]
    stranger = sign_in("clerk", division="520521")
    assert stranger.post(f"/ledgers/overlaps/{address}").status_code == 404
    assert clerk.post(f"/ledgers/overlaps/{address}").status_code == 303
    with database.reading() as session:
        (placement,) = list_placements(session, PlacementFilter())
    assert (placement.channel, placement.started_on) == ("organised", date(2010, 3, 8))
    assert clerk.post(f"/ledgers/overlaps/{address}").status_code == 404, "once"
    assert "by another office&#39;s ledger" not in clerk.get("/").text


@given(st.dates(date(1980, 1, 1), date(2029, 12, 31)), st.sampled_from(Precision))
def test_a_day_written_is_read_as_the_same(day: date, precision: Precision) -> None:
    kept = first_of(day, precision)
    assert read_when(write_when(kept, precision)) == When(kept, precision)
