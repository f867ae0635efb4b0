"""Subsidies that meet another, stand on nothing any more, or follow a death or a school's roll."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from jobfair.findings import queries, services
from jobfair.findings.queries import FindingFilter
from jobfair.findings.rules import Code
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.queries import person_lines
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.services import merge_seekers
from jobfair.subsidies.rules.terms import Family
from tests.factories import Make
from tests.planted import person
from tests.school.factory import make_student
from tests.subsidies.factory import (
    TRAVEL,
    Time,
    apply_for,
    at_work,
    clerk,
    make_terms,
    propose,
    stand_at,
)

SignIn = Callable[..., FlaskClient]
OF_MONEY = (
    Code.PAID_TO_EXEMPT,
    Code.SUBSIDY_TWICE,
    Code.SUBSIDY_EXCLUDED,
    Code.SUBSIDY_UNFOUNDED,
)


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> Time:
    return stand_at(monkeypatch, 2025, 6, 2)


def found(database: Database, division: str = "520502") -> dict[Code, dict[str, str]]:
    """Look through the records; return what is told of the subsidies, by rule."""
    with database.writing() as session:
        services.look(session)
    with database.reading() as session:
        rows = queries.list_findings(session, FindingFilter(scope=division), limit=100)
    return {Code(row.code): dict(row.told) for row in rows if row.code in OF_MONEY}


def tell(database: Database, seeker: int, fact: Fact[EventKind]) -> None:
    with database.reading() as session:
        [line] = person_lines(session, seeker)
    with database.writing() as session:
        append_event(session, line.id, fact, Recorder())


def merge(database: Database, kept: int, merged: int) -> None:
    with database.writing() as session:
        merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)


def test_two_records_of_one_person_with_a_claim_each_are_found(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    people = [at_work(make, n) for n in (1, 2)]
    first, second = propose(database, make_terms(database), clerk(make))
    assert found(database) == {}
    merge(database, *people)
    told = {"claim": str(second), "other": str(first)}
    assert found(database) == {Code.SUBSIDY_TWICE: told}
    assert found(database, "520521") == {}
    page = sign_in("clerk", division="520502").get("/findings/?code=DQ11-T").text
    assert f"Claims {second} and {first} of one person" in page


def test_subsidies_that_exclude_each_other_are_found(database: Database, make: Make) -> None:
    people = [at_work(make, 1), at_work(make, 2, division="520521")]
    [first] = propose(database, make_terms(database, jurisdiction="520502"), clerk(make))
    other = {"code": "stay", "family": Family.STAY_ON, "jurisdiction": "520521"}
    stay = make_terms(database, exclusive_with=(TRAVEL.code,), **other)
    [second] = propose(database, stay, clerk(make, "520521"))
    assert found(database, "5205") == {}
    merge(database, *people)
    told = {"claim": str(second), "other": str(first)}
    assert found(database, "5205") == {Code.SUBSIDY_EXCLUDED: told}


def test_a_claim_whose_work_turned_out_too_short_is_found(database: Database, make: Make) -> None:
    seeker = at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    apply_for(database, claim, clerk(make))
    assert found(database) == {}
    home = Fact(EventKind.RETURNED_HOME, date(2025, 2, 1), grade=Grade.A, reason="family")
    tell(database, seeker, home)
    told = {"claim": str(claim), "day": "2025-06-02"}
    assert found(database) == {Code.SUBSIDY_UNFOUNDED: told}


@pytest.mark.parametrize("reason", ["death", "prison", "conscription", "study"])
def test_a_claim_applied_for_after_a_death_in_prison_or_the_army_is_found_at_home_only(
    database: Database, make: Make, reason: str
) -> None:
    seeker = at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    apply_for(database, claim, clerk(make))
    stop = Fact(EventKind.EXEMPT, date(2025, 5, 1), grade=Grade.A, evidence="证明")
    tell(database, seeker, replace(stop, reason=reason))
    told = {"claim": str(claim), "day": "2025-06-02", "since": "2025-05-01"}
    assert found(database) == {Code.PAID_TO_EXEMPT: told}
    assert found(database, "520521") == {}


def test_a_claim_of_somebody_on_a_schools_roll_is_found(database: Database, make: Make) -> None:
    at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    apply_for(database, claim, clerk(make))
    who = person(1)
    number = IdNumber.parse(who.id_number, today=date(2025, 3, 1))
    school = make.organisation("school")
    entered = {"applied_on": date(2025, 2, 1), "enrolled_on": date(2025, 3, 1), "intake_year": 2025}
    make_student(database, school, 1, name=who.name, id_number=number, **entered)
    told = {"claim": str(claim), "day": "2025-06-02", "since": "2025-03-01"}
    assert found(database) == {Code.PAID_TO_EXEMPT: told}
