"""A fair big enough that most people are never scored: still exactly the best, in order."""

from dataclasses import replace

import numpy as np
import pytest

from jobfair.matching.bench import (
    TODAY,
    invent_people,
    invent_positions,
    mates_of,
    plain_score,
    run_match_bench,
)
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.kernels import COMPILED, NUMPY, installed
from jobfair.matching.core.rank import candidates_of, rank_fair
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.weights import STANDARD, WEIGHTS, Profile, profile_of

KERNELS = [
    NUMPY,
    pytest.param(
        COMPILED,
        marks=pytest.mark.skipif(installed() != COMPILED, reason="no C compiler was found"),
    ),
]
PEOPLE = invent_people(2_000, 11)
MATES = mates_of(PEOPLE)
POSITIONS = invent_positions(40, 11)
PROFILES = [
    STANDARD,
    Profile(priority=0.2),
    Profile(occupation=0),
    Profile(place=0, occupation=3),
    # As lopsided as an office can make it.
    profile_of("lopsided", 3, dict.fromkeys(WEIGHTS, 1000) | {"occupation": 1, "priority": 100}),
    profile_of("lopsided", 4, dict.fromkeys(WEIGHTS, 0) | {"place": 1}),
]


def full_sort(
    columns: SeekerColumns, position: PositionFacts, profile: Profile, top: int
) -> list[tuple[int, int]]:
    scorer = Scorer(columns, profile, TODAY)
    asked, ids = scorer.ask(position), columns.column("ids")
    eligible = scorer.eligible(asked)
    scores = scorer.score(asked, np.arange(len(ids)))
    order = sorted(
        (-int(scores.points[r]), -int(scores.known[r]), int(ids[r]))
        for r in range(len(ids))
        if eligible[r]
    )
    return [(seeker_id, -minus) for minus, _known, seeker_id in order[:top]]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("top", [1, 7, 60, 5_000])
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_best_are_those_of_a_full_sort(profile: Profile, top: int, kernel: str) -> None:
    columns = SeekerColumns.of(PEOPLE)
    ranked = rank_fair(columns, POSITIONS, profile=profile, today=TODAY, top=top, kernel=kernel)
    for position, found in zip(POSITIONS, ranked.positions, strict=True):
        expected = full_sort(columns, position, profile, top)
        assert found.seekers.tolist() == [seeker_id for seeker_id, _ in expected]
        assert [round(float(s) * 1e6) for s in found.scores] == [p for _, p in expected]


def test_the_count_of_eligible_people_is_that_of_the_rules() -> None:
    ranked = rank_fair(
        SeekerColumns.of(PEOPLE), POSITIONS[:8], profile=STANDARD, today=TODAY, top=5
    )
    for position, found in zip(POSITIONS, ranked.positions, strict=False):
        assert found.eligible == sum(not reasons(p, position, TODAY) for p in PEOPLE)


def test_the_score_is_the_one_written_plainly() -> None:
    columns = SeekerColumns.of(PEOPLE)
    for position in POSITIONS[:8]:
        scorer = Scorer(columns, STANDARD, TODAY)
        points = scorer.score(scorer.ask(position), np.arange(300)).points
        for person, given in zip(PEOPLE, points.tolist(), strict=False):
            if not reasons(person, position, TODAY):
                plain = plain_score(person, position, STANDARD, MATES.get(person.id, ()))
                assert abs(given / 1e6 - plain) < 1e-5


def test_neither_threads_nor_the_order_of_rows_change_the_digest() -> None:
    digests = {
        rank_fair(
            SeekerColumns.of(people), posts, profile=STANDARD, today=TODAY, top=20, threads=n
        ).digest
        for people, posts, n in [
            (PEOPLE, POSITIONS, 1),
            (PEOPLE[::-1], POSITIONS, 2),
            (PEOPLE, POSITIONS[::-1], 4),
        ]
    }
    assert len(digests) == 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_is_forgotten_while_threads_read_it_stays_as_it_was(
    kernel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest() -> str:
        columns = SeekerColumns.of(PEOPLE)
        return rank_fair(
            columns,
            POSITIONS * 10,
            profile=STANDARD,
            today=TODAY,
            top=20,
            threads=4,
            kernel=kernel,
        ).digest

    remembering = digest()
    for module in ("score", kernel) if kernel == COMPILED else ("score",):
        monkeypatch.setattr(f"jobfair.matching.core.{module}.REMEMBERED_BYTES", 0)
    assert {digest() for _ in range(3)} == {remembering}


def test_somebody_withdrawn_is_in_no_ranking_and_somebody_new_is_at_once() -> None:
    columns = SeekerColumns.of(PEOPLE)
    scorer = Scorer(columns, STANDARD, TODAY)
    position = POSITIONS[0]
    count, (best, *_rest) = candidates_of(scorer, position, top=5)
    columns.remove(best.id)
    fewer, after = candidates_of(scorer, position, top=5)
    assert (fewer, columns.size) == (count - 1, len(PEOPLE) - 1)
    assert best.id not in [c.id for c in after]
    twin: SeekerFacts = replace(next(p for p in PEOPLE if p.id == best.id), id=999_999)
    columns.put(twin)
    again, found = candidates_of(scorer, position, top=5)
    assert again == count
    assert found[0] == best._replace(id=999_999) or 999_999 in [c.id for c in found]


def test_an_empty_pool_and_an_empty_fair_are_answered() -> None:
    columns = SeekerColumns.of([])
    ranked = rank_fair(columns, POSITIONS[:2], profile=STANDARD, today=TODAY)
    assert ranked.eligible == 0
    assert rank_fair(columns, [], profile=STANDARD, today=TODAY).positions == ()


def test_the_bench_gives_every_measure() -> None:
    measures = run_match_bench(seekers=600, positions=10)
    assert {"loop_s", "cdist_s", "floor_s", "update_ms", "withdraw_ms", "peak_mb"} <= set(measures)
    assert measures["same_digest"]
    assert measures["kernel"] == installed()
    assert measures.items() >= measures["kernels"][installed()].items()
    for found in measures["kernels"].values():
        assert {"fair_s", "growth", "loop_ratio", "one_position_p95_ms"} <= set(found)
