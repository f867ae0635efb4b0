"""The blueprint, and how a seeker's values are shown in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint
from flask_babel import format_date
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, who
from jobfair.accounts.rules import OrganisationKind
from jobfair.kit import clock, masking
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.web import db, language
from jobfair.occupations.core.resolver import Occupations
from jobfair.occupations.queries import occupations as known_occupations
from jobfair.occupations.rules import Standing, standing
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.seekers import queries
from jobfair.seekers.rules import drafts, household
from jobfair.seekers.rules.identity import IdNumber

bp = Blueprint("seekers", __name__, url_prefix="/seekers")

STATE_LABELS = {
    "active": N_("Looking for work"),
    "employed": N_("In work"),
    "expiring": N_("Expiring within 14 days"),
    "expired": N_("Registration expired"),
    "withdrawn": N_("Withdrawn"),
    "merged": N_("Merged into another record"),
}
STATE_LOOKS = {"active": "good", "employed": "", "expired": "warn", "withdrawn": "bad"}
_LABELS = {str(item): label for item, label in drafts.LABELS.items()}
_LABELS |= {**household.CAPACITY_NAMES, **household.EXIT_NAMES}
_YES, _NO = N_("Yes"), N_("No")
_MASKS = {
    "name": masking.mask_name,
    "phone": masking.mask_phone,
    "address": masking.mask_address,
    "household_no": masking.mask_end,
}


def occupations() -> Occupations:
    """Return the classification of occupations with the aliases accepted now."""
    with db().reading() as session:
        return known_occupations(session)


@dataclass(frozen=True, slots=True)
class ShownWish:
    """A wish with its occupation; ``place`` counts from 1."""

    place: int
    title: str
    occupation: str
    standing: Standing


def wishes_shown(found: queries.SeekerDetail) -> list[ShownWish]:
    """Return somebody's wishes with what they are taken for."""
    known = occupations()
    return [
        ShownWish(
            place,
            wish.title,
            codes.occupation_name(wish.occupation_code) or "",
            standing(known, wish.title, wish.occupation_code),
        )
        for place, wish in enumerate(found.row.wishes, 1)
    ]


def education_name(code: str | None) -> str:
    """Return an education in the page's language; empty when not stated."""
    group = drafts.education_group(code)
    return translate(drafts.EDUCATION_LABELS[group]) if group else ""


def relation_name(code: str | None) -> str:
    """Return a relation to the head in the page's language; empty when not stated."""
    return codes.name_of("relations", code, language()) if code else ""


def label(code: str | None) -> str:
    """Return a category, register kind or refusal in the page's language."""
    return translate(_LABELS[code]) if code in _LABELS else code or ""


bp.app_template_filter("seeker_label")(label)


@bp.app_template_filter("seeker_day")
def day_text(instant: datetime | None) -> str:
    """Return the Beijing day of an instant; empty when there is none."""
    return clock.day_of(instant).isoformat() if instant else ""


def yuan(fen: int | None) -> str:
    """Return a monthly wage in whole yuan; empty when not stated."""
    return f"{fen // 100:,}" if fen else ""


def registering_office() -> int | None:
    """Return the labour office the caller registers for; None for anybody else."""
    actor = who()
    office = actor.organisation_kind == OrganisationKind.LABOUR_OFFICE
    return actor.organisation_id if office else None


def find_in_reach(session: Session, seeker_id: int, permission: Permission) -> queries.SeekerDetail:
    """Return a record the caller may use.

    Raises:
        NotFound: there is none, or it belongs to another office.
    """
    found = queries.find_seeker(session, seeker_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(division=found.row.home_division)
    return found


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One changed field in words, personal values masked."""

    label: str
    before: str
    after: str


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "education": education_name,
    "wage_min": yuan,
    "relation": relation_name,
    "ethnic_group": lambda code: codes.name_of("ethnic_groups", code, language()),
}


def in_words(name: str, value: Any, places: dict[str, str]) -> str:
    """Return a draft's value as a page shows it, masked when personal."""
    match value:
        case None | "" | ():
            return "–"
        case IdNumber():
            return masking.mask_id_number(value.text)
        case date():
            return str(format_date(value))
        case tuple():
            return "、".join(in_words(name, part, places) for part in value)
        case drafts.Wish():
            return value.title
        case _:
            return _code_in_words(name, value, places)


def _code_in_words(name: str, value: Any, places: dict[str, str]) -> str:
    if isinstance(value, bool):
        return translate(_YES if value else _NO)
    if name in _MASKS:
        return _MASKS[name](value)
    if name in _WORDS:
        return _WORDS[name](value)
    return places.get(str(value)) or label(str(value))


def changes_in_words(session: Session, changes: Iterable[drafts.Change]) -> list[ShownChange]:
    """Return what changed in words."""
    every = list(changes)
    named = {
        str(code)
        for change in every
        if change.name in {"home_division", "wanted_divisions"}
        for value in (change.before, change.after)
        for code in (value if isinstance(value, tuple) else (value,))
        if code
    }
    places = regions.names_of(session, named) if named else {}
    return [
        ShownChange(
            translate(drafts.FIELD_LABELS[change.name]),
            in_words(change.name, change.before, places),
            in_words(change.name, change.after, places),
        )
        for change in every
    ]
