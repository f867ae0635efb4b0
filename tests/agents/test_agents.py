"""Agents: their list, their licence, whom each placed, and the money they get for it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from jobfair.agents.rules import AgentEnded, AgentKind
from jobfair.agents.services import arrange, end_agent
from jobfair.findings.rules import RULES, Code
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.subsidies.models import SubsidyClaim
from jobfair.subsidies.rules.terms import Payee
from tests.agents.factory import arranged_by, make_agent
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.planted import person
from tests.subsidies.factory import at_work, clerk, make_terms, propose, stand_at

SignIn = Callable[..., FlaskClient]
TYPED = {
    "name": "乌蒙劳务有限公司",
    "kind": "agency",
    "licence": "520500-001",
    "licence_until": "2030-01-01",
    "contact_name": "赵小明",
    "contact_phone": "138 0000 0001",
}


@pytest.fixture
def office(sign_in: SignIn) -> FlaskClient:
    return sign_in("clerk", division="520502")


def test_an_agent_is_added_changed_and_ended_and_its_contact_kept_sealed(
    database: Database, office: FlaskClient, sign_in: SignIn
) -> None:
    assert "No agent is on record" in office.get("/agents/").text
    for wrong, told in (
        ({"licence": ""}, "needs its licence number"),
        ({"licence_until": ""}, "needs its licence number"),
        ({"contact_phone": "12"}, "with all its digits"),
        ({"name": " "}, "Enter the name"),
    ):
        refused = office.post("/agents/new", data=TYPED | wrong)
        assert refused.status_code == 422
        assert told in refused.text
        assert 'value="赵小明"' in refused.text
    assert office.post("/agents/new", data=TYPED).status_code == 303
    assert "of this name in this area already" in office.post("/agents/new", data=TYPED).text
    page = office.get("/agents/").text
    for words in ("乌蒙劳务有限公司", "Employment agency", "520500-001", "赵*明"):
        assert words in page
    assert "13800000001" not in page
    with database.reading() as session:
        kept = session.execute(text("SELECT contact_phone FROM agent")).scalar_one()
    assert b"13800000001" not in bytes(kept)
    edit = office.get("/agents/1").text
    assert "赵*明" in edit
    assert "赵小明" not in edit
    assert "13800000001" in office.post("/agents/1/contact").text
    office.post(
        "/agents/1",
        data=TYPED
        | {"kind": "cooperative", "licence": "", "contact_phone": "", "contact_name": ""},
    )
    assert "13800000001" in office.post("/agents/1/contact").text  # left empty, it stayed
    with database.reading() as session:
        seen = select(func.count()).select_from(AuditEntry)
        seen = seen.where(AuditEntry.action == "agent.contact")
        assert session.execute(seen).scalar_one() == 2
    assert "Labour cooperative" in office.get("/agents/").text
    office.post("/agents/1/end")
    assert "Ended" in office.get("/agents/").text
    assert "Nothing fits the filter" in office.get("/agents/?standing=active").text
    assert "Nothing fits the filter" in office.get("/agents/?kind_of=agency&text=乌蒙").text
    file = office.get("/agents/export/csv").get_data(as_text=True)
    assert "乌蒙劳务有限公司" in file
    assert "13800000001" not in file
    other = sign_in("clerk", division="520521")
    assert "No agent is on record" in other.get("/agents/").text
    assert other.get("/agents/1").status_code == 404
    assert other.post("/agents/1/end").status_code == 404


def test_a_placement_names_the_agent_who_arranged_it(
    database: Database, make: Make, office: FlaskClient
) -> None:
    seeker = make.seeker(1)
    placement = make_placement(
        database, seeker, started_on=date(2010, 3, 8), channel=Channel.ASSISTED
    )
    agent, gone = make_agent(database), make_agent(database, "散了的")
    with database.writing() as session:
        end_agent(session, gone, ended=True)
    url = f"/agents/placements/{placement}"
    form = office.get(url).text
    assert "乌蒙劳务" in form
    assert "散了的" not in form
    late = make_agent(database, "许可过期的", licence_until=date(2010, 1, 1))
    assert "许可过期的" not in office.get(url).text
    with pytest.raises(AgentEnded), database.writing() as session:
        arrange(session, placement, late, "", Recorder())
    alone = make_placement(
        database, make.seeker(2), started_on=date(2010, 3, 8), channel=Channel.SELF_ARRANGED
    )
    refused = office.post(f"/agents/placements/{alone}", data={"agent": str(agent)})
    assert refused.status_code == 422
    assert "found by the person alone" in refused.text
    office.post(url, data={"agent": str(agent), "evidence": "2010年3月名单"})
    line = office.get(f"/placements/people/{seeker}").text
    assert "乌蒙劳务 · 2010年3月名单" in line
    assert ">1</td>" in office.get("/agents/").text
    office.post(url, data={"agent": "", "evidence": ""})
    assert "2010年3月名单" not in office.get(f"/placements/people/{seeker}").text


def test_an_agents_contact_among_the_placed_is_found(
    database: Database, make: Make, office: FlaskClient, sign_in: SignIn
) -> None:
    own, other = (make.seeker(n) for n in (1, 2))
    phone = person(1).phone
    agent = make_agent(database, contact_phone=phone)
    for seeker in (own, other):
        placement = make_placement(
            database, seeker, started_on=date(2010, 3, 8), channel=Channel.ASSISTED
        )
        arranged_by(database, placement, agent)
    office.post("/findings/look")
    page = office.get(f"/findings/?code={Code.AGENT_PLACED}").text
    assert RULES[Code.AGENT_PLACED].told.split("%")[0] in page
    assert page.count("乌蒙劳务") == 1
    elsewhere = sign_in("clerk", division="520521")
    assert "No finding fits" in elsewhere.get(f"/findings/?code={Code.AGENT_PLACED}").text


def test_an_agent_gets_money_for_each_of_its_people_and_nobody_counts_twice(
    database: Database, make: Make, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2025, 6, 2)
    agent = make_agent(database, kind=AgentKind.BROKER, licence="", licence_until=None)
    rule = make_terms(
        database, code="agents", payee=Payee.AGENT, payee_cap_fen=120_000, documents=()
    )
    placed = [at_work(make, n, started_on=date(2025, 1, n)) for n in (2, 3, 4)]
    at_work(make, 5)  # nobody arranged this work
    with database.reading() as session:
        rows = session.execute(text("SELECT id, seeker_id FROM placement")).all()
    for row in rows:
        if row.seeker_id in placed:
            arranged_by(database, row.id, agent)
    ids = propose(database, rule, clerk(make))
    assert propose(database, rule, clerk(make)) == ids
    with database.reading() as session:
        claims = session.execute(select(SubsidyClaim).order_by(SubsidyClaim.id)).scalars().all()
        told = [(one.seeker_id, one.agent_id, one.payee) for one in claims]
    assert told == [(one, agent, "agent") for one in placed[:2]]
    office = sign_in("clerk", division="520502")
    data = {"applicant": "payee", "account": "400002120920012345", "bank": "工行"}
    taken = office.post(f"/subsidies/claims/{ids[0]}/application", data=data, follow_redirects=True)
    assert "The application is taken for 2 people." in taken.text
    assert office.get("/subsidies/").text.count("paid to 乌蒙劳务") == 2
