"""One-tap sign-in works in a demonstration home and nowhere else."""

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from jobfair.accounts.demo_links import demo_links
from jobfair.accounts.rules import Role
from jobfair.kit.db import Database
from tests.accounts.factory import kind_for, make_organisation, make_user, place_of


def _as_demo(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], environment="demo")


def test_there_is_a_link_for_each_role_that_has_a_user(app: Flask, database: Database) -> None:
    for role in Role:
        kind = kind_for(role)
        organisation = make_organisation(database, kind=kind, division=place_of(kind, "520502"))
        make_user(database, role, organisation)
    _as_demo(app)
    links = demo_links(app)
    assert [role for role, _path in links] == list(Role)
    for _role, path in links:
        client = app.test_client()
        assert client.get(path).status_code == 302
        assert client.get("/account").status_code == 200


def test_a_link_is_nothing_elsewhere(app: Flask, database: Database, client: FlaskClient) -> None:
    make_user(database, Role.CLERK, make_organisation(database))
    production = app.config["SETTINGS"]
    _as_demo(app)
    [(_role, path)] = demo_links(app)
    app.config["SETTINGS"] = production
    assert client.get(path).status_code == 404
    assert demo_links(app) == []


def test_a_forged_link_is_nothing(app: Flask, database: Database, client: FlaskClient) -> None:
    make_user(database, Role.CLERK, make_organisation(database))
    _as_demo(app)
    [(_role, path)] = demo_links(app)
    assert client.get(path + "x").status_code == 404
    assert client.get("/sign-in/demo/1").status_code == 404
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], secret_key="o" * 40)
    assert client.get(path).status_code == 404
