"""Lists of the dead, prisoners, soldiers and students stop claims, and only few may read them."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.findings.rules import Code, Stop, StopKind, read_stop
from jobfair.kit.db import Database
from jobfair.kit.masking import mask_id_number
from jobfair.kit.sheets.writing import Column, write_table
from tests.factories import Make
from tests.findings.test_money import found
from tests.planted import person
from tests.subsidies.factory import apply_for, at_work, clerk, make_terms, propose, stand_at

SignIn = Callable[..., FlaskClient]
HEAD = ("身份证号", "停发原因", "开始日期", "结束日期")


def take_in(auditor: FlaskClient, *rows: tuple[str, ...]) -> str:
    """Take a list in through the pages; return the last of them."""
    out = io.BytesIO()
    write_table(out, [Column(title, text=True) for title in HEAD], rows)
    out.seek(0)
    url = "/findings/payment-stops/import"
    preview = auditor.post(url, data={"file": (out, "民政.xlsx")}, follow_redirects=True)
    assert preview.status_code == 200, preview.text
    return auditor.post(preview.request.path, follow_redirects=True).text


def test_a_listed_death_stops_a_claim_and_the_number_is_kept_sealed(
    database: Database, make: Make, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2025, 6, 2)
    at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    apply_for(database, claim, clerk(make))
    auditor = sign_in("auditor")
    number = person(1).id_number
    assert "No list is taken in yet" in auditor.get("/findings/payment-stops").text
    done = take_in(
        auditor,
        (number, "死亡", "2025-05-01", ""),
        (person(2).id_number, "服刑", "2024-01-01", "2024-12-31"),
        (number[:-1] + "?", "死亡", "2025-05-01", ""),
        (person(3).id_number, "外出", "2025-05-01", ""),
    )
    assert "Enter the reason: death" in done
    page = auditor.get("/findings/payment-stops").text
    assert number not in page
    assert mask_id_number(number) in page
    assert page.count("In the register") == 1
    listed = auditor.get("/findings/payment-stops?kind_of=prison").text
    assert ("2024-12-31" in listed, "2025-05-01" in listed) == (True, False)
    assert "2025-05-01" in auditor.get("/findings/payment-stops/export/csv").text
    with database.reading() as session:
        stored = session.execute(text("SELECT number_sealed FROM payment_stop")).scalars().all()
    assert all(number.encode() not in bytes(one) for one in stored)
    told = {"claim": str(claim), "day": "2025-06-02", "since": "2025-05-01"}
    assert found(database) == {Code.PAID_TO_EXEMPT: told}


def test_an_end_told_later_closes_the_entry_and_the_finding(
    database: Database, make: Make, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2025, 6, 2)
    at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    apply_for(database, claim, clerk(make))
    auditor, number = sign_in("auditor"), person(1).id_number
    take_in(auditor, (number, "服刑", "2024-01-01", ""))
    assert Code.PAID_TO_EXEMPT in found(database)
    take_in(auditor, (number, "服刑", "2024-01-01", "2024-12-31"))
    take_in(auditor, (number, "服刑", "2024-01-01", ""))
    with database.reading() as session:
        rows = session.execute(text("SELECT until FROM payment_stop")).scalars().all()
    assert [str(one) for one in rows] == ["2024-12-31"]
    assert found(database) == {}


def test_only_those_who_check_money_for_the_prefecture_read_the_lists(sign_in: SignIn) -> None:
    for role in ("clerk", "leader", "recruiter"):
        client = sign_in(role)
        for url in ("/findings/payment-stops", "/findings/payment-stops/import"):
            assert client.get(url).status_code in {403, 404}, role
    page = sign_in("auditor").get("/findings/").text
    assert re.search(r'href="/findings/payment-stops"', page)
    assert "payment-stops" not in sign_in("clerk").get("/findings/").text


@pytest.mark.parametrize(
    ("kind", "since", "until", "read"),
    [
        ("病故", "2025.3.1", "", (StopKind.DEATH, date(2025, 3, 1), None)),
        ("在押", "20250301", "2025-04-01", (StopKind.PRISON, date(2025, 3, 1), date(2025, 4, 1))),
        ("参军入伍", "2025年3月1日", "", (StopKind.CONSCRIPTION, date(2025, 3, 1), None)),
        ("全日制在读", "2025-03-01", "", (StopKind.STUDY, date(2025, 3, 1), None)),
        ("外出", "三月", "", ["kind", "since"]),
        ("死亡", "2025-03-01", "2025-02-01", ["until"]),
        ("死亡", "2025-03-01", "以后", ["until"]),
    ],
)
def test_rows_of_a_list_are_read(
    kind: str, since: str, until: str, read: tuple[StopKind, date, date | None] | list[str]
) -> None:
    found_ = read_stop("520502199005171234", kind, since, until)
    if isinstance(found_, Stop):
        assert (found_.kind, found_.since, found_.until) == read
    else:
        assert [name for name, _reason in found_] == read
