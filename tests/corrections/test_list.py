"""The manager sees what was taken back, why, and of whom it was recorded instead."""

from collections.abc import Callable

from flask.testing import FlaskClient

from jobfair.kit.ids import new_key
from tests.interviews.booth import Fair
from tests.planted import holds_personal_data, person

SignIn = Callable[..., FlaskClient]
PATH = "/fairs/2010-spring/corrections"


def _masked(place: int) -> str:
    name = person(place).name
    return name[0] + "*" * (len(name) - 1 - (len(name) > 2)) + (name[-1] if len(name) > 2 else "")


def test_it_says_what_why_and_who_it_was(fair: Fair, sign_in: SignIn) -> None:
    booth, cards = fair.devices[0], fair.cards
    manager = sign_in("manager")
    assert "Nothing was taken back" in manager.get(PATH).text
    wrong = booth.record("join", cards[0], number="A1")
    right = booth.record("join", cards[1], number="A1")
    undo = booth.record("undo", None, target=wrong["id"], instead=right["id"])
    booth.send(undo, right, wrong)  # in any order
    assert fair.line() == [(cards[1], "waiting")]
    booth.say("undo", None, target=new_key())  # of what has not arrived
    page = manager.get(PATH).text
    assert "It was another person" in page
    assert _masked(1) in page
    assert _masked(2) in page
    assert "Not arrived yet" in page
    assert holds_personal_data(page) is None
    assert sign_in("staff").get(PATH).status_code == 403


def test_an_unreadable_record_instead_is_refused(fair: Fair) -> None:
    booth = fair.devices[0]
    record = booth.record("undo", None, target=new_key(), instead="?")
    booth.call("booth-records", {"records": [record]}, status=422)
