"""Staff see what a seeker's wish was taken for and set it right; rankings follow at once."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.accounts.rules import Role
from jobfair.kit.db import Database
from jobfair.matching.pool import Pool
from jobfair.occupations import queries as occupations
from jobfair.occupations import services as aliases
from jobfair.occupations.rules import AliasStatus
from jobfair.seekers import queries, services
from jobfair.seekers.rules.drafts import Wish, settled
from tests.employers.factory import make_employer, make_position
from tests.seekers.factory import draft, make_seeker
from tests.seekers.test_pages import typed

SignIn = Callable[..., FlaskClient]

TITLE, WELDER, KEEPER = "捉蝉师傅", "6-18-02-04", "5-03-02-01"


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.CLERK, division="520502")


def _wishes(database: Database, seeker_id: int) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        found = queries.find_seeker(session, seeker_id)
    assert found is not None
    return [(wish.title, wish.occupation_code) for wish in found.row.wishes]


def _url(seeker_id: int, place: int = 1) -> str:
    return f"/seekers/{seeker_id}/wishes/{place}/occupation?q=焊工"


def _proposals(database: Database) -> list[occupations.AliasRow]:
    with database.reading() as session:
        return occupations.list_aliases(session, AliasStatus.PROPOSED)


def test_a_wish_says_what_it_was_taken_for_and_is_corrected(
    database: Database, clerk: FlaskClient
) -> None:
    page = clerk.post(
        "/seekers/new", data=typed(1, wishes=f"保安\n{TITLE}"), follow_redirects=True
    ).text
    assert "保安 → 保安员" in page
    assert any(word in page for word in ("please check", "no occupation found"))
    with database.reading() as session:
        [row] = queries.list_seekers(session, queries.SeekerFilter())
    assert TITLE in clerk.get(_url(row.id, 2)).text
    told = clerk.post(_url(row.id, 2), data={"code": WELDER}, follow_redirects=True).text
    assert "The occupation is now 焊工; before it was" in told
    assert "An administrator is asked" in told
    assert f"{TITLE} → 焊工" in told
    assert _wishes(database, row.id)[1] == (TITLE, WELDER)
    [proposal] = _proposals(database)
    assert (proposal.title, proposal.code, proposal.times) == (TITLE, WELDER, 1)


def test_a_corrected_wish_counts_in_the_next_ranking(
    database: Database, clerk: FlaskClient
) -> None:
    position = make_position(
        database, make_employer(database), title="焊工", occupation_code=WELDER
    )
    seeker_id = make_seeker(database, 1, wishes=(Wish(TITLE, KEEPER),))
    pool = Pool(database)

    def likeness() -> float:
        [one] = pool.candidates(position, top=5)[1]
        return one.components["occupation"] or 0.0

    before = likeness()
    clerk.post(_url(seeker_id), data={"code": WELDER})
    assert likeness() > before


def test_a_correction_stays_while_the_title_does(database: Database, clerk: FlaskClient) -> None:
    seeker_id = make_seeker(database, 1, wishes=(Wish("保安", KEEPER),))
    clerk.post(_url(seeker_id), data={"code": WELDER})
    fresh = draft(1, wishes=(Wish("保洁", None), Wish("保安", KEEPER)), phone=None)
    with database.writing() as session:
        services.bulk_upsert(session, [fresh], registered_by=None)
    assert _wishes(database, seeker_id) == [("保洁", None), ("保安", WELDER)]
    edited = clerk.post(f"/seekers/{seeker_id}/edit", data=typed(1, wishes="保安\n焊工"))
    assert "保安 → 焊工" in edited.text, "the page of what changed shows it, too"
    assert _wishes(database, seeker_id) == [("保安", WELDER), ("焊工", WELDER)]
    assert settled((), [Wish("保安", KEEPER)]) == (Wish("保安", KEEPER),)


def test_an_accepted_alias_is_used_by_the_form_until_taken_back(
    database: Database, clerk: FlaskClient
) -> None:
    with database.writing() as session:
        aliases.propose_alias(session, TITLE, WELDER, before=None, user_id=None)
    [proposal] = _proposals(database)
    codes = []
    for n, verb in enumerate((None, aliases.accept_alias, aliases.withdraw_alias), 1):
        if verb:
            with database.writing() as session:
                verb(session, proposal.id, user_id=None)
        clerk.post("/seekers/new", data=typed(n, wishes=TITLE))
        with database.reading() as session:
            newest = max(row.id for row in queries.list_seekers(session, queries.SeekerFilter()))
        codes.append(_wishes(database, newest)[0][1])
    assert codes[1] == WELDER
    assert codes[0] == codes[2] != WELDER


def test_a_wish_out_of_reach_missing_or_out_of_use_is_refused(
    database: Database, clerk: FlaskClient, sign_in: SignIn
) -> None:
    seeker_id = make_seeker(database, 1, wishes=(Wish(TITLE, KEEPER),))
    elsewhere = sign_in(Role.CLERK, division="520521")
    assert elsewhere.post(_url(seeker_id), data={"code": WELDER}).status_code == 404
    assert sign_in(Role.RECRUITER).post(_url(seeker_id)).status_code == 403
    assert clerk.get(_url(seeker_id, 2)).status_code == 404
    stale = clerk.post(_url(seeker_id), data={"code": WELDER, "seen": f"{KEEPER} 别的名称"})
    assert stale.status_code == 422
    assert clerk.post(_url(seeker_id), data={"code": "9-99-99-99"}).status_code == 422
    clerk.post(f"/seekers/{seeker_id}/withdraw")
    assert "Correct<" not in clerk.get(f"/seekers/{seeker_id}").text
    assert clerk.post(_url(seeker_id), data={"code": WELDER}).status_code == 409
    assert _wishes(database, seeker_id) == [(TITLE, KEEPER)]
    assert _proposals(database) == []
