"""Corrections become aliases: proposed, reviewed by an administrator, in use at once, undone."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.cli.importing import import_group
from jobfair.employers import queries as employers
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from jobfair.occupations import classification, queries, services
from jobfair.occupations.cli import occupation_group
from jobfair.occupations.models import OccupationAlias
from jobfair.occupations.rules import AliasStatus, may_become
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer, make_position
from tests.employers.test_employer_pages import ADVERT
from tests.factories import Make

SignIn = Callable[..., FlaskClient]

TITLE = "捉蝉师傅"
WELDER, KEEPER = "6-18-02-04", "5-03-02-01"
LIST = "/occupations/aliases"


@pytest.fixture
def employer_id(database: Database) -> int:
    return make_employer(database)


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.ADMIN)


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.CLERK)


def _correct(client: FlaskClient, position_id: int, code: str, words: str = "") -> str:
    words = words or {WELDER: "焊工", KEEPER: "家畜饲养员"}[code]
    url = f"/positions/{position_id}/occupation?q={words}"
    return client.post(url, data={"code": code}, follow_redirects=True).text


def _alias(database: Database, title: str = TITLE, code: str = WELDER) -> int:
    """Propose an alias as a correction does."""
    with database.writing() as session:
        services.propose_alias(session, title, code, before=None, user_id=None)
    with database.reading() as session:
        rows = queries.list_aliases(session, AliasStatus.PROPOSED)
        return next(row.id for row in rows if (row.title, row.code) == (title, code))


def _code_of(database: Database, title: str = TITLE) -> str | None:
    with database.reading() as session:
        return queries.occupations(session).code_of(title)


def _status(database: Database, alias_id: int) -> str:
    with database.reading() as session:
        found = session.get(OccupationAlias, alias_id)
        assert found is not None
        return found.status


def _decide(client: FlaskClient, alias_id: int, step: str, **data: object) -> str:
    answer = client.post(f"{LIST}/{alias_id}/{step}", data=data, follow_redirects=True)
    return answer.text


def _posted(database: Database, client: FlaskClient, employer_id: int, title: str) -> str | None:
    answer = client.post(f"/employers/{employer_id}/positions/new", data=ADVERT | {"title": title})
    with database.reading() as session:
        row = employers.find_position(session, int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert row is not None
    return row.occupation_code


def _imported(database: Database, folder: Path, employer_id: int, n: str) -> str | None:
    file = folder / f"positions{n}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("岗位编号", "岗位名称", "招聘人数", "月薪", "工作地点"))
        writer.writerow((f"P{n}", TITLE, "3", "3000-4000元", "深圳市龙岗区"))
    with database.reading() as session:
        detail = employers.find_employer(session, employer_id)
    assert detail is not None
    terminal = Terminal("en")
    terminal.database = database
    words = ["positions", str(file), "--employer", str(detail.credit_code)]
    answer = CliRunner().invoke(import_group, words, obj=terminal, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    with database.reading() as session:
        rows = employers.list_positions(session, employers.PositionFilter(), limit=50)
    return next(row.occupation_code for row in rows if row.source_ref == f"P{n}")


def _resolved(database: Database, folder: Path) -> str | None:
    where = {"JOBFAIR_HOME": str(folder / "home"), "JOBFAIR_DATABASE_URL": database.url}
    terminal = Terminal("en")
    terminal.database = database
    words = ["resolve", TITLE, "--json"]
    answer = CliRunner(env=where).invoke(
        occupation_group, words, obj=terminal, catch_exceptions=False
    )
    item = json.loads(answer.stdout)["items"][0]
    return item["candidates"][0]["code"] if item["sure"] else None


def test_a_correction_is_used_once_accepted_and_no_more_when_taken_back(
    database: Database,
    admin: FlaskClient,
    clerk: FlaskClient,
    employer_id: int,
    tmp_path: Path,
) -> None:
    def everywhere(n: str) -> set[str | None]:
        return {
            _code_of(database),
            _resolved(database, tmp_path),
            _posted(database, clerk, employer_id, f"诚聘{TITLE}"),
            _imported(database, tmp_path, employer_id, n),
        }

    position = make_position(database, employer_id, title=TITLE)
    assert "An administrator is asked" in _correct(clerk, position, WELDER)
    assert WELDER not in everywhere("1"), "not before it is accepted"
    page = admin.get(LIST).text
    assert TITLE in page
    assert "焊工" in page
    [alias_id] = [_alias(database)]
    assert "Accepted: the title means" in _decide(admin, alias_id, "accept")
    assert everywhere("2") == {WELDER}
    assert "sure" in clerk.get(f"/positions/{position}").text
    assert "Taken back" in _decide(admin, alias_id, "take-back")
    assert WELDER not in everywhere("3")
    with database.reading() as session:
        row = employers.find_position(session, position)
        assert audit.verify(session).valid
    assert row is not None
    assert row.occupation_code == WELDER, "what was recorded stays"


def test_a_correction_the_title_leads_to_already_teaches_nothing(
    database: Database, admin: FlaskClient, clerk: FlaskClient, employer_id: int
) -> None:
    position = make_position(database, employer_id, title="焊工", occupation_code=KEEPER)
    assert "get this occupation already" in _correct(clerk, position, WELDER)
    assert "Nothing waits for a decision" in admin.get(LIST).text
    again = _correct(clerk, position, WELDER)
    assert "Nothing was changed" in again


def test_the_same_correction_by_others_is_counted(
    database: Database, admin: FlaskClient, make: Make, employer_id: int
) -> None:
    people = [make.user(Role.CLERK).id for _n in range(2)]
    with database.writing() as session:
        for title, user in ((TITLE, people[0]), (f"急聘{TITLE}", people[1]), (TITLE, people[0])):
            services.propose_alias(session, title, WELDER, before=KEEPER, user_id=user)
    with database.reading() as session:
        [row] = queries.list_aliases(session, AliasStatus.PROPOSED)
    assert (row.title, row.times, row.from_code) == (TITLE, 3, KEEPER)
    assert row.proposed_by == (people[1], people[0])
    assert TITLE in admin.get(LIST).text


def test_a_rejected_alias_is_counted_and_may_be_reconsidered(
    database: Database, admin: FlaskClient, clerk: FlaskClient, employer_id: int
) -> None:
    alias_id = _alias(database)
    assert "Rejected: the title is resolved as before" in _decide(admin, alias_id, "reject")
    assert TITLE not in admin.get(LIST).text
    assert TITLE in admin.get(f"{LIST}?status=rejected").text
    position = make_position(database, employer_id, title=TITLE)
    assert "has decided before" in _correct(clerk, position, WELDER)
    assert _status(database, alias_id) == AliasStatus.REJECTED
    assert _code_of(database) != WELDER
    _decide(admin, alias_id, "reconsider")
    assert TITLE in admin.get(LIST).text


def test_a_second_code_for_a_title_takes_the_first_back_only_when_asked(
    database: Database, admin: FlaskClient
) -> None:
    first, second = _alias(database), _alias(database, f"急聘{TITLE}", KEEPER)
    _decide(admin, first, "accept")
    assert "Accept instead" in admin.get(LIST).text
    refused = admin.post(f"{LIST}/{second}/accept")
    assert refused.status_code == 409
    assert "means 焊工 by an accepted alias" in refused.text
    assert _code_of(database) == WELDER
    _decide(admin, second, "accept", instead_of=first)
    assert (_status(database, first), _status(database, second)) == ("withdrawn", "accepted")
    assert _code_of(database) == KEEPER


def test_a_decision_on_what_was_decided_meanwhile_is_refused(
    database: Database, admin: FlaskClient
) -> None:
    alias_id = _alias(database)
    _decide(admin, alias_id, "reject")
    refused = admin.post(f"{LIST}/{alias_id}/accept")
    assert refused.status_code == 409
    assert "has been decided on since" in refused.text
    assert admin.post(f"{LIST}/{alias_id}/take-back").status_code == 409
    assert _status(database, alias_id) == AliasStatus.REJECTED


def test_only_an_administrator_reviews(
    database: Database, clerk: FlaskClient, admin: FlaskClient
) -> None:
    alias_id = _alias(database)
    assert clerk.get(LIST).status_code == 403
    for step in ("accept", "reject", "take-back", "reconsider"):
        assert clerk.post(f"{LIST}/{alias_id}/{step}").status_code == 403
    assert _status(database, alias_id) == AliasStatus.PROPOSED
    assert LIST in admin.get("/").text
    assert LIST not in clerk.get("/").text


def test_a_recruiter_of_another_employer_corrects_and_teaches_nothing(
    database: Database, sign_in: SignIn, employer_id: int, admin: FlaskClient
) -> None:
    own = make_organisation(database, kind=OrganisationKind.EMPLOYER, division=None, name="别家")
    recruiter = sign_in(Role.RECRUITER, organisation=own)
    position = make_position(database, employer_id, title=TITLE)
    url = f"/positions/{position}/occupation?q=焊工"
    assert recruiter.post(url, data={"code": WELDER}).status_code == 404
    assert "Nothing waits for a decision" in admin.get(LIST).text


def test_a_choice_made_for_another_title_is_refused(
    database: Database, clerk: FlaskClient, employer_id: int
) -> None:
    position = make_position(database, employer_id, title=TITLE)
    url = f"/positions/{position}/occupation?q=焊工"
    old = clerk.post(url, data={"code": WELDER, "seen": f"{KEEPER} 别的名称"})
    assert old.status_code == 422
    assert "has been changed since you opened the page" in old.text
    assert f'value="{TITLE}"' in old.text, "the page shown now may be saved"
    assert clerk.post(url, data={"code": WELDER, "seen": TITLE}).status_code == 302


def test_the_database_lets_a_title_have_one_accepted_alias(database: Database) -> None:
    first, second = _alias(database), _alias(database, code=KEEPER)
    both = update(OccupationAlias).where(OccupationAlias.id.in_((first, second)))
    values = both.values(status=AliasStatus.ACCEPTED)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(values)
    assert _code_of(database) != WELDER


def test_a_file_taken_in_again_keeps_what_was_corrected(
    database: Database, admin: FlaskClient, clerk: FlaskClient, employer_id: int, tmp_path: Path
) -> None:
    before = _imported(database, tmp_path, employer_id, "1")
    _decide(admin, _alias(database), "accept")
    assert _imported(database, tmp_path, employer_id, "1") == before
    assert _imported(database, tmp_path, employer_id, "2") == WELDER


@given(st.lists(st.sampled_from(list(AliasStatus)), max_size=12))
def test_whatever_is_decided_only_accepted_ones_count(steps: list[AliasStatus]) -> None:
    now = AliasStatus.PROPOSED
    for step in steps:
        if may_become(now, step):
            assert step is not now
            assert step is not AliasStatus.ACCEPTED or now is AliasStatus.PROPOSED
            now = step
    assert any(may_become(now, then) for then in AliasStatus), "nothing is final"


def test_accepting_and_taking_back_leaves_every_resolution(database: Database) -> None:
    titles = [
        TITLE,
        "夜班捉蝉",
        "🙂",
        *(one.title for one in classification.everyday_titles()[:60]),
    ]

    def resolved() -> list[object]:
        with database.reading() as session:
            known = queries.occupations(session)
        return [known.resolve(title) for title in titles]

    before = resolved()
    aliases = [
        _alias(database),
        _alias(database, "焊工", KEEPER),
        _alias(database, "普工丙", KEEPER),
    ]
    for verb in (services.accept_alias, services.withdraw_alias):
        for alias_id in aliases:
            with database.writing() as session:
                verb(session, alias_id, user_id=None)
        assert (resolved() == before) is (verb is services.withdraw_alias)
