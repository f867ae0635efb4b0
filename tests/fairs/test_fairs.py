"""The pages of fairs, and ranking a whole fair twice with the same result."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.fairs import queries
from jobfair.fairs.services import CodeTaken, NoHeadcount, add_positions
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair


@pytest.fixture
def posts(database: Database) -> list[int]:
    employer_id = make_employer(database, name="龙岗测试厂")
    return [make_position(database, employer_id, title=t, headcount=7) for t in ("焊工", "普工")]


def test_a_fair_lists_its_positions(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, posts)
    manager = sign_in("manager")
    assert "Spring fair" in manager.get("/fairs/").text
    page = manager.get(f"/fairs/{code}").text
    for text in ("Spring fair", "龙岗测试厂", "焊工", "普工", "1800–2600"):
        assert text in page


def test_an_unknown_fair_is_not_found(sign_in: Callable[..., FlaskClient]) -> None:
    manager = sign_in("manager")
    assert manager.get("/fairs/nowhere").status_code == 404
    assert manager.post("/fairs/nowhere/rank").status_code == 404


def test_ranking_twice_keeps_the_same_counts_and_digest(
    database: Database, make: Make, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    for n in range(1, 5):
        make.seeker(n)
    make.seeker(5, refusals=("other_province",))
    code = make_fair(database, posts)
    manager = sign_in("manager")
    kept = []
    for _again in range(2):
        answer = manager.post(f"/fairs/{code}/rank", follow_redirects=True)
        assert "2 positions ranked." in answer.text
        with database.reading() as session:
            fair = queries.find_fair(session, code)
            assert fair is not None
            ranking = queries.newest_ranking(session, fair.id)
            rows = queries.list_fair_positions(session, fair.id)
        assert ranking is not None
        assert [row.eligible for row in rows] == [4, 4]
        kept.append((ranking.seekers, ranking.eligible, ranking.digest))
    assert kept[0] == kept[1]
    assert kept[0][:2] == (5, 8)


def test_a_clerk_may_not_rank_a_fair(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, posts)
    assert sign_in("clerk").post(f"/fairs/{code}/rank").status_code == 403


def test_a_code_is_used_once(database: Database, posts: list[int]) -> None:
    make_fair(database, posts)
    with pytest.raises(CodeTaken):
        make_fair(database, posts)


def test_a_position_takes_part_once_and_needs_a_headcount(
    database: Database, posts: list[int]
) -> None:
    code = make_fair(database, posts)
    bare = make_position(database, make_employer(database), publish=False, headcount=None)
    with database.reading() as session:
        fair = queries.find_fair(session, code)
    assert fair is not None
    with database.writing() as session:
        assert add_positions(session, fair.id, posts) == 0
    with pytest.raises(NoHeadcount), database.writing() as session:
        add_positions(session, fair.id, [bare])
