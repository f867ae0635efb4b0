"""Whether a row tells of work that is on record: two offices, or one twice, in other words."""

import re
from dataclasses import dataclass
from datetime import date

# Two lists of one job differ by the days between the journey, the first day and the first pay.
_APART = 31
_LEGAL = re.compile(r"(有限|股份|责任|集团|公司|厂|店|部|[()\s])+$")
_MARKS = re.compile(r"[\s()（）·,，.。-]")
_TELLING = 2


@dataclass(frozen=True, slots=True)
class Work:
    """One time at work, as a row or the records have it.

    Attributes:
        placement_id: None for a row.
    """

    employer: str
    employer_id: int | None
    workplace: str
    division: str | None
    started_on: date | None
    ended_on: date | None
    placement_id: int | None = None

    @property
    def running(self) -> bool:
        """Whether no end is known."""
        return self.ended_on is None


def plain_employer(name: str) -> str:
    """Return what distinguishes an employer's name from others."""
    whole = _MARKS.sub("", name)
    return _LEGAL.sub("", whole) or whole


def same_work(row: Work, known: Work) -> bool:
    """Return whether a row and what is on record are the same time at work of one person."""
    return _same_employer(row, known) and _same_time(row, known)


def _same_employer(row: Work, known: Work) -> bool:
    if row.employer_id and row.employer_id == known.employer_id:
        return True
    ours, theirs = plain_employer(row.employer), plain_employer(known.employer)
    if ours and theirs:
        shorter, longer = sorted((ours, theirs), key=len)
        return ours == theirs or (len(shorter) > _TELLING and shorter in longer)
    if row.workplace and row.workplace == known.workplace:
        return True
    return bool(row.division) and row.division == known.division


def _same_time(row: Work, known: Work) -> bool:
    if row.started_on is None or known.started_on is None:
        return known.ended_on is None or known.ended_on == row.ended_on
    if known.ended_on is not None and row.started_on > known.ended_on:
        return False
    if row.ended_on is not None and row.ended_on < known.started_on:
        return False
    return abs((row.started_on - known.started_on).days) <= _APART
