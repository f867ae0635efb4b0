"""A placement as typed or read from a ledger, and what the verbs answer."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Fact, Grade, Precision, settled
from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EndReason, EventKind


class AlreadyPlaced(Refusal):
    """The person has another main placement at that time.

    The parameter ``placement`` is the other one's id while it lasts, None when it is over.
    """

    code = "already_placed"
    message = N_(
        "The person is on record at %(employer)s from %(since)s to %(until)s. "
        "End that first, or record a change of employer."
    )


class StillPlaced(AlreadyPlaced):
    """The other placement lasts to this day."""

    message = N_(
        "The person is on post at %(employer)s since %(since)s. End that first, or record this as "
        "a change of employer."
    )


class EndBeforeStart(Invalid):
    """The end lies before the first day."""

    code = "end_before_start"
    message = N_("The end lies before the first day at work. Check both dates.")


class EmployerMissing(Invalid):
    """Nothing says where the person works."""

    code = "employer_missing"
    message = N_("Enter the employer or the workplace: one of them is needed.")


class SeekerGone(Refusal):
    """The record was withdrawn, erased or never existed."""

    code = "seeker_gone"
    message = N_("This person has no active record. Register the person again first.")


class OtherOffice(Refusal):
    """The person's home lies in another office's division."""

    code = "other_office"
    message = N_("The person's home belongs to another office, which records the placement.")


@dataclass(frozen=True, slots=True)
class PlacementDraft:
    """A placement to record.

    Attributes:
        employer_name: as told; the link to a registered employer is `employer_id`.
        started_on: first day at work; None when the source does not say: the placement is then
            kept to be completed and counts nowhere.
        intended_on: when the work was agreed, where it has not begun.
        workplace_division: today's code, as long as it is known.
        destination: as the source says it; None to work it out from the codes.
        home_division: at the start; None for the seeker's present one.
        household_category: at the start; None for the seeker's present one.
        wage_fen: per month.
        fingerprint: what makes the same row of a file the same placement; not personal.
    """

    employer_name: str
    channel: Channel
    started_on: date | None = None
    precision: Precision = Precision.DAY
    intended_on: date | None = None
    departed_on: date | None = None
    ended_on: date | None = None
    end_precision: Precision = Precision.DAY
    end_reason: EndReason = EndReason.UNKNOWN
    title: str = ""
    industry: str = ""
    workplace_division: str | None = None
    workplace_text: str = ""
    destination: Destination | None = None
    home_division: str | None = None
    household_category: str | None = None
    wage_fen: int | None = None
    employer_id: int | None = None
    position_id: int | None = None
    grade: Grade = Grade.E
    evidence: str = ""
    main: bool = True
    source: str = "form"
    fingerprint: str | None = None

    def facts(self) -> list[Fact[EventKind]]:
        """Return the events that the draft tells, in order."""
        told: list[Fact[EventKind]] = []
        if self.intended_on:
            told.append(Fact(EventKind.INTENTION, self.intended_on, grade=self.grade))
        if self.departed_on:
            told.append(Fact(EventKind.DEPARTED, self.departed_on, grade=self.grade))
        if self.started_on:
            told.append(
                Fact(EventKind.ON_POST, self.started_on, self.precision, self.grade, self.evidence)
            )
        if self.started_on and self.ended_on:
            told.append(self.end())
        return told

    def settled(self, working_from: date) -> "PlacementDraft":
        """Return the draft with vague days on the earliest that they can have been.

        Args:
            working_from: the person's sixteenth birthday.
        """
        if self.started_on is None:
            return self
        start = settled(
            Fact(EventKind.ON_POST, self.started_on, self.precision), working_from, self.departed_on
        ).occurred_on
        end = settled(self.end(), start).occurred_on if self.ended_on else None
        if (start, end) == (self.started_on, self.ended_on):
            return self
        return replace(self, started_on=start, ended_on=end)

    def end(self) -> Fact[EventKind]:
        """Return the event of the return home.

        Raises:
            ValueError: the draft tells no end.
        """
        if self.ended_on is None:
            raise ValueError("the draft tells no end")
        return Fact(
            EventKind.RETURNED_HOME,
            self.ended_on,
            self.end_precision,
            self.grade,
            self.evidence,
            self.end_reason,
        )


class Result(StrEnum):
    """What became of one draft of a batch."""

    CREATED = "created"
    UPDATED = "updated"  # the same placement, whose end was not known before
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to one draft.

    Attributes:
        refusal: why not; only when refused.
    """

    result: Result
    placement_id: int | None = None
    refusal: Refusal | None = None
