"""What an employer owes after a fair at 7, 30 and 90 days, and what on record answers it already.

Source: the duty of employers to report whom they hired, whose neglect stands on the next booth
application, follows the Philippine labour department's (DOLE) rules of job fairs; the three days
follow the project's rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.placements.rules.kinds import Word


class Term(StrEnum):
    """How long after the end of a fair."""

    DAY_7 = "d7"
    DAY_30 = "d30"
    DAY_90 = "d90"


class DutyState(StrEnum):
    """What became of a duty."""

    OPEN = "open"
    DONE = "done"
    EXCUSED = "excused"
    DROPPED = "dropped"  # nobody accepted a post, or the employer is no exhibitor any more


TERM_DAYS: Mapping[Term, int] = MappingProxyType({Term.DAY_7: 7, Term.DAY_30: 30, Term.DAY_90: 90})
TERM_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Term.DAY_7: N_("7 days after the fair"),
        Term.DAY_30: N_("30 days after the fair"),
        Term.DAY_90: N_("90 days after the fair"),
    }
)
TERM_ASKS: Mapping[str, str] = MappingProxyType(
    {
        Term.DAY_7: N_("Who of those who accepted came, who did not, and why"),
        Term.DAY_30: N_("Who is on post since when, and whether the contract is signed"),
        Term.DAY_90: N_("Who is still there, and what was paid for the last month"),
    }
)
# An answer is taken from so many days before the last one.
_OPENS_BEFORE = timedelta(days=7)
# Fairs that ended longer ago make no duties any more.
LOOKED_BACK = timedelta(days=365)


class Said(StrEnum):
    """What an employer says of one person."""

    CAME = "came"
    ON_POST = "on_post"
    LEFT = "left"
    NOT_COME = "not_come"


class Why(StrEnum):
    """Why somebody did not come, or left; the list is closed."""

    LATER = "later"
    DECLINED = "declined"
    ELSEWHERE = "elsewhere"
    UNREACHED = "unreached"
    WITHDRAWN = "withdrawn"
    PAY = "pay"
    HOURS = "hours"
    LODGING = "lodging"
    FAMILY = "family"
    HEALTH = "health"
    DISMISSED = "dismissed"
    UNKNOWN = "unknown"


SAID_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Said.CAME: N_("Came"),
        Said.ON_POST: N_("At work here"),
        Said.LEFT: N_("Has left"),
        Said.NOT_COME: N_("Did not come"),
    }
)
WHY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Why.LATER: N_("Will come later"),
        Why.DECLINED: N_("Does not want to any more"),
        Why.ELSEWHERE: N_("Took other work"),
        Why.UNREACHED: N_("Cannot be reached"),
        Why.WITHDRAWN: N_("We took the offer back"),
        Why.PAY: N_("Because of the pay"),
        Why.HOURS: N_("Because of the hours"),
        Why.LODGING: N_("Because of the lodging"),
        Why.FAMILY: N_("For the family"),
        Why.HEALTH: N_("For health"),
        Why.DISMISSED: N_("We ended it"),
        Why.UNKNOWN: N_("We do not know"),
    }
)
# What may be said at each term.
SAYABLE: Mapping[str, tuple[Said, ...]] = MappingProxyType(
    {
        Term.DAY_7: (Said.CAME, Said.NOT_COME),
        Term.DAY_30: (Said.ON_POST, Said.LEFT, Said.NOT_COME),
        Term.DAY_90: (Said.ON_POST, Said.LEFT, Said.NOT_COME),
    }
)


class NotOpenYet(Refusal):
    """An answer before its time would be none."""

    code = "duty_not_open_yet"
    message = N_("This is asked from %(day)s on. Come back then.")


class NotAsked(Refusal):
    """The duty is excused, or nothing is owed."""

    code = "duty_not_asked"
    message = N_("Nothing is asked here any more.")


class ExcuseMissing(Invalid):
    """An excuse says why."""

    code = "excuse_missing"
    message = N_("Enter why the employer is excused. It stands beside the duty.")


@dataclass(frozen=True, slots=True)
class Window:
    """From when a duty may be answered, and its last day."""

    opens_on: date
    due_on: date


def window_of(fair_end: date, term: Term) -> Window:
    """Return when a duty of a fair may and must be answered."""
    due = fair_end + timedelta(days=TERM_DAYS[term])
    return Window(due - _OPENS_BEFORE, due)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is on record of one person whom an employer took at a fair.

    Attributes:
        answered_on: day of the newest answer to this duty; None without one.
        word: the employer's last word on the person's line, empty without one.
        word_told_on: the day on which it was recorded.
        signed_on: day of the contract on record.
        ended_on: last day at the post.
        paid_told_on: the day on which the employer last told the pay.
    """

    answered_on: date | None = None
    word: str = ""
    word_told_on: date | None = None
    signed_on: date | None = None
    ended_on: date | None = None
    paid_told_on: date | None = None


def answered_on(term: Term, opens_on: date, known: OnRecord) -> date | None:
    """Return the day since which a person needs no answer any more; None while one is owed.

    What the employer said elsewhere counts: in its monthly sheet, at another term, or by
    telephone to the office. Of somebody whose work ended nothing more is asked.
    """
    if known.answered_on is not None:
        return known.answered_on
    if known.ended_on is not None:
        return max(known.ended_on, opens_on)
    told = known.word_told_on
    if told is None:
        return None
    if known.word == Word.NOT_HERE or term is Term.DAY_7:
        return max(told, opens_on)
    if term is Term.DAY_30:
        said = known.word == Word.ON_POST and told >= opens_on and known.signed_on is not None
        return told if said else None
    paid = known.paid_told_on
    return paid if paid is not None and paid >= opens_on else None


def state_of(answers: Iterable[date | None], *, exhibits: bool) -> tuple[DutyState, date | None]:
    """Return where a duty stands, and the day on which it was done.

    Args:
        answers: of each person, the day of the answer.
        exhibits: whether the employer has positions at the fair.
    """
    found = list(answers)
    told = [day for day in found if day is not None]
    if not found or not exhibits:
        return DutyState.DROPPED, None
    if len(told) < len(found):
        return DutyState.OPEN, None
    return DutyState.DONE, max(told)


@dataclass(frozen=True, slots=True)
class Kept:
    """How an employer did what it owed; excused duties and those not yet due are in no number.

    Attributes:
        in_time: done by the last day.
        late: done after it.
        overdue: not done, and the last day is over.
        open: may be answered now and are not overdue.
    """

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    open: int = 0

    @property
    def owed(self) -> int:
        """How many were due."""
        return self.in_time + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """The share done in time; None while nothing was due."""
        return self.in_time / self.owed if self.owed else None


def kept_of(duties: Iterable[tuple[str, date, date, date | None]], today: date) -> Kept:
    """Return how duties were done.

    Args:
        duties: of each the state, the first and last day for it, and the day it was done.
        today: what is not done and was due before counts as overdue.
    """
    in_time = late = overdue = waiting = 0
    for state, opens_on, due_on, done_on in duties:
        if state == DutyState.DONE and done_on is not None:
            in_time += done_on <= due_on
            late += done_on > due_on
        elif state == DutyState.OPEN:
            overdue += due_on < today
            waiting += opens_on <= today <= due_on
    return Kept(in_time, late, overdue, waiting)
