"""What a ledger tells of households is held against itself, on the list of the home's office."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.findings import queries, services
from jobfair.findings.queries import FindingFilter
from jobfair.findings.rules import RULES, Code, due_on
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.models import Placement
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_events
from jobfair.regions import queries as regions
from jobfair.seekers.models import Seeker
from tests.employers.factory import make_employer
from tests.factories import Make
from tests.findings.test_findings import HOME, ago, look, work
from tests.ledgers.factory import line, workbook
from tests.ledgers.test_pages import confirm, upload
from tests.placements.factory import make_placement
from tests.planted import person
from tests.seekers.test_pages import typed
from tests.subsidies.factory import stand_at

SignIn = Callable[..., FlaskClient]
TOLD = (
    line(1, 户编号="H1", 户主姓名="张三", 与户主关系="户主之妻", 就业渠道="自发"),
    line(2, 户编号="H2", 与户主关系="之子"),
    line(3, 户编号="H3", 与户主关系="户主"),
    line(4, 户编号="H3", 与户主关系="户主"),
    line(5, 户编号="H5", 与户主关系="户主", 劳动能力="无"),
    line(6, 户编号="H6", 与户主关系="户主", 是否建档立卡="是", 脱贫状态="已脱贫（2019年12月）"),
    # Nothing is doubtful here.
    line(7, 户编号="H7", 与户主关系="户主", 劳动能力="弱劳动力", 脱贫状态="已脱贫"),
)
FOUND = {
    Code.RELATION_SEX: 1,
    Code.NO_HEAD: 1,
    Code.TWO_HEADS: 2,
    Code.WORK_WITHOUT_CAPACITY: 1,
    Code.WITHOUT_CAPACITY: 1,
    Code.EXIT_CONTRADICTS: 1,
}


def take(clerk: FlaskClient, *rows: dict[str, str]) -> str:
    return confirm(clerk, upload(clerk, workbook(rows).getvalue())).text


def listed(client: FlaskClient, code: Code, **asked: str) -> int:
    wanted = "".join(f"&{name}={value}" for name, value in asked.items())
    page = client.get(f"/findings/?code={code}{wanted}")
    return len(re.findall(r'href="/findings/\d+"', page.text))


def test_doubtful_households_are_on_the_list_of_their_office_and_no_other(
    sign_in: SignIn, database: Database
) -> None:
    clerk, other = sign_in("clerk", division="520502"), sign_in("clerk", division="520521")
    take(clerk, *TOLD)
    clerk.post("/findings/look")
    for code, count in FOUND.items():
        assert listed(clerk, code) == count, code
        assert listed(other, code) == 0, code
        assert RULES[code].name in clerk.get(f"/findings/?code={code}").text
    take(
        clerk, line(1, 与户主关系="之子"), line(2, 户主姓名="李四"), line(5, 劳动能力="普通劳动力")
    )
    clerk.post("/findings/look")
    left = {code: listed(clerk, code) for code in FOUND}
    assert left == dict.fromkeys(FOUND, 0) | {Code.TWO_HEADS: 2, Code.EXIT_CONTRADICTS: 1}


def test_who_cannot_work_is_confirmed_anew_each_year(
    sign_in: SignIn, database: Database, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.seeker(1, division=HOME, labour_capacity="none")
    make.seeker(2, division=HOME, labour_capacity="none", born=date(1950, 1, 1))
    look(database)
    clerk = sign_in("clerk", division="520502")
    page = clerk.get(f"/findings/?code={Code.WITHOUT_CAPACITY}").text
    [found] = re.findall(r'href="/findings/(\d+)"', page)
    clerk.post(f"/findings/{found}/explain", data={"note": "village doctor, seen"})
    look(database)
    assert listed(clerk, Code.WITHOUT_CAPACITY) == 0
    later = clock.today() + timedelta(days=366)
    monkeypatch.setattr(clock, "today", lambda: later)
    look(database)
    assert listed(clerk, Code.WITHOUT_CAPACITY) == 1


def test_a_corrected_record_takes_the_finding_off_the_list(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    take(clerk, TOLD[0])
    look(database)
    assert listed(clerk, Code.RELATION_SEX) == 1
    with database.reading() as session:
        seeker = session.execute(select(Seeker.id)).scalar_one()
    clerk.post(f"/seekers/{seeker}/edit", data=typed(1, relation="11", household_no="H1"))
    look(database)
    assert listed(clerk, Code.RELATION_SEX) == 0


def test_a_ledger_tells_what_an_employer_does(sign_in: SignIn, database: Database) -> None:
    clerk = sign_in("clerk", division="520502")
    take(clerk, line(1))
    look(database)
    assert listed(clerk, Code.NO_INDUSTRY) == 1
    take(clerk, line(1, 从事行业="制造业"))
    take(clerk, line(1, 从事行业="建筑业"))
    look(database)
    assert listed(clerk, Code.NO_INDUSTRY) == 0
    with database.reading() as session:
        assert session.execute(select(Placement.industry)).scalars().all() == ["制造业"]


def test_work_of_two_months_at_an_employer_without_an_industry(
    sign_in: SignIn, database: Database, make: Make
) -> None:
    work(database, make, 1, started_on=ago(70))
    work(database, make, 2, started_on=ago(70), industry="制造业")
    employer = make_employer(database, industry_code="C39")
    work(database, make, 3, started_on=ago(70), employer_id=employer)
    look(database)
    assert listed(sign_in("clerk", division="520502"), Code.NO_INDUSTRY) == 1
    assert listed(sign_in("clerk", division="520521"), Code.NO_INDUSTRY) == 0


@pytest.mark.parametrize(("days", "found"), [(60, 1), (20, 0), (200, 0)])
def test_an_employer_whom_most_leave_after_one_to_three_months(
    sign_in: SignIn, database: Database, make: Make, days: int, found: int
) -> None:
    employer = make_employer(database)
    for n in range(10):
        end = {"ended_on": ago(5), "started_on": ago(5 + (days if n < 6 else 150))}
        work(database, make, n, employer_id=employer, **end)
    look(database)
    assert listed(sign_in("clerk", division="520502"), Code.SHORT_SPELLS) == found
    assert listed(sign_in("clerk", division="520521"), Code.SHORT_SPELLS) == 0


def test_a_months_follow_ups_that_are_all_of_its_last_two_days(
    sign_in: SignIn, database: Database, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = stand_at(monkeypatch, 2025, 6, 29)
    began = {"started_on": date(2025, 5, 1), "wage_fen": None}
    placements = [make_placement(database, make.seeker(n, division=HOME), **began) for n in (1, 2)]
    caller = Recorder(make.user("clerk", division="520502").id, make.office())
    for day in (29, 30):
        time.at = time.at.replace(day=day)
        facts = [
            (one, Fact(EventKind.FOLLOW_UP, date(2025, 6, n), grade=Grade.C))
            for one in placements
            for n in range(1, 6)
        ]
        with database.writing() as session:
            append_events(session, facts, caller)
    look(database)
    clerk = sign_in("clerk", division="520502")
    assert listed(clerk, Code.LAST_DAYS) == 0, "the month is not over"
    stand_at(monkeypatch, 2025, 7, 1)
    look(database)
    with database.reading() as session:
        [row] = queries.list_findings(session, FindingFilter(code=Code.LAST_DAYS))
        assert queries.open_by_rule(session, "520521").get(Code.LAST_DAYS) is None
    assert (row.division, row.told) == ("520502", {"count": "20", "month": "2025-06"})


def test_a_finding_says_by_when_it_is_looked_at_and_what_is_overdue_is_a_list(
    sign_in: SignIn, database: Database, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2025, 6, 2)
    make.seeker(1, division=HOME, labour_capacity="none")
    for n in (2, 3):
        make.seeker(n, division=HOME, relation="02", household_no="H9")
    with database.writing() as session:
        services.look(session)
    clerk = sign_in("clerk", division="520502")
    assert "by 2025-06-16" in clerk.get(f"/findings/?code={Code.TWO_HEADS}").text
    assert listed(clerk, Code.TWO_HEADS, due="overdue") == 0
    stand_at(monkeypatch, 2025, 6, 17)
    clerk = sign_in("clerk", division="520502")
    assert listed(clerk, Code.TWO_HEADS, due="overdue") == 2
    assert listed(clerk, Code.WITHOUT_CAPACITY, due="overdue") == 0, "a survey has thirty days"
    page = clerk.get("/findings/?due=overdue")
    [found, *_] = re.findall(r'href="/findings/(\d+)"', page.text)
    one = clerk.get(f"/findings/{found}").text
    assert "2025-06-16 · Overdue" in one
    with database.reading() as session:
        assert regions.names_of(session, {HOME})[HOME] in one, "whose it is"
    file = clerk.get("/findings/export/csv?due=overdue").data.decode("utf-8-sig")
    assert "To be looked at by" in file
    assert file.count("2025-06-16,yes") == 2
    clerk.post(f"/findings/{found}/explain", data={"note": "two households"})
    assert listed(clerk, Code.TWO_HEADS, due="overdue") == 1


def test_money_is_looked_at_first() -> None:
    days = {code: (due_on(code, date(2025, 1, 1)) - date(2025, 1, 1)).days for code in Code}
    assert days[Code.SUBSIDY_TWICE] < days[Code.TWIN] < days[Code.NO_WAGE]
    assert set(days.values()) <= set(range(1, 31))
    assert set(RULES) == set(Code), "each rule has its texts"


def test_a_disability_card_is_one_person_with_the_id_number(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    take(clerk, line(1))
    take(clerk, line(1, 身份证号=f"{person(1).id_number}4B", 证件类型="残疾人证"))
    with database.reading() as session:
        assert len(session.execute(select(Seeker.id)).all()) == 1
