"""What changes about an account counts from the very next request."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.accounts import services
from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.kit.db import Database
from tests.accounts.factory import PASSWORD, MadeUser, make_organisation, make_user


@pytest.fixture
def office(database: Database) -> int:
    return make_organisation(database)


@pytest.fixture
def clerk(database: Database, office: int) -> MadeUser:
    make_user(database, Role.ADMIN, office)
    return make_user(database, Role.CLERK, office)


@pytest.fixture
def signed_in(client: FlaskClient, clerk: MadeUser) -> FlaskClient:
    answer = client.post("/sign-in", data={"login": clerk.login, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/users").status_code == 200
    return client


Change = Callable[[Database, int, int], None]


def close(database: Database, user_id: int, office: int) -> None:
    with database.writing() as session:
        services.deactivate_user(session, user_id)


def reset(database: Database, user_id: int, office: int) -> None:
    with database.writing() as session:
        services.reset_password(session, user_id)


def other_role(database: Database, user_id: int, office: int) -> None:
    with database.writing() as session:
        services.edit_user(session, user_id, display_name="某某", role=Role.LEADER)


@pytest.mark.parametrize("change", [close, reset, other_role])
def test_a_change_ends_the_open_session(
    signed_in: FlaskClient, database: Database, clerk: MadeUser, office: int, change: Change
) -> None:
    change(database, clerk.id, office)
    assert signed_in.get("/users").status_code == 302
    assert signed_in.get("/account").status_code == 302


def test_closing_the_organisation_ends_it(
    signed_in: FlaskClient, database: Database, office: int
) -> None:
    make_user(database, Role.ADMIN, make_organisation(database, division="52"))
    draft = services.OrganisationDraft(
        OrganisationKind.LABOUR_OFFICE, "某局", "520502", active=False
    )
    with database.writing() as session:
        services.edit_organisation(session, office, draft)
    assert signed_in.get("/account").status_code == 302


def test_a_new_password_ends_every_other_session(
    app: Flask, signed_in: FlaskClient, clerk: MadeUser
) -> None:
    other = app.test_client()
    other.post("/sign-in", data={"login": clerk.login, "password": PASSWORD})
    new = {"present": PASSWORD, "new": "a brand new sentence", "again": "a brand new sentence"}
    assert signed_in.post("/account", data=new).status_code == 303
    assert signed_in.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert (
        other.post("/sign-in", data={"login": clerk.login, "password": PASSWORD}).status_code == 422
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"present": "not this one", "new": "a brand new sentence", "again": "a brand new sentence"},
        {"present": PASSWORD, "new": "1234567890", "again": "1234567890"},
        {"present": PASSWORD, "new": "a brand new sentence", "again": "a brand new sentance"},
        {"present": PASSWORD, "new": PASSWORD, "again": PASSWORD},
        {},
    ],
)
def test_a_refused_password_change_changes_nothing(
    app: Flask, signed_in: FlaskClient, clerk: MadeUser, typed: dict[str, str]
) -> None:
    assert signed_in.post("/account", data=typed).status_code == 422
    again = app.test_client().post("/sign-in", data={"login": clerk.login, "password": PASSWORD})
    assert again.status_code == 302


def test_a_temporary_password_opens_only_the_account_page(
    app: Flask, database: Database, clerk: MadeUser
) -> None:
    with database.writing() as session:
        issued = services.reset_password(session, clerk.id)
    client = app.test_client()
    client.post("/sign-in", data={"login": clerk.login, "password": issued.secret})
    answer = client.get("/users")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    new = {"present": issued.secret, "new": "a brand new sentence", "again": "a brand new sentence"}
    assert client.post("/account", data=new).status_code == 303
    assert client.get("/users").status_code == 200


def test_the_last_administrator_stays(database: Database, office: int) -> None:
    only = make_user(database, Role.ADMIN, office)
    with pytest.raises(services.LastAdministrator), database.writing() as session:
        services.deactivate_user(session, only.id)
    with pytest.raises(services.LastAdministrator), database.writing() as session:
        services.edit_user(session, only.id, display_name="某某", role=Role.CLERK)
    draft = services.OrganisationDraft(
        OrganisationKind.LABOUR_OFFICE, "某局", "520502", active=False
    )
    with pytest.raises(services.LastAdministrator), database.writing() as session:
        services.edit_organisation(session, office, draft)
