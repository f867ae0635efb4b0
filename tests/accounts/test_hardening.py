"""Cookies over TLS, forged forms, closed doors by default."""

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from jobfair.accounts.rules import Role
from jobfair.app import create_app
from jobfair.config import Settings
from jobfair.kit.db import Database
from tests.accounts.factory import PASSWORD, make_organisation, make_user


def test_over_tls_the_cookie_is_bound_to_the_host(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, https=True), database)
    app.config["WTF_CSRF_ENABLED"] = False
    user = make_user(database, Role.CLERK, make_organisation(database))
    answer = app.test_client().post(
        "/sign-in",
        base_url="https://localhost",
        data={"login": user.login, "password": PASSWORD},
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jobfair=")
    assert "; Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_form_from_elsewhere_is_refused(settings: Settings, database: Database) -> None:
    client = create_app(settings, database).test_client()
    user = make_user(database, Role.CLERK, make_organisation(database))
    answer = client.post("/sign-in", data={"login": user.login, "password": PASSWORD})
    assert answer.status_code == 400


def test_a_made_up_cookie_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("jobfair", "eyJ0b2tlbiI6ICJ4In0.made.up")
    assert client.get("/account").status_code == 302
    with client.session_transaction() as session:
        session["token"] = ["not", "a", "text"]
        session["seen"] = "never"
    assert client.get("/account").status_code == 302


def test_an_unknown_address_is_missing_for_everybody(app: Flask, client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404


def test_pages_are_never_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
