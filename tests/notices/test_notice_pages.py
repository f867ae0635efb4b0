"""Pages of public notices: open to everybody while they stand, then gone."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit.clock import BEIJING
from jobfair.kit.db import Database
from jobfair.notices.models import Notice
from tests.factories import Make
from tests.planted import person
from tests.subsidies.factory import (
    Time,
    announce,
    apply_for,
    at_work,
    clerk,
    make_terms,
    propose,
)

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def address(database: Database, make: Make, june: Time) -> str:
    """The public page of a list of two people."""
    rule, who = make_terms(database), clerk(make)
    at_work(make, 1)
    at_work(make, 2)
    claims = propose(database, rule, who)
    for claim in claims:
        apply_for(database, claim, who)
    announce(database, claims, who)
    with database.reading() as session:
        return f"/public-notices/{session.execute(select(Notice.key)).scalar_one()}"


def test_everybody_reads_the_masked_list_until_it_is_over(
    client: FlaskClient, sign_in: SignIn, address: str, june: Time
) -> None:
    client.set_cookie("language", "zh")
    page = client.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "2025-06-12" in page.text
    for n in (1, 2):
        who = person(n, division="520502")
        assert who.name not in page.text
        assert who.id_number not in page.text
        assert f"第{n}村" in page.text
    assert "export" not in page.text
    assert address in client.get("/public-notices").text
    june.at = datetime(2025, 6, 12, 23, 59, tzinfo=BEIJING)
    assert client.get(address).status_code == 200
    june.at = datetime(2025, 6, 13, tzinfo=BEIJING)
    gone = client.get(address)
    assert gone.status_code == 410
    assert "第1村" not in gone.text
    for path in ("question", "objections"):
        assert client.post(f"{address}/{path}").status_code == 410
    assert address not in client.get("/public-notices").text
    auditor = sign_in("auditor")  # the archive stays
    assert "第1村" in auditor.get("/notices/1").text
    assert "2025年交通补贴公示" in auditor.get("/notices/export/csv").data.decode("utf-8-sig")


def test_is_this_me_is_answered_yes_or_no_a_few_times(
    client: FlaskClient, address: str, june: Time
) -> None:
    client.set_cookie("language", "en")
    who = person(1, division="520502")
    asked = {"name": f" {who.name} ", "last4": who.id_number[-4:].lower()}
    other = asked | {"name": person(2, division="520502").name}
    for data, told in ((asked, "Yes, you stand"), (other, "No, you do not stand")) * 2:
        answer = client.post(f"{address}/question", data=data)
        assert told in answer.text
    assert client.post(f"{address}/question", data=asked | {"last4": "12"}).status_code == 422
    client.post(f"{address}/question", data=asked)
    refused = client.post(f"{address}/question", data=asked)
    assert refused.status_code == 422
    assert "Wait 10 minutes" in refused.text
    june.go(minutes=11)
    assert "Yes, you stand" in client.post(f"{address}/question", data=asked).text


def test_anybody_objects_without_a_name_and_somebody_else_decides(
    client: FlaskClient, sign_in: SignIn, address: str
) -> None:
    client.set_cookie("language", "en")
    objection = {"number": "1", "reason": "此人一直在家"}
    for wrong in ({"number": "9"}, {"reason": " "}, {"number": "x"}):
        assert client.post(f"{address}/objections", data=objection | wrong).status_code == 422
    answer = client.post(f"{address}/objections", data=objection, follow_redirects=True)
    assert "Line 1 is held" in answer.text
    assert answer.text.count("Held by an objection") == 1
    assert "此人一直在家" not in answer.text
    office = sign_in("clerk", division="520502")
    assert "1 to decide" in office.get("/notices?period=objected").text
    assert "此人一直在家" in office.get("/notices/1").text
    assert "此人一直在家" not in sign_in("auditor").get("/notices/1").text
    written = {"way": "telephone", "number": "2", "reason": "金额不对"}
    assert office.post("/notices/1/objections", data=written).status_code == 303
    decision = {"upheld": "yes", "answer": "经核实，属实"}
    leaked = office.post("/objections/1", data=decision | {"answer": "请打13812345678"})
    assert leaked.status_code == 422
    assert office.post("/objections/1", data=decision).status_code == 303
    again = office.post("/objections/1", data=decision)
    assert "decided meanwhile" in again.text
    page = client.get(address).text
    assert "Taken off the list" in page
    assert "第1村" not in page
    assert sign_in("clerk", division="520521").get("/objections/2").status_code == 404


def test_the_archive_lists_and_filters(sign_in: SignIn, address: str, june: Time) -> None:
    office = sign_in("clerk", division="520502")
    assert re.search("2025年交通补贴公示", office.get("/notices?period=open&text=交通").text)
    assert "No notice found" in office.get("/notices?period=over").text
    assert "No notice found" in sign_in("clerk", division="520521").get("/notices").text
