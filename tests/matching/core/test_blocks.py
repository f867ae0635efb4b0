"""A fair ranked in blocks is the fair ranked at once, however the people are cut and merged."""

import pickle
from collections import defaultdict
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.blocks import (
    batches,
    cut,
    merge,
    positions_of,
    rank_block,
    rank_in_blocks,
)
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.rank import rank_fair, ranked_fair
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.weights import STANDARD

PEOPLE = invent_people(400, 5)
POSITIONS = invent_positions(12, 5)


@cache
def digest(top: int) -> str:
    columns = SeekerColumns.of(PEOPLE)
    return rank_fair(columns, POSITIONS, profile=STANDARD, today=TODAY, top=top).digest


def in_blocks(
    people: list[SeekerFacts], size: int, top: int, posts: list[PositionFacts] = POSITIONS
) -> str:
    blocks = map(SeekerColumns.of, cut(people, size))
    return rank_in_blocks(blocks, posts, profile=STANDARD, today=TODAY, top=top).digest


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.integers(3, 500), st.sampled_from([1, 3, 30, 500]))
def test_neither_the_size_of_blocks_nor_the_order_of_people_changes_the_digest(
    draw: object, size: int, top: int
) -> None:
    people, posts = list(PEOPLE), list(POSITIONS)
    draw.shuffle(people)  # type: ignore[attr-defined]
    draw.shuffle(posts)  # type: ignore[attr-defined]
    assert in_blocks(people, size, top, posts) == digest(top)


@settings(max_examples=15)
@given(st.data())
def test_neither_who_is_in_which_block_nor_who_is_merged_first_changes_the_digest(
    data: st.DataObject,
) -> None:
    units = defaultdict(list)
    for person in PEOPLE:
        units[person.travel_group or f"alone {person.id}"].append(person)
    blocks: list[list[SeekerFacts]] = [[] for _ in range(5)]
    draw = data.draw(st.randoms(use_true_random=False))
    for unit in units.values():
        draw.choice(blocks).extend(unit)
    parts = [
        rank_block(Scorer(SeekerColumns.of(block), STANDARD, TODAY), POSITIONS, 20)
        for block in blocks
    ]
    while len(parts) > 1:
        some = [parts.pop(draw.randrange(len(parts))) for _ in range(2)]
        parts.append(merge(some, 20))
    ranked = ranked_fair(STANDARD, len(PEOPLE), positions_of(parts[0]))
    assert ranked.digest == digest(20)


@given(st.integers(1, 450))
def test_everybody_is_in_one_block_and_a_travel_group_is_never_parted(size: int) -> None:
    blocks = list(cut(PEOPLE, size))
    assert sorted(p.id for block in blocks for p in block) == [p.id for p in PEOPLE]
    homes = [(p.travel_group, n) for n, block in enumerate(blocks) for p in block]
    kept = {pair for pair in homes if pair[0]}
    assert len(kept) == len({group for group, _ in kept})
    largest = max(sum(p.travel_group == g for p in PEOPLE) for g, _ in kept)
    assert all(size <= len(block) < size + largest for block in blocks[:-1])


def test_a_parted_travel_group_would_be_noticed() -> None:
    halves = [SeekerColumns.of(PEOPLE[n::2]) for n in range(2)]
    parted = rank_in_blocks(halves, POSITIONS, profile=STANDARD, today=TODAY, top=30)
    assert parted.digest != digest(30)


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 9),
)
def test_a_merge_keeps_what_a_full_sort_would(
    blocks: list[list[tuple[int, int]]], top: int
) -> None:
    """Few distinct points, so that most people are equal and the id decides."""
    merits: list[tuple[int, int, int]] = []
    parts = []
    nothing = rank_block(Scorer(SeekerColumns(), STANDARD, TODAY), POSITIONS[:1], top)
    for block in blocks:
        own = [(-points, -known, len(merits) + n) for n, (points, known) in enumerate(block)]
        merits += own
        best = sorted(own)[:top]
        parts.append(
            type(nothing)(
                nothing.positions,
                np.array([len(own)]),
                np.array([len(best)]),
                np.array([seeker for *_, seeker in best], np.int64),
                np.array([-points for points, *_ in best], np.int32),
                np.array([-known for _, known, _ in best], np.int16),
            )
        )
    merged = merge(parts, top)
    assert merged.seekers.tolist() == [seeker for *_, seeker in sorted(merits)[:top]]
    assert merged.eligible.tolist() == [len(merits)]


def test_parts_of_different_positions_are_not_merged() -> None:
    scorer = Scorer(SeekerColumns.of(PEOPLE[:9]), STANDARD, TODAY)
    parts = [rank_block(scorer, POSITIONS[n : n + 2], 5) for n in range(2)]
    with pytest.raises(ValueError, match="different positions"):
        merge(parts, 5)


def test_every_position_is_in_one_batch_beside_those_of_its_kind() -> None:
    posts = invent_positions(200, 3)
    cut_up = batches(posts, 30)
    assert sorted(p.id for batch in cut_up for p in batch) == [p.id for p in posts]
    assert all(len(batch) >= 30 for batch in cut_up[:-1])
    assert batches([], 30) == []


def test_nobody_and_no_position_are_answered() -> None:
    assert rank_in_blocks([], [], profile=STANDARD, today=TODAY).positions == ()
    empty = rank_in_blocks([], POSITIONS, profile=STANDARD, today=TODAY)
    plain = rank_fair(SeekerColumns(), POSITIONS, profile=STANDARD, today=TODAY)
    assert (empty.digest, empty.people) == (plain.digest, 0)


def test_columns_that_were_sent_elsewhere_rank_alike_and_still_change() -> None:
    columns = SeekerColumns.of(PEOPLE)
    columns.remove(7)
    before = rank_fair(columns, POSITIONS, profile=STANDARD, today=TODAY)
    content = pickle.dumps(columns)
    assert len(content) < 120 * len(PEOPLE)
    sent: SeekerColumns = pickle.loads(content)  # noqa: S301 - made above
    after = rank_fair(sent, POSITIONS, profile=STANDARD, today=TODAY)
    assert (after.digest, after.people) == (before.digest, len(PEOPLE) - 1)
    for pool in (columns, sent):
        pool.put(PEOPLE[6])
        pool.remove(8)
        pool.put(invent_people(500, 5)[-1])
    again = [rank_fair(c, POSITIONS, profile=STANDARD, today=TODAY) for c in (columns, sent)]
    assert again[0].digest == again[1].digest != before.digest
