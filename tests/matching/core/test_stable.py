"""Stable allocation: nobody and no post would both rather have each other."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching.games import HospitalResident

from jobfair.matching.core.stable import BadInstance, Post, allocate_stable, blocking_pairs

Applicants = dict[int, list[str]]
Posts = dict[str, Post[int]]


@st.composite
def instances(draw: st.DrawFn) -> tuple[Applicants, Posts]:
    """Draw an instance whose lists need not agree with each other."""
    people = list(range(draw(st.integers(0, 8))))
    names = [f"p{n}" for n in range(draw(st.integers(0, 5)))]
    applicants = {
        one: draw(st.permutations([*names, "?"]))[: draw(st.integers(0, 6))] for one in people
    }
    posts = {
        name: Post(
            draw(st.integers(0, 3)), draw(st.permutations(people))[: draw(st.integers(0, 8))]
        )
        for name in names
    }
    return applicants, posts


@given(instances())
def test_it_is_stable_and_within_every_headcount(instance: tuple[Applicants, Posts]) -> None:
    applicants, posts = instance
    got = allocate_stable(applicants, posts)
    assert list(blocking_pairs(applicants, posts, got)) == []
    for post, count in Counter(got.values()).items():
        assert count <= posts[post].headcount
    for one, post in got.items():
        assert post in applicants[one]
        assert one in posts[post].preferences


@given(instances(), st.randoms())
def test_the_order_of_proposing_changes_nothing(
    instance: tuple[Applicants, Posts], chance: random.Random
) -> None:
    applicants, posts = instance
    order = list(applicants)
    chance.shuffle(order)
    assert allocate_stable({one: applicants[one] for one in order}, posts) == allocate_stable(
        applicants, posts
    )


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_the_matching_library_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    people, names = list(range(40)), [f"p{n}" for n in range(8)]
    applicants = {one: chance.sample(names, chance.randint(1, 6)) for one in people}
    wanted = {name: [one for one in people if name in applicants[one]] for name in names}
    for listed in wanted.values():
        chance.shuffle(listed)
    headcounts = {name: chance.randint(1, 6) for name in names}
    posts = {name: Post(headcounts[name], wanted[name]) for name in names}
    solved = HospitalResident.create_from_dictionaries(applicants, wanted, headcounts).solve()
    theirs = {one.name: post.name for post, kept in solved.items() for one in kept}
    assert allocate_stable(applicants, posts) == theirs


def test_a_pair_that_would_rather_have_each_other_is_named() -> None:
    applicants = {1: ["a", "b"], 2: ["a", "b"], 3: ["b"]}
    posts = {"a": Post(1, [1, 2]), "b": Post(2, [3, 2, 1])}
    assert list(blocking_pairs(applicants, posts, {1: "b", 2: "a"})) == [(1, "a"), (3, "b")]
    assert allocate_stable(applicants, posts) == {1: "a", 2: "b", 3: "b"}


def test_people_are_never_compared_with_each_other() -> None:
    posts = {"a": Post(1, [None, object])}
    assert allocate_stable({object: ["a"], None: ["a"]}, posts) == {None: "a"}


@pytest.mark.parametrize(
    ("applicants", "posts"),
    [
        ({1: ["a", "a"]}, {"a": Post(1, [1])}),
        ({1: ["a"]}, {"a": Post(1, [1, 1])}),
        ({1: ["a"]}, {"a": Post(-1, [1])}),
    ],
)
def test_contradictions_are_refused(applicants: Applicants, posts: Posts) -> None:
    with pytest.raises(BadInstance):
        allocate_stable(applicants, posts)
