"""What a fair may be called, when it is, and what keeps a position from being booked. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.employers.rules.drafts import MISSING_LABELS, EmployerStatus, PositionStatus
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

# A code stands in addresses; at least one letter, so that nobody takes it for an id.
_CODE = re.compile(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CODE = 40
_RESERVED = frozenset({"new", "import", "small"})
LONGEST_GATE = 60  # a station at a gate has its name
MOST_GATES = 40
MOST_HEADCOUNT = 100_000


class FairState(StrEnum):
    """Where a fair stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    PAST = "past"


STATE_NAMES: Mapping[FairState, str] = MappingProxyType(
    {
        FairState.COMING: N_("Coming"),
        FairState.RUNNING: N_("Now on"),
        FairState.PAST: N_("Past"),
    }
)

CLOSED, STOPPED = "closed", "stopped"
HINDRANCE_LABELS: Mapping[str, str] = MappingProxyType(
    MISSING_LABELS
    | {
        CLOSED: N_("the position is closed"),
        STOPPED: N_("the vacancy rules stop it"),
    }
)


class CodeUnusable(Invalid):
    """The code cannot stand in an address."""

    code = "fair_code_unusable"
    message = N_(
        "Use small letters, digits and single hyphens, with at least one letter, "
        "for example bijie-2026."
    )


class DaysReversed(Invalid):
    """The last day lies before the first."""

    code = "fair_days_reversed"
    message = N_("The last day is before the first. Check both dates.")


class GateUnusable(Invalid):
    """A gate's name is too long, or there are too many."""

    code = "gate_unusable"
    message = N_("Write at most 40 gates, one a line, each of at most 60 signs.")


def read_gates(text: str) -> tuple[str, ...]:
    """Return the names of gates written one a line, each once.

    Raises:
        GateUnusable: there are too many, or one is too long.
    """
    gates = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(gates) > MOST_GATES or any(len(gate) > LONGEST_GATE for gate in gates):
        raise GateUnusable
    return gates


def state_on(starts_on: date, ends_on: date, day: date) -> FairState:
    """Return where a fair stands on a day; both its days are included."""
    if day < starts_on:
        return FairState.COMING
    return FairState.RUNNING if day <= ends_on else FairState.PAST


def check_code(code: str) -> None:
    """Check that a code can stand in an address.

    Raises:
        CodeUnusable: it cannot.
    """
    if len(code) > LONGEST_CODE or code in _RESERVED or not _CODE.fullmatch(code):
        raise CodeUnusable


def check_days(starts_on: date, ends_on: date) -> None:
    """Check that the days are a range.

    Raises:
        DaysReversed: they are not.
    """
    if ends_on < starts_on:
        raise DaysReversed


def hindrances(status: str, employer_status: str, missing: Sequence[str]) -> tuple[str, ...]:
    """Return why a position may not be booked now; empty when it may.

    Args:
        status: of the position.
        employer_status: of its employer.
        missing: what the position lacks, as stored with it.
    """
    if status == PositionStatus.CLOSED:
        return (CLOSED,)
    found = list(missing) if status == PositionStatus.DRAFT else []
    if status == PositionStatus.STOPPED:
        found.append(STOPPED)
    if employer_status != EmployerStatus.VERIFIED:
        found.append("verification")
    return tuple(dict.fromkeys(found))
