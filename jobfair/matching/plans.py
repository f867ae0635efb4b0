"""What a plan of a fair is asked for, and what it says; by ids."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jobfair.matching.core.score import MILLION


class GroupRule(StrEnum):
    """How a plan treats travel groups."""

    # At one employer where that can be done; a group that said so, or not at all.
    TOGETHER = "together"
    ALL_OR_NONE = "all_or_none"  # every group at one employer, or none of it
    ALONE = "alone"  # as if there were none


class Lack(StrEnum):
    """Why posts of a position stay empty."""

    NOBODY = "nobody"  # nobody is eligible
    TOO_FEW = "too_few"  # fewer people are eligible than there are posts
    ELSEWHERE = "elsewhere"  # whoever is eligible has a post that suits them better
    GROUP = "group"  # somebody would come, but their group could not be kept together


@dataclass(frozen=True, slots=True)
class FairOrder:
    """What a plan is made for.

    Attributes:
        headcounts: position id to how many it takes.
        day: the day eligibility is judged for.
        objective: ``stable`` or ``max_total``.
        seed: decides among equals.
        share: the least share of the posts for registered-poor households, in [0, 1].
        groups: how travel groups are treated.
        pinned: seeker id to position id, set by hand.
        barred: pairs of seeker id and position id that must not come about.
    """

    headcounts: Mapping[int, int]
    day: date
    objective: str
    seed: int = 0
    share: float = 0.0
    groups: GroupRule = GroupRule.TOGETHER
    pinned: Mapping[int, int] = field(default_factory=dict)
    barred: Set[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """Somebody and the post planned for them; points in millionths."""

    seeker_id: int
    position_id: int
    points: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class PlannedPosition:
    """A position in a plan; ``lack`` says why posts stay empty, None when none does."""

    position_id: int
    headcount: int
    filled: int
    eligible: int
    lack: Lack | None


@dataclass(frozen=True, slots=True)
class FairPlan:
    """The plan of a fair.

    Attributes:
        profile: name and version of the weights.
        seats: by position, the best first; pinned ones included.
        positions: every position, in order of id.
        rivals: seeker id and position id of the pairs who would both rather have each other.
        total: the sum of points of what was planned, pinned seats left out, in millionths.
        bound: no plan has a higher sum.
        groups_kept: travel groups that are all at one employer.
        groups_apart: those of which some got posts, but not all at one employer.
        groups_left: those of which nobody got a post.
        digest: the same digest, the same plan.
    """

    profile: str
    seats: tuple[PlannedSeat, ...]
    positions: tuple[PlannedPosition, ...]
    rivals: tuple[tuple[int, int], ...]
    total: int
    bound: int
    gap: float
    groups_kept: int
    groups_apart: int
    groups_left: int
    digest: str

    @property
    def posts(self) -> int:
        """Return how many posts there are."""
        return sum(one.headcount for one in self.positions)

    @property
    def filled(self) -> int:
        """Return how many posts are planned for somebody."""
        return len(self.seats)

    @property
    def score(self) -> float:
        """Return the sum of scores."""
        return self.total / MILLION
