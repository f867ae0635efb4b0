"""A manager lays out booths and moves them; signs are read off the page and opened on a phone."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Enter, Served
from tests.browser.test_journeys import SIDES
from tests.browser.watching import Watched, watching

pytestmark = [pytest.mark.browser, pytest.mark.long]

FAIR = "/fairs/bijie-2010"
_WIDE, _HIGH = 104, 72  # of a cell, in pixels
_PDF_PAGE = re.compile(rb"/Type\s*/Page\b")


def _place(booth: Locator) -> tuple[int, int]:
    return tuple(int(booth.get_attribute(f"data-{name}") or 0) for name in ("column", "row"))  # type: ignore[return-value]


def _drag(seen: Watched, booth: Locator, across: int, down: int) -> None:
    """Drag a booth by some cells and wait until the server has answered."""
    booth.scroll_into_view_if_needed()
    box = booth.bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 20
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x + across * _WIDE / 2, y + down * _HIGH / 2, steps=3)
    seen.page.mouse.move(x + across * _WIDE, y + down * _HIGH, steps=3)
    with seen.page.expect_response(re.compile("/move$")):
        seen.page.mouse.up()
    expect(seen.main.locator(".is-saving")).to_have_count(0)


def _press_key(seen: Watched, booth: Locator, key: str) -> None:
    booth.focus()
    with seen.page.expect_response(re.compile("/move$")):
        booth.press(key)
    expect(seen.main.locator(".is-saving")).to_have_count(0)


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_booths_are_laid_out_dragged_moved_by_keys_and_typed(
    enter: Enter, language: str, width: int, n: int
) -> None:
    letter = "KL"[n]
    with enter("manager", language, width) as seen:
        seen.open(FAIR)
        seen.follow("Map of the booths")
        seen.type("Letter of a new zone", letter)
        seen.press("Save the zones")
        count = seen.main.get_by_label(
            seen.say("New booths of zone %(letter)s", letter=letter), exact=True
        )
        count.fill("3")
        seen.main.get_by_label(seen.say("Booths in a row"), exact=True).last.fill("2")
        seen.press("Lay out")
        first, _second, third = (
            seen.page.locator(".jf-booth", has_text=f"{letter}0{k}") for k in (1, 2, 3)
        )
        column, row = _place(first)
        _drag(seen, first, 1, 1)
        assert _place(first) == (column + 1, row + 1)
        said = seen.page.locator("#map-said")
        assert said.inner_text() == seen.say(
            "Booth %(number)s stands in column %(column)s, row %(row)s.",
            number=f"{letter}01",
            column=column + 1,
            row=row + 1,
        )
        # Onto another booth: told in words, and back where it was.
        _drag(seen, first, 0, -1)
        assert seen.say("Booth %(other)s stands there already.", other=f"{letter}02") in (
            said.inner_text()
        )
        assert _place(first) == (column + 1, row + 1)
        # By keys, over the booth in between.
        _press_key(seen, third, "ArrowUp")
        _press_key(seen, third, "ArrowUp")
        assert _place(third) == (column, row)
        _press_key(seen, third, "ArrowRight")
        assert _place(third) == (column + 2, row)
        # The table has followed, and does the same by typing.
        number = first.get_attribute("data-id")
        typed = seen.page.locator(f"#row-{number}")
        assert typed.input_value() == str(row + 1)
        typed.fill(str(row + 3))
        seen.press("Save the table")
        assert _place(first) == (column + 1, row + 3)
        assert _place(third) == (column + 2, row)
        seen.page.locator(f"#number-{number}").fill(f"{letter}02")
        seen.press("Save the table")
        assert seen.page.locator(f"#number-{number}-error").is_visible()


def _read(picture: bytes) -> list[str]:
    """Return what stands in the QR codes of a picture."""
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def test_signs_fill_their_sheets_and_open_on_a_phone(
    enter: Enter, served: Served, chromium: Browser
) -> None:
    with enter("manager", "zh", 1280) as seen:
        seen.open(FAIR)
        seen.follow("Signs")
        seen.follow("Signs of the booths")
        sheets = seen.main.locator("section.jf-sign")
        printed = seen.page.pdf(prefer_css_page_size=True)
        assert len(_PDF_PAGE.findall(printed)) == sheets.count() > 0
        seen.page.emulate_media(media="print")
        [booth] = _read(sheets.first.screenshot())
        employer = sheets.first.locator(".jf-sign__employer").inner_text()
        seen.page.emulate_media(media="screen")
        seen.open(f"{FAIR}/signs/positions?size=a6&employer=1")
        signs = seen.main.locator("section.jf-sign")
        printed = seen.page.pdf(prefer_css_page_size=True)
        assert len(_PDF_PAGE.findall(printed)) == -(-signs.count() // 4)
        seen.page.emulate_media(media="print")
        titles = signs.locator("h2").all_inner_texts()
        read = [_read(one.screenshot()) for one in signs.all()]
    assert all(len(codes) == 1 for codes in read)
    with watching(chromium, served.origin, "zh", 390) as phone:
        phone.open(booth)
        assert employer in phone.main.inner_text()
        for [code], title in zip(read[:3], titles, strict=False):
            phone.open(code)
            assert phone.main.get_by_role("heading", level=1).inner_text() == title


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_a_recruiter_confirms_and_the_manager_sees_it(
    enter: Enter, language: str, width: int, n: int
) -> None:
    with enter("recruiter", language, width) as seen:
        seen.open("/own-fairs")
        seen.follow("Confirm positions")
        counts = seen.main.get_by_label(seen.say("Headcount at the fair"))
        counts.first.fill("0")
        seen.press("Confirm")
        assert seen.main.locator(".govuk-error-message").count() == 1
        counts.first.fill(str(40 + n))
        seen.press("Confirm")
        assert seen.main.get_by_text(seen.say("all confirmed")).count() == 1
    with enter("manager", language, width) as seen:
        seen.open(f"{FAIR}/employers?confirmed=yes")
        assert seen.rows("Exhibitors") == 1
