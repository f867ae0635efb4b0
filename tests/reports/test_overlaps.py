"""Counted once: two offices, students, merged records, confirmation; and the rules at the foot."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import python_calamine
from flask import Flask
from flask.testing import FlaskClient

from jobfair.accounts.rules import Role
from jobfair.kit import clock
from jobfair.kit.counting import COUNTING_RULES, declared_by
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.sheets.importing import ImportResult
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, record_placement
from jobfair.reports.queries import EXPORTED, Question, build
from jobfair.school.rules.events import StudentEventKind
from jobfair.school.services import append_event as tell_school
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.services import merge_seekers
from tests.factories import Make
from tests.ledgers.factory import line, take_in
from tests.placements.factory import DRAFT, make_placement
from tests.planted import person
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
COUNTY, TOWN = "520502", "520502001"
# Of the lists that are given away these give no number of people.
COUNT_NO_PEOPLE = {
    "accounts.export_organisations",
    "accounts.export_users",
    "agents.export",
    "allocations.export",
    "employers.export_positions",
    "fairs.export",
    "findings.export",
    "findings.export_stops",
    "follow_ups.export_cases",
    "follow_ups.export_samples",
    "fulfilment.export_answers",
    "fulfilment.export_duties",
    "fulfilment.export_employers",
    "fulfilment.export_mismatches",
    "invitations.export",
    "matching.export_candidates",
    "notices.export",
    "ownership.export_hand_overs",
    "ownership.export_stations",
    "subsidies.export_rules",
    "subsidies.export_runs",
    "tallies.export",
    "venues.export",
}


def ledger(
    database: Database, folder: Path, office: Recorder, day: date, employer: str = "深圳某电子厂"
) -> ImportResult:
    """Take in a ledger of one office that names the first person."""
    row = line(
        1, 转移就业地点="广东省深圳市宝安区", 转移就业时间=day.isoformat(), 单位名称=employer
    )
    return take_in(database, folder, [row], scope=COUNTY, office=office.office_id)


def offices(make: Make) -> tuple[Recorder, Recorder]:
    found = [(make.user(Role.CLERK, division=d).id, make.office(d)) for d in (COUNTY, TOWN)]
    return Recorder(*found[0]), Recorder(*found[1])


def exported(database: Database, by: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """Return the persons exported this year, and the moves and the employed without a breakdown."""
    question = Question(by=by, year=clock.today().year)
    with database.reading() as session:
        report = build(session, EXPORTED, question, language="zh")
    return {(f.indicator.code, *report.labels(f)): f.value for f in report.figures}


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let it be a day of last December, so that the year holds the days before it."""
    day = date(clock.today().year - 1, 12, 15)
    monkeypatch.setattr(clock, "today", lambda: day)
    return day


def test_a_second_offices_list_is_joined_counted_once_and_both_offices_are_told(
    database: Database, make: Make, sign_in: SignIn, tmp_path: Path, today: date
) -> None:
    seeker = make.seeker(1, division=TOWN)
    county, town = offices(make)
    first, second = today - timedelta(days=30), today - timedelta(days=60)
    assert ledger(database, tmp_path, county, first).report.created == 1
    result = ledger(database, tmp_path, town, second)
    assert (result.report.refused, result.report.unchanged) == (0, 1)
    assert f"520502劳动部门 has this person on record since {first}" in str(result)
    assert ledger(database, tmp_path, town, second).report.unchanged == 1, "said twice, kept once"
    figures = exported(database, ("office",))
    assert figures["P02", "520502001劳动部门"] == 1, "its first day is earlier"
    assert exported(database)["P02",] == 1
    for division in (COUNTY, TOWN):
        clerk = sign_in("clerk", division=division)
        assert "claimed by another office too" in clerk.get("/").text
        page = clerk.get("/reports/overlaps?mine=1").text.split("<tbody", 1)[1]
        assert page.index("520502001劳动部门") < page.index(">520502劳动部门")
        line = clerk.get(f"/placements/people/{seeker}").text
        assert "counts once, for 520502001劳动部门. Its first day at work is earlier." in line
        assert f"First day {first}" in line, "what the other office told"
        row = clerk.get("/placements/").text.split("<tbody", 1)[1]
        assert "Also of 520502劳动部门; counts for 520502001劳动部门" in row
        told = clerk.get("/placements/export/csv").get_data(as_text=True).splitlines()[1]
        assert told.endswith("520502001劳动部门,520502劳动部门")
        assert "Its first day at work is earlier." in page
    book = python_calamine.load_workbook(
        io.BytesIO(sign_in("leader").get("/reports/overlaps/export/xlsx").data)
    )
    rows = book.get_sheet_by_index(0).to_python()[1:]
    assert [(row[3], str(row[5]), row[8]) for row in rows] == [
        ("520502001劳动部门", second.isoformat(), "counts"),
        ("520502劳动部门", first.isoformat(), "does not count"),
    ]
    assert [row[0] for row in book.get_sheet_by_name("Counting rules").to_python()[1:]] == [
        "C1",
        "C9",
        "C14",
        "C15",
    ]


def test_an_office_keeps_its_word_from_the_form_and_takes_it_back(
    database: Database, make: Make, sign_in: SignIn, today: date
) -> None:
    seeker = make.seeker(1, division=TOWN)
    county, _town = offices(make)
    with database.writing() as session:
        record_placement(session, seeker, replace(DRAFT, started_on=today, grade=Grade.B), county)
    town = sign_in("clerk", division=TOWN)
    typed = {
        "employer_name": DRAFT.employer_name,
        "workplace": "深圳市宝安区",
        "channel": "organised",
        "started_on": today.isoformat(),
        "precision": "day",
        "grade": "C",
    }
    refused = town.post(f"/placements/people/{seeker}/new", data=typed)
    assert (refused.status_code, "word beside it" in refused.text) == (422, True)
    claim = f"/placements/people/{seeker}/claim"
    other = typed | {
        "employer_name": "另一厂",
        "started_on": (today - timedelta(days=90)).isoformat(),
    }
    assert "No other office has this work on record" in town.post(claim, data=other).text
    kept = town.post(claim, data=typed, follow_redirects=True).text
    assert "520502劳动部门 has this person on record" in kept
    page = town.get("/reports/overlaps?mine=1").text.split("<tbody", 1)[1]
    assert "The same first day; it was recorded earlier." in page
    [back] = re.findall(r'action="(/placements/claims/\d+/withdraw)"', page)
    office = sign_in("clerk", division=COUNTY)
    assert back not in office.get("/reports/overlaps").text, "another office's word"
    assert office.post(back, data={"why": "no"}).status_code == 404
    told = town.post(back, data={"why": " "}, follow_redirects=True).text
    assert "Take our word back" in told
    gone = town.post(back, data={"why": "看错了人"}, follow_redirects=True).text
    assert "word is taken back" in gone
    assert "Take our word back" not in gone
    assert town.post(back, data={"why": "again"}).status_code == 404
    town.post(claim, data=typed)
    assert "Take our word back" in town.get("/reports/overlaps?mine=1").text, "told again"


def test_another_employer_on_the_same_days_is_refused_and_no_claim(
    database: Database, make: Make, sign_in: SignIn, tmp_path: Path
) -> None:
    make.seeker(1, division=TOWN)
    county, town = offices(make)
    ledger(database, tmp_path, county, date(2010, 3, 1))
    assert ledger(database, tmp_path, town, date(2010, 9, 1), "另一厂").report.refused == 1
    page = sign_in("clerk", division=COUNTY).get("/reports/overlaps?year=2010").text
    assert "Nobody fits the filter" in page
    assert "claimed by another office too" not in sign_in("clerk", division=TOWN).get("/").text


def test_two_records_of_one_person_by_two_offices_become_an_overlap_when_merged(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    people = [make.seeker(n, division=TOWN) for n in (1, 2)]
    for seeker, office, day in zip(people, offices(make), (5, 9), strict=True):
        with database.writing() as session:
            record_placement(session, seeker, replace(DRAFT, started_on=date(2010, 3, day)), office)
    clerk = sign_in("clerk", division=COUNTY)
    assert "Nobody fits the filter" in clerk.get("/reports/overlaps?year=2010").text
    before = clock.now()
    with database.writing() as session:
        merge_seekers(session, kept_id=people[0], merged_id=people[1], user_id=None)
    page = clerk.get("/reports/overlaps?year=2010").text.split("<main", 1)[1]
    assert "1 persons" in page
    assert page.index(">520502劳动部门") < page.index("520502001劳动部门")
    assert f"/placements/people/{people[0]}" in page
    early = clock.day_of(before - timedelta(days=1)).isoformat()
    known = clerk.get(f"/reports/overlaps?year=2010&known-at={early}T00:00").text
    assert "Nobody fits the filter" in known, "recorded later"
    listed = clerk.get("/placements/").text
    assert "2 placements" in listed
    assert re.search(r"\b1 (?:person|people)", listed), "merged records are one person"
    other = sign_in("clerk", division="520521").get("/reports/overlaps?year=2010").text
    assert person(1).name[0] + "*" not in other
    assert sign_in("recruiter").get("/reports/overlaps").status_code in {403, 404}


def test_employed_is_who_arrived_and_was_confirmed(
    database: Database, make: Make, today: date
) -> None:
    day = today - timedelta(days=30)
    plain, asked, denied, proved = (
        make_placement(database, make.seeker(n), started_on=day) for n in range(1, 5)
    )
    assert plain
    for placement, kind, said in (
        (asked, EventKind.FOLLOW_UP, {"grade": Grade.C}),
        (denied, EventKind.EMPLOYER_CONFIRMED, {"grade": Grade.B, "reason": "not_here"}),
        (proved, EventKind.EMPLOYER_CONFIRMED, {"grade": Grade.B, "reason": "on_post"}),
    ):
        with database.writing() as session:
            append_event(session, placement, Fact(kind, today, **said), Recorder())
    figures = exported(database)
    assert (figures["P02",], figures["P04",]) == (4, 2)


def test_an_enrolled_student_is_no_exported_labourer_until_leaving(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    school = make.organisation("school")
    number = IdNumber.parse(person(1).id_number, today=date(2010, 9, 1))
    student = make_student(database, school, 1, id_number=number, enrolled_on=date(2010, 9, 1))
    seeker = make.seeker(1)
    make_placement(database, seeker, started_on=date(2010, 10, 8), ended_on=date(2011, 1, 8))
    make_placement(database, make.seeker(2), started_on=date(2010, 10, 8))
    admin = sign_in("admin", division="5205")

    def persons(year: int) -> int:
        page = admin.get(f"/reports/exported?by=&year={year}").text
        found = re.search(r"people/P02[^>]*>(\d+)<", page)
        return int(found[1]) if found else 0

    assert persons(2010) == 1
    assert '1</a></span><span class="jf-tile__label">persons exported' in (
        sign_in("leader").get("/").text
    )
    with database.writing() as session:
        left = Fact(StudentEventKind.WITHDRAWN, date(2011, 2, 1), reason="家庭原因")
        tell_school(session, student, left, Recorder())
    make_placement(database, seeker, started_on=date(2011, 3, 1))
    assert persons(2010) == 1
    assert persons(2011) == 1


def test_each_rule_has_both_languages_and_names_its_lists(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    english = clerk.get("/reports/counting-rules").text
    clerk.set_cookie("language", "zh")
    chinese = clerk.get("/reports/counting-rules").text
    for rule in COUNTING_RULES.values():
        assert f'id="{rule.code}"' in english
        assert rule.text.split(".", maxsplit=1)[0].replace("'", "&#39;") in english
        assert rule.text not in chinese
    assert "就业台账" in chinese or "就业安置" in chinese
    assert sign_in("recruiter").get("/reports/counting-rules").status_code == 200
    foot = clerk.get("/placements/").text
    assert 'href="/reports/counting-rules#C1"' in foot
    assert 'href="/reports/counting-rules#C13"' not in foot, "only the rules it uses"


def test_every_list_that_is_given_away_says_how_it_counts(app: Flask) -> None:
    given = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "/export" in rule.rule and rule.endpoint != "reports.download"
    }
    silent = {one for one in given if not declared_by(app.view_functions[one])[1]}
    assert silent == COUNT_NO_PEOPLE
