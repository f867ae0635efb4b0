"""What a student may be paid, and what was paid beyond it. Pure.

Source: the programme paid a state grant of 1,500 yuan and a tuition grant of 4,000 yuan a school
year, for two years. A school year begins on 1 September.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_

YEARS = 2
_SEPTEMBER = 9


class GrantKind(StrEnum):
    """Which grant; the one goes to the student's card, the other pays the training fee alone."""

    STATE = "state"
    TUITION = "tuition"


GRANT_NAMES: Mapping[str, str] = MappingProxyType(
    {GrantKind.STATE: N_("State grant"), GrantKind.TUITION: N_("Tuition grant")}
)
# In fen, a school year.
AMOUNTS: Mapping[GrantKind, int] = MappingProxyType(
    {GrantKind.STATE: 150_000, GrantKind.TUITION: 400_000}
)


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment: which grant, for which school year (that in which it begins), how much."""

    kind: GrantKind
    school_year: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Excess:
    """A grant and school year of which more was paid than the student was entitled to; in fen."""

    kind: GrantKind
    school_year: int
    payments: int
    paid_fen: int
    entitled_fen: int


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day began."""
    return day.year if day.month >= _SEPTEMBER else day.year - 1


def entitled_fen(kind: GrantKind, school_year: int, intake_year: int) -> int:
    """Return what a student may be paid for a school year; nothing after the second."""
    return AMOUNTS[kind] if intake_year <= school_year < intake_year + YEARS else 0


def excesses(payments: Iterable[Paid], intake_year: int) -> list[Excess]:
    """Return where one student was paid too much, in order of grant and year."""
    sums: dict[tuple[GrantKind, int], list[int]] = {}
    for one in payments:
        sums.setdefault((one.kind, one.school_year), []).append(one.amount_fen)
    return [
        Excess(kind, year, len(amounts), sum(amounts), entitled)
        for (kind, year), amounts in sorted(sums.items())
        if sum(amounts) > (entitled := entitled_fen(kind, year, intake_year))
    ]
