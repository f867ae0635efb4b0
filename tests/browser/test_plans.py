"""A plan in a real browser: made, read, corrected, made again, compared, and people invited."""

import re

import pytest

from tests.browser.conftest import Enter
from tests.browser.watching import Watched

pytestmark = [pytest.mark.browser, pytest.mark.long]
_SECONDS = 60


def _make(seen: Watched) -> None:
    """Make a plan and wait for its page, at once or behind a page that renews itself."""
    seen.press("Make the plan")
    for _look in range(_SECONDS):
        if re.search(r"/plans/\d+$", seen.page.url):
            break
        seen.page.wait_for_timeout(1000)
        newest = seen.main.locator("table a").first
        if seen.page.url.endswith("/plans") and newest.count():
            newest.click()
    assert seen.rows("Positions of the plan") >= 10
    seen.check()


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
def test_a_fair_is_planned_corrected_and_people_are_invited(
    enter: Enter, language: str, width: int
) -> None:
    with enter("administrator", language, width) as seen:
        back = seen.main.locator(".govuk-back-link")
        seen.choose("Fairs")
        seen.follow(seen.main.get_by_role("link", name=re.compile("2010")).first)
        seen.follow("Plans: who gets which post")
        _make(seen)
        seen.follow("Who gets a post")
        seen.follow(seen.main.get_by_role("button", name=seen.say("Never here")))
        seen.follow(back)
        seen.follow(back)
        assert seen.rows("Set by hand") == 1
        _make(seen)
        seen.press("Compare")
        seen.follow(back)
        seen.press("Take back")
        assert seen.rows("Set by hand") < 1
        seen.follow(seen.main.locator("table a").first)
        # Another window may have invited them before: then no button leads there.
        seen.open(f"{seen.page.url}/invite")
        seen.press("Yes, invite them")
        assert seen.main.get_by_role("link", name=seen.say("Invite these people")).count() == 0
