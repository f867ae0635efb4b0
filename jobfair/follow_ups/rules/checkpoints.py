"""When somebody on post is asked again: five checkpoints, each with a due day and a window.

Source: days, months and windows follow the project's rules of follow-ups; months end on the last
day of a shorter month (31 January and a month is 28 or 29 February).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.clock import add_months
from jobfair.kit.i18n import N_


class Checkpoint(StrEnum):
    """How long after the first day at work."""

    DAY_7 = "d7"
    MONTH_1 = "m1"
    MONTH_3 = "m3"
    MONTH_6 = "m6"
    MONTH_12 = "m12"


class DueState(StrEnum):
    """What became of a checkpoint."""

    OPEN = "open"
    DONE = "done"
    PASSED = "passed"  # the next checkpoint came first
    MISSED = "missed"  # nothing was learnt for `OVERDUE_DAYS` after the window
    DROPPED = "dropped"  # the placement ended or was taken back


CHECKPOINT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Checkpoint.DAY_7: N_("7 days"),
        Checkpoint.MONTH_1: N_("1 month"),
        Checkpoint.MONTH_3: N_("3 months"),
        Checkpoint.MONTH_6: N_("6 months"),
        Checkpoint.MONTH_12: N_("12 months"),
    }
)
# What is asked at each, besides whether the person is still there.
ASKED: Mapping[str, str] = MappingProxyType(
    {
        Checkpoint.DAY_7: N_("Arrived safely? Dormitory? Post as promised? Contract given?"),
        Checkpoint.MONTH_1: N_("First pay received? How much? Insured?"),
        Checkpoint.MONTH_3: N_("Papers for the subsidy? Problems? Wants to change?"),
        Checkpoint.MONTH_6: N_("Which employer? Wage? Insured?"),
        Checkpoint.MONTH_12: N_("Which employer? Wage? Plans for next year?"),
    }
)
# The answers to these beside pay and problems, which are always asked: fields of `FoundTerms`.
ANSWERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Checkpoint.DAY_7: ("as_promised", "lodging", "contract"),
        Checkpoint.MONTH_1: ("insured",),
        Checkpoint.MONTH_3: ("wants_change",),
        Checkpoint.MONTH_6: ("insured",),
        Checkpoint.MONTH_12: ("stays_next_year",),
    }
)
OVERDUE_DAYS = timedelta(days=90)
_MONTHS = {
    Checkpoint.MONTH_1: 1,
    Checkpoint.MONTH_3: 3,
    Checkpoint.MONTH_6: 6,
    Checkpoint.MONTH_12: 12,
}
# Days of the window before and after the due day.
_AROUND = {
    Checkpoint.DAY_7: (2, 3),
    Checkpoint.MONTH_1: (5, 10),
    Checkpoint.MONTH_3: (10, 15),
    Checkpoint.MONTH_6: (10, 20),
    Checkpoint.MONTH_12: (15, 30),
}


@dataclass(frozen=True, slots=True)
class Window:
    """When a checkpoint is due, and from when to when an answer is an answer for it."""

    due_on: date
    opens_on: date
    closes_on: date


def window_of(first: date, checkpoint: Checkpoint) -> Window:
    """Return a checkpoint's window after a first day at work."""
    months = _MONTHS.get(checkpoint)
    due = add_months(first, months) if months else first + timedelta(days=7)
    before, after = _AROUND[checkpoint]
    return Window(due, due - timedelta(days=before), due + timedelta(days=after))


def reached(first: date, day: date) -> Checkpoint | None:
    """Return the checkpoint that a day counts for: the newest whose window has opened by then.

    A day before the first window, or long after the last, counts for none; a day after a window
    and before the next counts for the older one, late.
    """
    opened = [c for c in Checkpoint if window_of(first, c).opens_on <= day]
    if not opened or day > window_of(first, opened[-1]).closes_on + OVERDUE_DAYS:
        return None
    return opened[-1]


def oldest_asked(today: date) -> date:
    """Return the first day at work before which nothing is asked any more.

    Whoever began earlier, as in a ledger of past years, has no checkpoint to wait for.
    """
    _before, after = _AROUND[Checkpoint.MONTH_12]
    return add_months(today - OVERDUE_DAYS - timedelta(days=after), -12)


def standing(first: date, checkpoint: Checkpoint, today: date) -> DueState:
    """Return where a checkpoint of a running placement stands before anybody was reached."""
    opened = [c for c in Checkpoint if window_of(first, c).opens_on <= today]
    if checkpoint in opened and checkpoint is not opened[-1]:
        return DueState.PASSED
    if today > window_of(first, checkpoint).closes_on + OVERDUE_DAYS:
        return DueState.MISSED
    return DueState.OPEN
