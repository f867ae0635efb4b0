"""A recruiter posts a position; a clerk takes a ledger in, mends a row, sees what suits."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from jobfair.kit.sheets.reading import read_tables
from tests.browser.conftest import Enter
from tests.browser.watching import Watched
from tests.planted import Person, person

pytestmark = pytest.mark.browser

SIDES = [("zh", 390, 0), ("en", 1280, 10)]
_HEADERS = ("姓名", "身份证号", "联系电话", "户籍县", "学历", "求职意向")


def _press(seen: Watched, selector: str) -> None:
    with seen.page.expect_navigation():
        seen.page.locator(selector).first.click()
    seen.check()


@pytest.mark.parametrize(("language", "width", "_n"), SIDES)
def test_a_recruiter_posts_a_position_and_sees_candidates(
    enter: Enter, language: str, width: int, _n: int
) -> None:
    with enter("recruiter", language, width) as seen:
        page = seen.page
        seen.open("/positions")
        _press(seen, "main a[href$='/positions/new']")
        page.fill("[name=title]", "电子装配工")
        page.fill("[name=headcount]", "20")
        page.fill("[name=wage_from]", "4500")
        page.fill("[name=wage_to]", "6500")
        page.fill("[name=workplace]", "深圳市宝安区")
        _press(seen, "main button[name=publish]")
        assert page.locator("h1").inner_text() == "电子装配工"
        _press(seen, "main a[href$='/candidates']")
        assert page.locator("main table tbody tr").count() > 5
        assert page.locator("main .jf-bar").count() > 5


def _ledger(path: Path, people: list[Person]) -> None:
    """Write a ledger whose last three rows cannot be taken in."""
    wrong = people[-3:]
    numbers = [one.id_number for one in people[:-3]]
    numbers += [wrong[0].id_number[:-1], "5.22E+17", ""]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, _HEADERS)
        for row, (one, number) in enumerate(zip(people, numbers, strict=True), 1):
            sheet.write_row(row, 0, (one.name, number, one.phone, "大方县", "初中", "缝纫工"))


def _texts(path: Path) -> list[str]:
    """Return every cell of a workbook."""
    return [cell for table in read_tables(path) for _row, cells in table.rows for cell in cells]


def _mend(seen: Watched, one: Person) -> None:
    """Register at the counter somebody whose row was refused."""
    page = seen.page
    seen.open("/seekers/new")
    page.fill("[name=id_number]", one.id_number)
    page.fill("[name=name]", one.name)
    page.fill("[name=phone]", one.phone)
    page.fill("[name=home]", "大方县")
    page.fill("[name=wishes]", "缝纫工")
    page.check("[name=agreed]")
    _press(seen, "main form button.govuk-button")


@pytest.mark.parametrize(("language", "width", "first"), SIDES)
def test_a_clerk_imports_a_ledger_and_mends_a_row(
    enter: Enter, tmp_path: Path, language: str, width: int, first: int
) -> None:
    people = [person(first + n, division="520521", born=date(1988, 3, 1 + n)) for n in range(8)]
    _ledger(tmp_path / "ledger.xlsx", people)
    with enter("clerk", language, width) as seen:
        page = seen.page
        seen.open("/seekers/import")
        page.set_input_files("[name=file]", tmp_path / "ledger.xlsx")
        _press(seen, "main form button.govuk-button")
        assert page.locator("main table").last.locator("tbody tr").count() == 3
        _press(seen, "main button[name=confirm]")
        with page.expect_download() as refused:
            page.locator("main a[href$='errors.xlsx']").click()
        refused.value.save_as(tmp_path / "refused.xlsx")
        assert "5.22E+17" in _texts(tmp_path / "refused.xlsx")
        _mend(seen, people[-3])
        _press(seen, "main a[href$='/positions']")
        assert page.locator("main table").count() == 2
        _press(seen, "main table >> nth=1 >> a")
        assert page.locator("main ul.jf-reasons li").count() > 0
