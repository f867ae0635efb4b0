"""What holds for every line of events, whatever its kinds: here letters that add up to a word."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import (
    Event,
    Fact,
    Line,
    NothingToReverse,
    OthersDepend,
    Precision,
    ReasonMissing,
    day_text,
    first_of,
    last_of,
    settled,
    told_next,
)

START = date(2010, 3, 1)
T0 = datetime(2010, 3, 1, 8, tzinfo=UTC)


class Letter(StrEnum):
    A = "a"
    B = "b"
    C = "c"
    REVERSAL = "reversal"


class CWithoutA(Refusal):
    """C needs an A before it."""


def _check(word: str, event: Event[Letter], seen: Collection[Letter]) -> None:
    if event.kind is Letter.C and Letter.A not in seen:
        raise CWithoutA


LINE: Line[Letter, str] = Line("", lambda word, event: word + event.kind, _check)
RANKED: Line[Letter, str] = Line(
    "", lambda word, event: word + event.kind, _check, rank={Letter.B: 2, Letter.A: 1}
)


def event(n: int, kind: Letter, day: int, told: int, reverses: int | None = None) -> Event[Letter]:
    at = T0 + timedelta(days=told, minutes=n)
    reason = "wrong" if reverses else ""
    return Event(n, kind, START + timedelta(days=day), at, reverses=reverses, reason=reason)


@st.composite
def lines(draw: st.DrawFn) -> list[Event[Letter]]:
    """Any events at all, told in any order, some of them reversed once."""
    kinds = st.sampled_from([Letter.A, Letter.B, Letter.C])
    told = draw(st.lists(st.tuples(kinds, st.integers(0, 20), st.integers(0, 30)), max_size=12))
    line = [event(n, kind, day, day + late) for n, (kind, day, late) in enumerate(told, 1)]
    targets = draw(st.lists(st.sampled_from(line), unique_by=lambda e: e.id)) if line else []
    for n, target in enumerate(targets, len(line) + 1):
        line.append(event(n, Letter.REVERSAL, 0, 60 + draw(st.integers(0, 30)), target.id))
    return line


@given(lines(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_state(line: list[Event[Letter]], by: Random) -> None:
    mixed = list(line)
    by.shuffle(mixed)
    assert LINE.state_at(mixed) == LINE.state_at(line)


@given(lines(), st.sampled_from([Letter.A, Letter.B, Letter.C]), st.integers(0, 20))
def test_a_reversal_restores_the_state_without_both(
    line: list[Event[Letter]], kind: Letter, day: int
) -> None:
    added = event(500, kind, day, 200)
    undone = event(501, Letter.REVERSAL, 0, 201, 500)
    assert LINE.state_at([*line, added, undone]) == LINE.state_at(line)
    # Who asks what was known before the reversal still sees the entry.
    before = T0 + timedelta(days=200, minutes=500)
    assert LINE.state_at([*line, added, undone], known_at=before) == LINE.state_at([*line, added])


@given(lines(), st.integers(0, 25), st.integers(0, 25), st.integers(0, 130))
def test_a_later_day_shows_no_less(
    line: list[Event[Letter]], one: int, other: int, known: int
) -> None:
    known_at = T0 + timedelta(days=known)

    def shown(day: int) -> list[Event[Letter]]:
        return LINE.visible(line, as_of=START + timedelta(days=day), known_at=known_at)

    few, many = shown(min(one, other)), shown(max(one, other))
    assert many[: len(few)] == few


@given(lines(), st.integers(0, 130), st.integers(0, 130))
def test_a_later_knowledge_loses_only_what_was_reversed_since(
    line: list[Event[Letter]], one: int, other: int
) -> None:
    early, late = (T0 + timedelta(days=n) for n in sorted((one, other)))
    was = {e.id for e in LINE.visible(line, known_at=early)}
    now = {e.id for e in LINE.visible(line, known_at=late)}
    reversed_since = {e.reverses for e in line if e.reverses and early < e.recorded_at <= late}
    assert was - now == was & reversed_since
    told_since = {e.id for e in line if early < e.recorded_at <= late}
    assert now - was <= told_since


@given(lines(), st.integers(0, 30))
def test_only_what_counts_is_reversed_and_only_once(line: list[Event[Letter]], target: int) -> None:
    counts = {e.id for e in LINE.visible(line)}
    free: Line[Letter, str] = Line("", LINE.step, lambda *_: None)
    if target in counts:
        free.check_reversal(line, target, "wrong")
        back = event(900, Letter.REVERSAL, 0, 300, target)
        for again in (target, 900):  # the same event, and the reversal itself
            with pytest.raises(NothingToReverse):
                free.check_reversal([*line, back], again, "wrong")
    else:
        with pytest.raises(NothingToReverse):
            free.check_reversal(line, target, "wrong")


def test_a_reversal_has_a_reason_and_leaves_a_line_that_could_have_happened() -> None:
    line = [event(1, Letter.A, 0, 0), event(2, Letter.C, 1, 1)]
    with pytest.raises(ReasonMissing):
        LINE.check_reversal(line, 2, "  ")
    with pytest.raises(OthersDepend):
        LINE.check_reversal(line, 1, "wrong")
    LINE.check_reversal(line, 2, "wrong")
    with pytest.raises(CWithoutA):
        LINE.check_append([], event(1, Letter.C, 0, 0))


def test_within_a_day_the_rank_of_the_kinds_decides() -> None:
    line = [event(1, Letter.B, 0, 0), event(2, Letter.A, 0, 1)]
    assert LINE.state_at(line) == "ba"
    assert RANKED.state_at(line) == "ab"


def test_the_next_event_comes_last() -> None:
    line = [event(7, Letter.A, 0, 0), event(3, Letter.B, 0, 0)]
    assert told_next(line, Fact(Letter.C, START), T0).id == 8
    assert told_next([], Fact(Letter.C, START), T0).id == 1


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(list(Precision)))
def test_a_vague_day_is_kept_inside_its_period(day: date, precision: Precision) -> None:
    first, last = first_of(day, precision), last_of(day, precision)
    assert first <= day <= last
    assert day_text(first, precision) == day_text(last, precision) == day_text(day, precision)
    told = Fact(Letter.A, day, precision)
    assert settled(told).occurred_on == first
    assert settled(told, None, day, first - timedelta(days=1)).occurred_on == day
    assert settled(told, last + timedelta(days=1)).occurred_on == first
