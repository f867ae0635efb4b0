"""Rights cases: what a problem at work is followed up as, by when, and how it may close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.follow_ups.rules.outcomes import Problem
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_


class CaseOutcome(StrEnum):
    """How a case closed."""

    SETTLED = "settled"
    PARTLY = "partly"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    UNFOUNDED = "unfounded"


CASE_OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        CaseOutcome.SETTLED: N_("Settled in full"),
        CaseOutcome.PARTLY: N_("Settled in part"),
        CaseOutcome.REFERRED: N_("Handed to arbitration or court"),
        CaseOutcome.WITHDRAWN: N_("Withdrawn by the person"),
        CaseOutcome.UNFOUNDED: N_("Found to be baseless"),
    }
)
# Problems that are a person's right, and days within which something must have been done: the
# employer applies for recognition of an injury within 30 (Regulation on Work-Related Injury
# Insurance, article 17), a dispute is decided within 45 (Labour Dispute Mediation and Arbitration
# Law, article 43); for unpaid wages the office's own 15.
CASE_DAYS: Mapping[Problem, int] = MappingProxyType(
    {Problem.UNPAID_WAGES: 15, Problem.INJURY: 30, Problem.DISPUTE: 45}
)


class CaseClosed(Refusal):
    """Nothing is added to a closed case."""

    code = "case_closed"
    message = N_("This case was closed on %(day)s. Open it again first.")


class CaseOpen(Refusal):
    """A case that is open cannot be opened."""

    code = "case_open"
    message = N_("This case is open already.")


class SameCaseOpen(Refusal):
    """One problem of one placement is one case."""

    status = 409
    code = "same_case_open"
    message = N_(
        "A case of this kind is open for this work since %(day)s. Add a step to it instead."
    )


class StepMissing(Invalid):
    """A step says what was done."""

    code = "step_missing"
    message = N_("Enter what was done.")


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What was done about a case, and how it stands then.

    Attributes:
        recovered_fen: money that reached the person by it; negative to correct an amount.
        claimed_fen: how much is owed, as far as it is known.
        outcome: closes the case.
    """

    note: str
    deadline: date
    owner_id: int | None
    recovered_fen: int = 0
    claimed_fen: int | None = None
    outcome: CaseOutcome | None = None


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case as somebody opens it.

    Attributes:
        note: what happened; the first of its steps.
        deadline: None for the one of its kind.
        claimed_fen: how much is owed, as far as it is known.
    """

    kind: Problem
    note: str
    owner_id: int | None
    deadline: date | None = None
    claimed_fen: int | None = None


def deadline_of(kind: Problem, opened_on: date) -> date:
    """Return the day by which something must have been done about a problem.

    Raises:
        KeyError: the problem is no rights case.
    """
    return opened_on + timedelta(days=CASE_DAYS[kind])
