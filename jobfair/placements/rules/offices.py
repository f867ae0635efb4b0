"""Which office a person counts for whom several say they placed. Pure.

Source: the counting rules, C15: once, for the office with the earlier evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import BRIDGE_DAYS, overlap


@dataclass(frozen=True, slots=True)
class OfficeClaim:
    """One office's word that it placed somebody.

    Attributes:
        happened_on: first day at work, as this office has it.
        recorded_at: when it said so.
        proved: whether it stands on evidence of grade A to D.
    """

    office_id: int
    placement_id: int
    happened_on: date
    recorded_at: datetime
    proved: bool = True


def by_evidence(claims: Iterable[OfficeClaim]) -> list[OfficeClaim]:
    """Return claims of one person, the one that counts first.

    Evidence before none; then what happened first; then what was recorded first. Equal ones fall
    by the numbers of office and placement, so that the answer is always the same.
    """
    return sorted(
        claims,
        key=lambda c: (not c.proved, c.happened_on, c.recorded_at, c.office_id, c.placement_id),
    )


def offices_of(claims: Iterable[OfficeClaim]) -> set[int]:
    """Return the offices that claim a person."""
    return {claim.office_id for claim in claims}


class NotTheSameWork(Invalid):
    """No other office has this work of the person on record."""

    code = "not_the_same_work"
    message = N_(
        "No other office has this work on record: common days, and the same employer or nearly the "
        "same first day. Compare the day and the employer with the person's line."
    )


@dataclass(frozen=True, slots=True)
class Work:
    """A time at work as somebody tells it; the employer may be empty."""

    employer: str
    started_on: date | None
    ended_on: date | None


def same_work(a: Work, b: Work) -> bool:
    """Return whether two offices tell of the same work: common days, and employer or start agree.

    Two different employers on the same days, begun far apart, are a contradiction to be mended.
    """
    if a.started_on is None or b.started_on is None:
        return False
    if not overlap((a.started_on, a.ended_on), (b.started_on, b.ended_on)):
        return False
    names = (a.employer.strip().casefold(), b.employer.strip().casefold())
    together = abs((a.started_on - b.started_on).days) <= BRIDGE_DAYS
    return names[0] == names[1] or together
