"""No file we give away holds a cell that a spreadsheet would run."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.allocations.making import Wanted, make_and_keep
from jobfair.allocations.services import invite
from jobfair.fairs.queries import find_fair
from jobfair.follow_ups.rules.drafts import FollowUpDraft
from jobfair.follow_ups.rules.outcomes import Outcome, Problem, Way
from jobfair.follow_ups.services import record_follow_up
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.sheets.text_files import unshield
from jobfair.kit.sheets.writing import Column, write_csv, write_table
from jobfair.matching.pool import Pool
from jobfair.ownership.services import serve_employer
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from jobfair.reports.queries import EXPORTED, FAIR, INTAKE
from jobfair.seekers.rules.drafts import Wish
from jobfair.subsidies.models import SubsidyClaim, SubsidyRun
from jobfair.subsidies.services.claims import announce
from tests.accounts.factory import make_organisation
from tests.agents.factory import make_agent
from tests.departures.factory import make_batch, make_traveller, put_on
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.grants.factory import pay, report
from tests.ledgers.factory import make_overlap
from tests.ownership.factory import make_station
from tests.placements.factory import make_placement
from tests.school.factory import make_student
from tests.subsidies.factory import clerk, make_terms

SignIn = Callable[..., FlaskClient]
MARKS = ("=", "+", "-", "@", "\t", "\r")
MONEY = ("/subsidies", "/notices")
# Their cells are figures and words of our own, or nothing is on them here.
WITHOUT_TEXTS = (
    FAIR,
    EXPORTED,
    "candidates",
    "/due/",
    "/subsidies/rules",
    "/subsidies/runs/export",
    "findings",
    "overlaps",
    "recalls",
    "retention",
    "/fulfilment/duties",
)
# Every list that can be taken away: the rule of its address, and who asks for what.
EXPORTS = {
    "/agents/export/<kind>": [("clerk", "/agents/export/{kind}")],
    "/placements/export/<kind>": [("clerk", "/placements/export/{kind}")],
    "/placements/back/export/<kind>": [("clerk", "/placements/back/export/{kind}?days=90")],
    "/ledgers/overlaps/export/<kind>": [("clerk", "/ledgers/overlaps/export/{kind}")],
    "/reports/overlaps/export/<kind>": [("clerk", "/reports/overlaps/export/{kind}")],
    "/findings/payment-stops/export/<kind>": [("auditor", "/findings/payment-stops/export/{kind}")],
    "/findings/export/<kind>": [("leader", "/findings/export/{kind}")],
    "/retention/export/<kind>": [("leader", "/retention/export/{kind}")],
    "/retention/people/export/<kind>": [("leader", "/retention/people/export/{kind}")],
    "/follow-ups/export/<kind>": [("clerk", "/follow-ups/export/{kind}")],
    "/follow-ups/made/export/<kind>": [("clerk", "/follow-ups/made/export/{kind}")],
    "/rights-cases/export/<kind>": [("clerk", "/rights-cases/export/{kind}")],
    "/recalls/export/<kind>": [("admin", "/recalls/export/{kind}")],
    "/confirmations/export/<kind>": [("clerk", "/confirmations/export/{kind}")],
    "/confirmations/<int:employer_id>/export/<kind>": [
        ("clerk", "/confirmations/{employer}/export/{kind}")
    ],
    "/fulfilment/duties/export/<kind>": [("clerk", "/fulfilment/duties/export/{kind}")],
    "/fulfilment/employers/export/<kind>": [("clerk", "/fulfilment/employers/export/{kind}")],
    "/fulfilment/employers/<int:employer_id>/answers/export/<kind>": [
        ("clerk", "/fulfilment/employers/{employer}/answers/export/{kind}")
    ],
    "/fulfilment/mismatches/export/<kind>": [("clerk", "/fulfilment/mismatches/export/{kind}")],
    "/charges/export/<kind>": [("clerk", "/charges/export/{kind}?owner=any")],
    "/hand-overs/export/<kind>": [("clerk", "/hand-overs/export/{kind}")],
    "/labour-stations/export/<kind>": [("admin", "/labour-stations/export/{kind}")],
    "/departures/export/<kind>": [("clerk", "/departures/export/{kind}")],
    "/departures/waiting/export/<kind>": [("clerk", "/departures/waiting/export/{kind}")],
    "/departures/<int:batch_id>/roster/export/<kind>": [
        ("clerk", "/departures/{batch}/roster/export/{kind}")
    ],
    "/subsidies/export/<kind>": [("clerk", "/subsidies/export/{kind}")],
    "/subsidies/rules/export/<kind>": [("clerk", "/subsidies/rules/export/{kind}")],
    "/subsidies/runs/export/<kind>": [("clerk", "/subsidies/runs/export/{kind}")],
    "/subsidies/due/export/<kind>": [("clerk", "/subsidies/due/export/{kind}?rule=1")],
    "/subsidies/runs/<int:run_id>/file/<kind>": [("clerk", "/subsidies/runs/{run}/file/{kind}")],
    "/notices/export/<kind>": [("clerk", "/notices/export/{kind}")],
    "/students/grants/export/<kind>": [("registrar", "/students/grants/export/{kind}")],
    "/students/months/export/<kind>": [
        ("registrar", "/students/months/export/{kind}?month=2010-10")
    ],
    "/students/export/<kind>": [("registrar", "/students/export/{kind}")],
    "/seekers/export.<kind>": [("clerk", "/seekers/export.{kind}")],
    "/positions/export.<any(xlsx, csv):file_format>": [("clerk", "/positions/export.{kind}")],
    "/fairs/<fair_code>/export/<kind>": [("clerk", "/fairs/{fair}/export/{kind}")],
    "/fairs/<fair_code>/tallies/export/<kind>": [("clerk", "/fairs/{fair}/tallies/export/{kind}")],
    "/fairs/<fair_code>/employers/export/<kind>": [
        ("clerk", "/fairs/{fair}/employers/export/{kind}")
    ],
    "/fairs/<fair_code>/invitations/export/<kind>": [
        ("clerk", "/fairs/{fair}/invitations/export/{kind}")
    ],
    "/plans/<int:plan_id>/export/<kind>": [("clerk", "/plans/{plan}/export/{kind}")],
    "/positions/<int:position_id>/candidates/export/<kind>": [
        ("clerk", "/positions/{position}/candidates/export/{kind}")
    ],
    "/organisations/export/<file_format>": [("admin", "/organisations/export/{kind}")],
    "/users/export/<file_format>": [("admin", "/users/export/{kind}")],
    "/reports/<report_code>/file/<kind>": [
        ("clerk", f"/reports/{FAIR}/file/{{kind}}"),
        ("clerk", f"/reports/{EXPORTED}/file/{{kind}}"),
        ("registrar", f"/reports/{INTAKE}/file/{{kind}}?by=major&year=2010"),
    ],
}


def csv_cells(data: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]


def formulas(data: bytes) -> list[str]:
    """Return the sheets of a workbook in which a cell is computed."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        assert sheets
        return [name for name in sheets if b"<f" in book.read(name)]


@pytest.mark.parametrize("mark", MARKS)
def test_a_name_that_begins_like_a_formula_is_neutralised(mark: str) -> None:
    name = f"{mark}HYPERLINK(1)"
    plain, book = io.BytesIO(), io.BytesIO()
    write_csv(plain, [Column(name)], [[name], ["-5"], [-5]])
    title, first, second, number = csv_cells(plain.getvalue())
    assert (title, first, second, number) == (f"'{name}", f"'{name}", "'-5", "-5")
    assert unshield(first) == name
    write_table(book, [Column(name)], [[name]])
    assert formulas(book.getvalue()) == []


def test_every_export_is_listed_here(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {r for r in rules if "/export" in r or "/file/" in r} == set(EXPORTS)


def _plan(database: Database, code: str) -> int:
    with database.reading() as session:
        fair = find_fair(session, code)
    assert fair is not None
    return make_and_keep(database, Pool(database), fair, Wanted("stable"), user_id=None)[0]


def _attend(database: Database, school: int, n: int, evil: str) -> None:
    """Have a student who was paid a grant and of whom a month is reported."""
    student = make_student(
        database, school, n, major=evil, student_number=f"{evil}{n}", school_class=evil
    )
    pay(database, student, reference=evil)
    report(database, student, date(2010, 10, 1), (21, 20), evil)


def _have_dispute(database: Database, placement: int) -> None:
    draft = FollowUpDraft(Outcome.REFUSED, Way.VISIT, clock.today(), problems=(Problem.DISPUTE,))
    with database.writing() as session:
        record_follow_up(session, placement, draft, Recorder())


def _differ_and_answer(database: Database, placement: int) -> None:
    """Let somebody tell the pay, and the employer say that nobody of that name is there."""
    found = FollowUpDraft(Outcome.ON_POST_SAME, Way.PHONE, clock.today(), wage_fen=190_000)
    denied = Fact(EventKind.EMPLOYER_CONFIRMED, clock.today(), grade=Grade.B, reason="not_here")
    with database.writing() as session:
        record_follow_up(session, placement, found, Recorder())
        append_event(session, placement, denied, Recorder())


def _journey(database: Database) -> int:
    """Plan a batch with one rider; another waits."""
    riders = [make_traveller(database, n, travel_group="=1+1") for n in (50, 51)]
    batch = make_batch(database, origin="=1+1")
    put_on(database, batch, riders[0])
    return batch


def _paid(database: Database, make: Make) -> int:
    """Announce a claim, and put it into a payment file; names begin like a formula."""
    rule = make_terms(database, title="=1+1补贴", jurisdiction="52")
    who, seeker = clerk(make), make.seeker(50, village="=1+1村")
    with database.writing() as session:
        claim = SubsidyClaim(
            key="c" * 32,
            rule_id=rule,
            seeker_id=seeker,
            home_division="520502",
            family="travel",
            period=2025,
            state="applied",
            since=date(2025, 4, 1),
            amount_fen=1,
            documents=[],
            evidence="",
            bank="=1+1银行",
        )
        session.add(claim)
        session.flush()
        announce(session, [claim.id], "=1+1公示", who)
        run = SubsidyRun(
            rule_id=rule, division="520502", claims=1, total_fen=1, made_at=clock.now()
        )
        session.add(run)
        session.flush()
        claim.run_id = run.id
        return run.id


@pytest.mark.parametrize("rule", sorted(EXPORTS))
def test_no_exported_cell_is_run(
    database: Database, make: Make, sign_in: SignIn, rule: str
) -> None:
    school = make_organisation(database, kind="school", division="4403", name="=1+1学校")
    employer = make_employer(database, name="=1+1厂")
    for n, mark in enumerate(MARKS, 1):
        evil = f"{mark}1+1"
        _attend(database, school, n, evil)
        make_agent(database, f"{evil}{n}")
        seeker = make.seeker(n, village=evil, wishes=(Wish(evil, None),))
        placement = make_placement(
            database,
            seeker,
            employer_id=employer,
            employer_name=evil,
            title=evil,
            workplace_division=None,
            workplace_text=evil,
            **({"started_on": clock.today() - timedelta(days=30)} if "follow-ups" in rule else {}),
            **({"ended_on": clock.today()} if "/back/" in rule else {}),
        )
        if "overlaps" in rule:
            make_overlap(database, seeker, school, placement_id=placement)
        if "rights-cases" in rule or "made" in rule:
            _have_dispute(database, placement)
        if "fulfilment" in rule:
            _differ_and_answer(database, placement)
    if "hand-overs" in rule or "labour-stations" in rule:
        station = make_station(database, name="=1+1站")
        with database.writing() as session:
            serve_employer(session, station, employer)
    make.seeker(len(MARKS) + 1, wishes=(Wish("=1+1", None),))  # free to be planned for
    position = make_position(database, employer, title="=1+1")
    fair = make_fair(database, [position])
    data = {"service": "other", "name": "=1+1", "place": "=1+1", "number": "1", "day": "2010-03-06"}
    sign_in("staff").post(f"/fairs/{fair}/tallies", data=data | {"key": "0" * 32})
    sign_in("registrar", organisation=school)  # an account of the school
    for role, address in EXPORTS[rule]:
        where = {"organisation": school} if role == "registrar" else {"division": "5205"}
        reader = sign_in(role, **where)
        if "invitations" in address:
            plan = _plan(database, fair)
            with database.writing() as session:
                invite(session, plan, user_id=None)
        named = {
            "fair": fair,
            "employer": employer,
            "position": position,
            "batch": _journey(database) if "departures" in address else 0,
            "plan": _plan(database, fair) if "{plan}" in address else 0,
            "run": _paid(database, make) if address.startswith(MONEY) else 0,
        }
        plain, book = (reader.get(address.format(kind=kind, **named)) for kind in ("csv", "xlsx"))
        assert (plain.status_code, book.status_code) == (200, 200), address
        cells = csv_cells(plain.data)
        assert [cell for cell in cells if cell.startswith(MARKS)] == []
        assert formulas(book.data) == []
        if not any(name in address for name in WITHOUT_TEXTS):
            assert any(cell.startswith("'=1+1") for cell in cells), address
