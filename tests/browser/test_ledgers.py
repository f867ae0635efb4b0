"""An office takes in its own ledger: says what a column is, answers a question, gives it out."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.browser.conftest import Enter
from tests.ledgers.factory import line, workbook

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_an_office_takes_in_its_ledger_in_own_columns_and_gives_it_out(
    enter: Enter, tmp_path: Path
) -> None:
    rows = [
        line(61),
        line(62, 月收入="35000"),
        line(63, 身份证号="5.22E+17"),
        line(64, 转移就业时间="2026-13-01"),
    ]
    for row in rows:
        row["老板是谁"] = row.pop("单位名称")
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook(rows).getvalue())
    with enter("clerk", "zh", 1280) as seen:
        seen.choose("Placements")
        seen.follow("Import a transfer ledger")
        seen.main.get_by_label(seen.say("File"), exact=True).set_input_files(path)
        seen.press("Check the file")
        seen.follow("Say what the columns are")
        seen.main.get_by_label("老板是谁").select_option("employer")
        seen.press("Keep and check the file again")
        refused = seen.main.get_by_role("row")
        for reason in ("Excel", "2010-03-08"):
            assert refused.filter(has_text=reason).count() >= 1
        seen.main.get_by_label(seen.say("The unusual wages are right")).check()
        seen.press("Take in the good rows")
        seen.follow("See the list")
        seen.type("First day from", "2010-03-08")
        seen.type("First day to", "2010-03-08")
        seen.press("Filter")
        found = seen.main.get_by_role("row").filter(has_text="东莞某鞋厂")
        assert found.count() == 2
        with seen.page.expect_download() as download:
            seen.main.get_by_role(
                "button", name=seen.say("Download in the ledger's columns")
            ).click()
        given_out = tmp_path / "given_out.xlsx"
        download.value.save_as(given_out)
        sheet = CalamineWorkbook.from_path(given_out).get_sheet_by_index(0).to_python()
        assert {"户主姓名", "是否有组织劳务输出", "转移就业时间", "采集人"} <= set(
            map(str, sheet[0])
        )
        seen.follow("Files taken in")
        seen.follow(seen.main.get_by_role("row").nth(1).get_by_role("link"))
        seen.type("Why it is taken back", "试导入")
        seen.press("Take the file back")
        assert seen.main.get_by_text(seen.say("Taken back"), exact=True).count() == 1
