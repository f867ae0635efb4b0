"""Days as people type them, with the precision they give."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, tidy

NOT_UNDERSTOOD = N_("The date cannot be understood. Write it like 2024-03-08.")
NOT_POSSIBLE = N_("There is no such day in the calendar. Check the month and the day.")
NO_YEAR = N_("The date has no year. Write it like 2024-03-08.")

_FULL = re.compile(
    r"(\d{4}|(?<!\d)\d{2}(?=\s*年))\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?!\d)"
)
_SOLID = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?\s*(上旬|中旬|下旬|初|中|底|末)?")
_SOLID_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_NO_YEAR = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:\s+\d{1,2}:\d{2})?\s*(?:发布)?")
_PART = re.compile(r"(\d{1,2})\s*月(?:份)?\s*(上旬|中旬|下旬|初|中|底|末)?")
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?")
_THIRDS = {"初": (1, 10), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20)}
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or the span of days that a vague date means (3月初 is 1 to 10 March)."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Tell whether one day is meant."""
        return self.first == self.last

    @property
    def value(self) -> date:
        """The first day that is meant."""
        return self.first


def read_day(text: str, year: int | None = None) -> Day | Unread | None:
    """Read a day; one without a year is taken in ``year``.

    1970-01-01 is what programs write for "no date" and reads as missing. Excel's day numbers
    count from 1899-12-30.
    """
    plain = tidy(text)
    if not plain:
        return None
    answer = _read(plain, year)
    if isinstance(answer, Day) and answer.first == date(1970, 1, 1):
        return None
    return answer


def _read(text: str, year: int | None) -> Day | Unread:
    if found := _FULL.search(text) or _SOLID.search(text):
        years, month, day = (int(part) for part in found.groups())
        return _day(years + 2000 if years < 100 else years, month, day)
    if found := _SOLID_MONTH.fullmatch(text):
        return _part(int(found.group(1)), int(found.group(2)), None)
    if _SERIAL.fullmatch(text):
        return _one(date(1899, 12, 30) + timedelta(days=int(float(text))))
    if found := _MONTH.fullmatch(text):
        return _part(int(found.group(1)), int(found.group(2)), found.group(3))
    if found := _YEAR.fullmatch(text):
        return Day(date(int(found.group(1)), 1, 1), date(int(found.group(1)), 12, 31))
    return _yearless(text, year)


def _yearless(text: str, year: int | None) -> Day | Unread:
    whole, part = _NO_YEAR.fullmatch(text), _PART.fullmatch(text)
    if not whole and not part:
        return Unread(NOT_UNDERSTOOD)
    if year is None:
        return Unread(NO_YEAR)
    if whole:
        return _day(year, int(whole.group(1)), int(whole.group(2)))
    assert part is not None  # noqa: S101 - one of the two matched
    return _part(year, int(part.group(1)), part.group(2))


def _one(day: date) -> Day:
    return Day(day, day)


def _day(year: int, month: int, day: int) -> Day | Unread:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Unread(NOT_POSSIBLE)
    try:
        return _one(date(year, month, day))
    except ValueError:
        return Unread(NOT_POSSIBLE)


def _part(year: int, month: int, third: str | None) -> Day | Unread:
    if not 1 <= month <= 12 or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Unread(NOT_POSSIBLE)
    end = calendar.monthrange(year, month)[1]
    first, last = _THIRDS.get(third, (21, end)) if third else (1, end)
    return Day(date(year, month, first), date(year, month, last))
