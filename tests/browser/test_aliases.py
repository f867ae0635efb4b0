"""An office corrects what a wish was taken for; the administrator reviews it and takes it back."""

import re

import pytest

from tests.browser.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
def test_a_wish_is_corrected_and_its_title_learnt(enter: Enter, language: str, width: int) -> None:
    with enter("clerk", language, width) as seen:
        seen.open("/seekers?state=active")
        seen.follow(seen.main.locator("tbody a[href^='/seekers/']").first)
        seen.follow("Correct")
        seen.type("Search the classification", "家畜饲养员" if width == 390 else "焊工")
        seen.press("Search")
        seen.main.get_by_role("radio").first.check()
        seen.press("Save")
        assert seen.main.get_by_text("→").count()
    with enter("administrator", language, width) as seen:
        seen.choose("Titles")
        seen.press_first("Accept")
        seen.follow(seen.main.get_by_role("link", name=re.compile(seen.say("Accepted"))))
        seen.press_first("Take back")
        seen.follow(seen.main.get_by_role("link", name=re.compile(seen.say("Taken back"))))
        seen.press_first("Reconsider")
        seen.follow(seen.main.get_by_role("link", name=re.compile(seen.say("To be reviewed"))))
        seen.press_first("Reject")
