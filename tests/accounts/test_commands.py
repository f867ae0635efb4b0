"""The users command, and the list of routes with who reaches what."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from jobfair.accounts.cli import list_routes, users
from jobfair.accounts.rules import Permission, Role
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.kit.terminal import Terminal
from tests.accounts.factory import make_organisation, make_user


@pytest.fixture
def terminal(database: Database) -> Terminal:
    made = Terminal("en")
    made.__dict__["database"] = database  # the test's own, instead of the home's
    return made


def run(terminal: Terminal, *words: str) -> Result:
    return CliRunner().invoke(users, words, obj=terminal)


def test_the_first_administrator_is_added_with_the_office(app: Flask, terminal: Terminal) -> None:
    answer = run(
        terminal,
        "add",
        "First.Admin",
        "--name=某某",
        "--role=admin",
        "--new-organisation=毕节市人力资源和社会保障局",
        "--division=5205",
        "--json",
    )
    assert answer.exit_code == 0, answer.output
    made = json.loads(answer.output)
    assert made["login"] == "first.admin"
    client = app.test_client()
    typed = {"login": made["login"], "password": made["password"]}
    assert client.post("/sign-in", data=typed).status_code == 302
    for path in ("/", "/users"):
        assert client.get(path).headers["Location"] == "/account", "the password is temporary"


def test_adding_needs_exactly_one_organisation(terminal: Terminal) -> None:
    assert run(terminal, "add", "someone", "--name=某某", "--role=clerk").exit_code == 2


def test_accounts_are_listed(database: Database, terminal: Terminal) -> None:
    office = make_organisation(database, name="七星关区人社局")
    clerk = make_user(database, Role.CLERK, office)
    make_user(database, Role.LEADER, office)
    listed = json.loads(run(terminal, "list", "--role=clerk", "--json").output)
    assert listed == {
        "users": [
            {
                "id": clerk.id,
                "login": clerk.login,
                "role": "clerk",
                "active": True,
                "organisation": "七星关区人社局",
            }
        ]
    }


def test_a_password_is_reset(app: Flask, database: Database, terminal: Terminal) -> None:
    clerk = make_user(database, Role.CLERK, make_organisation(database))
    temporary = run(terminal, "reset-password", clerk.login.upper()).output.strip()
    typed = {"login": clerk.login, "password": temporary}
    assert app.test_client().post("/sign-in", data=typed).status_code == 302
    assert isinstance(run(terminal, "reset-password", "nobody").exception, NotFound)


def test_every_route_is_listed_with_permission_and_scope(app: Flask) -> None:
    rows = list_routes(app)
    assert {tuple(row) for row in rows} == {("rule", "methods", "permission", "scope")}
    by_rule = {row["rule"]: row for row in rows}
    assert by_rule["/users"] == {
        "rule": "/users",
        "methods": ["GET"],
        "permission": "accounts.invite",
        "scope": "admin: all; clerk: organisation; recruiter: organisation; "
        "manager: organisation; registrar: organisation; liaison: organisation",
    }
    assert by_rule["/sign-in"]["scope"] == "everybody"
    assert {row["permission"] for row in rows} <= {permission.value for permission in Permission}
