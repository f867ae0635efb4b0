"""Two plans of a fair beside each other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one plan to another.

    Attributes:
        same: people with the same position in both.
        moved: people with another position in each.
        gone: people with a post in the first only.
        come: people with a post in the second only.
        positions: position id to how many people it loses and gains, the most changed first.
    """

    same: int
    moved: int
    gone: int
    come: int
    positions: list[tuple[int, int, int]]


def compare(one: Mapping[int, int], other: Mapping[int, int]) -> Comparison:
    """Compare two plans, each seeker id to position id."""
    both = one.keys() & other.keys()
    moved = {seeker for seeker in both if one[seeker] != other[seeker]}
    lost = Counter(position for seeker, position in one.items() if other.get(seeker) != position)
    won = Counter(position for seeker, position in other.items() if one.get(seeker) != position)
    positions = [(p, lost[p], won[p]) for p in lost.keys() | won.keys()]
    positions.sort(key=lambda item: (-item[1] - item[2], item[0]))
    return Comparison(
        same=len(both) - len(moved),
        moved=len(moved),
        gone=len(one.keys() - other.keys()),
        come=len(other.keys() - one.keys()),
        positions=positions,
    )
