"""How long people stay: the Kaplan-Meier curve, its bounds, and how the others ended.

Source: Kaplan and Meier 1958, by scipy.stats.ecdf, with log-log bands; cumulative incidence of
competing ends by Aalen and Johansen 1978. Who was not heard of any more is taken out at the last
day they were seen, not today: taken to be present until now, they would inflate the curve.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from jobfair.retention.rules.courses import Course, Leaving

Floats = npt.NDArray[np.float64]
# Where fewer are left, a curve says more about single people than about the cohort.
LEAST_AT_RISK = 10


@dataclass(frozen=True, slots=True)
class Curve:
    """Share still at work, day by day of the days on which somebody left.

    Attributes:
        days: since the first day at work, ascending; (n,).
        share: staying on from that day; (n,).
        band_low, band_high: 95 % band; (n,), not a number where it is not defined.
        at_risk: how many were still followed just before that day; (n,).
        least, most: the curves that take all who are unknown for gone on the day after they were
            seen last, and for staying until now; (n,) each, at the same days.
        ends: cumulative incidence of each way of leaving; (n,) each; with ``share`` they add to 1.
    """

    courses: int
    days: npt.NDArray[np.int64]
    share: Floats
    band_low: Floats
    band_high: Floats
    at_risk: npt.NDArray[np.int64]
    least: Floats
    most: Floats
    ends: Mapping[Leaving, Floats]

    def share_on(self, day: int) -> float:
        """Return the share staying on some days after the first."""
        place = int(np.searchsorted(self.days, day, side="right"))
        return float(self.share[place - 1]) if place else 1.0


def last_seen(course: Course) -> date:
    """Return the last day that a course without an end is known to have lasted to."""
    if course.exempt_on is not None:
        return course.exempt_on
    return course.seen[-1] if course.seen else course.started_on


def curve_of(courses: Sequence[Course], as_of: date) -> Curve:
    """Return the curve of some courses.

    Args:
        courses: as of a day.
        as_of: that day; those who are unknown stay until then on the upper bound.

    Raises:
        ValueError: no courses.
    """
    if not courses:
        raise ValueError("no courses to draw a curve of")
    days = np.array(
        [((c.ended_on or last_seen(c)) - c.started_on).days for c in courses], dtype=np.int64
    )
    ended = np.array([c.ended_on is not None for c in courses])
    until = np.array([(as_of - c.started_on).days for c in courses], dtype=np.int64)
    out = np.array([c.exempt_on is not None for c in courses])
    at = np.unique(days[ended])
    share, low, high = _kaplan_meier(days, ended, at)
    unknown = ~ended & ~out
    least, _low, _high = _kaplan_meier(days, ended | (unknown & (days < until)), at)
    most, _low, _high = _kaplan_meier(np.where(unknown, until, days), ended, at)
    at_risk = len(days) - np.searchsorted(np.sort(days), at)
    return Curve(
        len(courses),
        at,
        share,
        low,
        high,
        at_risk,
        least,
        most,
        _incidence(courses, days, at, at_risk, share),
    )


def _kaplan_meier(
    days: npt.NDArray[np.int64], ended: npt.NDArray[np.bool_], at: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Return the share staying on at some days, with the band's lower and upper edge."""
    from scipy.stats import CensoredData, ecdf  # noqa: PLC0415 - takes half a second

    if not len(at):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    found = ecdf(CensoredData.right_censored(days, ~ended)).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no band where nobody, or everybody, left
        band = found.confidence_interval(method="log-log")
    return found.evaluate(at), band.low.evaluate(at), band.high.evaluate(at)


def _incidence(
    courses: Sequence[Course],
    days: npt.NDArray[np.int64],
    at: npt.NDArray[np.int64],
    at_risk: npt.NDArray[np.int64],
    share: Floats,
) -> dict[Leaving, Floats]:
    before = np.concatenate(([1.0], share[:-1])) if len(at) else share
    found: dict[Leaving, Floats] = {}
    for leaving in Leaving:
        mine = np.sort(days[[c.leaving is leaving for c in courses]])
        gone = np.searchsorted(mine, at, side="right") - np.searchsorted(mine, at)
        found[leaving] = np.cumsum(before * gone / at_risk)
    return found
