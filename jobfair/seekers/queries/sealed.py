"""Opening a seeker's sealed columns, and the keyed indexes that find a person without opening."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.seekers.models import SeekerWish
from jobfair.seekers.rules.drafts import SeekerDraft, Wish
from jobfair.seekers.rules.identity import IdNumber

TABLE = "seeker"
HOUSEHOLD = "household_record"
LAST4_BYTES = 8
COUNTY = 6


class Sealed(Protocol):
    """A row that has its key; the columns are read by name."""

    @property
    def key(self) -> Any:
        """The row's own key."""


def name_index(name: str) -> bytes:
    """Return the index of a full name."""
    return vault().index(name, field="seeker.name")


def initials_index(initials: str) -> bytes:
    """Return the index of a name's pinyin initials in small letters."""
    return vault().index(initials, field="seeker.initials")


def id_index(number: str) -> bytes:
    """Return the index of a tidy 18-character ID number."""
    return vault().index(number, field="seeker.id_number")


def last4_index(number: str, home_division: str) -> bytes:
    """Return the short index of an ID number's last four characters within the home county."""
    text = f"{home_division[:COUNTY]}:{number[-4:]}"
    return vault().index(text, field="seeker.id_last4")[:LAST4_BYTES]


def phone_index(phone: str) -> bytes:
    """Return the index of a tidy phone number."""
    return vault().index(phone, field="seeker.phone")


def household_index(number: str, home_division: str) -> bytes:
    """Return the index of a household's number within its county, which gives it."""
    return vault().index(f"{home_division[:COUNTY]}:{number}", field="seeker.household_no")


def open_column(row: Sealed, column: str) -> str:
    """Return the text of a sealed column; empty when nothing is stored."""
    sealed: bytes | None = getattr(row, column)
    if sealed is None:
        return ""
    return vault().open(sealed, table=TABLE, column=column, row=row.key)


def open_draft(row: Any, wishes: Sequence[Wish]) -> SeekerDraft:
    """Return everything a record says, personal values in clear."""
    number = IdNumber.parse(open_column(row, "id_number_sealed"), today=clock.today())
    return SeekerDraft(
        name=open_column(row, "name_sealed"),
        id_number=number,
        home_division=row.home_division,
        phone=open_column(row, "phone_sealed") or None,
        address=open_column(row, "address_sealed") or None,
        village=row.village,
        ethnic_group=row.ethnic_group,
        education=row.education,
        hukou_kind=row.hukou_kind,
        household_category=row.household_category,
        household_category_since=row.household_category_since,
        experience_years=row.experience_years,
        skills=tuple(row.skills),
        certificates=tuple(row.certificates),
        wage_min=row.wage_min,
        wanted_divisions=tuple(row.wanted_divisions),
        available_from=row.available_from,
        travel_group=row.travel_group,
        only_with_group=row.only_with_group,
        refusals=tuple(row.refusals),
        wishes=tuple(wishes),
        current_job=row.current_job,
        consent_version=row.consent_version,
        source_ref=row.source_ref,
        household_no=open_column(row, "household_no_sealed") or None,
        relation=row.relation,
        household_since=row.household_since,
        labour_capacity=row.labour_capacity,
        labour_capacity_since=row.labour_capacity_since,
        exit_state=row.exit_state,
        exit_since=row.exit_since,
    )


def wishes_of(session: Session, ids: Iterable[int]) -> dict[int, list[Wish]]:
    """Return the wishes of some seekers in their order."""
    found: dict[int, list[Wish]] = {}
    for some in in_slices(ids):
        rows = session.execute(
            select(SeekerWish.seeker_id, SeekerWish.title, SeekerWish.occupation_code)
            .where(SeekerWish.seeker_id.in_(some))
            .order_by(SeekerWish.seeker_id, SeekerWish.place)
        )
        for seeker_id, title, code in rows:
            found.setdefault(seeker_id, []).append(Wish(title, code))
    return found
