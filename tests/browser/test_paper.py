"""The paper pack prints on A4 sheet by sheet; a reader of QR codes reads the slips."""

import pytest

from tests.browser.conftest import Enter
from tests.browser.test_cards import _PDF_PAGE, _read
from tests.browser.test_journeys import SIDES

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize(("language", "width", "n"), SIDES)
def test_slips_and_booth_sheets_print_page_by_page(
    enter: Enter, language: str, width: int, n: int
) -> None:
    with enter("manager", language, width) as seen:
        seen.choose("Fairs")
        seen.follow(seen.main.locator("a[href='/fairs/bijie-2010']").first)
        for name in ("Capacity plan", "Duties of the organiser", "Service tallies"):
            seen.follow(name)
            seen.page.go_back()
        seen.follow("Paper pack")
        seen.type("How many slips", str(5 + n))
        seen.press("Number the slips")
        labels = seen.main.locator(".jf-walk-in .jf-page__label").all_inner_texts()
        assert len(labels) == 5 + n
        assert sorted(_read(seen.page.screenshot(full_page=True))) == sorted(
            label.replace("-", "") for label in labels
        )
        assert len(_PDF_PAGE.findall(seen.page.pdf(prefer_css_page_size=True))) == -(
            -len(labels) // 4
        )
        seen.follow("Paper pack")
        seen.press("Show the booth sheets")
        sheets = seen.main.locator(".jf-page").count()
        assert sheets
        assert len(_PDF_PAGE.findall(seen.page.pdf(prefer_css_page_size=True))) == sheets
