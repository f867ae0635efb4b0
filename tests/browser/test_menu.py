"""Every page of the menu, for each role, in both languages and widths."""

import pytest

from tests.browser.conftest import Enter
from tests.browser.watching import LANGUAGES, WIDTHS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["administrator", "clerk", "recruiter", "registrar"])
def test_every_page_of_the_menu_is_sound(
    enter: Enter, role: str, language: str, width: int
) -> None:
    with enter(role, language, width) as seen:
        links = seen.page.locator(".jf-nav a")
        paths = [link.get_attribute("href") for link in links.all()]
        assert paths
        faults = {}
        for path in paths:
            assert path is not None
            answer = seen.page.goto(seen.origin + path)
            assert answer is not None
            found = seen.faults()
            if answer.status != 200 or found:
                faults[path] = (answer.status, found)
            seen.complaints.clear()
        assert faults == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_tables_and_a_list_behind_a_figure_fit_a_phone(
    enter: Enter, language: str
) -> None:
    with enter("clerk", language, 390) as seen:
        seen.open("/fairs/bijie-2010")
        seen.open("/reports/intake/people/S01")
