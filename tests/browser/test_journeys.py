"""A recruiter posts a position; a clerk takes in a ledger, mends a row, sees what suits or not.

Every step is the one a person takes, by the words on the page, and every page is checked.
"""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from jobfair.kit.sheets.reading import read_tables
from tests.browser.conftest import Enter
from tests.browser.watching import LANGUAGES, WIDTHS, Watched
from tests.planted import Person, person

pytestmark = [pytest.mark.browser, pytest.mark.long]

# Every page is looked at in both languages and widths elsewhere; a journey is walked once in each.
SIDES = [
    (language, width, n) for n, (language, width) in enumerate(zip(LANGUAGES, WIDTHS, strict=True))
]
_HEADERS = ("姓名", "身份证号", "联系电话", "户籍县", "学历", "求职意向")
_SCIENTIFIC = "5.22E+17"


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_a_recruiter_posts_a_position_and_sees_candidates(
    enter: Enter, language: str, width: int, n: int
) -> None:
    with enter("recruiter", language, width) as seen:
        title = f"电子装配工{n}组"
        seen.choose("Positions")
        seen.follow("New position")
        seen.type("Job title", title)
        seen.type("Number to hire", "20")
        seen.type("Wage from, yuan a month", "4500")
        seen.type("Wage to, yuan a month", "6500")
        seen.type("Workplace: city and district", "深圳市宝安区")
        seen.type("Requirements", "须持低压电工证；有叉车证者优先。")
        seen.press("Publish")
        assert seen.page.get_by_role("heading", level=1).inner_text() == title
        # The text was read, with the words that say it; a demand made by mistake is taken out.
        assert seen.rows("What was read from the text, with the words that say it") == 2
        assert seen.main.locator("mark", has_text="低压电工证").count() == 2
        seen.press_first("Take out")
        assert seen.main.get_by_text(seen.say("taken out by hand")).count() == 1
        seen.follow("Ranked candidates")
        assert seen.rows("Ranked candidates") > 5
        # Why each stands where it stands: a named bar for every part of the score, once opened.
        seen.main.locator("summary").get_by_text(seen.say("All parts")).first.click()
        bars = seen.main.get_by_role("meter")
        assert bars.count() > 3
        assert all(bar.get_attribute("aria-label") for bar in bars.all())


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)


def _ledger(path: Path, people: list[Person]) -> None:
    """Write a ledger whose last three rows cannot be taken in."""
    wrong = people[-3:]
    numbers = [one.id_number for one in people[:-3]]
    numbers += [wrong[0].id_number[:-1], _SCIENTIFIC, ""]
    lines = [
        (one.name, number, one.phone, "大方县", "初中", "缝纫工")
        for one, number in zip(people, numbers, strict=True)
    ]
    _write(path, [_HEADERS, *lines])


def _rows(path: Path) -> list[tuple[str, ...]]:
    [table] = read_tables(path)
    return [cells for _number, cells in table.open_rows()]


def _upload(seen: Watched, path: Path) -> None:
    seen.main.get_by_label(seen.say("File"), exact=True).set_input_files(path)
    seen.press("Check the file")


def _download(seen: Watched, label: str, path: Path) -> None:
    with seen.page.expect_download() as coming:
        seen.main.get_by_role("link", name=seen.say(label)).click()
    coming.value.save_as(path)


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_a_clerk_imports_a_ledger_mends_a_row_and_sees_why_not(
    enter: Enter, tmp_path: Path, language: str, width: int, n: int
) -> None:
    first = 10 * n
    people = [person(first + k, division="520521", born=date(1988, 3, 1 + k)) for k in range(8)]
    mended = people[-2]
    _ledger(tmp_path / "ledger.xlsx", people)
    with enter("clerk", language, width) as seen:
        seen.choose("Seekers")
        seen.follow("Import seekers")
        _upload(seen, tmp_path / "ledger.xlsx")
        assert seen.rows("Rows that would be refused") == 3
        seen.press("Take in the good rows")
        _download(seen, "Download the refused rows with their reasons", tmp_path / "refused.xlsx")
        head, *refused = _rows(tmp_path / "refused.xlsx")
        assert len(refused) == 3
        mend = [tuple(mended.id_number if c == _SCIENTIFIC else c for c in r) for r in refused]
        assert mend != refused
        _write(tmp_path / "mended.xlsx", [head, *mend])
        seen.follow("Another file")
        _upload(seen, tmp_path / "mended.xlsx")
        assert seen.rows("Rows that would be refused") == 2
        seen.press("Take in the good rows")
        assert seen.rows("Refused rows") == 2
        seen.follow("See the list")
        seen.type("Find a person", mended.id_number)
        seen.press("Search")
        assert seen.rows("Seekers") == 1
        found = seen.main.get_by_role("table").get_by_role("row").nth(1)
        seen.follow(found.get_by_role("link").first)
        seen.follow("Suitable positions")
        assert seen.rows("Suitable positions") > 0
        refusals = seen.page.get_by_role(
            "table", name=seen.say("Positions that are not possible, with the reason")
        )
        seen.follow(refusals.get_by_role("link").first)
        why = seen.main.get_by_role("heading", name=seen.say("Why not"), exact=True)
        assert why.count() == 1
        assert seen.main.get_by_role("listitem").count() > 0
