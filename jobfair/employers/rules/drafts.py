"""What is known about an employer or a position before it is stored."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from jobfair.kit.i18n import N_

_FEN = 100


class EmployerStatus(StrEnum):
    """How far the office has checked an employer."""

    DRAFT = "draft"
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REFUSED = "refused"


class PositionStatus(StrEnum):
    """Where a position stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    STOPPED = "stopped"


class PayType(StrEnum):
    """What the pay is counted by."""

    MONTHLY = "monthly"
    DAILY = "daily"
    HOURLY = "hourly"
    PIECE = "piece"
    YEARLY = "yearly"
    NEGOTIABLE = "negotiable"


class Shift(StrEnum):
    """How the day is cut."""

    DAY = "day"
    TWO = "two"
    THREE = "three"
    NIGHT = "night"
    FLEXIBLE = "flexible"


class EmployerKind(StrEnum):
    """单位性质."""

    STATE = "state"
    PRIVATE = "private"
    FOREIGN = "foreign"
    JOINT = "joint"
    LISTED = "listed"
    PUBLIC = "public"
    INDIVIDUAL = "individual"
    OTHER = "other"


LABELS: dict[StrEnum, str] = {
    EmployerStatus.DRAFT: N_("Draft"),
    EmployerStatus.UNVERIFIED: N_("Not verified"),
    EmployerStatus.VERIFIED: N_("Verified"),
    EmployerStatus.REFUSED: N_("Refused"),
    PositionStatus.DRAFT: N_("Draft"),
    PositionStatus.OPEN: N_("Open"),
    PositionStatus.CLOSED: N_("Closed"),
    PositionStatus.STOPPED: N_("Stopped"),
    PayType.MONTHLY: N_("By the month"),
    PayType.DAILY: N_("By the day"),
    PayType.HOURLY: N_("By the hour"),
    PayType.PIECE: N_("By the piece"),
    PayType.YEARLY: N_("By the year"),
    PayType.NEGOTIABLE: N_("Negotiable"),
    Shift.DAY: N_("Day shift"),
    Shift.TWO: N_("Two shifts"),
    Shift.THREE: N_("Three shifts"),
    Shift.NIGHT: N_("Night shift"),
    Shift.FLEXIBLE: N_("Flexible hours"),
    EmployerKind.STATE: N_("State-owned"),
    EmployerKind.PRIVATE: N_("Private"),
    EmployerKind.FOREIGN: N_("Foreign-funded"),
    EmployerKind.JOINT: N_("Joint venture"),
    EmployerKind.LISTED: N_("Listed company"),
    EmployerKind.PUBLIC: N_("Public institution"),
    EmployerKind.INDIVIDUAL: N_("Sole trader"),
    EmployerKind.OTHER: N_("Other"),
}

# Stands for a title until somebody writes one; the position is a draft meanwhile.
UNTITLED = "（岗位名称待补）"

# What a position lacks before it can be published, as stored in ``position.missing``.
MISSING_LABELS = {
    "title": N_("Job title"),
    "headcount": N_("Number to hire"),
    "wage": N_("Wage"),
    "workplace": N_("Workplace"),
    "credit_code": N_("Employer's credit code"),
    "verification": N_("Verification of the employer by the office"),
}


def employer_lacks(status: str, has_code: bool) -> list[str]:
    """Return what an employer lacks before its positions may be published."""
    if status == EmployerStatus.VERIFIED:
        return []
    return ["verification"] if has_code else ["credit_code", "verification"]


@dataclass(frozen=True, slots=True)
class MonthlyWage:
    """A gross wage range, in fen per month, both ends included."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise ValueError(f"wage {self.low}..{self.high} fen is not a range")

    @classmethod
    def from_yuan(cls, low: int, high: int) -> "MonthlyWage":
        """Return the range of whole yuan."""
        return cls(low * _FEN, high * _FEN)


@dataclass(frozen=True, slots=True)
class EmployerDraft:
    """An employer as registered or read from a file; the code is None when only the name is known.

    Raises:
        ValueError: no name, or a credit code that does not check out.
    """

    name: str
    credit_code: str | None = None
    kind: str | None = None
    industry_code: str | None = None
    division_code: str | None = None
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    source: str = "form"


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """A position as typed or read; None is "not said", never "no".

    Attributes:
        source_ref: the record's own number or address in the file it came from.
        wage: per month; None when negotiable or not said (``pay_type`` tells which).
        wage_text: the pay as it was written.
        pay_months: months paid in a year, 13 for 13薪.
        education_rank: rank of ``min_education``, low to high; 0 asks for nothing.
    """

    title: str
    headcount: int | None = None
    wage: MonthlyWage | None = None
    wage_text: str = ""
    pay_type: str | None = None
    pay_months: int | None = None
    occupation_code: str | None = None
    hours_per_day: float | None = None
    days_per_week: float | None = None
    shift: str | None = None
    night_shift: bool | None = None
    height_work: bool = False
    restricted_for_minors: bool = False
    lodging: bool | None = None
    meals: bool | None = None
    insurance: bool | None = None
    min_education: str | None = None
    education_rank: int | None = None
    min_experience_years: int | None = None
    min_age: int | None = None
    max_age: int | None = None
    certificates: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    requirements: str = ""
    description: str = ""
    workplace_division: str | None = None
    workplace_text: str = ""
    starts_on: date | None = None
    valid_until: date | None = None
    dispatch: bool = False
    source_ref: str | None = None

    def missing(self) -> tuple[str, ...]:
        """Return what the form requires and this draft lacks."""
        negotiable = self.pay_type == PayType.NEGOTIABLE
        lacks = (
            ("title", self.title == UNTITLED),
            ("headcount", self.headcount is None),
            ("wage", self.wage is None and not negotiable),
            ("workplace", not self.workplace_division),
        )
        return tuple(code for code, absent in lacks if absent)

    def content_digest(self) -> str:
        """Return what changes when anything in the draft changes.

        The occupation is not said but concluded from the title, otherwise when an alias is learnt.
        """
        said = replace(self, occupation_code=None)
        values = [getattr(said, field.name) for field in fields(said)]
        text = json.dumps(values, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def fingerprint(self) -> str:
        """Return what makes two rows of an employer the same position.

        The file's own number when it has one, else everything that was said: boards print the same
        title many times, and only a number tells a changed row from another one.
        """
        if self.source_ref:
            return hashlib.sha256(f"ref:{self.source_ref}".encode()).hexdigest()
        return replace(self, workplace_division=None).content_digest()


def kept_occupation(draft: PositionDraft, *, title: str, occupation_code: str | None) -> str | None:
    """Return the occupation a stored position keeps; None when its title has changed.

    Somebody may have corrected it.

    Args:
        draft: what is laid over the position.
        title: as stored.
        occupation_code: as stored.
    """
    return occupation_code if title == draft.title else None
