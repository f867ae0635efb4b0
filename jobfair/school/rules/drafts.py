"""An applicant as typed or read from an intake list, and whether the school may take them.

Source: eligibility as the intake form states it: lower secondary certificate, age 15 at entry,
guardian's consent for minors, household category with a proof valid on the day.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Fact, Grade
from jobfair.kit.i18n import N_
from jobfair.school.rules.events import Level, StudentEventKind
from jobfair.seekers.rules.drafts import HouseholdCategory, education_rank
from jobfair.seekers.rules.identity import IdNumber, age_on

ENTRY_AGE = 15
MAJORITY = 18
_JUNIOR_MIDDLE = 2
NEEDY = frozenset(
    {
        HouseholdCategory.REGISTERED_POOR,
        HouseholdCategory.LIFTED_OUT,
        HouseholdCategory.AT_RISK,
    }
)


class TooYoungToEnter(Invalid):
    """Not yet fifteen on the day of entry."""

    code = "too_young_to_enter"
    message = N_("A student must be %(age)s or older on the day of entry.")


class EntryBeforeApplication(Invalid):
    """The day of entry lies before the application."""

    code = "entry_before_application"
    message = N_("The day of entry lies before the application. Check both dates.")


class CertificateMissing(Invalid):
    """Has not finished junior middle school."""

    code = "certificate_missing"
    message = N_("The school takes people who have finished junior middle school or more.")


class GuardianMissing(Invalid):
    """A minor whose guardian has not agreed."""

    code = "guardian_missing"
    message = N_(
        "The guardian's consent is missing. Enter the applicant again with its day; that "
        "completes the record."
    )


class CertificateNotStated(Invalid):
    """Nobody has said which school certificate the applicant has."""

    code = "certificate_not_stated"
    message = N_(
        "The school certificate is not on record. Enter the applicant again with it; that "
        "completes the record."
    )


class EnrolledElsewhere(Refusal):
    """Has a place at another school, or in another year of this one."""

    code = "enrolled_elsewhere"
    message = N_("This person has a place already. Ask %(school)s about it before going on.")


class NumberTaken(Refusal):
    """Another student of the school has the number."""

    code = "number_taken"
    message = N_("Another student of the school has this student number.")


class Open(StrEnum):
    """What is still missing; the student is kept and waits for it."""

    GUARDIAN = "guardian"
    EDUCATION = "education"
    ENTRY_DAY = "entry_day"
    PROOF = "proof"


OPEN_NAMES = {
    Open.GUARDIAN: N_("The guardian's consent is missing: kept as an application."),
    Open.EDUCATION: N_("The school certificate is not stated: kept as an application."),
    Open.ENTRY_DAY: N_("The day of entry is missing: kept as admitted, not enrolled."),
    Open.PROOF: N_("The proof of the household category had expired: not counted as needy."),
}


@dataclass(frozen=True, slots=True)
class StudentDraft:
    """An applicant.

    Attributes:
        home_division: at application; today's code.
        applied_on: the day of the application; the category must be valid on it.
        enrolled_on: None when the student has not arrived yet.
        category_valid_until: end of the county's proof, None when it has none.
        education: GB/T 4658 code of the certificate; None when the source does not say.
    """

    name: str = field(repr=False)
    id_number: IdNumber
    home_division: str
    intake_year: int
    applied_on: date
    major: str
    level: Level = Level.SECONDARY
    enrolled_on: date | None = None
    student_number: str | None = None
    school_class: str = ""
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    household_category: str | None = None
    category_valid_until: date | None = None
    guardian_consent_on: date | None = None
    education: str | None = None
    grade: Grade = Grade.B
    evidence: str = ""
    source: str = "form"

    def facts(self) -> list[Fact[StudentEventKind]]:
        """Return the events the draft tells, in order."""
        told = [self._fact(StudentEventKind.APPLIED, self.applied_on)]
        if {Open.GUARDIAN, Open.EDUCATION} & set(self.open()):
            return told
        told.append(self._fact(StudentEventKind.ELIGIBILITY_CHECKED, self.applied_on))
        told.append(self._fact(StudentEventKind.ADMITTED, self.applied_on))
        if self.enrolled_on:
            told.append(self._fact(StudentEventKind.ENROLLED, self.enrolled_on))
        return told

    def _fact(self, kind: StudentEventKind, day: date) -> Fact[StudentEventKind]:
        return Fact(kind, day, grade=self.grade, evidence=self.evidence)

    def open(self) -> tuple[Open, ...]:
        """Return what is still missing."""
        entry = self.enrolled_on or self.applied_on
        minor = age_on(self.id_number.birth_date, entry) < MAJORITY
        found = {
            Open.GUARDIAN: minor and self.guardian_consent_on is None,
            Open.EDUCATION: self.education is None,
            Open.ENTRY_DAY: self.enrolled_on is None,
            Open.PROOF: self.household_category in NEEDY
            and not needy(self.household_category, self.category_valid_until, self.applied_on),
        }
        return tuple(name for name, missing in found.items() if missing)

    def check(self) -> None:
        """Check what no later paper can mend.

        Raises:
            TooYoungToEnter: under fifteen on the day of entry.
            EntryBeforeApplication: the dates are the wrong way round.
            CertificateMissing: has not finished junior middle school.
        """
        if self.enrolled_on and self.enrolled_on < self.applied_on:
            raise EntryBeforeApplication
        if age_on(self.id_number.birth_date, self.enrolled_on or self.applied_on) < ENTRY_AGE:
            raise TooYoungToEnter(age=ENTRY_AGE)
        rank = education_rank(self.education)
        if rank is not None and rank < _JUNIOR_MIDDLE:
            raise CertificateMissing


@dataclass(frozen=True, slots=True)
class Papers:
    """What a student's record holds of the papers that a step asks for."""

    birth_date: date
    guardian_consent_on: date | None
    education: str | None

    def check(self, fact: Fact[StudentEventKind]) -> None:
        """Check that a step may be recorded with these papers.

        Raises:
            GuardianMissing: a minor's eligibility without the guardian's consent.
            CertificateNotStated: eligibility without a certificate on record.
            TooYoungToEnter: under fifteen on the day of entry.
        """
        age = age_on(self.birth_date, fact.occurred_on)
        if fact.kind is StudentEventKind.ENROLLED and age < ENTRY_AGE:
            raise TooYoungToEnter(age=ENTRY_AGE)
        if fact.kind is not StudentEventKind.ELIGIBILITY_CHECKED:
            return
        if age < MAJORITY and self.guardian_consent_on is None:
            raise GuardianMissing
        if self.education is None:
            raise CertificateNotStated


def needy(category: str | None, valid_until: date | None, on: date) -> bool:
    """Return whether a household counts as needy on a day: the category and a valid proof."""
    return category in NEEDY and (valid_until is None or valid_until >= on)


class Result(StrEnum):
    """What became of one draft of a batch."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Admitted:
    """The answer to one draft.

    Attributes:
        refusal: why not; only when refused.
        open: what is still missing.
    """

    result: Result
    student_id: int | None = None
    refusal: Refusal | None = None
    open: tuple[Open, ...] = ()
