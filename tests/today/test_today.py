"""The first page by role, the language switch, health, and the commands that check a home."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.cli.doctor import doctor
from jobfair.cli.system import audit_group
from jobfair.config import Settings
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from tests.employers.factory import make_employer, make_position
from tests.factories import Make

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
    assert "Nothing waits for you" in sign_in("leader").get("/").text


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
