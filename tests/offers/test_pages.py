"""The page of offers: by a card, once however often it is sent, and only of the own positions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import RevokeReason
from jobfair.cards.services import issue_card, revoke_card
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/offers"


@dataclass
class Booth:
    """An employer at a fair with one post, its recruiter, and two people with cards."""

    recruiter: FlaskClient
    position: int
    people: list[int]
    codes: list[str]


@pytest.fixture
def booth(database: Database, make: Make, sign_in: SignIn) -> Booth:
    """Everything that an offer takes."""
    organisation = make.organisation("employer", name="龙岗电子厂")
    employer = make_employer(database, name="龙岗电子厂", organisation_id=organisation)
    position = make_position(database, employer, title="焊工", headcount=1)
    make_fair(database, [position])
    people = [make.seeker(n) for n in (1, 2)]
    with database.writing() as session:
        for person in people:
            issue_card(session, person)
    with database.reading() as session:
        cards = [find_in_force(session, person) for person in people]
    codes = [card.code for card in cards if card]
    return Booth(sign_in("recruiter", organisation=organisation), position, people, codes)


def _form(booth: Booth, place: int = 0) -> dict[str, str]:
    key = re.search(r'name="key" value="(\w{32})"', booth.recruiter.get(PAGE).text)
    assert key
    return {"key": key[1], "position": str(booth.position), "card": booth.codes[place]}


def _first_offer(booth: Booth) -> str:
    found = re.search(r"/offers/(\w{32})/accept", booth.recruiter.get(PAGE).text)
    assert found
    return f"/offers/{found[1]}"


def test_an_offer_is_made_once_accepted_and_leaves_nothing(booth: Booth) -> None:
    form = _form(booth)
    for _twice in range(2):  # a second tap, or the answer was lost
        made = booth.recruiter.post(PAGE, data=form, follow_redirects=True)
        assert "Open offers (1)" in made.text
    open_offer = _first_offer(booth)
    assert booth.recruiter.get(f"{open_offer}/agreement").status_code == 404  # nothing is agreed
    other = booth.recruiter.post(PAGE, data=_form(booth, 1))
    assert other.status_code == 422
    assert "No post of this position is left" in other.text
    assert booth.codes[1] in other.text  # what was typed stays
    accepted = booth.recruiter.post(f"{_first_offer(booth)}/accept", follow_redirects=True)
    assert "Accepted. The post is taken." in accepted.text
    link = re.search(r"/offers/\w{32}/agreement", accepted.text)
    assert link
    paper = booth.recruiter.get(link.group())
    assert "就业意向协议 / Agreement of intention to work" in paper.text
    assert "焊工" in paper.text
    assert holds_personal_data(paper.text) is None  # the person writes by hand who they are
    assert "Taken by acceptance (1)" in accepted.text


def test_a_post_given_back_says_why_and_can_be_offered_again(booth: Booth) -> None:
    booth.recruiter.post(PAGE, data=_form(booth))
    offer = _first_offer(booth)
    without = booth.recruiter.post(f"{offer}/release", data={}, follow_redirects=True)
    assert "Choose why the post is given back." in without.text
    booth.recruiter.post(f"{offer}/release", data={"reason": "no_show"})
    assert "The person did not come" in booth.recruiter.get(f"{PAGE}?state=released").text
    again = booth.recruiter.post(PAGE, data=_form(booth, 1), follow_redirects=True)
    assert "Open offers (1)" in again.text
    late = booth.recruiter.post(f"{offer}/accept")
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"card": ""}, "neither the code of a card"),
        ({"card": "K7Q2-9MXD-5"}, "last character"),
        ({"card": "2" * 29}, "was not made here"),
        ({"position": ""}, "Choose the position"),
    ],
)
def test_what_cannot_be_offered_is_said_beside_the_field(
    booth: Booth, typed: dict[str, str], said: str
) -> None:
    answer = booth.recruiter.post(PAGE, data=_form(booth) | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "No offers here" in answer.text


def test_a_key_of_another_offer_or_none_makes_no_offer(booth: Booth) -> None:
    form = _form(booth)
    booth.recruiter.post(PAGE, data=form)
    booth.recruiter.post(f"{_first_offer(booth)}/release", data={"reason": "declined"})
    for key in (form["key"], "", "x" * 32):
        other = booth.recruiter.post(PAGE, data=_form(booth, 1) | {"key": key})
        assert other.status_code == 422
        assert "This page was sent before for another offer." in other.text
        fresh = re.search(r'name="key" value="(\w{32})"', other.text)
        assert fresh
        assert fresh[1] != key
    assert "Open offers (0)" in booth.recruiter.get(PAGE).text


def test_a_revoked_card_opens_nobody(database: Database, booth: Booth) -> None:
    with database.writing() as session:
        revoke_card(session, booth.people[0], RevokeReason.LOST)
    answer = booth.recruiter.post(PAGE, data=_form(booth))
    assert answer.status_code == 422
    assert "No card in force says this" in answer.text


def test_another_employer_neither_sees_nor_makes_nor_answers_offers(
    booth: Booth, make: Make, sign_in: SignIn
) -> None:
    booth.recruiter.post(PAGE, data=_form(booth))
    offer = _first_offer(booth)
    stranger = sign_in("recruiter", organisation=make.organisation("employer", name="别家"))
    assert "焊工" not in stranger.get(PAGE).text
    refused = stranger.post(PAGE, data=_form(booth, 1))
    assert refused.status_code == 422
    assert "Open offers (1)" not in refused.text
    for verb in ("accept", "release"):
        assert stranger.post(f"{offer}/{verb}", data={"reason": "declined"}).status_code == 404
    manager = sign_in("manager").get(PAGE)
    assert "Open offers (1)" in manager.text
    assert "焊工" in manager.text
