"""Where the office's record and the employer's word differ, and how that is settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_

DAYS_APART = 3  # days of the two sides may lie so far apart
SILENT = timedelta(days=14)  # after this one side's word without the other's is asked about
LOOKED_BACK = timedelta(days=365)


class Kind(StrEnum):
    """What differs."""

    DENIED = "denied"
    ARRIVAL = "arrival"
    FIRST_DAY = "first_day"
    OFFICE_SILENT = "office_silent"
    EMPLOYER_SILENT = "employer_silent"


class TaskState(StrEnum):
    """What became of a difference."""

    OPEN = "open"
    SETTLED = "settled"
    GONE = "gone"  # the two sides agree by now


class Settling(StrEnum):
    """Which word stands."""

    OFFICE = "office"
    EMPLOYER = "employer"
    EXPLAINED = "explained"


KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Kind.DENIED: N_("The employer says: not here"),
        Kind.ARRIVAL: N_("Days of arrival differ"),
        Kind.FIRST_DAY: N_("First days at work differ"),
        Kind.OFFICE_SILENT: N_("Only the employer has confirmed"),
        Kind.EMPLOYER_SILENT: N_("Only the office has confirmed"),
    }
)
STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        TaskState.OPEN: N_("To be settled"),
        TaskState.SETTLED: N_("Settled"),
        TaskState.GONE: N_("Agree by now"),
    }
)
SETTLING_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Settling.OFFICE: N_("The office's record stands; the employer's word is taken back"),
        Settling.EMPLOYER: N_("The employer's word stands; the office's record is put right"),
        Settling.EXPLAINED: N_("Both stand; the note explains it"),
    }
)
# Where one side is silent there is no second word that could stand instead.
POSSIBLE: Mapping[str, tuple[Settling, ...]] = MappingProxyType(
    {
        str(kind): (Settling.EXPLAINED,) if kind is Kind.EMPLOYER_SILENT else tuple(Settling)
        for kind in Kind
    }
)


class HowMissing(Invalid):
    """One of what is possible is chosen."""

    code = "settling_missing"
    message = N_("Choose which word stands.")


class NoteMissing(Invalid):
    """Settling says why."""

    code = "settling_note_missing"
    message = N_("Enter what was found out. It stays beside both words.")


class SettledAlready(Refusal):
    """A difference is settled once."""

    code = "settled_already"
    message = N_("This is settled already, or the two sides agree by now.")


@dataclass(frozen=True, slots=True)
class Differs:
    """One difference between the two sides.

    Attributes:
        office_on: the day by the office's record; None where it has none.
        employer_on: the day by the employer's word; None where it has none.
    """

    placement_id: int
    seeker_id: int
    home_division: str
    kind: Kind
    office_on: date | None
    employer_on: date | None

    @property
    def mark(self) -> str:
        """What tells this difference from a later one of the same kind: the two days."""
        return f"{self.office_on or ''}/{self.employer_on or ''}"


def apart(one: date, other: date) -> bool:
    """Return whether two days differ by more than people misremember."""
    return abs((one - other).days) > DAYS_APART
