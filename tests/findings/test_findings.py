"""Each rule finds what was planted for it, on the list of the office that keeps the record."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from jobfair.accounts.rules import Role
from jobfair.cards.queries import digests_in_force
from jobfair.cards.services import issue_cards
from jobfair.findings import queries, services
from jobfair.findings.cli import findings as command
from jobfair.findings.queries import FindingFilter, FindingRow
from jobfair.findings.rules import Code, common_division
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.ids import new_key
from jobfair.kit.terminal import Terminal
from jobfair.offers.services import accept, offer
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, append_events
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.services import merge_seekers
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.placements.factory import make_placement
from tests.planted import person
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
Plant = Callable[[Database, Make, FlaskClient, int], None]
HOME = "520502001"


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def tell(database: Database, placement: int, kind: EventKind, days: int, **more: Any) -> None:
    with database.writing() as session:
        append_event(session, placement, Fact(kind, ago(days), **more), Recorder())


def work(database: Database, make: Make, n: int = 1, **changes: Any) -> int:
    """Place the n-th person, who began ten days ago unless told otherwise."""
    said = {"started_on": ago(10), "wage_fen": None} | changes
    return make_placement(database, make.seeker(n, division=HOME), **said)


def twin(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    for n in (first, first + 1):
        make.seeker(n, division=HOME, name="某甲", village="青山村")


def phone(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    for n in range(first, first + 4):
        make.seeker(n, division=HOME, phone="13500000001")


def overlap(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    people = [make.seeker(n, division=HOME) for n in (first, first + 1)]
    make_placement(database, people[0], started_on=ago(90), wage_fen=None)
    make_placement(database, people[1], started_on=ago(120), ended_on=ago(60), wage_fen=None)
    with database.writing() as session:
        merge_seekers(session, kept_id=people[0], merged_id=people[1], user_id=None)


def before_eligible(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    poor = {"household_category": "registered_poor", "household_category_since": ago(5)}
    seeker = make.seeker(first, division=HOME, **poor)
    make_placement(database, seeker, started_on=ago(10), wage_fen=None)


def leaving(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    employer = make_employer(database)
    for n in range(10):
        left = {"ended_on": ago(1)} if n < 6 else {}
        work(database, make, first + n, employer_id=employer, started_on=ago(12 + n), **left)


def same_day(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    employer = make_employer(database)
    for n in range(first, first + 20):
        work(database, make, n, employer_id=employer)


def denied(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    placement = work(database, make, first)
    for days, word in ((5, "on_post"), (1, "not_here")):
        kind = EventKind.EMPLOYER_CONFIRMED
        tell(database, placement, kind, days, grade=Grade.B, reason=word)


def never_boarded(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    placement = work(database, make, first, started_on=None)
    tell(database, placement, EventKind.BATCH_ASSIGNED, 9, reason="DF-1")
    tell(database, placement, EventKind.DEPARTED, 8)
    tell(database, placement, EventKind.ARRIVED, 7)
    tell(database, placement, EventKind.HANDED_OVER, 7)


def no_departure(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    placement = work(database, make, first, started_on=None, channel=Channel.ORGANISED)
    tell(database, placement, EventKind.ARRIVED, 7)


def no_contract(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    work(database, make, first, started_on=ago(31))


def low_wage(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    when = {"started_on": date(2010, 8, 2), "ended_on": date(2010, 9, 1)}
    work(database, make, first, wage_fen=30_000, **when)


def high_wage(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    for n in range(10):
        work(database, make, first + n, wage_fen=500_000, started_on=ago(12 + n))
    work(database, make, first + 10, wage_fen=3_500_000)


def stale(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    poor = {"household_category": "registered_poor", "household_category_since": ago(800)}
    make.seeker(first, division=HOME, **poor)


def hasty(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    caller = Recorder(make.user(Role.CLERK, division="520502").id, make.office())
    placements = [work(database, make, n) for n in range(first, first + 5)]
    facts = [
        (placement, Fact(EventKind.FOLLOW_UP, ago(day), grade=Grade.C))
        for placement in placements
        for day in range(1, 10)
    ]
    with database.writing() as session:
        append_events(session, facts * 2, caller)


def gate(database: Database, client: FlaskClient, fair: int, card: str) -> None:
    """Let somebody in at a fair, now."""
    with database.writing() as session:
        secret = pair(session, offer_pairing(session, add_station(session, fair, "A", Job.GATE)))
    record = {"id": new_key(), "seq": 1, "kind": "in", "card": card, "skew": 0}
    answer = client.post(
        "/station/records",
        json={"records": [record | {"at": clock.milliseconds(clock.now())}]},
        headers={"Authorization": f"Bearer {secret.secret}"},
    )
    assert answer.status_code == 200, answer.text


def card_of(database: Database, seeker: int) -> str:
    with database.writing() as session:
        issue_cards(session, [seeker])
    with database.reading() as session:
        return digests_in_force(session)[-1].hex()


def no_check_in(database: Database, make: Make, client: FlaskClient, first: int) -> None:
    fair, (position,) = make_offering(database, [2])
    gate(database, client, fair, card_of(database, make.seeker(first + 1, division="520521001")))
    seeker = make.seeker(first, division=HOME)
    with database.writing() as session:
        held = offer(session, fair, position, seeker, key=new_key())
        accept(session, held.key)


def at_a_fair(database: Database, make: Make, client: FlaskClient, first: int) -> None:
    seeker = make.seeker(first, division=HOME)
    make_placement(database, seeker, started_on=ago(10), wage_fen=None)
    fair, _positions = make_offering(database, [1], code="at-work")
    gate(database, client, fair, card_of(database, seeker))


def above_headcount(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    position = make_position(database, make_employer(database), headcount=1)
    for n in (first, first + 1):
        placement = work(database, make, n, position_id=position)
        kind = EventKind.EMPLOYER_CONFIRMED
        tell(database, placement, kind, 1, grade=Grade.B, reason="on_post")


def student_of(database: Database, make: Make, n: int, **changes: Any) -> None:
    """Put the n-th person on the roll of a school, since September 2010."""
    who = person(n)
    number = IdNumber.parse(who.id_number, today=date(2010, 9, 1))
    said = {"name": who.name, "id_number": number, "student_number": f"F{n}"} | changes
    make_student(database, make.organisation("school", name=f"第{n}技校"), n, **said)


def two_names(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    make.seeker(first, division=HOME)
    student_of(database, make, first, name="某丙")


def contact_placed(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    number = person(first).phone
    contact = f"{number[:3]} {number[3:7]} {number[7:]}"
    employer = make_employer(database, contact_phone=contact)
    for n in (first, first + 1):
        work(database, make, n, employer_id=employer, started_on=ago(5 + n % 2))


def student_at_work(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    work(database, make, first)
    student_of(database, make, first)


def incomplete(database: Database, make: Make, _client: FlaskClient, first: int) -> None:
    long = {"started_on": ago(70), "channel": Channel.SELF_ARRANGED}
    work(database, make, first, employer_name="", **long)
    nowhere = {"workplace_text": "", "workplace_division": None, "destination": None}
    work(database, make, first + 1, wage_fen=200_000, **nowhere, **long)


PLANTED: tuple[Plant, ...] = (
    twin,
    phone,
    overlap,
    before_eligible,
    leaving,
    same_day,
    denied,
    never_boarded,
    no_departure,
    no_contract,
    low_wage,
    high_wage,
    hasty,
    no_check_in,
    at_a_fair,
    above_headcount,
    two_names,
    contact_placed,
    student_at_work,
    incomplete,
)
# What stands on the list of the homes' office then, and nothing else.
FOUND = {
    Code.TWIN: 2,
    Code.PHONE: 4,
    Code.OVERLAP: 1,
    Code.BEFORE_ELIGIBLE: 1,
    Code.LEAVING: 1,
    Code.SAME_DAY: 1,
    Code.DENIED: 1,
    Code.NEVER_BOARDED: 1,
    Code.NO_DEPARTURE: 1,
    Code.NO_CONTRACT: 2,  # one of them of the two placements at one time
    Code.WAGE: 2,
    Code.HASTY_CALLS: 1,
    Code.ONE_MINUTE: 1,
    Code.NO_CHECK_IN: 1,
    Code.AT_A_FAIR: 1,
    Code.ABOVE_HEADCOUNT: 1,
    Code.TWO_NAMES: 1,
    Code.CONTACT_PLACED: 1,
    Code.STUDENT_AT_WORK: 1,
    Code.NO_WAGE: 2,  # one of them of the two placements at one time
    Code.NO_PLACE: 1,
    Code.NO_EMPLOYER: 1,
    Code.NO_INDUSTRY: 3,
}


def look(database: Database) -> services.Looked:
    with database.writing() as session:
        return services.look(session)


def listed(database: Database, code: Code, **wanted: Any) -> list[FindingRow]:
    with database.reading() as session:
        return queries.list_findings(session, FindingFilter(code=code, **wanted))


def test_what_is_planted_is_found_on_the_list_of_its_office_and_nothing_else(
    database: Database, make: Make, client: FlaskClient, sign_in: SignIn
) -> None:
    assert look(database).new == 0
    for place, plant in enumerate(PLANTED):
        plant(database, make, client, 1 + 20 * place)
    looked = look(database)
    with database.reading() as session:
        assert queries.open_by_rule(session, "520502") == FOUND
        assert queries.open_by_rule(session, "520521") == {}
    assert looked.new == sum(FOUND.values())
    assert look(database).new == 0, "the same is not found twice"
    clerk = sign_in("clerk", division="520502")
    for code, count in FOUND.items():
        page = clerk.get(f"/findings/?code={code}").text
        assert len(re.findall(r'href="/findings/\d+"', page)) == count, code


def test_a_category_nobody_confirmed_for_a_year_is_found(
    database: Database, make: Make, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale(database, make, client, 1)
    look(database)
    assert listed(database, Code.STALE_CATEGORY) == []
    later = clock.today() + timedelta(days=400)
    monkeypatch.setattr(clock, "today", lambda: later)
    look(database)
    (row,) = listed(database, Code.STALE_CATEGORY)
    assert row.told["since"] == (later - timedelta(days=1200)).isoformat()


def test_a_finding_is_explained_opened_again_and_gone_when_the_records_change(
    database: Database, make: Make, client: FlaskClient, sign_in: SignIn
) -> None:
    no_contract(database, make, client, 1)
    clerk = sign_in("clerk", division="520502")
    assert "1 new" in clerk.post("/findings/look", follow_redirects=True).text
    (row,) = listed(database, Code.NO_CONTRACT)
    page = clerk.get(f"/findings/{row.id}").text
    assert "a written contract is due within a month" in page
    empty = clerk.post(f"/findings/{row.id}/explain", data={"note": " "})
    assert empty.status_code == 422
    assert "Enter how it is explained" in empty.text
    done = clerk.post(
        f"/findings/{row.id}/explain", data={"note": "seen at the firm"}, follow_redirects=True
    )
    assert "No finding fits the filter" in done.text
    look(database)
    (explained,) = listed(database, Code.NO_CONTRACT, state="explained")
    assert (explained.note, explained.explained_by != "") == ("seen at the firm", True)
    clerk.post(f"/findings/{row.id}/reopen")
    assert len(listed(database, Code.NO_CONTRACT)) == 1
    tell(database, row.subject_id, EventKind.CONTRACT_SIGNED, 1)
    look(database)
    assert listed(database, Code.NO_CONTRACT) == []
    assert len(listed(database, Code.NO_CONTRACT, state="fixed")) == 1
    other = sign_in("clerk", division="520521")
    assert other.get(f"/findings/{row.id}").status_code in {403, 404}
    assert other.post(f"/findings/{row.id}/reopen").status_code in {403, 404}


def test_what_changes_opens_an_explained_finding_again(
    database: Database, make: Make, client: FlaskClient
) -> None:
    same_day(database, make, client, 1)
    look(database)
    (row,) = listed(database, Code.SAME_DAY)
    with database.writing() as session:
        services.explain(session, row.id, "a new hall was opened", None)
    work(database, make, 30, employer_id=row.subject_id)
    look(database)
    (again,) = listed(database, Code.SAME_DAY)
    assert (again.told["count"], again.note) == ("21", "a new hall was opened")


def test_the_command_says_what_it_found(
    database: Database, make: Make, client: FlaskClient
) -> None:
    no_contract(database, make, client, 1)
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    with terminal.speaking():
        answer = CliRunner().invoke(command, ["--json"], obj=terminal)
    assert json.loads(answer.output) == {"new": 1, "fixed": 0, "standing": 0}


@pytest.mark.parametrize(
    ("first", "last", "office"),
    [
        ("520502001", "520502001", "520502001"),
        ("520502001", "520502002", "520502"),
        ("520502001", "520521001", "5205"),
        ("520502001", "522301001", "52"),
        ("520502001", "440306001", ""),
    ],
)
def test_the_office_of_a_group_is_the_smallest_that_all_homes_lie_in(
    first: str, last: str, office: str
) -> None:
    assert common_division(first, last) == office
