"""Turns a draft into a row: seals what is personal, computes the keyed indexes."""

from datetime import datetime, timedelta
from typing import Any

from jobfair.kit import clock
from jobfair.kit.crypto import vault
from jobfair.kit.ids import new_key
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules import duplicates
from jobfair.seekers.rules.drafts import (
    REGISTRATION_DAYS,
    WISHES_AT_MOST,
    SeekerDraft,
    SeekerStatus,
    content,
    education_rank,
)
from jobfair.seekers.rules.household import FACTS, Household


def _seal(text: str | None, column: str, key: str) -> bytes | None:
    if not text:
        return None
    return vault().seal(text, table=sealed.TABLE, column=column, row=key)


def block_of(draft: SeekerDraft) -> str:
    """Return what possible duplicates have in common: birth date and home county."""
    return f"{draft.id_number.birth_date}/{draft.home_division[: sealed.COUNTY]}"


def keyed_columns(
    *,
    name: str,
    id_number: str,
    phone: str | None,
    home_division: str,
    household_no: str | None = None,
) -> dict[str, bytes | None]:
    """Return the keyed indexes by which a person is found; of somebody erased, what finds nobody.

    Args:
        name: in clear, as the rest.
        id_number: 18 characters; empty once the person was erased.
        phone: None where there is none.
        home_division: in whose county the last four characters are looked for.
        household_no: None where there is none.
    """
    if not id_number:
        nothing = vault().index(new_key(), field="seeker.erased")
        indexes = dict.fromkeys(("name_index", "initials_index", "id_index"), nothing)
        last4 = {"id_last4_index": nothing[: sealed.LAST4_BYTES]}
        return indexes | last4 | {"phone_index": None, "household_index": None}
    return {
        "name_index": sealed.name_index(name),
        "initials_index": sealed.initials_index(duplicates.initials(name)),
        "id_index": sealed.id_index(id_number),
        "id_last4_index": sealed.last4_index(id_number, home_division),
        "phone_index": sealed.phone_index(phone) if phone else None,
        "household_index": sealed.household_index(household_no, home_division)
        if household_no
        else None,
    }


def content_columns(draft: SeekerDraft, key: str) -> dict[str, Any]:
    """Return the columns that hold what a draft says."""
    number = draft.id_number
    indexes = keyed_columns(
        name=draft.name,
        id_number=number.text,
        phone=draft.phone,
        home_division=draft.home_division,
        household_no=draft.household_no,
    )
    return (
        indexes
        | {
            "source_ref": draft.source_ref,
            "name_sealed": _seal(draft.name, "name_sealed", key),
            "id_number_sealed": _seal(number.text, "id_number_sealed", key),
            "phone_sealed": _seal(draft.phone, "phone_sealed", key),
            "address_sealed": _seal(draft.address, "address_sealed", key),
            "birth_date": number.birth_date,
            "sex": number.sex,
            "ethnic_group": draft.ethnic_group,
            "education": draft.education,
            "education_rank": education_rank(draft.education),
            "home_division": draft.home_division,
            "id_division": number.division,
            "village": draft.village,
            "block": block_of(draft),
            "hukou_kind": draft.hukou_kind,
            "household_category": draft.household_category,
            "household_category_since": draft.household_category_since,
            "experience_years": draft.experience_years,
            "skills": list(draft.skills or ()),
            "certificates": list(draft.certificates or ()),
            "wage_min": draft.wage_min,
            "wanted_divisions": list(draft.wanted_divisions or ()),
            "available_from": draft.available_from,
            "travel_group": draft.travel_group,
            "only_with_group": bool(draft.only_with_group),
            "refusals": list(draft.refusals or ()),
            "current_job": draft.current_job,
            "consent_version": draft.consent_version,
        }
        | household_columns(draft, key)
    )


def household_columns(draft: SeekerDraft, key: str) -> dict[str, Any]:
    """Return the columns that hold what a draft says of the household."""
    number = draft.household_no
    home = draft.home_division
    return {
        "household_index": sealed.household_index(number, home) if number else None,
        "household_no_sealed": _seal(number, "household_no_sealed", key),
    } | plain_household(draft.household)


def plain_household(said: Household) -> dict[str, Any]:
    """Return what is not sealed of a household, by column."""
    return {name: getattr(said, name) for name in FACTS if name != "household_no"}


def file_mark(draft: SeekerDraft) -> bytes:
    """Return the keyed digest of everything a draft says."""
    return vault().index(content(draft), field="seeker.file_mark")


def new_row(
    draft: SeekerDraft, *, at: datetime, revision: int, registered_by: int | None, source: str
) -> dict[str, Any]:
    """Return the whole row of somebody registered now."""
    key = new_key()
    return content_columns(draft, key) | {
        "key": key,
        "employed_since": None,
        "consent_at": at if draft.consent_version else None,
        "consent_withdrawn_at": None,
        "registered_at": at,
        "expires_on": clock.day_of(at) + timedelta(days=REGISTRATION_DAYS),
        "registered_by": registered_by,
        "status": SeekerStatus.ACTIVE.value,
        "merged_into_id": None,
        "erased_at": None,
        "source": source,
        "file_mark": None,
        "created_at": at,
        "updated_at": at,
        "revision": revision,
    }


def changed_row(
    before: SeekerDraft, after: SeekerDraft, *, key: str, at: datetime, revision: int
) -> dict[str, Any]:
    """Return the columns of a record whose content changes; the contact renews it."""
    row = content_columns(after, key) | {
        "expires_on": clock.day_of(at) + timedelta(days=REGISTRATION_DAYS),
        "updated_at": at,
        "revision": revision,
    }
    if after.consent_version and after.consent_version != before.consent_version:
        row["consent_at"] = at
        row["consent_withdrawn_at"] = None
    return row


def wish_rows(seeker_id: int, draft: SeekerDraft) -> list[dict[str, Any]]:
    """Return the rows of somebody's wishes."""
    return [
        {
            "seeker_id": seeker_id,
            "place": place,
            "title": wish.title,
            "occupation_code": wish.occupation_code,
        }
        for place, wish in enumerate((draft.wishes or ())[:WISHES_AT_MOST], 1)
    ]


def household_row(
    seeker_id: int, said: Household, *, at: datetime, source: str, office_id: int | None
) -> dict[str, Any]:
    """Return the row that keeps what is on record of somebody's household from now on."""
    key = new_key()
    number = said.household_no
    return {
        "key": key,
        "seeker_id": seeker_id,
        "household_no_sealed": vault().seal(
            number, table=sealed.HOUSEHOLD, column="household_no_sealed", row=key
        )
        if number
        else None,
        "source": source,
        "office_id": office_id,
        "recorded_at": at,
    } | plain_household(said)
