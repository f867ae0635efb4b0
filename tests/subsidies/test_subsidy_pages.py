"""Pages of subsidies: terms by an administrator, claims by offices, files for the bank."""

import csv
import io
from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, append_events
from jobfair.subsidies.models import SubsidyClaim
from jobfair.subsidies.queries.terms import examples, list_rules
from jobfair.subsidies.rules.terms import Journey
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.planted import person
from tests.subsidies.factory import (
    ACCOUNT,
    Time,
    apply_for,
    at_work,
    clerk,
    make_terms,
    propose,
    state_of,
)

SignIn = Callable[..., FlaskClient]
PAPERS = {
    "applicant": "self",
    "documents": ["employer_certificate"],
    "evidence": "镇档案柜3号",
    "account": ACCOUNT,
    "bank": "贵州农信",
}


def test_an_administrator_begins_from_an_example_and_versions_follow(
    database: Database, sign_in: SignIn, june: Time
) -> None:
    admin = sign_in("admin", division="52")
    page = admin.get("/subsidies/rules").text
    assert page.count("example=") == len(examples()) == 4
    form = admin.get("/subsidies/rules/new?example=baili-dujuan-travel").text
    assert "百里杜鹃管理区2025年" in form
    data = {
        "code": "baili-dujuan-travel",
        "title": "跨省务工交通补贴",
        "family": "travel",
        "payee": "person",
        "jurisdiction": "520571",
        "year": "2025",
        "min_months": "3",
        "continuity": "continuous",
        "beyond_1": "province",
        "yuan_1": "500",
        "cap": "500",
        "journey": "any",
        "grade": "B",
        "opens_on": "2025-01-01",
        "closes_on": "2025-12-31",
        "notice_days": "10",
        "source": "公告",
    }
    for wrong, told in (
        ({"yuan_1": "12.345"}, "The amount cannot be understood"),
        ({"beyond_2": "county", "yuan_2": "600"}, "do not go together"),
        ({"jurisdiction": "999999"}, "There is no division of this code"),
    ):
        answer = admin.post("/subsidies/rules/new", data=data | wrong)
        assert answer.status_code == 422
        assert told in answer.text
    for _ in range(2):
        assert admin.post("/subsidies/rules/new", data=data).status_code == 303
    with database.reading() as session:
        rows = list_rules(session)
    assert [(row.version, row.newest) for row in rows] == [(2, True), (1, False)]
    assert admin.get("/subsidies/rules").text.count("example=") == 3


def test_who_is_due_is_found_and_opened_and_told(
    database: Database, make: Make, sign_in: SignIn, june: Time
) -> None:
    office = sign_in("clerk", division="520502")
    assert "No terms are on record" in office.get("/subsidies/due").text
    rule = make_terms(database)
    at_work(make, 1)
    at_work(make, 2, started_on=date(2025, 3, 3))
    at_work(make, 3, grade=Grade.D)
    at_work(make, 4, division="520521")  # another county's
    page = office.get(f"/subsidies/due?rule={rule}").text
    assert "Entitled from 2025-06-03" in page
    assert "The evidence of the work in 2025 is D; at least B is needed." in page
    assert page.count("jf-second jf-whole") == 3
    listed = _csv(office, f"/subsidies/due/export/csv?rule={rule}&standing=later")
    assert [row.split(",")[5] for row in listed.splitlines()[1:]] == ["2025-06-03"]
    opened = office.post("/subsidies/due", data={"rule": rule}, follow_redirects=True)
    assert "1 claims were opened" in opened.text
    assert "were never told" in office.get("/").text
    told = office.post(
        "/subsidies/together", data={"state": "entitled", "claim": ["1"]}, follow_redirects=True
    )
    assert "1 claims went on." in told.text
    assert state_of(database, 1) == "told"
    elsewhere = sign_in("clerk", division="520521")
    data = {"state": "entitled", "claim": ["1"]}
    assert (
        "0 claims went on."
        in elsewhere.post("/subsidies/together", data=data, follow_redirects=True).text
    )


def test_a_claim_goes_from_application_to_the_bank_and_back(
    database: Database, make: Make, sign_in: SignIn, june: Time
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    one, two, three = (sign_in("clerk", division="520502") for _ in range(3))
    one.post("/subsidies/due", data={"rule": rule})
    assert one.post("/subsidies/claims/1/application", data={"account": "1"}).status_code == 422
    assert one.post("/subsidies/claims/1/application", data=PAPERS).status_code == 303
    page = one.post("/subsidies/announce", data={"rule": rule, "title": "交通补贴公示"})
    assert page.status_code == 303
    refused = two.post("/subsidies/claims/1/steps", data={"step": "approve"})
    assert refused.status_code == 422
    assert "On public notice in the village" in refused.text
    assert two.post("/subsidies/claims/1/steps", data={"step": "check"}).status_code == 303
    assert (
        "somebody else must approve"
        in two.post("/subsidies/claims/1/steps", data={"step": "approve"}).text
    )
    assert three.post("/subsidies/claims/1/steps", data={"step": "approve"}).status_code == 303
    june.go(days=9)
    three = sign_in("clerk", division="520502")
    early = three.post("/subsidies/runs", data={"rule": rule})
    assert early.status_code == 422
    assert "it may be paid from 2025-06-13 00:00" in early.text
    june.go(days=2)
    three = sign_in("clerk", division="520502")
    assert three.post("/subsidies/runs", data={"rule": rule}).location == "/subsidies/runs/1"
    who = person(1, division="520502")
    assert who.id_number not in three.get("/subsidies/runs/1").text
    rows = list(csv.reader(io.StringIO(_csv(three, "/subsidies/runs/1/file/csv"))))
    assert rows[1][4].strip("'") == who.id_number
    assert (rows[1][5].strip("'"), rows[1][15]) == (ACCOUNT, "500.0")
    with database.reading() as session:
        [entry] = session.execute(
            select(AuditEntry.detail).where(AuditEntry.action == "subsidy_run.download")
        ).scalars()
    assert entry == {"people": 1, "kind": "csv", "clear": True}
    rows[1][16] = "成功"
    back = io.StringIO()
    csv.writer(back).writerows(rows)
    upload = {"file": (io.BytesIO(back.getvalue().encode("utf-8-sig")), "answer.csv")}
    preview = three.post("/subsidies/results", data=upload)
    assert three.get(preview.location).status_code == 200
    three.post(preview.location, data={"confirmed": "yes", "action": "import"})
    assert state_of(database, 1) == "paid"


def _csv(client: FlaskClient, address: str) -> str:
    data: bytes = client.get(address).data
    return data.decode("utf-8-sig")


def test_lists_are_masked_filtered_and_reach_no_further_than_the_office(
    database: Database, make: Make, sign_in: SignIn, june: Time
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    at_work(make, 2)
    who = clerk(make)
    first, _second = propose(database, rule, who)
    apply_for(database, first, who)
    office = sign_in("clerk", division="520502")
    assert "2 claims of 2 persons, 1,000 yuan" in office.get("/subsidies/").text
    narrowed = office.get("/subsidies/?state=applied&place=520502").text
    assert "1 claims of 1 persons, 500 yuan" in narrowed
    for reader in (office, sign_in("auditor")):
        shown = _csv(reader, "/subsidies/export/csv")
        assert len(shown.splitlines()) == 3
        assert person(1, division="520502").id_number not in shown
    other = sign_in("clerk", division="520521")
    assert "No claim found" in other.get("/subsidies/").text
    for address in (f"/subsidies/claims/{first}", f"/subsidies/claims/{first}/application"):
        assert other.get(address).status_code == 404
    seen = sign_in("auditor").get(f"/subsidies/claims/{first}").text
    assert 'name="step"' not in seen


def test_what_proved_an_earlier_year_proves_nothing_of_this_one(
    database: Database, make: Make, sign_in: SignIn, june: Time
) -> None:
    office = sign_in("clerk", division="520502")
    rule = make_terms(database)
    seeker = make.seeker(1, division="520502")
    placement = make_placement(
        database, seeker, started_on=date(2021, 3, 1), grade=Grade.B, channel=Channel.ASSISTED
    )
    page = f"/subsidies/due?rule={rule}"
    told = "The evidence of the work in 2025 is E; at least B is needed."
    assert told in office.get(page).text
    word = Fact(EventKind.EMPLOYER_CONFIRMED, date(2025, 5, 6), grade=Grade.B, reason="on_post")
    with database.writing() as session:
        append_event(session, placement, word, Recorder())
    shown = office.get(page).text
    assert told not in shown
    assert "Entitled today" in shown


def test_who_rode_with_an_office_is_refused_with_the_terms_and_the_batch(
    database: Database, make: Make, sign_in: SignIn, june: Time
) -> None:
    rule = make_terms(database, journey=Journey.OWN)
    rode, own = at_work(make, 1), at_work(make, 2)
    told = [
        (rode, Fact(EventKind.BATCH_ASSIGNED, date(2025, 1, 3), reason="2025-003")),
        (rode, Fact(EventKind.BOARDED, date(2025, 1, 4))),
    ]
    with database.writing() as session:
        append_events(session, told, Recorder())
    office = sign_in("clerk", division="520502")
    page = office.get(f"/subsidies/due?rule={rule}").text
    assert "Went with organised transport (2025-003); bijie-travel is only for" in page
    office.post("/subsidies/due", data={"rule": rule})
    with database.reading() as session:
        opened = session.execute(select(SubsidyClaim.seeker_id)).scalars().all()
    assert opened == [own]
