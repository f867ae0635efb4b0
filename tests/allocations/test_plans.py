"""Plans of a fair through the pages and the command: made, read, corrected, compared, invited."""

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from jobfair.allocations.cli import allocate
from jobfair.fairs.cli import NoSuchFair
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from jobfair.seekers.rules.drafts import Wish
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair

SignIn = Callable[..., FlaskClient]
ASKED = {"objective": "stable", "groups": "together", "share": "0", "seed": "0"}
_SEAT = re.compile(r'name="seeker" value="(\d+)"')


@pytest.fixture
def positions(database: Database) -> tuple[int, int]:
    """Two positions of two employers, with one and two posts."""
    first = make_position(database, make_employer(database), title="电子装配工", headcount=1)
    other = make_employer(database)
    second = make_position(database, other, title="电子装配工", headcount=2)
    return first, second


@pytest.fixture
def fair(database: Database, positions: tuple[int, int]) -> str:
    return make_fair(database, list(positions))


@pytest.fixture
def people(make: Make) -> list[int]:
    return [make.seeker(n, wishes=(Wish("电子装配工"),)) for n in range(1, 5)]


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("admin", division="5205")


def _make(client: FlaskClient, fair: str, **asked: str) -> str:
    """Make a plan and return its address."""
    sent = client.post(f"/fairs/{fair}/plans", data=ASKED | asked)
    assert sent.status_code == 303, sent.text
    assert re.search(r"/plans/\d+$", sent.location), "done within the request"
    return sent.location


def _seated(client: FlaskClient, address: str, position: int) -> set[int]:
    page = client.get(f"{address}/people?position={position}").text
    return {int(number) for number in _SEAT.findall(page)}


def _allocate(database: Database, *asked: str) -> dict[str, object]:
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    ran = CliRunner().invoke(allocate, [*asked, "--json"], obj=terminal, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    answer: dict[str, object] = json.loads(ran.output)
    return answer


@pytest.mark.parametrize("objective", ["stable", "max_total"])
def test_a_plan_fills_every_post_and_never_one_more(
    admin: FlaskClient, fair: str, positions: tuple[int, int], people: list[int], objective: str
) -> None:
    empty = admin.get(f"/fairs/{fair}/plans").text
    assert "No plan yet" in empty
    address = _make(admin, fair, objective=objective)
    first, second = (_seated(admin, address, one) for one in positions)
    assert (len(first), len(second)) == (1, 2)
    assert first | second < set(people)
    page = admin.get(address).text
    assert "3 / 3" in page
    assert "standard/2" in page
    assert f'href="{address}"' in admin.get(f"/fairs/{fair}/plans").text


def test_the_command_makes_the_same_plan(
    database: Database, admin: FlaskClient, fair: str, people: list[int]
) -> None:
    assert people
    answer = _allocate(database, fair)
    assert answer["posts"] == answer["filled"] == 3
    assert answer["blocking_pairs"] == 0
    assert answer["total_score"] <= answer["bound"]  # type: ignore[operator]
    page = admin.get(_make(admin, fair)).text
    assert str(answer["digest"])[:16] in page
    best = _allocate(database, fair, "--objective", "max_total")
    assert best["gap"] == 0
    assert best["total_score"] == best["bound"]


def test_what_is_set_by_hand_holds_when_a_plan_is_made_again(
    admin: FlaskClient, fair: str, positions: tuple[int, int], people: list[int]
) -> None:
    before = _make(admin, fair)
    placed = _seated(admin, before, positions[0]) | _seated(admin, before, positions[1])
    (left,) = set(people) - placed
    barred = min(_seated(admin, before, positions[1]))
    edits = f"/fairs/{fair}/plans/by-hand"
    pin = {"kind": "pinned", "seeker": str(left), "position": str(positions[0])}
    assert admin.post(edits, data=pin).status_code == 303
    bar = {"kind": "barred", "seeker": str(barred), "position": str(positions[1])}
    assert admin.post(edits, data=bar).status_code == 303
    for objective in ("stable", "max_total"):
        after = _make(admin, fair, objective=objective)
        page = admin.get(f"{after}/people?position={positions[0]}").text
        assert f"/seekers/{left}/positions/{positions[0]}" in page
        assert "pinned" in page
        assert barred not in _seated(admin, after, positions[1])
    listed = admin.get(f"/fairs/{fair}/plans").text
    numbers = re.findall(r"/plans/by-hand/(\d+)/take-back", listed)
    assert len(numbers) == 2
    for number in numbers:
        admin.post(f"/plans/by-hand/{number}/take-back")
    again = _make(admin, fair)
    assert _seated(admin, again, positions[0]) == _seated(admin, before, positions[0])
    assert _seated(admin, again, positions[1]) == _seated(admin, before, positions[1])


@pytest.mark.parametrize("objective", ["stable", "max_total"])
@pytest.mark.parametrize("strict", [False, True])
def test_a_group_that_goes_together_or_not_at_all_says_so_itself(
    admin: FlaskClient,
    fair: str,
    positions: tuple[int, int],
    make: Make,
    objective: str,
    *,
    strict: bool,
) -> None:
    # No employer has three posts.
    for n in range(1, 4):
        only = True if strict and n == 2 else None
        wish = (Wish("电子装配工"),)
        make.seeker(n, wishes=wish, travel_group="同乡", only_with_group=only)
    plan = _make(admin, fair, objective=objective, groups="together")
    seated = _seated(admin, plan, positions[0]) | _seated(admin, plan, positions[1])
    assert len(seated) == (0 if strict else 3)


def test_a_pair_that_cannot_be_is_not_set(
    admin: FlaskClient, fair: str, positions: tuple[int, int], people: list[int], make: Make
) -> None:
    edits = f"/fairs/{fair}/plans/by-hand"

    def told(kind: str, seeker: str, position: int) -> str:
        sent = admin.post(edits, data={"kind": kind, "seeker": seeker, "position": str(position)})
        return admin.get(sent.location).text

    assert "nobody with this number" in told("pinned", "99999", positions[0])
    told("pinned", str(people[0]), positions[0])
    assert "set by hand already" in told("pinned", str(people[0]), positions[0])
    assert "pinned to another position" in told("pinned", str(people[0]), positions[1])
    assert "All 1 posts" in told("pinned", str(people[1]), positions[0])
    assert "does not take part" in told("barred", str(people[1]), 99_999)
    assert admin.post(edits, data={"kind": "loved", "seeker": str(people[1])}).status_code == 404
    refuses = make.seeker(9, wishes=(Wish("电子装配工"),), refusals=frozenset({"division:4403"}))
    assert "cannot take the position" in told("pinned", str(refuses), positions[1])


def test_a_form_that_does_not_hold_keeps_what_was_typed(admin: FlaskClient, fair: str) -> None:
    sent = admin.post(f"/fairs/{fair}/plans", data=ASKED | {"share": "140", "seed": "7"})
    assert sent.status_code == 422
    assert "from 0 to 100" in sent.text
    assert 'value="140"' in sent.text
    assert 'value="7"' in sent.text
    nonsense = admin.post(f"/fairs/{fair}/plans", data=ASKED | {"objective": "cheapest"})
    assert nonsense.status_code == 422


def test_a_fair_without_positions_and_a_plan_that_is_not_there(
    admin: FlaskClient, database: Database, fair: str
) -> None:
    bare = make_fair(database, [], code="bare")
    sent = admin.post(f"/fairs/{bare}/plans", data=ASKED)
    assert "no positions yet" in sent.text
    assert admin.get("/plans/99").status_code == 404
    assert admin.get(f"/plans/{2**40}/people").status_code == 404
    assert admin.post(f"/plans/by-hand/{2**40}/take-back").status_code == 404
    assert admin.get("/fairs/nowhere/plans").status_code == 404
    address = _make(admin, fair)
    assert admin.get(f"{address}/people?position=99").status_code == 404
    assert admin.get(f"{address}/compare?with=99").location == address


def test_empty_posts_say_why(admin: FlaskClient, fair: str, make: Make) -> None:
    make.seeker(1, wishes=(Wish("电子装配工"),))
    page = admin.get(_make(admin, fair) + "?lacking=1").text
    assert "Fewer people are eligible" in page or "suits them better" in page
    full = admin.get(_make(admin, fair)).text
    assert "1 / 3" in full


def test_two_plans_stand_beside_each_other(
    admin: FlaskClient, fair: str, positions: tuple[int, int], people: list[int]
) -> None:
    one = _make(admin, fair)
    placed = _seated(admin, one, positions[0])
    left = set(people) - placed - _seated(admin, one, positions[1])
    pin = {"kind": "pinned", "seeker": str(left.pop()), "position": str(positions[0])}
    admin.post(f"/fairs/{fair}/plans/by-hand", data=pin)
    other = _make(admin, fair)
    number = one.rsplit("/", 1)[1]
    page = admin.get(f"{other}/compare?with={number}").text
    assert "Positions that change" in page
    assert "电子装配工" in page
    same = admin.get(f"{one}/compare?with={number}").text
    assert "The two plans are the same" in same


def test_from_plan_to_invitations_in_one_step(
    admin: FlaskClient, database: Database, fair: str, people: list[int]
) -> None:
    assert people
    address = _make(admin, fair)
    assert "Invite 3 people" in admin.get(f"{address}/invite").text
    told = admin.post(f"{address}/invite", follow_redirects=True).text
    assert "3 people invited; 0 had been" in told
    assert "Invite these people" not in told
    again = admin.post(f"{address}/invite", follow_redirects=True).text
    assert "0 people invited; 3 had been" in again
    assert "3 people are invited" in admin.get(f"/fairs/{fair}/plans").text
    with database.reading() as session:
        kinds = set(session.execute(select(AuditEntry.action)).scalars())
    assert {"allocation.make", "allocation.invite"} <= kinds


def test_the_people_of_a_plan_leave_masked_and_recorded(
    admin: FlaskClient, database: Database, fair: str, people: list[int]
) -> None:
    address = _make(admin, fair)
    file = admin.get(f"{address}/export/xlsx")
    (sheet,) = CalamineWorkbook.from_filelike(BytesIO(file.data)).sheet_names
    rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_name(sheet).to_python()
    assert len(rows) == 4
    assert {int(str(row[3]).removesuffix(".0")) for row in rows[1:]} < set(people)
    assert all("*" in str(row[2]) for row in rows[1:])
    assert admin.get(f"{address}/export/pdf").status_code == 404
    with database.reading() as session:
        actions = session.execute(select(AuditEntry.action)).scalars().all()
    assert actions.count("allocation.download") == 1


def test_an_office_sees_the_figures_and_its_own_people_only(
    sign_in: SignIn, admin: FlaskClient, fair: str, positions: tuple[int, int], people: list[int]
) -> None:
    assert people
    address = _make(admin, fair)
    seated = _seated(admin, address, positions[1])
    elsewhere = sign_in("clerk", division="522701")
    page = elsewhere.get(f"{address}/people?position={positions[1]}").text
    assert not _SEAT.findall(page)
    assert "2 more are looked after by other offices" in page
    pin = {"kind": "pinned", "seeker": str(min(seated)), "position": str(positions[1])}
    told = elsewhere.post(f"/fairs/{fair}/plans/by-hand", data=pin, follow_redirects=True).text
    assert "nobody with this number" in told
    manager = sign_in("manager")
    assert manager.get(address).status_code == 200
    assert manager.get(f"{address}/people?position={positions[1]}").status_code == 403
    assert manager.get(f"{address}/export/csv").status_code == 403
    assert elsewhere.post(f"/fairs/{fair}/plans", data=ASKED).status_code == 403


def test_a_fair_nobody_knows_is_refused_by_the_command(database: Database) -> None:
    with pytest.raises(NoSuchFair):
        _allocate(database, "nowhere")


@pytest.mark.parametrize(
    "asked", [[], ["--objective", "cheapest", "x"], ["x", "--share", "101"], ["x", "--seed", "-1"]]
)
def test_the_command_says_what_it_does_not_understand(database: Database, asked: list[str]) -> None:
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    ran = CliRunner().invoke(allocate, asked, obj=terminal)
    assert ran.exit_code == 2
