"""Signs, and what they open on anybody's phone: only of a published fair, no personal data."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.employers.services.positions import close_position
from jobfair.fairs.services import publish_fair, unpublish_fair
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.venues.factory import booths_of, fair_id_of, make_booths

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def position(database: Database) -> int:
    """A position of an employer with a contact."""
    employer = make_employer(
        database, name="龙岗电子厂", contact_name="王小明", contact_phone="13800138000"
    )
    return make_position(
        database, employer, title="焊工", headcount=30, requirements="持证，电话13800138000"
    )


@pytest.fixture
def fair(database: Database, position: int) -> str:
    """A fair with the position at booth A01."""
    code = make_fair(database, [position])
    make_booths(database, code, 2, fill=True)
    return code


def publish(database: Database, fair: str) -> None:
    with database.writing() as session:
        publish_fair(session, fair_id_of(database, fair))


def test_a_position_is_shown_to_anybody_only_while_the_fair_is_published(
    database: Database, fair: str, position: int, client: FlaskClient
) -> None:
    assert client.get(f"/p/{position}").status_code == 404
    publish(database, fair)
    answer = client.get(f"/p/{position}")
    assert answer.status_code == 200
    assert 'lang="zh-CN"' in answer.text, "Chinese unless the phone asks for something else"
    for said in ("焊工", "龙岗电子厂", "A01", "1,800–2,600", "持证", "招 30 人"):
        assert said in answer.text
    assert "13800138000" not in answer.text
    assert "王小明" not in answer.text
    with database.writing() as session:
        unpublish_fair(session, fair_id_of(database, fair))
    assert client.get(f"/p/{position}").status_code == 404


def test_a_closed_position_or_one_of_no_fair_is_not_shown(
    database: Database, fair: str, position: int, client: FlaskClient
) -> None:
    publish(database, fair)
    elsewhere = make_position(database, make_employer(database))
    assert client.get(f"/p/{elsewhere}").status_code == 404
    with database.writing() as session:
        close_position(session, position)
    answer = client.get(f"/p/{position}")
    assert answer.status_code == 404
    assert "咨询台" in answer.text


def test_a_booth_shows_its_positions(
    database: Database, fair: str, position: int, client: FlaskClient
) -> None:
    first, free = booths_of(database, fair)
    assert client.get(f"/b/{first.id}").status_code == 404
    publish(database, fair)
    page = client.get(f"/b/{first.id}").text
    assert "龙岗电子厂" in page
    assert f"/p/{position}" in page
    empty = client.get(f"/b/{free.id}")
    assert empty.status_code == 200
    assert f"/p/{position}" not in empty.text
    for number in (999_999, 10**12, 10**30):
        assert client.get(f"/b/{number}").status_code == 404
        assert client.get(f"/p/{number}").status_code == 404


def test_the_manager_publishes_from_the_page_of_the_fair(
    fair: str, position: int, client: FlaskClient, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    assert "not public yet" in manager.get(f"/fairs/{fair}").text
    assert manager.post(f"/fairs/{fair}/publish").status_code == 303
    assert client.get(f"/p/{position}").status_code == 200
    assert "Publish no more" in manager.get(f"/fairs/{fair}").text
    assert manager.post(f"/fairs/{fair}/publish", data={"hide": "yes"}).status_code == 303
    assert client.get(f"/p/{position}").status_code == 404
    assert sign_in("clerk").post(f"/fairs/{fair}/publish").status_code == 403


def test_signs_are_warned_of_that_would_open_nothing(
    database: Database, fair: str, app: Flask, make: Make
) -> None:
    user = make.user("staff")
    typed = {"login": user.login, "password": make.password}

    def page(origin: str) -> str:
        browser = app.test_client()
        browser.set_cookie("language", "en", domain=origin.partition("//")[2].partition(":")[0])
        browser.post("/sign-in", base_url=origin, data=typed)
        return browser.get(f"/fairs/{fair}/signs", base_url=origin).text

    here = page("http://127.0.0.1:8000")
    assert "the codes open nothing yet" in here
    assert "No other device can open that" in here
    publish(database, fair)
    hall = page("http://10.0.0.5:8000")
    assert "the codes open nothing yet" not in hall
    assert "No other device can open that" not in hall
    assert "The codes begin with http://10.0.0.5:8000/" in hall
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], address="https://jobs.example.org")
    configured = page("http://127.0.0.1:8000")
    assert "No other device can open that" not in configured
    assert "The codes begin with https://jobs.example.org" in configured


def test_every_booth_and_every_open_position_has_a_sign(
    database: Database, fair: str, position: int, sign_in: SignIn
) -> None:
    second = make_position(database, make_employer(database, name="乙厂"), title="厨师")
    third = make_position(database, make_employer(database, name="丙厂"), title="绣花工")
    make_fair(database, [second, third, position], code="both")
    make_booths(database, "both", 1)
    with database.writing() as session:
        close_position(session, third)
    manager = sign_in("manager")
    booths = manager.get(f"/fairs/{fair}/signs/booths").text
    assert re.findall(r'jf-sign__number">([^<]+)<', booths) == ["A01", "A02"]
    assert "焊工" in booths
    for size, sheets in (("a5", 1), ("a6", 1), ("nonsense", 1)):
        page = manager.get(f"/fairs/both/signs/positions?size={size}").text
        assert sorted(re.findall(r'jf-sign__title">([^<]+)<', page)) == ["厨师", "焊工"]
        assert page.count('class="jf-signs ') == sheets
        assert page.count("<svg") >= 2
    one = manager.get(f"/fairs/{fair}/signs/positions?employer=999999").text
    assert "No open position takes part yet" in one
    assert manager.get(f"/fairs/{fair}/signs/positions?employer=x&part=-3").status_code == 200
