"""How a ranking changes when it is weighed another way: who moves, how far, and by what."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobfair.matching.core.rank import Candidate
from jobfair.matching.core.weights import COMPONENTS, Profile
from jobfair.matching.explain import places_of, policy_points


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's place and score in one of the two rankings."""

    place: int
    listed: bool  # among those shown
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Move:
    """One person in both rankings.

    Attributes:
        now: by the weights before; None further down than was looked.
        then: by the weights after.
        gains: part of the score to what it adds more than before, in points of 100; the part
            ``priority`` is the policy term. Empty when one of the two is not known.
    """

    seeker_id: int
    now: Standing | None
    then: Standing | None
    gains: dict[str, float]

    @property
    def enters(self) -> bool:
        """Whether the person is shown only by the weights after."""
        return not (self.now and self.now.listed)

    @property
    def leaves(self) -> bool:
        """Whether the person is shown only by the weights before."""
        return not (self.then and self.then.listed)

    @property
    def rise(self) -> int:
        """How many places the person goes up, below 0 down; 0 when one is not known."""
        return self.now.place - self.then.place if self.now and self.then else 0


def contributions(candidate: Candidate, profile: Profile) -> dict[str, float]:
    """Return what each part adds to a score, in points of 100; the policy term is ``priority``."""
    weights = {
        name: profile.weight(name) for name in COMPONENTS if candidate.components[name] is not None
    }
    whole = sum(weights.values()) or 1.0
    found = {
        name: 100 * weights.get(name, 0.0) * (candidate.components[name] or 0.0) / whole
        for name in COMPONENTS
    }
    return found | {"priority": policy_points(candidate, profile) or 0.0}


def _standings(ranked: Sequence[Candidate], top: int) -> dict[int, Standing]:
    return {
        candidate.id: Standing(place, number < top, candidate)
        for number, (place, candidate) in enumerate(zip(places_of(ranked), ranked, strict=True))
    }


def moves(
    before: Sequence[Candidate],
    after: Sequence[Candidate],
    *,
    weights: tuple[Profile, Profile],
    top: int,
) -> list[Move]:
    """Return the first of the ranking after in their order, then who is no longer among them.

    Args:
        before: the ranking as it is, as deep as places shall be known.
        after: the ranking as it would be.
        weights: of either ranking.
        top: how many of each are shown.
    """
    old, new = _standings(before, top), _standings(after, top)
    shown = [c.id for c in after[:top]]
    shown += [c.id for c in before[:top] if c.id not in set(shown)]
    found = []
    for seeker_id in shown:
        now, then = old.get(seeker_id), new.get(seeker_id)
        gains = {}
        if now and then:
            less = contributions(now.candidate, weights[0])
            more = contributions(then.candidate, weights[1])
            gains = {name: more[name] - less[name] for name in more}
        found.append(Move(seeker_id, now, then, gains))
    return found
