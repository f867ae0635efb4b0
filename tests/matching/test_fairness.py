"""Sex, ethnic group and kind of registration move nobody in a ranking; what counts does."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from jobfair.kit import audit
from jobfair.kit.changes import next_revision
from jobfair.kit.db import Database
from jobfair.matching.core.rank import Candidate
from jobfair.matching.pool import Pool
from jobfair.seekers.models import Seeker
from tests.employers.factory import make_employer, make_position
from tests.factories import Make

Ranking = tuple[int, list[Candidate]]


@pytest.fixture
def after_flip(database: Database, make: Make) -> Callable[..., tuple[Ranking, Ranking]]:
    """Give the ranking before and after one person's stored row is changed."""
    people = [make.seeker(n, experience_years=n) for n in range(1, 6)]
    position = make_position(
        database, make_employer(database), education_rank=2, min_experience_years=2
    )
    pool = Pool(database)

    def flip(**values: object) -> tuple[Ranking, Ranking]:
        before = pool.candidates(position, top=10)
        with database.writing() as session:
            changed = {"revision": next_revision(session, "seeker"), **values}
            session.execute(update(Seeker).where(Seeker.id == people[2]).values(changed))
            audit.record(session, "test.flip", subject="seeker", subject_id=people[2])
        return before, pool.candidates(position, top=10)

    return flip


@pytest.mark.parametrize(
    "values",
    [
        {"sex": "1"},
        {"sex": "2"},
        {"ethnic_group": "01"},
        {"ethnic_group": "03"},
        {"ethnic_group": "07"},
        {"hukou_kind": "rural"},
        {"hukou_kind": "urban"},
        {"sex": "2", "ethnic_group": "05", "hukou_kind": "urban"},
    ],
    ids=str,
)
def test_what_must_not_count_changes_nothing(
    after_flip: Callable[..., tuple[Ranking, Ranking]], values: dict[str, str]
) -> None:
    before, after = after_flip(**values)
    assert before[0] == 5
    assert after == before


@pytest.mark.parametrize(
    "values",
    [
        {"education_rank": 1},
        {"experience_years": 0},
        {"wage_min": 900_000},
    ],
    ids=str,
)
def test_what_counts_does_change_the_ranking(
    after_flip: Callable[..., tuple[Ranking, Ranking]], values: dict[str, int]
) -> None:
    before, after = after_flip(**values)
    assert after != before
