"""Every page of the menu, for each role, in both languages and widths; figures open to people."""

import re

import pytest

from tests.browser.conftest import Enter
from tests.browser.watching import LANGUAGES, WIDTHS, Watched

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROLES = (
    "administrator",
    "clerk",
    "recruiter",
    "manager",
    "staff",
    "registrar",
    "leader",
    "auditor",
    "collector",
    "liaison",
)
_FIGURE = re.compile(r"^[1-9][\d,]*$")


def _faults(seen: Watched, path: str) -> list[str]:
    """Return what is wrong with a page at either width."""
    answer = seen.page.goto(seen.origin + path)
    assert answer is not None
    found = [] if answer.status == 200 else [f"status {answer.status}"]
    for width in WIDTHS:
        seen.resize(width)
        # The rules hold for the structure, which is the same in both languages.
        rules = seen.language == "zh" or width == WIDTHS[-1]
        found += [f"{width} px: {fault}" for fault in seen.faults(rules=rules)]
    seen.complaints.clear()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_menu_is_sound(enter: Enter, role: str, language: str) -> None:
    with enter(role, language, WIDTHS[0]) as seen:
        paths = [link.get_attribute("href") or "" for link in seen.menu.all()]
        assert len(paths) > 1, "there is more than the first page"
        found = {path: _faults(seen, path) for path in [*paths, "/account"]}
        assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("language", "width"), list(zip(LANGUAGES, WIDTHS, strict=True)))
@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_a_figure_of_a_report_opens_to_its_people(
    enter: Enter, role: str, language: str, width: int
) -> None:
    with enter(role, language, width) as seen:
        seen.choose("Reports")
        seen.follow("Work-study intake")
        figure = seen.main.get_by_role("link", name=_FIGURE).first
        count = int(figure.inner_text().replace(",", ""))
        seen.follow(figure)
        shown = seen.main.get_by_role("row").count() - 1
        assert 0 < shown <= count
        assert str(count) in seen.page.get_by_role("heading", level=1).inner_text().replace(",", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_tables_and_a_list_behind_a_figure_fit_a_phone(
    enter: Enter, language: str
) -> None:
    with enter("clerk", language, 390) as seen:
        seen.open("/fairs/bijie-2010")
        seen.open("/reports/intake/people/S01")
