"""A booth's phone in a real browser: queue, talks one by one and in groups, offers apart."""

import pytest
from playwright.sync_api import expect

from jobfair.corrections.queries import list_corrections
from jobfair.corrections.rules import Reason
from jobfair.interviews.queries import list_booths, list_claims, list_visitors
from jobfair.kit import clock
from jobfair.offers.queries import people_placed, posts_left
from jobfair.stations.rules import Job
from tests.axe import violations
from tests.browser.watching import RULES
from tests.planted import holds_personal_data, person
from tests.stations.hall import Hall, Open, Phone, pair_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the page that is tried
]


def _press(booth: Phone, name: str) -> None:
    booth.page.get_by_role("button", name=name, exact=True).click()


def _held(hall: Hall) -> list[int]:
    """Return how many posts of each position are held, reserves left out."""
    with hall.database.reading() as session:
        left = posts_left(session, hall.fair, clock.now())
    return [left[one].offered + left[one].accepted for one in hall.positions]


def test_a_queue_is_joined_called_and_ends_in_an_accepted_offer(
    hall: Hall, open_context: Open
) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    for token in hall.tokens[:3]:
        booth.scan(token)
        booth.shows("met")
        _press(booth, "Into the queue")
        booth.shows("kept")
    expect(booth.page.locator("#result")).to_contain_text("Number A3 · 2 ahead")
    expect(booth.page.locator("#line li")).to_have_count(3)
    _press(booth, "Call the next")
    _press(booth, "Not there")
    _press(booth, "Call the next")
    expect(booth.page.locator("#line li").first).to_contain_text("A2")
    booth.page.get_by_label("Position", exact=True).select_option(str(hall.positions[0]))
    _press(booth, "Make an offer")
    booth.shows("offered")
    _press(booth, "The person accepts")
    booth.shows("accepted")
    assert _held(hall) == [1, 0]
    booth.scan(hall.tokens[2])
    booth.shows("met")
    booth.page.get_by_label("Position", exact=True).select_option(str(hall.positions[0]))
    _press(booth, "Make an offer")
    booth.shows("refused")
    expect(booth.page.locator("#result")).to_contain_text("No post of this position is left")
    assert violations(booth.page, RULES) == []
    booth.page.reload()
    expect(booth.page.locator("#line li")).to_have_count(1)  # who was called and not there


def test_somebodys_own_phone_follows_the_queue(hall: Hall, open_context: Open) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    for token in hall.tokens[:2]:
        booth.scan(token)
        booth.shows("met")
        _press(booth, "Into the queue")
        booth.shows("kept")
    booth.delivers()
    hall.app.extensions.pop("jobfair.steering", None)
    own = open_context().new_page()
    own.goto(f"{hall.origin}/me/{hall.tokens[1]}")
    queues = own.locator("[data-part=queues] li")
    expect(queues).to_contain_text("number A2, 1 before you")
    assert violations(own, RULES) == []
    _press(booth, "Call the next")
    expect(booth.page.locator("#line li").first).to_contain_text("Called")
    booth.delivers()
    hall.app.extensions.pop("jobfair.steering", None)
    own.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it is looked at again
    expect(queues).to_contain_text("number A2, 0 before you")


def test_an_offer_to_the_wrong_person_is_taken_back_and_made_to_the_right_one(
    hall: Hall, open_context: Open
) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    booth.scan(hall.tokens[0])
    _press(booth, "Into the queue")
    expect(booth.page.locator("#line li")).to_have_count(1)
    _press(booth, "Take back the last record")
    expect(booth.page.locator("#line li")).to_have_count(0)
    booth.scan(hall.tokens[0])
    booth.page.get_by_label("Position", exact=True).select_option(str(hall.positions[0]))
    _press(booth, "Make an offer")  # of the only post
    booth.shows("offered")
    _press(booth, "It was another person")
    booth.shows("expected")
    booth.scan(hall.tokens[1])
    booth.shows("offered")
    _press(booth, "The person accepts")
    booth.shows("accepted")
    assert _held(hall) == [1, 0]
    with hall.database.reading() as session:
        right, wrong = list_corrections(session, hall.fair, limit=9)
        assert people_placed(session, hall.fair) == {hall.people[1]}
    assert [right.reason, wrong.reason] == [Reason.OTHER_PERSON, Reason.MISTAKE]


def test_a_group_of_twenty_is_recorded_on_one_screen(hall: Hall, open_context: Open) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    _press(booth, "Group interview")
    for count, token in enumerate(hall.tokens[:20], 1):
        booth.scan(token)
        expect(booth.page.locator("#group-people li")).to_have_count(count)
    booth.scan(hall.tokens[0])
    booth.shows("again")
    outcomes = booth.page.locator("#group-people select")
    for place in range(19):
        outcome = ("offer", "second", "unsuitable:skill")[place % 3]
        outcomes.nth(place).select_option(outcome)
    assert violations(booth.page, RULES) == []
    _press(booth, "Record all")
    expect(booth.page.locator("#group-people li")).to_have_count(1)  # nothing was chosen for one
    booth.delivers()
    with hall.database.reading() as session:
        [row] = list_booths(session, hall.fair)
        visitors = list_visitors(session, hall.fair, row.employer_id)
    assert row.talks == 19
    assert len(visitors) == 19


def test_apart_a_booth_promises_its_reserve_and_no_more(hall: Hall, open_context: Open) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    expect(booth.page.locator("#reserve")).to_contain_text("2 posts")  # a tenth of twenty
    hall.close()
    with booth.without_network():
        for place, state in enumerate(("promised", "promised", "requested")):
            booth.scan(hall.tokens[place])
            booth.shows("met")
            booth.page.locator("#position").select_option(str(hall.positions[1]))
            _press(booth, "Make an offer")
            booth.shows(state)
        _press(booth, "The person accepts")  # the wish becomes an offer when there is a network
        booth.page.reload()  # the page, the queue and the reserve are on the phone
        expect(booth.page.locator("#reserve")).to_contain_text("0 posts")
        kept = booth.kept()
        assert holds_personal_data(kept) is None
        masked = person(1).name[0] + "*" + person(1).name[-1]
        assert masked not in kept
        hall.open()
    booth.delivers()
    assert _held(hall) == [0, 3]
    with hall.database.reading() as session:
        assert list_claims(session, hall.fair, settled=False) == []


def test_somebody_is_told_where_else_they_fit(hall: Hall, open_context: Open) -> None:
    booth = pair_phone(open_context(), hall, "A12", Job.BOOTH)
    booth.scan(hall.tokens[0])
    booth.shows("met")
    _press(booth, "Where else the person fits")
    expect(booth.page.locator("#others li")).to_contain_text("No other booth")
    hall.close()
    _press(booth, "Where else the person fits")
    expect(booth.page.locator("#others li")).to_contain_text("needs the server")
