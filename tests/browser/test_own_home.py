"""A home of one's own, from nothing to a clerk who was invited, by the steps of the README."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import jobfair, serving
from tests.browser.watching import Watched, watching

pytestmark = [pytest.mark.browser, pytest.mark.long]

_ADMIN = ("zhang.admin", "--name=某某", "--role=admin")
_OFFICE = ("--new-organisation=毕节市人社局", "--division=5205")
_NEW, _CLERKS = "planted-horse-7", "planted-horse-8"  # of people who do not exist


def _sign_in(seen: Watched, login: str, password: str) -> None:
    seen.open("/sign-in")
    seen.type("Login", login)
    seen.type("Password", password)
    seen.press("Sign in")


def _change_password(seen: Watched, present: str) -> None:
    seen.type("Present password", present)
    seen.main.get_by_label(seen.say("New password"), exact=True).fill(_NEW)
    seen.type("New password again", _NEW)
    seen.press("Change the password")


def _invite(seen: Watched) -> str:
    """Invite a clerk and return the path of the link."""
    seen.choose("Accounts")
    seen.follow("Invite a colleague")
    seen.main.get_by_label(seen.say("Role")).select_option("clerk")
    seen.press("Make the link")
    link = seen.main.get_by_label(seen.say("Invitation link")).input_value()
    return link.removeprefix(seen.origin)


def _accept(seen: Watched, path: str) -> None:
    seen.open(path)
    seen.type("Login", "wang.clerk")
    seen.main.get_by_label(seen.say("Name"), exact=True).fill("某某")
    seen.main.get_by_label(seen.say("New password"), exact=True).fill(_CLERKS)
    seen.type("New password again", _CLERKS)
    seen.press("Make the account")


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1280)])
def test_an_empty_home_gets_its_administrator_and_a_clerk(
    chromium: Browser, tmp_path: Path, language: str, width: int
) -> None:
    home = tmp_path / "home"
    jobfair(home, "db", "upgrade")
    made = json.loads(jobfair(home, "users", "add", *_ADMIN, *_OFFICE, "--json"))
    with serving(home) as origin, watching(chromium, origin, language, width) as admin:
        _sign_in(admin, made["login"], made["password"])
        assert admin.page.url.endswith("/account"), "the password is temporary"
        _change_password(admin, made["password"])
        path = _invite(admin)
        with watching(chromium, origin, language, width) as clerk:
            _accept(clerk, path)
            clerk.choose("Seekers")
            assert clerk.main.get_by_text(clerk.say("No seekers found")).count() == 1
