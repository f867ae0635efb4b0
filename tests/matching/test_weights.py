"""The weights in the office's hands: versions, what they would change, which one is used."""

import dataclasses
import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import cast

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from jobfair.accounts.rules import POLICY, Permission, Reach, Role
from jobfair.fairs.cli import match
from jobfair.fairs.queries import find_fair, newest_ranking
from jobfair.fairs.ranking import rank_and_keep
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Base, Database
from jobfair.kit.errors import Refusal
from jobfair.kit.terminal import Terminal
from jobfair.matching.cli import rank
from jobfair.matching.core.weights import COMPONENTS, STANDARD, WEIGHTS, Profile
from jobfair.matching.pool import Pool
from jobfair.matching.rules import (
    AllZero,
    NoReason,
    NoSuchProfile,
    NothingChanged,
    PointsOutOfRange,
    SavedMeanwhile,
    WeightDraft,
)
from jobfair.matching.services import save_profile, use_profile
from jobfair.seekers.rules.drafts import Wish
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.planted import holds_personal_data, person

SignIn = Callable[..., FlaskClient]
POINTS = {name: str(points) for name, points in STANDARD.points().items()}
# Pay counts for much more than in the built-in version.
PAY = POINTS | {"wage": "400"}
_LINE = re.compile(
    r'jf-rank">(\d+)</td>\s*<td[^>]*>([^<]+)<.*?jf-(?:tag|muted)[^>]*>([^<]+)<', re.DOTALL
)


@pytest.fixture
def position_id(database: Database) -> int:
    return make_position(database, make_employer(database), title="电子装配工")


@pytest.fixture
def people(make: Make) -> tuple[int, int]:
    """Somebody who asks for this very work and for much pay, and somebody the other way round."""
    picky = make.seeker(1, wishes=(Wish("电子装配工"),), wage_min=400_000)
    modest = make.seeker(2, wishes=(Wish("电子保安"),), wage_min=100_000)
    return picky, modest


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("admin", division="5205")


def _preview(client: FlaskClient, points: Mapping[str, str], *, base: int = 2, **more: str) -> str:
    sent = client.post(f"/weights/new?from={base}", data={**points, **more})
    assert sent.status_code == 303, sent.text
    page = client.get(sent.location)
    assert page.status_code == 200
    return page.text


def _lines(page: str) -> list[tuple[str, str, str]]:
    """Return place then, name and movement of everybody a preview shows."""
    return _LINE.findall(page)


def _sent(page: str, points: Mapping[str, str], **more: str) -> dict[str, str]:
    """Return what the form of a previewed page sends."""
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|newest)" value="([^"]*)"', page))
    return {**points, **hidden, "note": "春季更看重工资", "act": "use", **more}


def _save(client: FlaskClient, points: Mapping[str, str], *, base: int = 2, **more: str) -> str:
    page = _preview(client, points, base=base)
    answer = client.post(f"/weights/new?from={base}", data=_sent(page, points, **more))
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def _use(client: FlaskClient, version: int) -> None:
    answer = client.post(f"/weights/{version}/use", data={"confirmed": "yes"})
    assert answer.status_code == 303


def _ranked(database: Database, position_id: int) -> dict[str, object]:
    """Return what ``jobfair rank --json`` prints in this home."""
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    answer = CliRunner().invoke(
        rank, ["--position", str(position_id), "--json"], obj=terminal, catch_exceptions=False
    )
    found: dict[str, object] = json.loads(answer.stdout)
    return found


def _matched(database: Database, code: str) -> str:
    """Return the profile ``jobfair match --json`` names."""
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    with terminal.speaking():
        answer = CliRunner().invoke(match, [code, "--json"], obj=terminal, catch_exceptions=False)
    return str(json.loads(answer.stdout)["profile"])


def _order(ranked: dict[str, object]) -> list[int]:
    items = ranked["items"]
    assert isinstance(items, list)
    return [item["id"] for item in items]


def test_before_saving_it_is_seen_who_would_move(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    before = _ranked(database, position_id)
    assert _order(before) == list(people)
    page = _preview(admin, PAY)
    picky, modest = (person(n).name for n in (1, 2))
    moved = [(place, name[0], movement) for place, name, movement in _lines(page)]
    assert moved == [("1", modest[0], "up 1"), ("2", picky[0], "down 1")]
    assert "2 of the first 20 stand elsewhere than now, 0 of them are new." in page
    assert "Pay against wish +" in page, "it says what made it"
    assert "Work asked for -" in page
    assert holds_personal_data(page) is None, "people are masked"
    assert _ranked(database, position_id) == before, "looking changes nothing"


def test_saved_and_used_the_next_version_ranks_and_going_back_restores_the_same(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    address = f"/positions/{position_id}/candidates"
    before = _ranked(database, position_id)
    assert before["profile"] == "standard/2"
    assert "Rankings use version 3 from now on." in _save(admin, PAY)
    after = _ranked(database, position_id)
    assert after["profile"] == "standard/3"
    assert _order(after) == list(people)[::-1]
    assert "standard, version 3" in admin.get(address).text
    _use(admin, 2)
    assert _ranked(database, position_id) == before
    page = admin.get(address).text
    assert "standard, version 2" in page
    assert page.index(f"/seekers/{people[0]}/") < page.index(f"/seekers/{people[1]}/")


def test_another_process_notices_at_its_next_ranking(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    elsewhere = Pool(database)
    first = elsewhere.candidates(position_id, top=5)
    _save(admin, PAY)
    assert elsewhere.profile.label == "standard/3"
    assert elsewhere.candidates(position_id, top=5) != first
    assert [c.id for c in elsewhere.positions(people[0], top=5)] == [position_id]
    _use(admin, 2)
    assert elsewhere.candidates(position_id, top=5) == first


def test_a_version_can_be_saved_without_being_used(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    assert "Version 3 is saved and not used yet." in _save(admin, PAY, act="keep")
    assert _ranked(database, position_id)["profile"] == "standard/2"
    question = admin.get("/weights/3/use").text
    assert "Let every ranking use version 3 instead of version 2?" in question
    assert admin.post("/weights/3/use").status_code == 200, "asked first"
    assert _ranked(database, position_id)["profile"] == "standard/2"
    _use(admin, 3)
    assert _ranked(database, position_id)["profile"] == "standard/3"
    assert "Go back to version 2" in admin.get("/weights").text
    assert len(people) == 2


def test_runs_kept_earlier_keep_their_label(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    code = make_fair(database, [position_id])
    with database.reading() as session:
        fair = find_fair(session, code)
    assert fair is not None
    first = rank_and_keep(database, Pool(database), fair)
    _save(admin, PAY)
    with database.reading() as session:
        kept = newest_ranking(session, fair.id)
    assert kept is not None
    assert (kept.profile, kept.digest) == ("standard/2", first.digest)
    assert "standard/2" in admin.get(f"/fairs/{code}").text
    assert admin.post(f"/fairs/{code}/rank").status_code == 303
    assert "standard/3" in admin.get(f"/fairs/{code}").text
    assert _matched(database, code) == "standard/3"
    assert len(people) == 2


def test_a_clerk_reads_and_does_not_write(admin: FlaskClient, sign_in: SignIn) -> None:
    _save(admin, PAY)
    clerk = sign_in("clerk")
    page = clerk.get("/weights").text
    assert "春季更看重工资" in page
    assert "/weights/new" not in page
    assert "Use this version" not in page
    assert "percentage points" in clerk.get("/weights/compare?a=2&b=3").text
    assert clerk.get("/weights/new").status_code == 403
    assert clerk.post("/weights/new", data=PAY).status_code == 403
    assert clerk.post("/weights/2/use", data={"confirmed": "yes"}).status_code == 403
    assert sign_in("recruiter").get("/weights").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"skills": "-1"}, "Enter a whole number from 0 to 1000."),
        ({"skills": "1001"}, "Enter a whole number from 0 to 1000."),
        ({"skills": "9" * 5000}, "Enter a whole number from 0 to 1000."),
        ({"skills": "plenty"}, "Enter a whole number from 0 to 1000."),
        ({"skills": "1.5"}, "Enter a whole number from 0 to 1000."),
        ({"skills": ""}, "Enter the points; 0 leaves this part out."),
        ({"priority": "101"}, "Enter a whole number from 0 to 100."),
        (dict.fromkeys(POINTS, "0"), "Give points to at least one part of the score"),
    ],
    ids=str,
)
def test_points_that_make_no_score_are_refused_and_kept(
    admin: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    sent = POINTS | {"note": "为了春季"} | wrong
    for act in ("", "use"):
        answer = admin.post("/weights/new?from=2", data=sent | {"act": act})
        assert answer.status_code == 422
        assert said in answer.text
        assert all(f'value="{typed}"' in answer.text for typed in sent.values() if typed)
    admin.set_cookie("language", "zh")
    assert said not in admin.post("/weights/new?from=2", data=sent).text


def test_a_version_needs_a_reason(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    page = _preview(admin, PAY)
    answer = admin.post("/weights/new?from=2", data=_sent(page, PAY, note="  "))
    assert answer.status_code == 422
    assert "Say why the weights are changed." in answer.text
    assert 'value="400"' in answer.text
    assert len(_lines(answer.text)) == 2, "what would change stays in sight"
    long = admin.post("/weights/new?from=2", data=_sent(page, PAY, note="长" * 201))
    assert "Say it in at most 200 characters." in long.text
    assert _ranked(database, position_id)["profile"] == "standard/2"
    assert len(people) == 2


def test_what_was_not_looked_at_is_shown_before_it_is_saved(
    database: Database, admin: FlaskClient, position_id: int, people: tuple[int, int]
) -> None:
    page = _preview(admin, POINTS | {"wage": "20"})
    answer = admin.post("/weights/new?from=2", data=_sent(page, PAY), follow_redirects=True)
    assert "The points were changed after you looked." in answer.text
    assert "春季更看重工资" in answer.text, "the reason is kept"
    assert len(_lines(answer.text)) == len(people)
    assert _ranked(database, position_id)["profile"] == "standard/2"


def test_the_weights_of_the_base_are_no_new_version(admin: FlaskClient) -> None:
    page = _preview(admin, POINTS)
    assert "Change some points to save them." in page
    seen = "-".join(POINTS.values())
    answer = admin.post("/weights/new?from=2", data=_sent(page, POINTS, seen=seen))
    assert answer.status_code == 422
    assert "These are the weights of version 2." in answer.text


def test_of_two_who_edit_the_same_version_the_second_is_told_and_loses_nothing(
    database: Database, admin: FlaskClient, sign_in: SignIn, position_id: int
) -> None:
    other = sign_in("admin", division="5205")
    mine, theirs = POINTS | {"skills": "33"}, PAY
    page = _preview(other, mine)
    _save(admin, theirs)
    answer = other.post("/weights/new?from=2", data=_sent(page, mine, note="看重技能"))
    assert answer.status_code == 422
    assert "Meanwhile somebody else saved version 3." in answer.text
    assert "/weights/compare?a=2&amp;b=3" in answer.text
    assert 'value="33"' in answer.text
    assert 'value="看重技能"' in answer.text
    assert _ranked(database, position_id)["profile"] == "standard/3"
    again = other.post(
        "/weights/new?from=2", data=_sent(answer.text, mine, note="看重技能"), follow_redirects=True
    )
    assert "Saved. Rankings use version 4 from now on." in again.text
    assert _ranked(database, position_id)["profile"] == "standard/4"


def test_the_list_tells_who_when_why_and_since_when(admin: FlaskClient) -> None:
    first = admin.get("/weights").text
    assert "In use: version 2" in first
    assert "from the start" in first
    assert "What was in use when" not in first
    _save(admin, PAY)
    page = admin.get("/weights").text
    assert "In use: version 3" in page
    assert "春季更看重工资" in page
    assert page.split("What was in use when")[-1].count("<tr ") == 3, "head, version 3, version 2"
    _use(admin, 3)
    assert admin.get("/weights").text.count("<tr ") == page.count("<tr "), "used already: no row"


def test_the_policy_term_stands_apart(
    database: Database, admin: FlaskClient, position_id: int, make: Make
) -> None:
    make.seeker(1, household_category="general")
    poor = make.seeker(2, household_category="registered_poor")
    page = _preview(admin, POINTS | {"priority": "10"})
    assert "0 switches it off and changes nothing else" in page
    assert "Policy priority +10.0" in page
    _save(admin, POINTS | {"priority": "10"})
    items = _ranked(database, position_id)["items"]
    assert isinstance(items, list)
    assert items[0]["id"] == poor
    assert items[0]["score"] == pytest.approx(items[1]["score"] + 0.1)
    assert items[0]["components"] == items[1]["components"]
    compared = admin.get("/weights/compare?a=2&b=3").text
    assert "up to 10 added" in compared
    assert "percentage points" not in compared


def test_the_policy_term_is_in_sight_where_it_counts_and_tells_employers_nothing_of_anybody(
    database: Database, admin: FlaskClient, sign_in: SignIn, make: Make
) -> None:
    poor = make.seeker(1, household_category="registered_poor")
    factory = make.organisation("employer")
    post = make_position(database, make_employer(database, organisation_id=factory))
    recruiter = sign_in("recruiter", organisation=factory)
    address = f"/positions/{post}/candidates"
    added = "<dd>+10.0</dd>"
    assert "Policy priority" not in admin.get(address).text, "switched off"
    _save(admin, POINTS | {"priority": "10"})
    for page in (address, f"/seekers/{poor}/positions"):
        seen = admin.get(page).text
        assert "Policy priority adds up to 10 points of 100, in sight." in seen
        assert added in seen
    why = admin.get(f"/seekers/{poor}/positions/{post}").text
    assert "up to 10 added" in why
    assert "+10.0" in why
    told = recruiter.get(address).text
    assert "Policy priority adds up to 10 points of 100, in sight." in told
    assert added not in told
    head = admin.get(f"{address}/export/csv").text.splitlines()[0]
    assert "Policy priority" in head
    answer = recruiter.get(f"{address}/export/csv")
    assert "Policy priority" not in answer.text
    assert "standard-3" in answer.headers["Content-Disposition"]


def test_a_position_is_found_by_title_or_number_and_remembered(
    database: Database, admin: FlaskClient, people: tuple[int, int]
) -> None:
    employer = make_employer(database)
    many = make_position(database, employer, title="普工")
    few = make_position(database, employer, title="焊工", min_age=60)
    assert f"/positions/{many}/candidates" in admin.get("/weights/new").text, "most are eligible"
    page = _preview(admin, PAY, find="焊", position=str(many))
    assert f"/positions/{few}/candidates" in page
    assert "Nobody is eligible for this position" in page
    assert f"/positions/{few}/candidates" in admin.get("/weights/new").text, "the last looked at"
    assert f"/positions/{many}/candidates" in _preview(admin, PAY, find=str(many))
    lost = _preview(admin, PAY, find="宇航员", position=str(many))
    assert "No position is called that." in lost
    assert f"/positions/{many}/candidates" in lost
    assert len(people) == 2


def test_without_a_position_there_is_nothing_to_look_at_and_one_can_save(
    admin: FlaskClient,
) -> None:
    assert "No position to look at yet" in admin.get("/weights/new").text
    assert "Saved. Rankings use version 3 from now on." in _save(admin, PAY)


def test_somebody_who_falls_out_of_the_first_is_shown_too(
    admin: FlaskClient, position_id: int, make: Make
) -> None:
    make.seeker(1, wishes=(Wish("电子装配工"),), wage_min=900_000)
    for n in range(2, 23):
        make.seeker(n, wishes=(Wish("电子保安"),), wage_min=100_000)
    page = _preview(admin, PAY)
    movements = [movement for _place, _name, movement in _lines(page)]
    assert movements.count("new") == 1
    assert movements.count("out") == 1
    assert len(movements) == 21
    assert "20 of the first 20 stand elsewhere than now, 1 of them are new." in page
    assert position_id


@pytest.mark.parametrize(
    "address",
    [
        "/weights/99/use",
        "/weights/new?from=99",
        "/weights/compare?a=2&b=99",
        f"/weights/compare?a=2&b={10**30}",
        f"/weights/{10**30}/use",
    ],
)
def test_a_version_that_does_not_exist_is_not_found(admin: FlaskClient, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_a_tampered_reason_is_no_crash(admin: FlaskClient) -> None:
    query = "&".join(f"{name}={points}" for name, points in PAY.items())
    assert admin.get(f"/weights/new?from=2&{query}&why=x").status_code == 422
    assert admin.get(f"/weights/new?from=2&{query}&wage=x").status_code in {200, 422}
    assert admin.get("/weights/new?from=2&wage=x").status_code == 422


def test_saving_and_using_are_on_record(database: Database, admin: FlaskClient) -> None:
    _save(admin, PAY)
    _use(admin, 2)
    with database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action.like("weights.%"))
        found = session.execute(query.order_by(AuditEntry.seq)).scalars()
        entries = [(one.action, one.detail, one.actor is not None) for one in found]
    assert entries == [
        ("weights.save", {"profile": "standard/3", "base": 2, "fields": ["wage"]}, True),
        ("weights.use", {"profile": "standard/3", "before": 2}, True),
        ("weights.use", {"profile": "standard/2", "before": 3}, True),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE weight_profile SET wage = 1",
        "DELETE FROM weight_profile",
        "UPDATE weight_use SET version = 2",
        "DELETE FROM weight_use",
    ],
)
def test_the_database_itself_changes_no_version(
    database: Database, admin: FlaskClient, statement: str
) -> None:
    _save(admin, PAY)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))


def test_a_preview_shows_only_people_in_reach(
    admin: FlaskClient,
    sign_in: SignIn,
    position_id: int,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.seeker(1, division="520502001")
    make.seeker(2, division="520521001")
    assert len(_lines(_preview(admin, PAY, position=str(position_id)))) == 2
    row = {Role.CLERK: Reach.ALL}
    monkeypatch.setitem(cast(dict[Permission, object], POLICY), Permission.WEIGHTS_WRITE, row)
    clerk = sign_in("clerk", division="520502")
    page = _preview(clerk, PAY, position=str(position_id))
    assert "Eligible: 1<" in page
    assert len(_lines(page)) == 1


@pytest.mark.parametrize(
    ("points", "note", "refusal"),
    [
        ({"wage": 1001}, "春季", PointsOutOfRange),
        ({"priority": 101}, "春季", PointsOutOfRange),
        (dict.fromkeys(COMPONENTS, 0), "春季", AllZero),
        ({"wage": 40}, " ", NoReason),
        ({}, "春季", NothingChanged),
    ],
    ids=str,
)
def test_the_verb_itself_refuses_what_makes_no_version(
    database: Database, points: dict[str, int], note: str, refusal: type[Refusal]
) -> None:
    draft = WeightDraft(STANDARD.points() | points, note)
    with pytest.raises(refusal), database.writing() as session:
        save_profile(session, draft, base=2, newest=2, user_id=None)
    with pytest.raises(NoSuchProfile), database.writing() as session:
        use_profile(session, 3, user_id=None)


def test_of_two_who_save_at_the_same_moment_one_is_told(database: Database) -> None:
    together = threading.Barrier(2)
    saved: list[str] = []

    def save() -> None:
        draft = WeightDraft(STANDARD.points() | {"wage": 40}, "春季")
        together.wait(10)
        try:
            with database.writing() as session:
                saved.append(save_profile(session, draft, base=2, newest=2, user_id=None).label)
        except SavedMeanwhile:
            saved.append("told")

    both = [threading.Thread(target=save) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(saved) == ["standard/3", "told"]


def test_nothing_but_the_parts_of_the_score_has_a_weight() -> None:
    about = {"id", "name", "version", "note", "created_at", "created_by"}
    columns = set(Base.metadata.tables["weight_profile"].columns.keys())
    fields = {field.name for field in dataclasses.fields(Profile)}
    assert columns - about == fields - {"name", "version"} == set(WEIGHTS)
