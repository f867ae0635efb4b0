"""A clerk gives a card and prints sheets of them; a reader of QR codes reads them off the page."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from jobfair.cards.rules import read_code
from jobfair.cards.views import PER_SHEET
from tests.browser.conftest import Enter
from tests.browser.test_journeys import SIDES
from tests.browser.watching import Watched

pytestmark = [pytest.mark.browser, pytest.mark.long]

_PDF_PAGE = re.compile(rb"/Type\s*/Page\b")


def _read(picture: bytes) -> list[str]:
    """Return what stands in the QR codes of a picture."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert all(one.format == zxingcpp.BarcodeFormat.QRCode for one in found)
    return [one.text for one in found]


def _find(seen: Watched, text: str) -> str:
    """Look a card up; return the path it leads to."""
    seen.open("/seekers/cards")
    seen.type("Code of a card", text)
    seen.press("Find the person")
    return seen.page.url.removeprefix(seen.origin)


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_a_card_is_given_read_and_found_again(
    enter: Enter, language: str, width: int, n: int
) -> None:
    with enter("clerk", language, width) as seen:
        seen.choose("Seekers")
        seen.follow(seen.main.locator("tbody a").nth(n))
        seen.follow("Card")
        path = seen.page.url.removeprefix(seen.origin)
        seen.press("Issue a card")
        shown = seen.main.get_by_role("article", name=seen.say("Card"), exact=True)
        [first] = _read(shown.screenshot())
        code = shown.locator(".jf-pass__code").inner_text()
        assert read_code(code)
        assert _find(seen, first) == path
        assert _find(seen, code.lower().replace("-", " ")) == path
        seen.press("Give a new card")
        [second] = _read(shown.screenshot())
        assert second != first
        assert _find(seen, first) == "/seekers/cards/find"
        assert _find(seen, second) == path


def test_every_sheet_fills_one_page_and_every_card_on_it_is_read(enter: Enter) -> None:
    with enter("clerk", "zh", 390) as seen:
        seen.open("/seekers/?category=lifted_out")
        seen.follow("Cards of this list")
        with seen.page.expect_navigation():
            seen.main.locator('form[action*="/cards/issue"] button').click()
        seen.check()
        seen.follow("Show the sheets")
        seen.resize(1280)
        seen.check()
        sheets = seen.main.locator("section.jf-passes")
        sizes = [one.locator("li").count() for one in sheets.all()]
        assert max(sizes) == PER_SHEET, "a whole sheet is among them"
        printed = seen.page.pdf(prefer_css_page_size=True)
        assert len(_PDF_PAGE.findall(printed)) == len(sizes)
        seen.page.emulate_media(media="print")
        read = [_read(one.screenshot()) for one in sheets.all()]
        assert [len(some) for some in read] == sizes
        two = sizes.index(2)
        codes = sheets.nth(two).locator(".jf-pass__code").all_inner_texts()
        seen.page.emulate_media(media="screen")
        assert {_find(seen, one) for one in read[two]} == {_find(seen, code) for code in codes}
