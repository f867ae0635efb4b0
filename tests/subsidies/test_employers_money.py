"""Subsidies that an employer gets for its people: a claim for each, up to the employer's limit."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Grade
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.subsidies.models import SubsidyClaim
from jobfair.subsidies.rules.claims import Step
from jobfair.subsidies.rules.entitlement import (
    Benefit,
    Labourer,
    Work,
    judge_payee,
    with_payee,
    within_cap,
)
from jobfair.subsidies.rules.terms import Family, Payee
from tests.employers.factory import make_employer
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.subsidies.factory import (
    TRAVEL,
    announce,
    at_work,
    clerk,
    make_terms,
    propose,
    stand_at,
    step,
)

SignIn = Callable[..., FlaskClient]
ABSORB = replace(TRAVEL, code="absorb", title="吸纳补贴", payee=Payee.EMPLOYER)
DAY = date(2025, 12, 31)


def work(employer: int | None, first: date, last: date | None = None) -> Work:
    return Work(
        first,
        last,
        Destination.OUT_OF_PROVINCE,
        "44",
        None,
        Grade.B,
        organised=False,
        employer=employer,
    )


def test_the_months_are_those_at_one_employer() -> None:
    hopped = Labourer(
        "520502001",
        works=(
            work(1, date(2025, 1, 6), date(2025, 3, 1)),
            work(2, date(2025, 3, 2), date(2025, 5, 20)),
        ),
    )
    assert judge_payee(TRAVEL, hopped, DAY)[1].since == date(2025, 4, 6)
    assert judge_payee(ABSORB, hopped, DAY)[1].since is None
    stayed = replace(hopped, works=(*hopped.works, work(3, date(2025, 6, 1))))
    employer, verdict = judge_payee(ABSORB, stayed, DAY)
    assert (employer, verdict.since) == (3, date(2025, 9, 1))
    assert with_payee(stayed, Payee.EMPLOYER, 2).works == (stayed.works[1],)
    nobody = Labourer("520502001", works=(work(None, date(2025, 1, 6)),))
    assert judge_payee(ABSORB, nobody, DAY)[1].since is None


def test_what_the_person_gets_does_not_bar_the_employer_nor_the_other_way_round() -> None:
    works = (work(1, date(2025, 1, 6)),)
    own = Benefit("1", "travel", Family.TRAVEL, 2025, 2025)
    firms = replace(own, claim="2", payee=Payee.EMPLOYER)
    has_own = Labourer("520502001", works=works, benefits=(own,))
    assert judge_payee(ABSORB, has_own, DAY)[1].since == date(2025, 4, 6)
    assert judge_payee(TRAVEL, has_own, DAY)[1].since is None
    assert judge_payee(ABSORB, replace(has_own, benefits=(firms,)), DAY)[1].since is None


@given(
    st.lists(st.integers(1, 100_000), max_size=40), st.integers(0, 500_000), st.integers(0, 500_000)
)
def test_as_many_as_fit_and_not_one_more(amounts: list[int], paid: int, cap: int) -> None:
    n = within_cap(amounts, paid, cap)
    if not cap:
        assert n == len(amounts)
        return
    assert n == 0 or paid + sum(amounts[:n]) <= cap
    assert n == len(amounts) or paid + sum(amounts[: n + 1]) > cap


@pytest.fixture
def firm(database: Database, make: Make, monkeypatch: pytest.MonkeyPatch) -> int:
    """An employer with three of our people since January; it is June."""
    stand_at(monkeypatch, 2025, 6, 2)
    employer = make_employer(database, name="深圳市麒麟电子厂")
    for n, day in ((1, 6), (2, 7), (3, 8)):
        at_work(make, n, started_on=date(2025, 1, day), employer_id=employer)
    return employer


def test_an_employer_gets_money_for_its_people_up_to_its_limit(
    database: Database, make: Make, sign_in: SignIn, firm: int
) -> None:
    at_work(make, 4)  # at no employer with a record
    at_work(make, 5, division="520521", employer_id=firm)  # another county's
    rule = make_terms(
        database, code="absorb", payee=Payee.EMPLOYER, payee_cap_fen=120_000, documents=()
    )
    office = sign_in("clerk", division="520502")
    page = office.get(f"/subsidies/due?rule={rule}").text
    assert "Open a claim for everybody entitled today" in page
    opened = office.post("/subsidies/due", data={"rule": rule}, follow_redirects=True)
    assert "2 claims were opened" in opened.text
    with database.reading() as session:
        rows = session.execute(select(SubsidyClaim).order_by(SubsidyClaim.id)).scalars().all()
        told = [(row.employer_id, row.payee, row.since) for row in rows]
        first, second = (row.id for row in rows)
    assert told == [
        (firm, "employer", date(2025, 4, 6)),
        (firm, "employer", date(2025, 4, 7)),
    ]
    office.post("/subsidies/due", data={"rule": rule})  # the limit is used up
    listed = office.get("/subsidies/").text
    assert listed.count("paid to 深圳市麒麟电子厂") == 2
    assert "2 claims of 2 persons, 1,000 yuan" in listed
    url = f"/subsidies/claims/{first}/application"
    assert 'value="relative"' not in office.get(url).text
    data = {"applicant": "payee", "account": "4000 0212 0920 0123 456789", "bank": "工行"}
    taken = office.post(url, data=data, follow_redirects=True)
    assert "The application is taken for 2 people." in taken.text
    assert "深圳市麒麟电子厂" in taken.text
    assert office.get(f"/subsidies/claims/{second}").text.count("**** 6789") == 1
    export = list(
        csv.reader(io.StringIO(office.get("/subsidies/export/csv").get_data(as_text=True)))
    )
    assert [row[4] for row in export[1:]] == ["深圳市麒麟电子厂"] * 2


def test_the_payment_file_names_the_employer_and_another_county_does_not_see_it(
    database: Database,
    make: Make,
    sign_in: SignIn,
    firm: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = make_terms(database, code="absorb", payee=Payee.EMPLOYER, documents=())
    first, second = clerk(make), clerk(make)
    ids = propose(database, rule, first)
    assert len(ids) == 3
    office = sign_in("clerk", division="520502")
    data = {"applicant": "payee", "account": "400002120920012345", "bank": "工行"}
    office.post(f"/subsidies/claims/{ids[0]}/application", data=data)
    announce(database, ids, first, "2025年吸纳补贴公示")
    time = stand_at(monkeypatch, 2025, 6, 20)
    for one in ids:
        step(database, one, Step.CHECK, first)
        step(database, one, Step.APPROVE, second)
    time.go(minutes=1)
    office = sign_in("clerk", division="520502")
    run = office.post("/subsidies/runs", data={"rule": rule}).location
    file = office.get(f"{run}/file/csv").get_data(as_text=True)
    lines = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    assert len(lines) == 3
    assert {line["收款人姓名"] for line in lines} == {"深圳市麒麟电子厂"}
    [payee] = {line["收款人身份证号"].lstrip("'") for line in lines}
    assert payee.startswith("91440300")
    assert len({line["补贴对象身份证号"] for line in lines}) == 3
    other = sign_in("clerk", division="520521")
    assert "paid to" not in other.get("/subsidies/").text
    assert other.get(f"/subsidies/claims/{ids[0]}").status_code == 404


def test_nobody_is_counted_for_two_employers(database: Database, make: Make, firm: int) -> None:
    other = make_employer(database, name="另一家厂")
    seeker = at_work(
        make, 9, started_on=date(2025, 1, 2), ended_on=date(2025, 4, 20), employer_id=other
    )
    make_placement(
        database,
        seeker,
        employer_id=firm,
        started_on=date(2025, 4, 21),
        channel=Channel.ASSISTED,
        grade=Grade.B,
    )
    rule = make_terms(database, code="absorb", payee=Payee.EMPLOYER, min_months=1)
    propose(database, rule, clerk(make))
    with database.reading() as session:
        mine = select(SubsidyClaim.employer_id).where(SubsidyClaim.seeker_id == seeker)
        assert session.execute(mine).scalars().all() == [other]


def test_another_firm_cannot_give_the_same_account(
    database: Database, make: Make, sign_in: SignIn, firm: int
) -> None:
    other = make_employer(database, name="另一家厂")
    at_work(make, 9, employer_id=other)
    rule = make_terms(database, code="absorb", payee=Payee.EMPLOYER, documents=())
    propose(database, rule, clerk(make))
    office = sign_in("clerk", division="520502")
    with database.reading() as session:
        of = {
            employer: session.execute(
                select(SubsidyClaim.id).where(SubsidyClaim.employer_id == employer).limit(1)
            ).scalar_one()
            for employer in (firm, other)
        }
    data = {"applicant": "payee", "account": "400002120920012345", "bank": "工行"}
    assert office.post(f"/subsidies/claims/{of[firm]}/application", data=data).status_code == 303
    refused = office.post(f"/subsidies/claims/{of[other]}/application", data=data)
    assert refused.status_code == 422
    assert re.search(r"Claim \d+", refused.text)
    assert 'value="400002120920012345"' in refused.text
