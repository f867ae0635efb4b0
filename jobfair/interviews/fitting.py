"""Which booths with posts left suit somebody best; asked of the ranking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobfair.matching.pool import Pool
from jobfair.offers.queries import PostsLeft


@dataclass(frozen=True, slots=True)
class Fit:
    """A booth's position that suits somebody best of all at that booth."""

    employer_id: int
    position_id: int
    title: str


def booths_that_fit(
    ranked: Pool, seeker_id: int, left: Mapping[int, PostsLeft], *, but: int
) -> Iterator[Fit]:
    """Give the booths that have posts left for somebody, the best first, each with its best post.

    Args:
        ranked: the rankings, fresh.
        seeker_id: the person.
        left: what is left of each position of the fair.
        but: the employer whose booth is left out: where the person is.
    """
    posts = ranked.posts()
    only = [
        one
        for one, units in left.items()
        if units.left and one in posts and posts[one].employer_id != but
    ]
    if ranked.person(seeker_id) is None or not only:
        return
    met = set()
    for candidate in ranked.positions(seeker_id, top=len(only), only=only):
        post = posts[candidate.id]
        if post.employer_id not in met:
            met.add(post.employer_id)
            yield Fit(post.employer_id, post.id, post.title)
