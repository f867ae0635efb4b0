"""What a follow-up may find, what that writes on the placement's line, and when contact is lost.

Source: outcomes, grades and the rule of lost contact follow the project's rules of follow-ups.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Grade
from jobfair.kit.i18n import N_
from jobfair.placements.rules.kinds import EndReason, EventKind, ExemptReason

LOST_ATTEMPTS = 3
LOST_WAYS = 2


class Outcome(StrEnum):
    """What was found; the list is closed."""

    ON_POST_SAME = "on_post_same"
    ON_POST_OTHER = "on_post_other"
    RETURNED_SEASONAL = "returned_seasonal"
    RETURNED_FINAL = "returned_final"
    UNEMPLOYED_AWAY = "unemployed_away"
    IN_STUDY = "in_study"
    EXEMPT = "exempt"
    REFUSED = "refused"
    UNREACHED = "unreached"


class Way(StrEnum):
    """How somebody was asked."""

    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"
    EMPLOYER = "employer"
    RELATIVE = "relative"
    STATION = "station"
    OWN_LINK = "own_link"


class Problem(StrEnum):
    """What is wrong at the post."""

    UNPAID_WAGES = "unpaid_wages"
    INJURY = "injury"
    DISPUTE = "dispute"
    UNSUITED = "unsuited"
    FAMILY = "family"
    HEALTH = "health"


OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Outcome.ON_POST_SAME: N_("On post, same employer"),
        Outcome.ON_POST_OTHER: N_("On post, other employer"),
        Outcome.RETURNED_SEASONAL: N_("Home for the season"),
        Outcome.RETURNED_FINAL: N_("Home for good"),
        Outcome.UNEMPLOYED_AWAY: N_("Away without work"),
        Outcome.IN_STUDY: N_("Studying full-time"),
        Outcome.EXEMPT: N_("Out of the count, with evidence"),
        Outcome.REFUSED: N_("Does not want to say"),
        Outcome.UNREACHED: N_("Not reached"),
    }
)
WAY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Way.PHONE: N_("By telephone"),
        Way.VISIT: N_("Visit"),
        Way.MESSAGE: N_("Message"),
        Way.EMPLOYER: N_("Through the employer"),
        Way.RELATIVE: N_("Through a relative"),
        Way.STATION: N_("Through the station there"),
        Way.OWN_LINK: N_("Own link"),
    }
)
PROBLEM_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Problem.UNPAID_WAGES: N_("Unpaid wages"),
        Problem.INJURY: N_("Injury at work"),
        Problem.DISPUTE: N_("Dispute with the employer"),
        Problem.UNSUITED: N_("The work does not suit"),
        Problem.FAMILY: N_("Trouble in the family"),
        Problem.HEALTH: N_("Poor health"),
    }
)
# What an end may be for; of a return that is final, the season is not one.
HOME_REASONS = (EndReason.FINAL, EndReason.ILLNESS, EndReason.FAMILY)
LEAVING_REASONS = tuple(
    reason for reason in EndReason if reason not in {EndReason.SEASONAL, EndReason.FINAL}
)
_GRADES = {Way.EMPLOYER: Grade.B, Way.RELATIVE: Grade.D}
_KINDS = {
    Outcome.ON_POST_SAME: EventKind.FOLLOW_UP,
    Outcome.ON_POST_OTHER: EventKind.CHANGED_EMPLOYER,
    Outcome.RETURNED_SEASONAL: EventKind.RETURNED_HOME,
    Outcome.RETURNED_FINAL: EventKind.RETURNED_HOME,
    Outcome.UNEMPLOYED_AWAY: EventKind.LEFT_POST,
    Outcome.IN_STUDY: EventKind.EXEMPT,
    Outcome.EXEMPT: EventKind.EXEMPT,
}
# The reason where the outcome itself says it.
_REASONS = {
    Outcome.RETURNED_SEASONAL: EndReason.SEASONAL,
    Outcome.IN_STUDY: ExemptReason.STUDY,
}
_REASONS_OF: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.RETURNED_FINAL: HOME_REASONS,
    Outcome.UNEMPLOYED_AWAY: LEAVING_REASONS,
    Outcome.EXEMPT: tuple(ExemptReason),
}


class ReasonOfOther(Invalid):
    """The outcome needs a reason of its own list."""

    code = "reason_of_other"
    message = N_("Choose a reason that belongs to what was found.")


class RelativeUnnamed(Invalid):
    """An attempt through a relative says which."""

    code = "relative_unnamed"
    message = N_("Enter which relative was asked: relation and name.")


class EmployerUnnamed(Invalid):
    """A change of employer says to which, and where."""

    code = "employer_unnamed"
    message = N_("Enter the new employer and the workplace.")


class TooEarly(Refusal):
    """What the person is asked about has not begun."""

    code = "follow_up_before_first_day"
    message = N_("The first day at work is not recorded, or lies after this day.")


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: when, how, and whether anybody could say how the person is."""

    day: date
    way: Way
    reached: bool


def grade_of(way: Way) -> Grade:
    """Return how good evidence is that came in a way: employer B, relative D, in person C."""
    return _GRADES.get(way, Grade.C)


def kind_of(outcome: Outcome) -> EventKind | None:
    """Return what an outcome writes on the placement's line; None where nothing was learnt."""
    return _KINDS.get(outcome)


def reason_of(outcome: Outcome, reason: str) -> str:
    """Return the reason that goes on the line.

    Args:
        outcome: what was found.
        reason: as chosen; empty where the outcome says enough.

    Raises:
        ReasonOfOther: the outcome has reasons of its own, and this is none.
    """
    if outcome in _REASONS:
        return _REASONS[outcome]
    if outcome in _REASONS_OF and reason not in _REASONS_OF[outcome]:
        raise ReasonOfOther
    return reason if outcome in _REASONS_OF else ""


def lost_on(tried: Collection[Tried]) -> date | None:
    """Return the day on which contact was lost, None while it is not.

    Three attempts that failed, on three days, by two ways, one of them a named relative, since
    somebody was last reached. Days count, not the order in which attempts were told.
    """
    answered = max((t.day for t in tried if t.reached), default=date.min)
    failed: list[Tried] = []
    for one in sorted((t for t in tried if t.day > answered), key=lambda t: t.day):
        failed.append(one)
        days, ways = {t.day for t in failed}, {t.way for t in failed}
        if len(days) >= LOST_ATTEMPTS and len(ways) >= LOST_WAYS and Way.RELATIVE in ways:
            return one.day
    return None
