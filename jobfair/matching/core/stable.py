"""Stable allocation: no applicant and post would both rather have each other.

Applicants propose in the order of their own lists; a post keeps the best it was offered, as many as
its headcount. The result is the stable allocation that is best for every applicant, whatever the
order of proposing. Source: Gale and Shapley, "College Admissions and the Stability of Marriage",
American Mathematical Monthly 69 (1962), section 4.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

A = TypeVar("A", bound=Hashable)
P = TypeVar("P", bound=Hashable)
Ints = NDArray[np.int64]
NONE = -1
_LAST = np.iinfo(np.int64).max


class BadInstance(ValueError):
    """The lists contradict themselves; the text says which."""


@dataclass(frozen=True, slots=True)
class Post(Generic[A]):
    """A post and whom it would take.

    Attributes:
        headcount: how many it can take, from 0.
        preferences: applicants, the most wanted first; who is not on the list is not taken.
    """

    headcount: int
    preferences: Sequence[A]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of an applicant and a post who accept each other, by number.

    Sorted by applicant, then by ``order``; one element for each pair.

    Attributes:
        applicant: who.
        post: what.
        order: where the post stands on the applicant's list.
        place: where the applicant stands on the post's list; no two the same for one post.
    """

    applicant: Ints
    post: Ints
    order: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.post)

    def kept(self, keep: NDArray[np.bool_] | Ints) -> "Pairs":
        """Return some of the pairs, by flags or, in another order, by their places."""
        return Pairs(self.applicant[keep], self.post[keep], self.order[keep], self.place[keep])


def accept(pairs: Pairs, headcounts: Sequence[int]) -> Ints:
    """Return which pairs come about: their places in ``pairs``, rising.

    Args:
        pairs: who accepts whom.
        headcounts: how many each post takes, by number.
    """
    posts, places = pairs.post.tolist(), pairs.place.tolist()
    if not posts:
        return np.zeros(0, np.int64)
    begins = np.flatnonzero(np.diff(pairs.applicant, prepend=NONE))
    ends = [*begins[1:].tolist(), len(pairs)]
    # Of each post the pairs it holds, the least wanted on top.
    held: list[list[tuple[int, int]]] = [[] for _ in headcounts]
    free = list(zip(begins.tolist(), ends, strict=True))[::-1]
    last = np.repeat(np.array(ends, np.int64), np.diff([*begins, len(pairs)])).tolist()
    while free:
        pair, end = free.pop()
        while pair < end:
            post, offer = posts[pair], (-places[pair], pair)
            kept = held[post]
            if len(kept) < headcounts[post]:
                heappush(kept, offer)
                break
            if kept and offer > kept[0]:
                _, refused = heapreplace(kept, offer)
                free.append((refused + 1, last[refused]))
                break
            pair += 1
    return np.array(sorted(pair for kept in held for _, pair in kept), np.int64)


def blocking(
    pairs: Pairs, headcounts: Sequence[int], order_held: Ints, places_held: Sequence[Sequence[int]]
) -> Ints:
    """Return the pairs who would both rather have each other than what they got.

    Args:
        pairs: who accepts whom.
        headcounts: how many each post takes, by number.
        order_held: of each applicant, where on their list stands what they got; above every place
            when they got nothing.
        places_held: of each post, where on its list stand those it got.
    """
    room = np.array([len(p) < h for p, h in zip(places_held, headcounts, strict=True)], np.bool_)
    worst = np.array([max(p, default=NONE) for p in places_held], np.int64)
    posts = np.array(headcounts, np.int64) > 0
    found = pairs.order < order_held[pairs.applicant]
    found &= posts[pairs.post] & (room[pairs.post] | (pairs.place < worst[pairs.post]))
    return np.flatnonzero(found)


class _Named(Generic[A, P]):
    """An instance of names as pairs of numbers."""

    def __init__(self, applicants: Mapping[A, Sequence[P]], posts: Mapping[P, Post[A]]) -> None:
        self.posts = list(posts)
        self.number = {name: number for number, name in enumerate(posts)}
        self.headcounts = [post.headcount for post in posts.values()]
        self._ranks: list[dict[A, int]] = []
        for name, post in posts.items():
            if post.headcount < 0:
                raise BadInstance(f"post {name}: headcount {post.headcount}")
            places = {applicant: place for place, applicant in enumerate(post.preferences)}
            if len(places) != len(post.preferences):
                raise BadInstance(f"post {name}: an applicant stands twice on its list")
            self._ranks.append(places)
        self.applicants = list(applicants)
        found = []
        for who, (applicant, wanted) in enumerate(applicants.items()):
            if len(set(wanted)) != len(wanted):
                raise BadInstance(f"applicant {applicant}: a post stands twice on the list")
            for order, one in enumerate(wanted):
                place = self.place(applicant, one)
                if place is not None:
                    found.append((who, self.number[one], order, place))
        self.pairs = Pairs(*np.array(found, np.int64).reshape(len(found), 4).T)

    def place(self, applicant: A, post: P) -> int | None:
        """Return the applicant's place on the post's list; None when it would not take them."""
        number = self.number.get(post)
        return None if number is None else self._ranks[number].get(applicant)


def allocate_stable(applicants: Mapping[A, Sequence[P]], posts: Mapping[P, Post[A]]) -> dict[A, P]:
    """Return the stable allocation that is best for the applicants.

    Args:
        applicants: everyone's posts, the most wanted first. A post that is unknown, or that does
            not list the applicant, is passed over.
        posts: everything that can be taken.

    Returns:
        The post of each applicant who gets one, in the applicants' order.

    Raises:
        BadInstance: a list names somebody twice, or a headcount is negative.
    """
    named = _Named(applicants, posts)
    pairs = named.pairs
    got = accept(pairs, named.headcounts)
    return {
        named.applicants[who]: named.posts[post]
        for who, post in zip(pairs.applicant[got].tolist(), pairs.post[got].tolist(), strict=True)
    }


def blocking_pairs(
    applicants: Mapping[A, Sequence[P]], posts: Mapping[P, Post[A]], allocation: Mapping[A, P]
) -> Iterator[tuple[A, P]]:
    """Give the pairs who would both rather have each other than what they got.

    Args:
        applicants: as for ``allocate_stable``.
        posts: as for ``allocate_stable``.
        allocation: the post of each applicant who has one.

    Raises:
        BadInstance: as for ``allocate_stable``.
    """
    named = _Named(applicants, posts)
    taken: list[list[int]] = [[] for _ in posts]
    order_held = np.full(len(applicants), _LAST, np.int64)
    for applicant, got in allocation.items():
        place = named.place(applicant, got)
        # Somebody the post does not list is given up for anybody it does.
        taken[named.number[got]].append(len(posts[got].preferences) if place is None else place)
    for who, (applicant, wanted) in enumerate(applicants.items()):
        if applicant in allocation and allocation[applicant] in wanted:
            order_held[who] = wanted.index(allocation[applicant])
    for pair in blocking(named.pairs, named.headcounts, order_held, taken).tolist():
        yield (
            named.applicants[int(named.pairs.applicant[pair])],
            named.posts[int(named.pairs.post[pair])],
        )
