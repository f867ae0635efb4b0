"""What a caller learnt, before it is recorded."""

from dataclasses import dataclass, field
from datetime import date

from jobfair.follow_ups.rules.outcomes import Outcome, Problem, Way
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_


class RecordedMeanwhile(Refusal):
    """Somebody else recorded a follow-up since the page was opened, or this was sent twice."""

    code = "recorded_meanwhile"
    message = N_(
        "A follow-up of this person was recorded at %(at)s, after you opened this page: look at it "
        "below. If yours tells something else, send it again."
    )


class SaysOtherwise(Refusal):
    """The line already has an end before the day on which the person is said to be at work."""

    code = "says_otherwise"
    message = N_(
        "You have the person at work on %(day)s, but the line says: %(end)s on %(ended)s. Both are "
        "below: reverse the one that is wrong."
    )


@dataclass(frozen=True, slots=True)
class FollowUpDraft:
    """One follow-up.

    Attributes:
        happened_on: the day on which somebody asked, or tried to.
        since: the day of the change, the return or the leaving; ``happened_on`` without it.
        reason: of an end, a word of its outcome's list.
        wage_fen: as paid, per month.
        seconds: length of the call.
        relative: relation and name of who was asked instead.
        employer_name: of a change of employer, with the workplace and its division.
        evidence: where the evidence is kept of what takes somebody out of the count.
        seen: the newest follow-up that the caller saw, 0 for none; None where nobody looked.
    """

    outcome: Outcome
    way: Way
    happened_on: date
    since: date | None = None
    reason: str = ""
    wage_fen: int | None = None
    wage_confirmed: bool = False
    seconds: int | None = None
    relative: str = field(default="", repr=False)
    employer_name: str = ""
    workplace_text: str = ""
    workplace_division: str | None = None
    problems: tuple[Problem, ...] = ()
    note: str = ""
    evidence: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a follow-up.

    Attributes:
        checkpoint: that it settled or was an attempt for; None for a contact beside one.
        lost: contact counts as lost now.
        next_placement_id: opened by a change of employer.
    """

    follow_up_id: int
    checkpoint: str | None
    lost: bool
    next_placement_id: int | None
