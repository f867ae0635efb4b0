"""A clerk asks somebody a week after the first day at work, thumb on a phone, and takes it back."""

import re
from datetime import timedelta

import pytest

from jobfair.kit import clock
from tests.browser.conftest import Enter
from tests.browser.test_journeys import SIDES

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize(("language", "width", "n"), [*SIDES, ("zh", 1280, 2)])
def test_a_clerk_asks_after_a_week_and_opens_a_case(
    enter: Enter, language: str, width: int, n: int
) -> None:
    first = (clock.today() - timedelta(days=7)).isoformat()
    with enter("clerk", language, width) as seen:
        seen.choose("Placements")
        seen.page.get_by_label(seen.say("Standing"), exact=True).select_option("running")
        seen.press("Filter")
        rows = seen.main.get_by_role("table").get_by_role("row")
        # The newest may have begun in another journey, after the day from which this one counts.
        seen.follow(rows.nth(20 + n).get_by_role("link").first)
        seen.follow("Change of employer")
        seen.type("Employer", f"龙岗第{n}电子厂")
        seen.type("Post or kind of work", "普工")
        seen.type("Workplace", "深圳市龙岗区")
        seen.main.get_by_label(seen.say("How the work was found")).select_option("assisted")
        seen.type("First day at work", first)
        seen.type("Monthly wage in yuan", "1900")
        seen.press("Save")
        seen.choose("Follow-ups")
        row = seen.main.get_by_role("row").filter(has_text=f"龙岗第{n}电子厂")
        seen.follow(row.get_by_role("link").first)
        seen.press("Show the number to dial")
        dial = seen.main.locator("a[href^='tel:']")
        assert re.fullmatch(r"tel:\d{11}", dial.get_attribute("href") or "")
        seen.main.get_by_label(seen.say("On post, same employer")).check()
        seen.type("Pay received for a month, in yuan", "19000")
        seen.main.get_by_label(seen.say("Unpaid wages")).check()
        seen.press("Record")  # the wage is asked about
        seen.type("Pay received for a month, in yuan", "1750")
        seen.press("Record")
        seen.follow("All follow-ups")
        assert seen.main.get_by_text(f"龙岗第{n}电子厂").count() == 0
        seen.follow("Rights cases")
        case = seen.main.get_by_role("row").filter(has_text=f"龙岗第{n}电子厂")
        seen.follow(case.get_by_role("link").first)
        seen.type("What was done", "电话联系企业")
        seen.type("Money recovered by it, in yuan", "1750")
        seen.press("Record the step")
        seen.follow("Follow-ups of this person")
        seen.follow("Take back")
        seen.type("Why the entry is wrong", "问错了人")
        seen.press("Take back")
        seen.choose("Follow-ups")
        assert seen.main.get_by_text(f"龙岗第{n}电子厂").count() == 1
        for link in ("Employers' confirmations", "Samples called again"):
            seen.follow(link)
            seen.choose("Follow-ups")
