"""The first page by role, the language switch, health, and the commands that check a home."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.cli.doctor import doctor
from jobfair.cli.system import audit_group
from jobfair.config import Settings
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.employers.services.positions import close_position
from jobfair.fairs.services import add_positions
from jobfair.kit import audit, clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.kit.terminal import Terminal
from jobfair.school.rules.events import StudentEventKind
from jobfair.school.services import append_event
from jobfair.seekers.rules.drafts import Wish
from jobfair.seekers.services import merge_seekers
from tests.employers.factory import credit_code, make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
VERIFY, DRAFTS = "employers wait to be verified", "positions lack something"


@pytest.fixture
def terminal(database: Database, settings: Settings) -> Terminal:
    made = Terminal("en")
    made.__dict__.update(database=database, settings=settings)  # the test's own home
    return made


def test_tasks_follow_the_role(database: Database, make: Make, sign_in: SignIn) -> None:
    own = make.organisation("employer", name="龙岗测试厂")
    make_employer(database, status=EmployerStatus.UNVERIFIED)
    draft_of = make_employer(database, organisation_id=own)
    make_position(database, draft_of, publish=False, headcount=None)
    clerk = sign_in("clerk").get("/").text
    assert VERIFY in clerk
    assert DRAFTS in clerk
    recruiter = sign_in("recruiter", organisation=own).get("/").text
    assert VERIFY not in recruiter
    assert DRAFTS in recruiter
    stranger = make.organisation("employer", name="另一厂")
    other = sign_in("recruiter", organisation=stranger).get("/").text
    assert DRAFTS not in other, "another employer's drafts are not theirs"
    leader = sign_in("leader").get("/").text
    assert "What needs doing" not in leader, "a leader opens with figures"
    assert "Nothing waits for you" in sign_in("staff").get("/").text
    for waiting in (VERIFY, DRAFTS):
        assert waiting not in leader


def test_a_recruiter_sees_what_the_own_drafts_lack_and_what_ends(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make.organisation("employer", name="龙岗测试厂")
    employer_id = make_employer(database, organisation_id=own)
    draft = make_position(database, employer_id, title="焊工", publish=False, headcount=None)
    make_position(
        database, employer_id, title="普工", valid_until=clock.today() + timedelta(days=3)
    )
    make_position(
        database, employer_id, title="司机", valid_until=clock.today() + timedelta(days=90)
    )
    make_position(database, make_employer(database), title="厨师", publish=False, headcount=None)
    page = sign_in("recruiter", organisation=own).get("/").text
    work = page.partition('class="jf-work"')[2].partition("<h2>")[0]
    assert f'href="/positions/{draft}">焊工</a>' in work
    assert "Number to hire" in work
    assert "positions end within 14 days" in work
    assert "普工" in work
    for other in ("司机", "厨师"):
        assert other not in work
    assert f"/employers/{employer_id}/positions/new" in page


def test_a_recruiter_sees_how_many_came_for_the_largest_positions(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make.organisation("employer", name="龙岗测试厂")
    employer_id = make_employer(database, organisation_id=own)
    wanted = make_position(database, employer_id, title="焊工", occupation_code="6-18-02-04")
    make_position(database, employer_id, title="厨师", occupation_code="4-03-02-01")
    for n in (1, 2):
        make.seeker(n, wishes=(Wish("焊工", "6-18-02-04"),))
    page = sign_in("recruiter", organisation=own).get("/").text
    assert "want work like 焊工" in page
    assert "want work like 厨师" not in page
    assert f'<span class="jf-work__number">2</span><div><a href="/positions/{wanted}/' in page


def test_an_office_counts_its_own_people_only(make: Make, sign_in: SignIn) -> None:
    make.seeker(1, division="520502001")
    make.seeker(2, division="520521001")
    make.seeker(3, division="520521001")
    counts = {}
    for role, division in (("admin", "5205"), ("clerk", "520521"), ("clerk", "520522")):
        page = sign_in(role, division=division).get("/").text
        counts[division] = int(_figure(page, "people in the register"))
    assert counts == {"5205": 3, "520521": 2, "520522": 0}


def _figure(page: str, label: str) -> str:
    """Return the number of the tile with a label."""
    before = page.partition(f'jf-tile__label">{label}')[0]
    return str(re.findall(r'href="[^"]*">([\d,]+)</a>', before)[-1])


def test_registrations_that_run_out_are_counted_in_reach(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    make.seeker(1, division="520502001")
    make.seeker(2, division="520521001")
    soon = clock.today() + timedelta(days=9)
    with database.writing() as session:
        audit.record(session, "test", subject="seeker")
        session.execute(text("UPDATE seeker SET expires_on = :day"), {"day": soon})
    admin = sign_in("admin", division="5205").get("/").text
    clerk = sign_in("clerk", division="520521").get("/").text
    assert '<span class="jf-work__number">2</span><div><a href="/seekers/?state=expiring' in admin
    assert '<span class="jf-work__number">1</span><div><a href="/seekers/?state=expiring' in clerk


def test_the_next_fair_and_what_it_lacks(database: Database, sign_in: SignIn) -> None:
    start = clock.today() + timedelta(days=5)
    days = {"starts_on": start, "ends_on": start}
    make_fair(database, [], code="empty", **days)
    past = clock.today() - timedelta(days=5)
    make_fair(database, [], code="past", starts_on=past, ends_on=past)
    manager = sign_in("manager")
    page = manager.get("/").text
    assert '<span class="jf-work__number">5</span><div><a href="/fairs/empty">' in page
    assert "positions take part in it yet" in page
    assert "/fairs/empty" in sign_in("staff").get("/").text
    position_id = make_position(database, make_employer(database))
    with database.writing() as session:
        add_positions(session, 1, [position_id])
    assert "of its positions are not ranked" in manager.get("/").text
    manager.post("/fairs/empty/rank")
    ranked = manager.get("/").text
    assert "of its positions are not ranked" not in ranked
    with database.writing() as session:
        close_position(session, position_id)
    assert "/fairs/empty?standing=hindered" in manager.get("/").text
    assert "standing=hindered" not in sign_in("clerk").get("/").text, "a clerk cannot mend it"


def test_a_fair_that_is_on(database: Database, sign_in: SignIn) -> None:
    make_fair(database, [], starts_on=clock.today(), ends_on=clock.today())
    assert "Spring fair is on" in sign_in("manager").get("/").text


def test_a_registrar_sees_what_the_intake_lacks(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make.organisation("school", name="毕节测试职校")
    other = make.organisation("school", name="另一职校")
    bare = make_student(database, own, 11, student_number=None)
    make_student(database, own, 12, enrolled_on=None)
    make_student(database, own, 13)
    make_student(database, other, 14, student_number=None)
    page = sign_in("registrar", organisation=own).get("/").text
    assert '<span class="jf-work__number">1</span>' in page
    assert "students without a student number" in page
    assert f'href="/students/{bare}"' in page
    assert "applicants of 2010 are not on the roll yet" in page
    assert "guardian" not in page
    assert _figure(page, "students enrolled in 2010") == "2"
    assert holds_personal_data(page) is None


def test_headlines_are_the_reports_own_numbers(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    school = make.organisation("school", name="毕节测试职校")
    make_student(database, school, 11)
    left = make_student(database, school, 12)
    people = [make.seeker(n) for n in range(1, 6)]
    for seeker_id in people[:3]:
        make_placement(database, seeker_id)
    make_fair(database, [make_position(database, make_employer(database), headcount=9)])
    with database.writing() as session:
        day = date(2010, 9, 20)
        append_event(session, left, Fact(StudentEventKind.WITHDRAWN, day), Recorder())
        merge_seekers(session, kept_id=people[4], merged_id=people[0], user_id=None)
        merge_seekers(session, kept_id=people[1], merged_id=people[2], user_id=None)
    for role in ("leader", "auditor"):
        client = sign_in(role)
        page = client.get("/").text
        for label, code, indicator in (
            ("persons exported", "exported", "P02"),
            ("registered seekers", "fair-summary", "REG"),
            ("students enrolled in 2010", "intake", "S01"),
            ("posts at the latest fair", "fair-summary", "F02"),
        ):
            opened = client.get(f"/reports/{code}/people/{indicator}").text
            number = re.findall(r"<h1>[^:]*: ([\d,]+) ", opened)[0]
            assert _figure(page, label) == number, (role, label)
        assert _figure(page, "persons exported") == "2"
        assert _figure(page, "students enrolled in 2010") == "1"


def test_the_audit_chain_is_checked_from_the_first_page(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    make.seeker(1)
    auditor = sign_in("auditor")
    page = auditor.get("/").text
    assert "not checked yet" in page
    assert "the audit chain has never been checked here" in page
    answer = auditor.post("/audit/verify", follow_redirects=True).text
    assert "The audit chain holds" in answer
    assert "Checked at" in answer
    assert "Entries since then: 1." in answer, "the check itself"
    assert "Nothing waits for you" in answer
    for role in ("clerk", "leader", "manager"):
        other = sign_in(role)
        assert "Audit chain" not in other.get("/").text
        assert other.post("/audit/verify").status_code == 403


def test_a_file_with_refused_rows_waits_to_be_mended(database: Database, sign_in: SignIn) -> None:
    own = credit_code(8_100)
    make_employer(database, name="龙岗测试厂", credit_code=own)
    head = "企业名称,统一社会信用代码,岗位名称,招聘人数,月薪,工作地点\n"
    rows = f"龙岗测试厂,{own},焊工,7,3000-4000,深圳市龙岗区\n,,,7,3000,深圳市龙岗区\n"
    clerk = sign_in("clerk")
    sent = {"file": (io.BytesIO((head + rows).encode()), "list.csv")}
    preview = clerk.post("/positions/import", data=sent).headers["Location"]
    assert "list.csv" not in clerk.get("/").text
    clerk.post(preview, data={"confirm": "1"})
    page = clerk.get("/").text
    assert "rows of list.csv were refused" in page
    assert "list.csv" not in sign_in("clerk", division="520521").get("/").text


def test_somebody_not_signed_in_is_sent_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_the_language_is_remembered(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert '<html lang="en' in clerk.get("/").text
    answer = clerk.post("/language", data={"language": "zh", "next": "/reports/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reports/")
    assert '<html lang="zh' in clerk.get("/").text
    clerk.post("/language", data={"language": "xx"})
    assert '<html lang="zh' in clerk.get("/").text, "an unknown language changes nothing"


def test_the_language_switch_leads_nowhere_else(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en", "next": "https://evil.example/"})
    assert "evil.example" not in answer.headers["Location"]


def test_health_needs_no_account(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")


def run(terminal: Terminal, command: str, *words: str) -> Result:
    with terminal.speaking():
        return CliRunner().invoke(
            {"doctor": doctor, "audit": audit_group}[command], words, obj=terminal
        )


def test_the_doctor_finds_a_key_file_others_may_read(
    terminal: Terminal, settings: Settings
) -> None:
    found = json.loads(run(terminal, "doctor", "--json").stdout)
    codes = {f["code"]: f["safe"] for f in found["findings"]}
    assert {"key_file", "clock", "disk", "tables", "demo_accounts"} <= codes.keys()
    assert codes["key_file"]
    assert codes["tables"]
    settings.key_file.chmod(0o644)
    try:
        answer = run(terminal, "doctor", "--json")
    finally:
        settings.key_file.chmod(0o600)
    assert answer.exit_code == 1
    unsafe = [f["code"] for f in json.loads(answer.stdout)["findings"] if not f["safe"]]
    assert "key_file" in unsafe


def test_the_audit_chain_holds_after_work(make: Make, terminal: Terminal) -> None:
    make.seeker(1)
    answer = run(terminal, "audit", "verify", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["valid"]
    assert found["entries"] >= 1
    assert len(found["head"]) == 64


def test_a_kept_head_that_is_not_in_the_chain_is_told(make: Make, terminal: Terminal) -> None:
    make.seeker(1)
    kept = terminal.settings.home / "head.txt"
    kept.write_text("f" * 64, encoding="ascii")
    answer = run(terminal, "audit", "verify", f"--digest={kept}", "--json")
    assert answer.exit_code == 1
    assert not json.loads(answer.stdout)["valid"]


def test_an_audit_entry_cannot_be_changed(make: Make, database: Database) -> None:
    make.seeker(1)
    with (
        pytest.raises(Exception, match="append"),
        database.writing() as session,
    ):
        session.execute(text("UPDATE audit_entry SET action = 'nothing'"))
