"""The best people of a position in one pass, compiled by numba: the extra ``jobfair[fast]``.

The same whole numbers as in ``score`` and the same double-precision steps, so the result is that of
numpy to the bit; fast mathematics stay off. People are looked at wish by wish, the nearest first,
as they stand side by side in the listing of the columns. Whoever cannot reach the worst of the best
found so far is left at that.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from jobfair.matching.core.columns import LISTED, day_number
from jobfair.matching.core.near import BANDS, Near
from jobfair.matching.core.score import (
    COLUMN_OF,
    HALF,
    KNOWN,
    KNOWN_BITS,
    LOW,
    MILLION,
    WHOLE,
    Asked,
    Ints,
    Rows,
    Scorer,
)

_GATE, _GROUP, _BORN, _FREE, _EXPIRES = map(
    LISTED.index, ("gate", "group", "born", "free_from", "expires")
)
_KNOWN = (1 << KNOWN_BITS) - 1
_MERIT, _TIE, _ROW = range(3)
_LEAST_ROOM = 32
_SLACK = 2.0  # of WHOLE, above the rounding of a comparison in double precision


def _compiled(work: Any) -> Any:
    """Compile a function and keep the result beside this file, or wherever numba may write."""
    try:
        return njit(nogil=True, cache=True)(work)
    except RuntimeError:  # nowhere to keep it
        return njit(nogil=True)(work)


@_compiled
def _merit(sums, term):  # type: ignore[no-untyped-def]
    """Return points and what is known in one number that compares; see ``Scorer``."""
    share = sums & LOW
    total = min((sums >> HALF) / max(share, 1), 1.0) + term
    points = np.int64(np.rint(total * MILLION))
    return (points << KNOWN_BITS) + (share * KNOWN + WHOLE // 2) // WHOLE


@_compiled
def _before(one, merit, tie):  # type: ignore[no-untyped-def]
    """Tell whether one of the best ranks before somebody."""
    return one[_MERIT] > merit or (one[_MERIT] == merit and one[_TIE] < tie)


@_compiled
def _keep_best(best, count, size):  # type: ignore[no-untyped-def]
    """Bring the first of the best to the front and the last of them to its end (quickselect)."""
    low, high, last = 0, count - 1, size - 1
    while low < high:
        merit, tie = best[(low + high) // 2, _MERIT], best[(low + high) // 2, _TIE]
        left, right = low, high
        while left <= right:
            while _before(best[left], merit, tie):
                left += 1
            while merit > best[right, _MERIT] or (
                merit == best[right, _MERIT] and tie < best[right, _TIE]
            ):
                right -= 1
            if left <= right:
                for part in range(3):
                    kept = best[left, part]
                    best[left, part] = best[right, part]
                    best[right, part] = kept
                left += 1
                right -= 1
        if last <= right:
            high = right
        elif last >= left:
            low = left
        else:
            break


@_compiled
def _marked(best, count, size, most):  # type: ignore[no-untyped-def]
    """Leave the best of all found; return how many they are, and what it takes to join them.

    Merit, tie, mean of the components and known weight: whoever has less ranks behind the last.
    """
    _keep_best(best, count, size)
    merit, tie = best[size - 1, _MERIT], best[size - 1, _TIE]
    points, known = merit >> KNOWN_BITS, merit & _KNOWN
    mean = (points - 0.5) / MILLION - most
    # Nobody has more points than all; of the same points who is known better comes first.
    share = (known - 1) * WHOLE // KNOWN if points == MILLION and most == 0 else 0
    return size, merit, tie, mean, share


@_compiled
def _company(row, group, company, rules):  # type: ignore[no-untyped-def]
    """Return what the travel group of a row adds; see ``Scorer.packed``."""
    (people, starts, counts), gate, weight, _whole = company
    gates, timely = rules[0], rules[1]
    able = 0
    for place in range(starts[group], starts[group] + counts[group]):
        mate = people[place]
        if mate != row and gates[gate[mate]] and timely[mate]:
            able += 1
    share = np.float32(able / (counts[group] - 1))
    return (np.int64(np.rint(share * np.float32(weight))) << HALF) + np.int64(np.rint(weight))


@_compiled
def _look(listed, placed, questions, memory, state):  # type: ignore[no-untyped-def]
    """Look at the people of one run and return the state after."""
    people, facts = listed
    tables, rules, company, policy = questions
    sums, begins, there, _rest, _unplaced = tables
    gates, _timely, born, after, free, today = rules
    (_people, _starts, counts), _gate, weight, whole = company
    terms, policies, most, size = policy
    ties, seen, best = memory
    count, worst, last, need, least = state
    for entry in range(len(people)):
        asked = facts[entry]
        able = (asked[_BORN] <= born) & (asked[_BORN] > after) & (asked[_FREE] <= free)
        able &= (asked[_EXPIRES] >= today) & gates[asked[_GATE]]
        found = (
            placed
            + sums[begins[1] + (asked[1] & there[1])]
            + sums[begins[2] + (asked[2] & there[2])]
            + sums[begins[3] + (asked[3] & there[3])]
            + sums[begins[4] + (asked[4] & there[4])]
        )
        group = asked[_GROUP]
        extra = weight * (group != 0)
        share = (found & LOW) + extra
        able &= (found >> HALF) + extra >= need * share - _SLACK
        able &= share >= least
        if not able:  # one branch, seldom missed
            continue
        row = people[entry]
        term = terms[policies[row]] if most else 0.0
        joined = group != 0 and counts[group] > 1
        if joined:
            if _merit(found + whole, term) < worst:
                continue
            found += _company(row, group, company, rules)
        merit, tie = _merit(found, term), ties[row]
        if merit < worst or (merit == worst and tie > last):
            continue
        bit = np.uint8(1 << (row & 7))
        if seen[row >> 3] & bit:  # by a nearer wish, or changed since the lists were made
            continue
        seen[row >> 3] |= bit
        best[count, _MERIT], best[count, _TIE], best[count, _ROW] = merit, tie, row
        count += 1
        if count == len(best) or (count == size and worst < 0):
            count, worst, last, need, least = _marked(best, count, size, most)
    return count, worst, last, need, least


@_compiled
def _scan(lists, questions, memory, state):  # type: ignore[no-untyped-def]
    """Look at everybody on some lists who may rank among the best; return the state after."""
    people, facts, runs, firsts, ends, likeness = lists
    sums, begins, there, rest, unplaced = questions[0]
    for number in range(len(firsts)):
        own, need = likeness[number], state[3]
        if (own >> HALF) + rest < need * ((own & LOW) + rest) - _SLACK:
            continue
        for run in range(firsts[number], ends[number]):
            begin, end = runs[run], runs[run + 1]
            placed, need = own + sums[begins[0] + (facts[begin, 0] & there[0])], state[3]
            if (placed >> HALF) + unplaced < need * ((placed & LOW) + unplaced) - _SLACK:
                continue
            listed = people[begin:end], facts[begin:end]
            state = _look(listed, placed, questions, memory, state)
    return state


def best_rows(
    scorer: Scorer, asked: Asked, near: Near, top: int, ties: NDArray[np.int64]
) -> tuple[Rows, Ints]:
    """Return the best eligible rows, best first, and the merit of each: points, what is known.

    Args:
        scorer: the people and the weights.
        asked: the position.
        near: the lists of people by how near their wishes are.
        top: how many.
        ties: what decides among equals, the smallest first, for all rows.
    """
    columns = scorer.columns
    index, moved = columns.index()
    size = min(top, columns.rows)
    if size <= 0:
        return np.zeros(0, np.intp), np.zeros(0, np.int64)
    # Room for some more, so that the last of the best need not be found for everybody who joins.
    best = np.empty((size + max(size // 2, _LEAST_ROOM), 3), np.int64)
    seen = np.zeros((columns.rows >> 3) + 1, np.uint8)  # a bit for each row
    shared = _questions(scorer, asked, size), (ties, seen, best)
    state = 0, -1, 0, -1.0, 0
    if len(moved):
        likeness = scorer.packed("occupation", scorer.best_wish(asked, moved))
        each = np.arange(len(moved) + 1)
        facts = columns.listed_facts(moved)
        state = _scan((moved, facts, each, each[:-1], each[1:], likeness), *shared, state)
        np.bitwise_or.at(seen, moved >> 3, np.left_shift(1, moved & 7).astype(np.uint8))
    listing = index.people, columns.listing(), index.runs
    for number, band in enumerate(BANDS):
        state = _scan((*listing, *near.lists(number)), *shared, state)
        worst = state[1] >> KNOWN_BITS
        if worst >= 0 and scorer.least_likeness(asked, worst) > band:
            break
    wishless = index.firsts[-1:], np.array([len(index.runs) - 1]), np.zeros(1, np.int64)
    count = _scan((*listing, *wishless), *shared, state)[0]
    merits, lots, rows = best[:count].T
    order = np.lexsort((lots, -merits))[:size]
    return rows[order], merits[order]


def _questions(scorer: Scorer, asked: Asked, size: int) -> tuple[Any, ...]:
    """Return what a position asks, as ``_look`` reads it."""
    column, members = scorer.columns.column, scorer.columns.members()
    # A table that is not there is read at one place, which holds nothing.
    found = dict(zip(asked.tables, (0, *asked.ends), strict=False))
    begins = tuple(found.get(name, len(asked.sums)) for name in COLUMN_OF)
    there = tuple(-1 if name in found else 0 for name in COLUMN_OF)
    whole = scorer.whole
    rest = float(sum(whole[name] for name in asked.given))
    unplaced = rest - whole["place"] if "place" in found else rest
    weight = whole["travel_group"]
    company = (round(weight) << HALF) + round(weight)
    priority = np.float32(scorer.profile.priority)
    terms = (priority * asked.policy).astype(np.float64)
    limits, today = asked.limits, day_number(scorer.today)
    return (
        (np.append(asked.sums, 0), begins, there, rest, unplaced),
        (asked.gates, scorer.in_time(limits), limits.born, limits.born_after, limits.free, today),
        ((members.people, members.starts, members.counts), column("gate"), weight, company),
        (terms, column("policy"), float(priority), size),
    )
