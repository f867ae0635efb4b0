"""The office changes the weights: looks at who would move, saves, and goes back."""

import re

import pytest

from tests.browser.conftest import Enter
from tests.browser.watching import Watched

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _points(seen: Watched, label: str, value: str) -> None:
    """Type into a field of points; bars of the ranking below have the same name."""
    seen.main.get_by_role("textbox", name=seen.say(label), exact=True).fill(value)


def _in_use(seen: Watched) -> int:
    found = re.search(r"\d+", seen.main.locator(".jf-note strong").inner_text())
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
def test_weights_are_changed_looked_at_used_and_taken_back(
    enter: Enter, language: str, width: int
) -> None:
    with enter("administrator", language, width) as seen:
        seen.choose("Weights")
        before = _in_use(seen)
        seen.follow("Change the weights")
        _points(seen, "Pay against wish", "-1")
        seen.press("Show what changes")
        assert seen.main.get_by_text(
            seen.say("Enter a whole number from 0 to %(most)s.", most=1000)
        ).count()
        _points(seen, "Pay against wish", "300" if width == 390 else "400")
        _points(seen, "Policy priority", "20")
        seen.press("Show what changes")
        assert seen.rows("The first people before and after") >= 20
        assert seen.main.locator(".jf-tag").count(), "somebody moves"
        seen.main.locator("summary").get_by_text(seen.say("All parts")).first.click()
        seen.check()
        seen.press("Save without using")
        assert seen.main.get_by_text(seen.say("Say why the weights are changed.")).count()
        seen.type("Why the weights are changed", "春季更看重工资")
        save = seen.main.get_by_role("button", name=re.compile(r"\d"))
        seen.press(save.inner_text())
        assert _in_use(seen) > before
        seen.follow("Compare with the version in use")
        seen.follow("All versions")
        seen.follow(seen.say("Go back to version %(version)s", version=before))
        seen.press(seen.say("Yes, use version %(version)s", version=before))
        assert _in_use(seen) == before
