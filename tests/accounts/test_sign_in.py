"""Signing in and out through the front door: who gets in, who is slowed, when it ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from jobfair.accounts import passwords, services, signin
from jobfair.accounts.models import SignInAttempt
from jobfair.accounts.rules import Role
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from tests.accounts.factory import PASSWORD, MadeUser, make_organisation, make_user

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def clerk(database: Database) -> MadeUser:
    return make_user(database, Role.CLERK, make_organisation(database), login="wang.clerk")


def enter(client: FlaskClient, login: str, password: str, *, address: str = "10.0.0.1") -> int:
    answer = client.post(
        "/sign-in",
        data={"login": login, "password": password},
        environ_base={"REMOTE_ADDR": address},
        headers={"Accept-Language": "en"},
    )
    return answer.status_code


def test_a_right_password_gets_in(client: FlaskClient, clerk: MadeUser) -> None:
    assert enter(client, clerk.login, PASSWORD) == 302
    assert client.get("/account").status_code == 200


def test_case_and_width_of_the_login_do_not_matter(client: FlaskClient, clerk: MadeUser) -> None:
    assert enter(client, " \uff37ANG.Clerk ", PASSWORD) == 302


@pytest.mark.parametrize(
    ("login", "password"),
    [("wang.clerk", "not the password"), ("nobody", PASSWORD), ("x" * 80, "y")],
)
def test_a_wrong_guess_does_not_say_what_was_wrong(
    client: FlaskClient, clerk: MadeUser, login: str, password: str
) -> None:
    answer = client.post("/sign-in?lang=en", data={"login": login, "password": password})
    assert answer.status_code == 422
    told = answer.text.replace(login, "")
    again = client.post("/sign-in?lang=en", data={"login": "other", "password": "guess-guess"})
    assert told.count("<") == again.text.count("<")
    assert client.get("/account").status_code == 302


def test_a_closed_account_is_told_the_same(
    client: FlaskClient, database: Database, clerk: MadeUser
) -> None:
    with database.writing() as session:
        services.deactivate_user(session, clerk.id)
    assert enter(client, clerk.login, PASSWORD) == 422


def test_guesses_run_out_and_the_owner_elsewhere_still_gets_in(
    app: Flask, client: FlaskClient, clerk: MadeUser
) -> None:
    statuses = [enter(client, clerk.login, f"guess number {n}") for n in range(15)]
    assert statuses.count(422) == signin.PER_ACCOUNT_AND_ADDRESS
    assert statuses[-1] == 429
    assert enter(client, clerk.login, PASSWORD) == 429, "the right password, too, from here"
    assert enter(app.test_client(), clerk.login, PASSWORD, address="10.0.0.2") == 302


def test_one_address_cannot_try_many_accounts(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str | None] = []

    def looked_at(_typed: str, stored: str | None) -> bool:
        verified.append(stored)
        return False

    monkeypatch.setattr(passwords, "matches", looked_at)
    statuses = {enter(client, f"account-{n}", "one guess each") for n in range(140)}
    assert statuses == {422, 429}
    assert len(verified) == signin.PER_ADDRESS


def test_right_passwords_do_not_use_up_the_limit(app: Flask, clerk: MadeUser) -> None:
    for _ in range(signin.PER_ACCOUNT_AND_ADDRESS + 2):
        assert enter(app.test_client(), clerk.login, PASSWORD) == 302


def test_the_limit_ends_with_the_window(
    client: FlaskClient, clerk: MadeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(signin.PER_ACCOUNT_AND_ADDRESS):
        enter(client, clerk.login, f"guess number {n}")
    later = clock.now() + signin.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert enter(client, clerk.login, PASSWORD) == 302


def test_neither_login_nor_address_can_be_read_from_the_attempts(
    client: FlaskClient, database: Database
) -> None:
    enter(client, "typed-into-the-wrong-field", "guess", address="203.0.113.9")
    with database.reading() as session:
        login, address = session.execute(
            select(SignInAttempt.login_index, SignInAttempt.address_index)
        ).one()
    assert b"typed" not in login + address
    assert len(login) == len(address) == 32


def test_signing_in_and_out_is_audited(
    client: FlaskClient, database: Database, clerk: MadeUser
) -> None:
    enter(client, clerk.login, PASSWORD)
    client.post("/sign-out")
    with database.reading() as session:
        actions = session.execute(
            select(AuditEntry.action, AuditEntry.subject_id)
            .where(AuditEntry.action.like("user.sign%"))
            .order_by(AuditEntry.seq)
        ).all()
    assert [tuple(row) for row in actions] == [
        ("user.sign_in", clerk.id),
        ("user.sign_out", clerk.id),
    ]


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient, clerk: MadeUser) -> None:
    answer = client.get("/users?role=clerk")
    assert answer.status_code == 302
    where = answer.headers["Location"]
    assert where == "/sign-in?next=/users?role%3Dclerk"
    back = client.post(where, data={"login": clerk.login, "password": PASSWORD})
    assert back.headers["Location"] == "/users?role=clerk"


def test_a_program_is_told_401(client: FlaskClient) -> None:
    assert client.get("/account", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "users",
        "/" + "x" * 600,
    ],
)
def test_nobody_is_sent_off_site(client: FlaskClient, clerk: MadeUser, target: str) -> None:
    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"login": clerk.login, "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    app: Flask, client: FlaskClient, clerk: MadeUser
) -> None:
    enter(client, clerk.login, PASSWORD)
    cookie = client.get_cookie("jobfair")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("jobfair", cookie.value)
    assert thief.get("/account").status_code == 200
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get("/account").status_code == 302
    assert client.get("/account").status_code == 302


def test_signing_in_starts_a_fresh_session(client: FlaskClient, clerk: MadeUser) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    enter(client, clerk.login, PASSWORD)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_the_cookie_is_hardened(client: FlaskClient, clerk: MadeUser) -> None:
    answer = client.post("/sign-in", data={"login": clerk.login, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie, "ends with the browser"


def test_an_idle_session_ends(
    client: FlaskClient, clerk: MadeUser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, clerk.login, PASSWORD)
    minutes = app.config["SETTINGS"].session_minutes
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=minutes - 1))
    assert client.get("/account").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=2 * minutes - 3))
    assert client.get("/account").status_code == 200, "use keeps it open"
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=3 * minutes - 1))
    assert client.get("/account").status_code == 302


def test_no_session_outlives_the_working_day(
    client: FlaskClient, clerk: MadeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, clerk.login, PASSWORD)
    start = clock.now()
    for minutes in range(0, 12 * 60, 45):
        instant = start + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda instant=instant: instant)
        assert client.get("/account").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=12, minutes=1))
    assert client.get("/account").status_code == 302


def test_guesses_at_once_do_not_slip_through(
    app: Flask, database: Database, clerk: MadeUser, kind: str
) -> None:
    def guess(n: int) -> int:
        return enter(app.test_client(), clerk.login, f"guess number {n}")

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess, range(24)))
    assert statuses.count(422) == signin.PER_ACCOUNT_AND_ADDRESS
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 10
