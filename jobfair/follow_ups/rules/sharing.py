"""Giving work to callers so that each has about the same, and a person stays with one caller."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToShare:
    """A due follow-up without a caller; ``known`` is who called the person before, if anybody."""

    due_id: int
    known: int | None


def share_out(work: Sequence[ToShare], loads: Mapping[int, int]) -> dict[int, int]:
    """Return the caller of each due follow-up.

    Args:
        work: in the order in which it should be shared.
        loads: how many open follow-ups each caller has; nobody else gets any.
    """
    found = {one.due_id: one.known for one in work if one.known in loads}
    given: dict[int, int] = {due: user for due, user in found.items() if user is not None}
    heap = [
        (load + sum(user == caller for user in given.values()), caller)
        for caller, load in loads.items()
    ]
    heapq.heapify(heap)
    for one in work:
        if heap and one.due_id not in given:
            load, caller = heap[0]
            given[one.due_id] = caller
            heapq.heapreplace(heap, (load + 1, caller))
    return given
