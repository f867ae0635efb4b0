"""A ledger through the browser: notes, the refused rows mended, a big file in the background."""

import io
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from jobfair.kit.db import Database
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.seekers import queries
from jobfair.seekers.rules import reading
from tests.planted import person

SignIn = Callable[..., FlaskClient]
HEAD = ("姓名", "身份证号码", "联系电话", "学历")


def workbook(rows: list[list[str]], head: tuple[str, ...] = HEAD) -> io.BytesIO:
    out = io.BytesIO()
    write_table(out, [Column(title, text=True) for title in head], rows)
    out.seek(0)
    return out


def line(n: int, **changes: str) -> list[str]:
    born = date(1950, 1, 1) + timedelta(days=5 * n)
    who = person(n % 400, born=born)
    cells = {"name": who.name, "id": who.id_number, "phone": who.phone, "education": "初中"}
    return list((cells | changes).values())


def upload(clerk: FlaskClient, file: io.BytesIO) -> TestResponse:
    return clerk.post("/seekers/import", data={"file": (file, "台账.xlsx")}, follow_redirects=True)


def how_many(database: Database) -> int:
    with database.reading() as session:
        return queries.count_seekers(session, queries.SeekerFilter())


def test_notes_are_shown_and_mended_rows_go_in(sign_in: SignIn, database: Database) -> None:
    clerk = sign_in("clerk", division="520502")
    rows = [line(1), line(2, phone="12345"), line(3, id="5.22E+17"), line(4, id="")]
    preview = upload(clerk, workbook(rows))
    assert reading.BAD_PHONE in preview.text
    assert how_many(database) == 0
    done = clerk.post(preview.request.path, follow_redirects=True)
    assert reading.BAD_PHONE in done.text
    assert how_many(database) == 2
    errors = clerk.get(done.request.path.replace("/result", "/errors.xlsx")).data
    book = CalamineWorkbook.from_filelike(io.BytesIO(errors))
    refused = book.get_sheet_by_index(0).to_python()
    assert reading.BAD_PHONE in str(book.get_sheet_by_index(1).to_python())

    refused[1][1] = line(3)[1]
    head = tuple(str(cell) for cell in refused[0])
    mended = workbook([[str(cell) for cell in row] for row in refused[1:]], head)
    again = upload(clerk, mended)
    clerk.post(again.request.path, follow_redirects=True)
    assert how_many(database) == 3


def until(clerk: FlaskClient, path: str, ended: Callable[[TestResponse], bool]) -> TestResponse:
    """Renew a page as a browser does until its work is over."""
    while True:
        page = clerk.get(path)
        if ended(page):
            return page
        assert page.status_code == 200
        assert page.headers["Refresh"].endswith(path)
        time.sleep(0.05)


@pytest.fixture
def hurried(app: Flask) -> None:
    """No page waits for its work."""
    app.config["IMPORT_PATIENCE"] = 0


@pytest.mark.usefixtures("hurried")
def test_a_big_file_shows_how_far_it_is_and_keeps_its_result(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    first = upload(clerk, workbook([line(n) for n in range(1_100)]))
    assert "Refresh" in first.headers
    path = first.request.path
    preview = until(clerk, path, lambda page: "Refresh" not in page.headers)
    assert "Take in the good rows" in preview.text
    assert how_many(database) == 0
    clerk.post(path)
    done = until(clerk, path, lambda page: page.status_code == 302)
    assert done.headers["Location"].endswith("/result")
    assert "1100" in clerk.get(done.headers["Location"]).text
    assert how_many(database) == 1_100


@pytest.mark.usefixtures("hurried")
def test_a_check_can_be_stopped(sign_in: SignIn, database: Database) -> None:
    clerk = sign_in("clerk", division="520502")
    first = upload(clerk, workbook([line(n) for n in range(3_000)]))
    path = first.request.path
    answer = clerk.post(path, data={"cancel": "1"}, follow_redirects=True)
    if answer.request.path != "/seekers/import":
        over = until(clerk, path, lambda page: page.status_code == 302)
        answer = clerk.get(over.headers["Location"])
    assert "thrown away" in answer.text
    assert how_many(database) == 0
    assert clerk.get(path).status_code == 404
