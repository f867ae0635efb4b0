"""A seeker as typed or read from a file, and what changes when it is laid over the record."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any

from jobfair.kit.i18n import N_
from jobfair.seekers.rules.household import FACTS, HOLDS, Household
from jobfair.seekers.rules.identity import IdNumber, age_on

# A registration is stale after this many days without any contact.
REGISTRATION_DAYS = 90
WISHES_AT_MOST = 5
# Labour Law art. 15: nobody younger may be employed.
REGISTERS_FROM = 16
TOO_YOUNG = N_(
    "Nobody under 16 is registered as looking for work. A child belongs in school: if it is in "
    "none, tell the education office of its home."
)


class SeekerStatus(StrEnum):
    """Whether a record is in use."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class HouseholdCategory(StrEnum):
    """家庭类别; each holds from a date on."""

    REGISTERED_POOR = "registered_poor"
    LIFTED_OUT = "lifted_out"
    AT_RISK = "at_risk"
    GENERAL = "general"


class HukouKind(StrEnum):
    """户口性质; shown to the office, never used in matching."""

    RURAL = "rural"
    URBAN = "urban"


class Refused(StrEnum):
    """What a seeker does not want."""

    NIGHT_SHIFT = "night_shift"
    HEIGHT_WORK = "height_work"
    PIECE_RATE = "piece_rate"
    DISPATCH = "dispatch"
    OTHER_PROVINCE = "other_province"


LABELS: dict[StrEnum, str] = {
    SeekerStatus.ACTIVE: N_("Registered"),
    SeekerStatus.WITHDRAWN: N_("Withdrawn"),
    SeekerStatus.MERGED: N_("Merged into another record"),
    HouseholdCategory.REGISTERED_POOR: N_("Registered poor household"),
    HouseholdCategory.LIFTED_OUT: N_("Lifted out of poverty"),
    HouseholdCategory.AT_RISK: N_("Household at risk"),
    HouseholdCategory.GENERAL: N_("General household"),
    HukouKind.RURAL: N_("Rural household register"),
    HukouKind.URBAN: N_("Urban household register"),
    Refused.NIGHT_SHIFT: N_("No night shifts"),
    Refused.HEIGHT_WORK: N_("No work at height"),
    Refused.PIECE_RATE: N_("No piece-rate pay"),
    Refused.DISPATCH: N_("No labour dispatch"),
    Refused.OTHER_PROVINCE: N_("Not outside the province"),
}
CATEGORY_NAMES = {str(value): LABELS[value] for value in HouseholdCategory}
SEX_LABELS = {"1": N_("Male"), "2": N_("Female")}

# Level, low to high. 高中 and 中专 open the same doors; the code order would say otherwise.
_RANK_BY_TENS = {"1": 6, "2": 5, "3": 4, "4": 3, "6": 3, "7": 2, "8": 1}
EDUCATION_LABELS = {
    "10": N_("Postgraduate"),
    "21": N_("Bachelor's degree"),
    "31": N_("Junior college"),
    "41": N_("Secondary vocational school"),
    "44": N_("Vocational high school"),
    "47": N_("Skilled workers' school"),
    "61": N_("Senior high school"),
    "71": N_("Junior middle school"),
    "81": N_("Primary school"),
    "90": N_("No schooling or other"),
}


def education_rank(code: str | None) -> int | None:
    """Return the level of a GB/T 4658 code: 1 primary … 6 postgraduate, 0 other, None unknown."""
    if not code:
        return None
    return _RANK_BY_TENS.get(code[:1], 0)


def education_group(code: str | None) -> str | None:
    """Return the code of ``EDUCATION_LABELS`` that a finer GB/T 4658 code belongs to."""
    if not code:
        return None
    if code in EDUCATION_LABELS:
        return code
    near = {"1": "10", "2": "21", "3": "31", "4": "41", "6": "61", "7": "71", "8": "81"}
    return near.get(code[:1], "90")


@dataclass(frozen=True, slots=True)
class Wish:
    """A kind of work somebody wants; the code is None when the title is in no list."""

    title: str
    occupation_code: str | None = None


@dataclass(frozen=True, slots=True)
class SeekerDraft:
    """A person as typed or read; None is "not said" and leaves the record as it is.

    Attributes:
        home_division: today's code of the home county (6 digits) or township (9).
        education: GB/T 4658 code.
        household_category_since: the day from which the category holds.
        wage_min: fen per month.
        wanted_divisions: today's codes of places wanted, any length.
        travel_group: the name people who want to travel together agreed on.
        only_with_group: goes with the whole group to one employer, or not at all.
        refusals: members of ``Refused``, or ``division:`` and a code.
        consent_version: the text the person agreed to; None in a draft keeps the one on record.
        source_ref: the record's own number in the file it came from.
        household_no: and what follows: as in ``Household``.
    """

    name: str = field(repr=False)
    id_number: IdNumber
    home_division: str
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    village: str | None = None
    ethnic_group: str | None = None
    education: str | None = None
    hukou_kind: str | None = None
    household_category: str | None = None
    household_category_since: date | None = None
    experience_years: int | None = None
    skills: tuple[str, ...] | None = None
    certificates: tuple[str, ...] | None = None
    wage_min: int | None = None
    wanted_divisions: tuple[str, ...] | None = None
    available_from: date | None = None
    travel_group: str | None = None
    only_with_group: bool | None = None
    refusals: tuple[str, ...] | None = None
    wishes: tuple[Wish, ...] | None = None
    current_job: str | None = None
    consent_version: str | None = None
    source_ref: str | None = None
    household_no: str | None = field(default=None, repr=False)
    relation: str | None = None
    household_since: date | None = None
    labour_capacity: str | None = None
    labour_capacity_since: date | None = None
    exit_state: str | None = None
    exit_since: str | None = None

    @property
    def household(self) -> Household:
        """What the draft says of the household."""
        return Household(**{name: getattr(self, name) for name in FACTS})


FIELDS = tuple(f.name for f in fields(SeekerDraft))
FIELD_LABELS = {
    "name": N_("Name"),
    "id_number": N_("ID number"),
    "home_division": N_("Home division"),
    "phone": N_("Phone"),
    "address": N_("Address"),
    "village": N_("Village"),
    "ethnic_group": N_("Ethnic group"),
    "education": N_("Education"),
    "hukou_kind": N_("Household register"),
    "household_category": N_("Household category"),
    "household_category_since": N_("Category holds since"),
    "experience_years": N_("Years of experience"),
    "skills": N_("Skills"),
    "certificates": N_("Certificates"),
    "wage_min": N_("Lowest monthly wage"),
    "wanted_divisions": N_("Places wanted"),
    "available_from": N_("Available from"),
    "travel_group": N_("Travel group"),
    "only_with_group": N_("Only with the whole group"),
    "refusals": N_("Does not want"),
    "wishes": N_("Occupations wanted"),
    "current_job": N_("Present work"),
    "consent_version": N_("Consent text"),
    "source_ref": N_("Number in the source"),
    "household_no": N_("Number of the household"),
    "relation": N_("Relation to the head"),
    "household_since": N_("Number and relation hold since"),
    "labour_capacity": N_("Ability to work"),
    "labour_capacity_since": N_("Ability holds since"),
    "exit_state": N_("Exit from poverty"),
    "exit_since": N_("Day of the exit"),
}


def too_young(draft: SeekerDraft, today: date) -> bool:
    """Return whether somebody may not be registered yet."""
    return age_on(draft.id_number.birth_date, today) < REGISTERS_FROM


@dataclass(frozen=True, slots=True)
class Change:
    """One field whose value differs; the values may be personal and are not printed."""

    name: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)


def lay_over(record: SeekerDraft, draft: SeekerDraft) -> SeekerDraft:
    """Return the record with everything the draft says in place; what it leaves out stays."""
    said = {name: getattr(draft, name) for name in FIELDS if getattr(draft, name) is not None}
    if draft.wishes is not None:
        said["wishes"] = settled(record.wishes or (), draft.wishes)
    if said.get("household_category", record.household_category) != record.household_category:
        said.setdefault("household_category_since", None)  # the old day was the old category's
    _settle_days(record, said)
    return replace(record, **said)


def with_household(record: SeekerDraft, household: Household) -> SeekerDraft:
    """Return the record with everything that is said of the household in place."""
    values = ((name, getattr(household, name)) for name in FACTS)
    said = {name: value for name, value in values if value is not None}
    _settle_days(record, said)
    return replace(record, **said)


def _settle_days(record: SeekerDraft, said: dict[str, Any]) -> None:
    """Put right from when on facts of the household hold.

    A changed fact does not hold since the old one's day. A later survey that says the same of
    number, relation and ability does not say that it began then.
    """
    for since, facts in HOLDS.items():
        before = getattr(record, since)
        if any(said.get(fact, getattr(record, fact)) != getattr(record, fact) for fact in facts):
            said.setdefault(since, None)
        elif since in said and isinstance(before, date):
            said[since] = min(said[since], before)


def restated(before: SeekerDraft, after: SeekerDraft) -> SeekerDraft:
    """Return an edited record; a changed fact of the household lost the day of the old one."""
    stale: dict[str, Any] = {
        since: None
        for since, facts in HOLDS.items()
        if getattr(before, since) == getattr(after, since)
        and any(getattr(before, fact) != getattr(after, fact) for fact in facts)
    }
    return replace(after, **stale)


def settled(record: Sequence[Wish], wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    """Return wishes with the occupations on record where the title is there already.

    Somebody may have corrected them.
    """
    known = {wish.title: wish.occupation_code for wish in record if wish.occupation_code}
    return tuple(Wish(wish.title, known.get(wish.title, wish.occupation_code)) for wish in wishes)


def differences(before: SeekerDraft, after: SeekerDraft) -> tuple[Change, ...]:
    """Return the fields whose values differ, in the order of the form."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS)
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


_VALUES = attrgetter(*(name for name in FIELDS if name not in {"id_number", "wishes"}))


def content(draft: SeekerDraft) -> str:
    """Return all a draft says as one text; personal, so only its keyed digest is stored.

    An occupation is not said but concluded from the title, otherwise when an alias is learnt.
    """
    wishes = draft.wishes
    wanted = None if wishes is None else [wish.title for wish in wishes]
    return repr((draft.id_number.text, wanted, _VALUES(draft)))
