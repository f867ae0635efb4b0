"""A collector in the village and a liaison at the station, thumb on a phone."""

import re
from datetime import timedelta

import pytest

from jobfair.kit import clock
from tests.browser.conftest import Enter

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_a_collector_tells_who_came_home_and_went_out_again(enter: Enter) -> None:
    with enter("collector", "zh", 390) as seen:
        seen.choose("Neighbours")
        working = seen.main.get_by_role("listitem").filter(has_text=seen.say("In work"))
        seen.follow(working.get_by_role("link").first)
        page = seen.page.url
        seen.follow("Came home")
        seen.main.get_by_label(seen.say("The family told me")).check()
        seen.press("Record")  # which relative is asked
        seen.type("Which relative", "母亲")
        seen.press("Record")
        seen.follow("Went out to work")
        seen.type("Where to", "深圳市龙岗区")
        seen.type("Employer", "龙岗某厂")
        seen.press("Record")
        assert seen.page.url == page
        assert seen.main.get_by_text("龙岗某厂").count() == 1
        seen.follow("New phone number")
        seen.type("New phone number", "15400000001")
        seen.press("Record")
        assert seen.main.get_by_text("154****0001").count() == 1
        seen.choose("Neighbours")
        seen.follow("Register a neighbour")
        seen.press("Register")  # everything is missing


def test_a_liaison_accepts_asks_and_opens_a_case(enter: Enter) -> None:
    with enter("liaison", "zh", 390) as seen:
        seen.choose("Our people today")
        seen.follow(seen.main.get_by_role("link", name=re.compile(r"^[\d,]+$")).first)
        seen.main.get_by_role("checkbox").nth(0).check()
        seen.main.get_by_role("checkbox").nth(1).check()
        seen.press("Accept those ticked")
        seen.follow(seen.main.get_by_role("link", name=seen.say("Decline")).first)
        seen.type("Reason in words", "厂已搬走")
        seen.press("Decline")
        seen.choose("Our people today")
        people = seen.main.get_by_role("listitem").filter(has_text="宝安第")
        before = people.count()
        seen.follow(people.get_by_role("link").first)
        seen.press("Show the number to dial")
        assert seen.main.locator("a[href^='tel:']").count() == 1
        seen.press("On post, all well")
        seen.follow(people.get_by_role("link").first)
        seen.follow("Something is wrong")
        seen.main.get_by_label(seen.say("Unpaid wages")).check()
        seen.press("Record")
        seen.follow(people.get_by_role("link").first)
        seen.press("Not reached")
        seen.follow(people.get_by_role("link").first)
        seen.follow("No longer at this post")
        seen.main.get_by_label(seen.say("Home for the season")).check()
        seen.type("Since which day", (clock.today() - timedelta(days=1)).isoformat())
        seen.press("Record")
        assert people.count() == before - 3
        seen.choose("People in charge")
