"""Controls of the personal-data alarm: it finds what is planted, and nothing else."""

import logging
import os
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug import Response

from tests import alarm
from tests.conftest import WatchedClient
from tests.planted import NAME_MARK, person

PERSON = person(17)


@pytest.mark.parametrize(
    "content",
    [
        PERSON.name.encode(),
        PERSON.name.encode("utf-16-le"),
        PERSON.name.encode("gb18030"),
        PERSON.name.encode().hex().encode(),
        PERSON.name.encode().hex().upper().encode(),
        quote(PERSON.name).encode(),
        quote(PERSON.name).lower().encode(),
        PERSON.name.encode("ascii", "backslashreplace"),
    ],
)
def test_a_name_is_found_in_every_form(content: bytes) -> None:
    assert "name in here" in alarm.look_into_bytes(b"\0\1" + content + b"\2", "here")


@pytest.mark.parametrize(
    "content",
    [
        PERSON.phone.encode(),
        PERSON.phone.encode("utf-16-le"),
        PERSON.phone.encode().hex().encode(),
    ],
)
def test_a_phone_is_found_in_every_form(content: bytes) -> None:
    assert "phone in here" in alarm.look_into_bytes(b"\0\1" + content + b"\2", "here")


def test_an_id_number_is_found() -> None:
    content = f"x{PERSON.id_number}y".encode()
    assert alarm.look_into_bytes(content, "here") == ["ID number in here"]


def test_every_planted_name_is_found() -> None:
    for n in range(400):
        assert alarm.look_into_bytes(person(n).name.encode(), "here"), n


def test_the_bytes_of_one_character_alone_are_chance() -> None:
    assert alarm.look_into_bytes(NAME_MARK.encode(), "here") == []
    assert alarm.look_into_bytes(NAME_MARK.encode().hex().encode(), "here") == []
    assert alarm.look_into_bytes(os.urandom(4_000_000), "here") == []


@pytest.mark.parametrize("said", [PERSON.name, PERSON.phone, PERSON.id_number])
def test_a_value_in_a_log_is_heard(said: str) -> None:
    listener = alarm.Listener()
    logger = logging.getLogger("control")
    logger.propagate = False  # the alarm of this run stays quiet
    logger.addHandler(listener)
    logger.info("nothing")
    assert listener.leaks == []
    logger.info("saved %s", said)
    logger.info("saved", extra={"who": said})
    logger.error("failed", exc_info=ValueError(said))
    logger.removeHandler(listener)
    assert len(listener.leaks) == 3
    assert said not in str(listener.leaks)


def _client() -> FlaskClient:
    app = Flask("control")
    app.test_client_class = WatchedClient

    @app.get("/")
    def home() -> str:
        return "ok"

    @app.get("/away")
    def away() -> Response:
        return redirect(f"/?find={quote(PERSON.name)}")

    return app.test_client()


@pytest.mark.parametrize("said", [PERSON.name, quote(PERSON.name), PERSON.phone, PERSON.id_number])
def test_a_value_in_a_url_is_caught(said: str) -> None:
    with pytest.raises(alarm.PersonalDataLeaked):
        _client().get(f"/?find={said}")


def test_a_value_in_a_redirect_is_caught() -> None:
    with pytest.raises(alarm.PersonalDataLeaked):
        _client().get("/away")


def test_a_plain_url_passes() -> None:
    assert _client().get("/?status=open").status_code == 200


def test_a_value_in_a_row_of_postgresql_is_found(postgres_engine: Engine) -> None:
    try:
        with postgres_engine.begin() as connection:
            connection.execute(text("CREATE TABLE control (said text, sealed bytea)"))
            insert = text("INSERT INTO control VALUES (:said, :sealed)")
            connection.execute(insert, {"said": PERSON.name, "sealed": PERSON.phone.encode()})
        found = set(alarm.look_into_database(postgres_engine, ["control"]))
    finally:
        with postgres_engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS control"))
    assert found == {"name in table control", "phone in table control"}


def test_a_value_in_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "left.tmp").write_bytes(PERSON.id_number.encode())
    assert alarm.look_into_folder(tmp_path) == ["ID number in left.tmp"]
