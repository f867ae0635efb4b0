"""Users, invitations and organisations through their pages."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.accounts import services
from jobfair.accounts.rules import OrganisationKind, Role, RoleDoesNotFit
from jobfair.kit import clock
from jobfair.kit.db import Database
from tests.accounts.factory import PASSWORD, MadeUser, make_organisation, make_user
from tests.planted import person

Enter = Callable[[MadeUser], FlaskClient]


@pytest.fixture
def enter(app: Flask) -> Enter:
    def sign_in(user: MadeUser) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("language", "en")
        client.post("/sign-in", data={"login": user.login, "password": user.password})
        return client

    return sign_in


@pytest.fixture
def office(database: Database) -> int:
    return make_organisation(database, name="毕节市人力资源和社会保障局", division="5205")


@pytest.fixture
def admin(database: Database, office: int, enter: Enter) -> FlaskClient:
    return enter(make_user(database, Role.ADMIN, office))


@pytest.fixture
def employer(database: Database) -> int:
    return make_organisation(
        database, kind=OrganisationKind.EMPLOYER, division="440306", name="某电子厂"
    )


@pytest.fixture
def recruiter(database: Database, employer: int, enter: Enter) -> FlaskClient:
    return enter(make_user(database, Role.RECRUITER, employer))


def invitation_path(text: str) -> str:
    found = re.search(r"/invitations/[\w-]{20,}", text)
    assert found, text
    return found.group()


def accept(client: FlaskClient, path: str, **changes: str) -> int:
    typed = {
        "login": "new.colleague",
        "display_name": "某某",
        "new": "a brand new sentence",
        "again": "a brand new sentence",
    }
    return client.post(path, data=typed | changes).status_code


def test_a_recruiter_invites_a_colleague(app: Flask, recruiter: FlaskClient, employer: int) -> None:
    answer = recruiter.post(
        "/invitations/new", data={"organisation": employer, "role": "recruiter"}
    )
    assert answer.status_code == 201
    path = invitation_path(answer.text)
    guest = app.test_client()
    assert guest.get(path).status_code == 200
    assert accept(guest, path) == 303
    assert guest.get("/users").status_code == 200
    assert "new.colleague" in recruiter.get("/users").text
    assert guest.get(path).status_code == 404, "once only"
    assert accept(app.test_client(), path, login="another") == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"login": "ab"}, 422),
        ({"new": "1234567890", "again": "1234567890"}, 422),
        ({"again": "something else"}, 422),
        ({"display_name": ""}, 422),
    ],
)
def test_a_refused_acceptance_keeps_the_invitation(
    app: Flask, recruiter: FlaskClient, employer: int, changes: dict[str, str], status: int
) -> None:
    answer = recruiter.post(
        "/invitations/new", data={"organisation": employer, "role": "recruiter"}
    )
    path = invitation_path(answer.text)
    assert accept(app.test_client(), path, **changes) == status
    assert accept(app.test_client(), path) == 303


def test_a_taken_login_is_told(
    app: Flask, database: Database, recruiter: FlaskClient, employer: int
) -> None:
    make_user(database, Role.RECRUITER, employer, login="new.colleague")
    answer = recruiter.post(
        "/invitations/new", data={"organisation": employer, "role": "recruiter"}
    )
    assert accept(app.test_client(), invitation_path(answer.text), login="New.Colleague") == 422


def test_an_invitation_expires(
    app: Flask, recruiter: FlaskClient, employer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = recruiter.post(
        "/invitations/new", data={"organisation": employer, "role": "recruiter"}
    )
    path = invitation_path(answer.text)
    later = clock.now() + timedelta(days=services.INVITATION_DAYS, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize("role", ["admin", "clerk", "manager"])
def test_nobody_invites_into_a_higher_role(
    recruiter: FlaskClient, employer: int, role: str
) -> None:
    answer = recruiter.post("/invitations/new", data={"organisation": employer, "role": role})
    assert answer.status_code == 422


def test_nobody_invites_into_another_organisation(recruiter: FlaskClient, office: int) -> None:
    answer = recruiter.post("/invitations/new", data={"organisation": office, "role": "recruiter"})
    assert answer.status_code == 422


def test_a_role_that_does_not_fit_the_organisation_is_refused(
    admin: FlaskClient, employer: int
) -> None:
    answer = admin.post("/invitations/new", data={"organisation": employer, "role": "clerk"})
    assert answer.status_code == 422


def test_no_role_is_chosen_beforehand(admin: FlaskClient, office: int) -> None:
    typed = {"organisation": office, "login": "li.clerk", "display_name": "李文书"}
    answer = admin.post("/users/new", data=typed | {"role": ""})
    assert answer.status_code == 422
    assert "Choose a role" in answer.text
    assert "li.clerk" in answer.text, "nothing typed is lost"


def test_an_account_is_made_closed_and_opened(
    app: Flask, admin: FlaskClient, office: int, database: Database
) -> None:
    typed = {
        "login": "Li.Clerk",
        "display_name": "某某",
        "organisation": str(office),
        "role": "clerk",
    }
    made = admin.post("/users/new", data=typed)
    assert made.status_code == 201
    shown = re.search(r"\b([a-z2-9]{4}-){3}[a-z2-9]{4}\b", made.text)
    assert shown
    secret = {"login": "li.clerk", "password": shown.group()}
    assert app.test_client().post("/sign-in", data=secret).status_code == 302
    assert admin.post("/users/new", data=typed).status_code == 422, "the login is taken"
    user_id = max(int(n) for n in re.findall(r"/users/(\d+)", admin.get("/users").text))
    assert admin.post(f"/users/{user_id}/deactivate").status_code == 303
    assert app.test_client().post("/sign-in", data=secret).status_code == 422
    assert admin.post(f"/users/{user_id}/activate").status_code == 303
    assert app.test_client().post("/sign-in", data=secret).status_code == 302


def test_an_account_changes_name_and_role(
    admin: FlaskClient, database: Database, office: int
) -> None:
    clerk = make_user(database, Role.CLERK, office)
    page = f"/users/{clerk.id}/edit"
    assert admin.get(page).status_code == 200
    typed = {"display_name": "另一位", "role": "leader"}
    assert admin.post(page, data=typed).status_code == 303
    assert "另一位" in admin.get(f"/users/{clerk.id}").text
    assert admin.post(page, data=typed | {"role": "recruiter"}).status_code == 422
    assert admin.post(page, data=typed | {"display_name": " "}).status_code == 422


def test_a_password_reset_shows_the_temporary_one_once(
    app: Flask, admin: FlaskClient, database: Database, office: int
) -> None:
    clerk = make_user(database, Role.CLERK, office)
    answer = admin.post(f"/users/{clerk.id}/reset-password")
    shown = re.search(r"\b([a-z2-9]{4}-){3}[a-z2-9]{4}\b", answer.text)
    assert shown
    typed = {"login": clerk.login, "password": shown.group()}
    assert app.test_client().post("/sign-in", data=typed).status_code == 302


def test_colleagues_of_a_higher_role_cannot_be_closed(
    database: Database, office: int, enter: Enter, admin: FlaskClient
) -> None:
    boss = make_user(database, Role.ADMIN, office)
    clerk = enter(make_user(database, Role.CLERK, office))
    assert clerk.get(f"/users/{boss.id}").status_code == 200
    for verb in ("deactivate", "activate", "reset-password"):
        assert clerk.post(f"/users/{boss.id}/{verb}").status_code == 403


def test_nobody_closes_the_own_account(database: Database, employer: int, enter: Enter) -> None:
    user = make_user(database, Role.RECRUITER, employer)
    assert enter(user).post(f"/users/{user.id}/deactivate").status_code == 403


def test_a_list_shows_only_the_own_organisation(
    recruiter: FlaskClient, database: Database, office: int
) -> None:
    stranger = make_user(database, Role.CLERK, office, login="the.stranger")
    for address in ("/users", f"/users?organisation={office}", "/users?role=clerk"):
        assert stranger.login not in recruiter.get(address).text
    assert recruiter.get(f"/users/{stranger.id}").status_code == 404


def test_searching_keeps_the_name_out_of_the_address(admin: FlaskClient) -> None:
    name = person(1).name
    answer = admin.post("/users/search", data={"find": name, "role": "clerk"})
    assert answer.status_code == 303
    assert "role=clerk" in answer.headers["Location"]
    assert admin.get(answer.headers["Location"]).status_code == 200
    assert admin.get("/users?find=nonsense").status_code == 422


def test_searching_finds_by_login_and_name(
    admin: FlaskClient, database: Database, office: int
) -> None:
    make_user(database, Role.CLERK, office, login="findable.one")
    make_user(database, Role.CLERK, office, login="hidden.two")
    answer = admin.post("/users/search", data={"find": "DABLE."}, follow_redirects=True)
    assert "findable.one" in answer.text
    assert "hidden.two" not in answer.text
    assert (
        "findable.one"
        not in admin.post("/users/search", data={"find": "%"}, follow_redirects=True).text
    )


def test_long_lists_come_in_pages(admin: FlaskClient, database: Database, office: int) -> None:
    for n in range(51):
        draft = services.OrganisationDraft(OrganisationKind.SCHOOL, f"第{n}学校")
        with database.writing() as session:
            services.create_organisation(session, draft)
    first = admin.get("/organisations?kind=school").text
    second = admin.get("/organisations?kind=school&page=2").text
    assert "第0学校" in first
    assert "第50学校" not in first
    assert "第50学校" in second
    assert admin.get("/organisations?page=99").status_code == 200


def test_an_office_takes_its_place_in_the_tree(
    admin: FlaskClient, database: Database, office: int
) -> None:
    typed = {
        "kind": "labour_office",
        "name": "七星关区人力资源和社会保障局",
        "division_code": "520502",
        "parent": str(office),
        "active": "y",
    }
    assert admin.get("/organisations/new").status_code == 200
    assert admin.post("/organisations/new", data=typed).status_code == 303
    assert "七星关区" in admin.get("/organisations?kind=labour_office").text
    assert admin.post("/organisations/new", data=typed | {"division_code": ""}).status_code == 422
    assert admin.post("/organisations/new", data=typed | {"parent": "999"}).status_code == 422
    county = make_organisation(database, parent_id=office)
    circle = {
        "kind": "labour_office",
        "name": "某局",
        "division_code": "5205",
        "parent": str(county),
        "active": "y",
    }
    answer = admin.post(f"/organisations/{office}", data=circle)
    assert answer.status_code == 422
    assert admin.get(f"/organisations/{office}").status_code == 200


@pytest.mark.parametrize("role", ["collector", "liaison"])
def test_an_administrator_adds_villages_and_stations_with_their_people(
    admin: FlaskClient, role: str
) -> None:
    sort, wide, said, right = {
        "collector": ("village", "520521", "9 to 12 digits", "520521001"),
        "liaison": ("labour_station", "44", "in which the labour station stands", "440306"),
    }[role]
    typed = {"kind": sort, "name": "某处", "division_code": wide, "active": "y"}
    refused = admin.post("/organisations/new", data=typed)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{wide}"' in refused.text
    assert admin.post("/organisations/new", data=typed | {"division_code": right}).location
    listed = admin.get(f"/organisations?kind={sort}").text
    made = max(int(n) for n in re.findall(r"/organisations/(\d+)", listed))
    person = {"login": "wang.zhan", "display_name": "王某", "organisation": str(made)}
    assert admin.post("/users/new", data=person | {"role": "clerk"}).status_code == 422
    assert admin.post("/users/new", data=person | {"role": role}).status_code == 201


def test_an_employer_registers_itself_with_its_first_recruiter(
    app: Flask, database: Database
) -> None:
    organisation = services.OrganisationDraft(OrganisationKind.EMPLOYER, "某电子厂", "440306")
    user = services.UserDraft("First.Recruiter", "某某", "a brand new sentence")
    with database.writing() as session:
        services.register_organisation_with_user(session, organisation, user)
    typed = {"login": "first.recruiter", "password": "a brand new sentence"}
    assert app.test_client().post("/sign-in", data=typed).status_code == 302
    office = services.OrganisationDraft(OrganisationKind.LABOUR_OFFICE, "某局", "5205")
    with pytest.raises(RoleDoesNotFit), database.writing() as session:
        services.register_organisation_with_user(session, office, user)


def test_the_password_is_nowhere_in_the_answers(admin: FlaskClient, office: int) -> None:
    answer = admin.post("/sign-in", data={"login": "x", "password": PASSWORD})
    assert PASSWORD not in answer.text


def test_the_accounts_shown_are_taken_away_as_a_file(
    admin: FlaskClient, database: Database, employer: int
) -> None:
    make_user(database, Role.RECRUITER, employer, login="recruiter.one")
    page = admin.get("/users?role=recruiter&kind=odd&page=1").text
    path = re.search(r'href="(/users/export/csv\?[^"]*)"', page)
    assert path, "the link keeps the filter"
    head, *lines = admin.get(path.group(1)).data.decode("utf-8-sig").splitlines()
    assert head.startswith("Name,Login,Role,Organisation,State")
    assert [line.split(",")[1:4] for line in lines] == [["recruiter.one", "Recruiter", "某电子厂"]]
    book = admin.get("/users/export/xlsx")
    assert book.data.startswith(b"PK")
    assert admin.get("/users/export/pdf").status_code == 404


def test_a_recruiter_takes_away_only_colleagues(
    recruiter: FlaskClient, database: Database, office: int
) -> None:
    make_user(database, Role.CLERK, office, login="clerk.elsewhere")
    assert "clerk.elsewhere" not in recruiter.get("/users/export/csv").text
    assert recruiter.get("/organisations/export/csv").status_code == 403


def test_the_organisations_shown_are_taken_away_as_a_file(
    admin: FlaskClient, office: int, employer: int
) -> None:
    page = admin.get("/organisations?kind=employer").text
    path = re.search(r'href="(/organisations/export/csv\?[^"]*)"', page)
    assert path
    _head, *lines = admin.get(path.group(1)).data.decode("utf-8-sig").splitlines()
    assert lines == ["某电子厂,Employer,440306,,Active"]
