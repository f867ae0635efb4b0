"""Travel groups in an allocation: at one employer together, or where they say so not at all.

A stable allocation with groups need not exist, and to find one is hard (Ronn, "NP-complete stable
matching problems", Journal of Algorithms 11, 1990). So a group that came apart is tied to one
employer after another, the best for it that would let all of it in, and the allocation is made
anew, until every group holds or has nothing left to try. Each round is exact for all others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Group:
    """People who want to go together.

    Attributes:
        rows: who, at least two.
        strict: all of them at one employer, or none at all.
    """

    rows: tuple[int, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the groups, by number.

    Attributes:
        kept: all of it at one employer.
        apart: some of it got posts, but not all at one employer.
        left: nobody of it got a post.
    """

    kept: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


@dataclass(slots=True)
class _Tied:
    """A group that is held to one employer: which, and which were tried in vain."""

    employer: int | None = None
    tried: set[int] = field(default_factory=set)


# Given which pairs may come about and which are to be favoured, the pairs that do, and of every
# pair what it would bring now: above 0, it would be let in.
Solve = Callable[[Flags, Flags], tuple[Ints, Ints]]


class Together:
    """Keeps groups together by narrowing the pairs their members may come about in."""

    def __init__(
        self,
        applicant: Ints,
        post: Ints,
        employers: Sequence[int],
        groups: Sequence[Group],
    ) -> None:
        """Take who and which post of each pair, the employer of each post, and the groups."""
        self._applicant = applicant
        self._employer = np.array(employers, np.int64)[post]
        self._groups = groups
        people = int(applicant.max(initial=-1)) + 1
        people = max([people, *(max(group.rows) + 1 for group in groups)])
        group_of = np.full(people, -1, np.int64)
        for number, group in enumerate(groups):
            group_of[list(group.rows)] = number
        self._group = group_of[applicant]  # of each pair, -1 for nobody's
        self._own = np.flatnonzero(self._group >= 0)

    def outcome(self, got: Ints) -> Outcome:
        """Return what became of the groups when some pairs come about."""
        employers: dict[int, list[int]] = {}
        pairs = zip(self._group[got].tolist(), self._employer[got].tolist(), strict=True)
        for number, employer in pairs:
            if number >= 0:
                employers.setdefault(number, []).append(employer)
        kept, apart, left = [], [], []
        for number, group in enumerate(self._groups):
            found = employers.get(number, [])
            if not found:
                left.append(number)
            elif len(found) == len(group.rows) and len(set(found)) == 1:
                kept.append(number)
            else:
                apart.append(number)
        return Outcome(tuple(kept), tuple(apart), tuple(left))

    def settle(self, got: Ints, gains: Ints, solve: Solve) -> Ints:
        """Return the pairs that come about when the groups are kept together as far as they can.

        Args:
            got: the pairs that come about without groups.
            gains: what every pair would bring beside them; see ``Solve``.
            solve: makes the allocation anew.
        """
        tied: dict[int, _Tied] = {}
        for last in (*(False,) * _ROUNDS, True):
            apart = self.outcome(got).apart
            if last:
                apart = tuple(n for n in apart if self._groups[n].strict)
            fresh = [n for n in apart if n not in tied or tied[n].employer is not None]
            if not fresh:
                return got
            options = self._options(fresh, gains, got)
            for number in fresh:
                state = tied.setdefault(number, _Tied())
                if state.employer is not None:
                    state.tried.add(state.employer)
                left = [e for e in options.get(number, ()) if e not in state.tried]
                state.employer = left[0] if left and not last else None
            allowed = self._allowed(tied)
            favoured = np.zeros(len(self._group), np.bool_)
            favoured[self._own] = [
                n in tied and tied[n].employer is not None for n in self._group[self._own].tolist()
            ]
            got, gains = solve(allowed, favoured & allowed)
        return got

    def _options(self, numbers: Sequence[int], gains: Ints, got: Ints) -> dict[int, list[int]]:
        """Return for some groups the employers that would take all of it, the best first."""
        open_now = gains > 0
        open_now[got] = True
        asked = np.zeros(len(self._groups), np.bool_)
        asked[list(numbers)] = True
        own = self._own[asked[self._group[self._own]]]
        own = own[open_now[own]]
        group, person, employer = self._group[own], self._applicant[own], self._employer[own]
        # Of each person and employer the pair that brings most.
        by = np.lexsort((-gains[own], employer, person))
        group, person, employer, gain = group[by], person[by], employer[by], gains[own][by]
        first = np.ones(len(by), np.bool_)
        first[1:] = (person[1:] != person[:-1]) | (employer[1:] != employer[:-1])
        sums: dict[tuple[int, int], list[int]] = {}
        rows = zip(
            group[first].tolist(),
            employer[first].tolist(),
            gain[first].tolist(),
            strict=True,
        )
        for number, where, value in rows:
            entry = sums.setdefault((number, where), [0, 0])
            entry[0] += 1
            entry[1] += value
        found: dict[int, list[tuple[int, int]]] = {}
        for (number, where), (members, value) in sums.items():
            if members == len(self._groups[number].rows):
                found.setdefault(number, []).append((-value, where))
        return {number: [where for _, where in sorted(each)] for number, each in found.items()}

    def _allowed(self, tied: dict[int, _Tied]) -> Flags:
        """Return which pairs may come about: those of a tied group only with its employer.

        A group with nothing left to try is free again, unless it goes together or not at all.
        """
        allowed = np.ones(len(self._group), np.bool_)
        numbers = self._group[self._own].tolist()
        employers = self._employer[self._own].tolist()
        for place, number, employer in zip(self._own.tolist(), numbers, employers, strict=True):
            state = tied.get(number)
            if state is None:
                continue
            if state.employer is None:
                allowed[place] = not self._groups[number].strict
            else:
                allowed[place] = employer == state.employer
        return allowed
