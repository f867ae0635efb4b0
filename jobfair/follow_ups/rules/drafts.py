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
class FoundTerms:
    """What somebody found at the post beside the pay; None for what was not asked.

    Attributes:
        hours_per_day: worked on a usual day.
        days_per_week: worked in a usual week.
        lodging: whether there is a bed as promised.
        fee_fen: paid to the employer, an agency or an agent, deposits included.
        travel_fen: paid for the journey there.
        medical_fen: paid for the health check.
        documents_fen: paid for papers, photographs and copies.
        as_promised: whether the work is what was promised.
        contract: whether there is a contract in writing.
        insured: whether social insurance is paid.
        wants_change: whether the person looks for another post.
        stays_next_year: whether the person means to come back to this work next year.
    """

    hours_per_day: float | None = None
    days_per_week: float | None = None
    lodging: bool | None = None
    fee_fen: int | None = None
    travel_fen: int | None = None
    medical_fen: int | None = None
    documents_fen: int | None = None
    as_promised: bool | None = None
    contract: bool | None = None
    insured: bool | None = None
    wants_change: bool | None = None
    stays_next_year: bool | None = None

    @property
    def cost_fen(self) -> int | None:
        """What the person paid to get the job, in fen; None when nothing was asked."""
        parts = (self.fee_fen, self.travel_fen, self.medical_fen, self.documents_fen)
        told = [part for part in parts if part is not None]
        return sum(told) if told else None

    @property
    def told(self) -> bool:
        """Whether anything was found."""
        return self != FoundTerms()


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
        terms: what was found beside the pay.
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
    terms: FoundTerms = FoundTerms()
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
