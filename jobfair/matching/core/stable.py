"""Stable allocation: no applicant and post would both rather have each other.

Applicants propose in the order of their own lists; a post keeps the best it was offered, as many as
its headcount. The result is the stable allocation that is best for every applicant, whatever the
order of proposing. Source: Gale and Shapley, "College Admissions and the Stability of Marriage",
American Mathematical Monthly 69 (1962), section 4.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace
from typing import Generic, TypeVar

A = TypeVar("A", bound=Hashable)
P = TypeVar("P", bound=Hashable)


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


class _Ranks(Generic[A, P]):
    """The place of every applicant on every post's list, and the pairs both sides accept."""

    def __init__(self, applicants: Mapping[A, Sequence[P]], posts: Mapping[P, Post[A]]) -> None:
        self.of: dict[P, dict[A, int]] = {}
        for name, post in posts.items():
            if post.headcount < 0:
                raise BadInstance(f"post {name}: headcount {post.headcount}")
            places = {applicant: place for place, applicant in enumerate(post.preferences)}
            if len(places) != len(post.preferences):
                raise BadInstance(f"post {name}: an applicant stands twice on its list")
            self.of[name] = places
        for applicant, wanted in applicants.items():
            if len(set(wanted)) != len(wanted):
                raise BadInstance(f"applicant {applicant}: a post stands twice on the list")

    def place(self, applicant: A, post: P) -> int | None:
        """Return the applicant's place on the post's list; None when it would not take them."""
        return self.of.get(post, {}).get(applicant)


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
    ranks = _Ranks(applicants, posts)
    # Of each post the people it holds, the least wanted on top.
    held: dict[P, list[tuple[int, A]]] = {name: [] for name in posts}
    left = {applicant: iter(wanted) for applicant, wanted in applicants.items()}
    free = deque(applicants)
    while free:
        applicant = free.popleft()
        for post in left[applicant]:
            place = ranks.place(applicant, post)
            headcount = posts[post].headcount if place is not None else 0
            if place is None or not headcount:
                continue
            kept = held[post]
            # Places differ within a post, so the applicants themselves are never compared.
            if len(kept) < headcount:
                heappush(kept, (-place, applicant))
                break
            if place < -kept[0][0]:
                _, refused = heapreplace(kept, (-place, applicant))
                free.append(refused)
                break
    got = {applicant: post for post, kept in held.items() for _, applicant in kept}
    return {applicant: got[applicant] for applicant in applicants if applicant in got}


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
    ranks = _Ranks(applicants, posts)
    taken: dict[P, list[int]] = {name: [] for name in posts}
    for applicant, post in allocation.items():
        place = ranks.place(applicant, post)
        # Somebody the post does not list is given up for anybody it does.
        taken[post].append(len(posts[post].preferences) if place is None else place)
    worst = {name: max(places, default=-1) for name, places in taken.items()}
    for applicant, wanted in applicants.items():
        for post in wanted:
            if allocation.get(applicant) == post:
                break  # everything further down is worth less
            place = ranks.place(applicant, post)
            if place is None or not posts[post].headcount:
                continue
            if len(taken[post]) < posts[post].headcount or place < worst[post]:
                yield applicant, post
