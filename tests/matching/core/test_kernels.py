"""The compiled kernel and numpy give the same rankings to the bit; numpy alone is enough."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core import kernels
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.kernels import COMPILED, NUMPY, installed
from jobfair.matching.core.market import lots
from jobfair.matching.core.near import Near
from jobfair.matching.core.rank import best_of, rank_fair
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.weights import STANDARD, WEIGHTS, Profile, profile_of
from tests.matching.core.test_ranking import crowd, halls, seekers

PROFILES = [
    STANDARD,
    Profile(priority=0.2),
    Profile(occupation=0),
    profile_of("one of them", 2, dict.fromkeys(WEIGHTS, 0) | {"travel_group": 7}),
    profile_of("lopsided", 3, dict.fromkeys(WEIGHTS, 1000) | {"occupation": 1, "priority": 100}),
]
both = pytest.mark.skipif(installed() != COMPILED, reason="no C compiler was found")


def digests(
    columns: SeekerColumns, posts: list[PositionFacts], *, top: int, profile: Profile = STANDARD
) -> set[str]:
    """Return the digests by both kernels: one of them when they agree."""
    return {
        rank_fair(columns, posts, profile=profile, today=TODAY, top=top, kernel=kernel).digest
        for kernel in (NUMPY, COMPILED)
    }


@both
@settings(max_examples=200)
@given(crowd, halls, st.sampled_from(PROFILES), st.sampled_from([0, 1, 3, 50]))
def test_both_kernels_agree_on_any_crowd(
    people: list[SeekerFacts], posts: list[PositionFacts], profile: Profile, top: int
) -> None:
    assert len(digests(SeekerColumns.of(people), posts, profile=profile, top=top)) == 1


@both
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("top", [1, 20, 200, 4_000])
def test_both_kernels_agree_on_the_data_of_the_bench(profile: Profile, top: int) -> None:
    columns = SeekerColumns.of(invent_people(3_000, 2010))
    assert len(digests(columns, invent_positions(60, 2010), profile=profile, top=top)) == 1


@both
@given(crowd, st.lists(seekers, max_size=4), halls, st.data())
def test_both_kernels_agree_after_people_changed(
    people: list[SeekerFacts],
    late: list[SeekerFacts],
    posts: list[PositionFacts],
    data: st.DataObject,
) -> None:
    columns = SeekerColumns.of(people)
    digests(columns, posts, top=3)  # the index and the listing are made before anybody changes
    left = {p.id: p for p in [*people, *late]}
    gone = data.draw(st.sets(st.sampled_from(sorted(left))))
    for person in late:
        columns.put(person)
    for seeker_id in gone:
        columns.remove(seeker_id)
    again = SeekerColumns.of([p for i, p in left.items() if i not in gone])
    assert digests(columns, posts, top=3) == digests(again, posts, top=3)
    assert len(digests(columns, posts, top=3)) == 1


@both
def test_both_kernels_break_ties_by_the_lots_they_are_given() -> None:
    columns = SeekerColumns.of(invent_people(2_000, 4))
    ties = lots(columns.column("ids"), 7)
    for post in invent_positions(20, 4):
        found = []
        for kernel in (NUMPY, COMPILED):
            scorer = Scorer(columns, STANDARD, TODAY, kernel)
            asked = scorer.ask(post)
            found.append(best_of(scorer, asked, Near(scorer, asked), 30, ties))
        one, other = found
        assert np.array_equal(one.rows, other.rows)
        assert np.array_equal(one.points, other.points)
        assert np.array_equal(one.known, other.known)


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(name: str) -> Any:
        if name == "jobfair.matching.core.compiled":
            raise OSError("cannot open shared object file")
        return import_module(name)

    monkeypatch.setattr(kernels, "import_module", refuse)
    installed.cache_clear()
    yield
    installed.cache_clear()


@pytest.mark.usefixtures("without_library")
def test_without_the_library_numpy_ranks() -> None:
    columns, posts = SeekerColumns.of(invent_people(300, 1)), invent_positions(5, 1)
    assert installed() == NUMPY
    plain = rank_fair(columns, posts, profile=STANDARD, today=TODAY)
    asked_for = rank_fair(columns, posts, profile=STANDARD, today=TODAY, kernel=NUMPY)
    assert plain.digest == asked_for.digest
