"""One person at the counter: register, edit, renew, withdraw, erase, see in clear."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from jobfair.evidence.services import erase_files
from jobfair.kit import audit, clock
from jobfair.kit.changes import next_revision
from jobfair.kit.crypto import vault
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.occupations.rules import Proposal
from jobfair.occupations.services import propose_alias
from jobfair.seekers.models import HouseholdRecord, Seeker, SeekerWish
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules.drafts import (
    REGISTRATION_DAYS,
    TOO_YOUNG,
    Change,
    Refused,
    SeekerDraft,
    SeekerStatus,
    differences,
    lay_over,
    restated,
    settled,
    too_young,
)
from jobfair.seekers.rules.household import FACTS
from jobfair.seekers.services import columns
from jobfair.seekers.services.bulk import keep_household, write_wishes
from jobfair.seekers.services.duplicates import note_near_duplicates
from jobfair.seekers.services.homes import note_moves

_TABLE: Table = Seeker.__table__  # type: ignore[assignment]
_WHERE_MATTERS = frozenset({"name", "id_number", "home_division", "village"})


class RegisteredElsewhere(Refusal):
    """The ID number belongs to a record of another office."""

    code = "registered_elsewhere"
    message = N_(
        "This ID number is registered by another office. Ask that office to hand the record over."
    )


class ConsentMissing(Refusal):
    """Nobody is registered without having agreed."""

    status = 422
    code = "consent_missing"
    message = N_("The person must agree to the consent text before being registered.")


class TooYoungToRegister(Invalid):
    """A child is registered as looking for work by nobody."""

    code = "too_young_to_register"
    message = TOO_YOUNG


class WithdrawnBefore(Refusal):
    """The record was withdrawn, merged or erased and cannot be changed."""

    code = "record_not_in_use"
    message = N_("This record is not in use any more; open the one it was merged into.")


class NotWithdrawn(Refusal):
    """Only somebody who withdrew is erased."""

    code = "not_withdrawn"
    message = N_("Withdraw the consent first; then the personal data can be erased.")


class IdNumberTaken(Refusal):
    """Another record holds the ID number."""

    code = "id_number_taken"
    message = N_(
        "Another record already has this ID number. One person has one record: "
        "open that one, or merge the two."
    )


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a registration: a new record, or an old one with what changed in it."""

    seeker_id: int
    created: bool
    changes: tuple[Change, ...]


def _record(session: Session, seeker_id: int) -> Seeker:
    row = session.get(Seeker, seeker_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _active(session: Session, seeker_id: int) -> Seeker:
    row = _record(session, seeker_id)
    if row.status != SeekerStatus.ACTIVE:
        raise WithdrawnBefore
    return row


def register_seeker(
    session: Session,
    draft: SeekerDraft,
    *,
    registered_by: int | None,
    scope_division: str | None = None,
) -> Registered:
    """Register a person, or lay what was typed over the record of the same ID number.

    Raises:
        ConsentMissing: no consent text was agreed to.
        TooYoungToRegister: the person is under sixteen.
        RegisteredElsewhere: the person belongs to an office outside the caller's division.
    """
    if draft.consent_version is None:
        raise ConsentMissing
    if too_young(draft, clock.today()):
        raise TooYoungToRegister
    revision = next_revision(session, "seeker")
    index = sealed.id_index(draft.id_number.text)
    found = session.execute(select(Seeker).where(Seeker.id_index == index)).scalar_one_or_none()
    if found is None:
        return _register_new(session, draft, revision, registered_by)
    if scope_division and not found.home_division.startswith(scope_division):
        raise RegisteredElsewhere
    if found.status == SeekerStatus.MERGED:
        raise WithdrawnBefore
    was_withdrawn = found.status == SeekerStatus.WITHDRAWN
    if was_withdrawn:
        found.status = SeekerStatus.ACTIVE.value
        found.consent_version = None
        session.flush()
    before = sealed.open_draft(found, sealed.wishes_of(session, [found.id]).get(found.id, []))
    after = lay_over(before, draft)
    changes = _store(session, found, before, after, revision, office_id=registered_by)
    audit.record(
        session,
        "seeker.register_again",
        subject="seeker",
        subject_id=found.id,
        detail={"fields": [change.name for change in changes]},
    )
    return Registered(found.id, created=False, changes=changes)


def _register_new(
    session: Session, draft: SeekerDraft, revision: int, registered_by: int | None
) -> Registered:
    row = columns.new_row(
        draft, at=clock.now(), revision=revision, registered_by=registered_by, source="form"
    )
    seeker_id = session.execute(insert(_TABLE).values(row).returning(_TABLE.c.id)).scalar_one()
    write_wishes(session, seeker_id, draft)
    if not draft.household.empty:
        _keep_household(session, seeker_id, draft, registered_by)
    note_near_duplicates(session, fresh=frozenset({seeker_id}), blocks=[row["block"]])
    audit.record(session, "seeker.register", subject="seeker", subject_id=seeker_id)
    return Registered(seeker_id, created=True, changes=())


def _keep_household(
    session: Session, seeker_id: int, draft: SeekerDraft, office_id: int | None
) -> None:
    keep_household(session, seeker_id, draft.household, source="form", office_id=office_id)


def _store(
    session: Session,
    row: Seeker,
    before: SeekerDraft,
    after: SeekerDraft,
    revision: int,
    *,
    office_id: int | None = None,
) -> tuple[Change, ...]:
    changes = differences(before, after)
    names = {change.name for change in changes}
    changed = columns.changed_row(before, after, key=row.key, at=clock.now(), revision=revision)
    for column, value in changed.items():
        setattr(row, column, value)
    session.flush()
    if "home_division" in names:
        note_moves(session, [(row.id, before.home_division, after.home_division)])
    if "wishes" in names:
        write_wishes(session, row.id, after)
    if not names.isdisjoint(FACTS):
        _keep_household(session, row.id, after, office_id)
    if names & _WHERE_MATTERS:
        note_near_duplicates(session, fresh=frozenset({row.id}), blocks=[row.block])
    return changes


def edit_seeker(
    session: Session, seeker_id: int, draft: SeekerDraft, *, office_id: int | None = None
) -> tuple[Change, ...]:
    """Put a draft in the place of what the record says; empty fields are emptied.

    Args:
        session: the writing session.
        seeker_id: whose record.
        draft: what was typed.
        office_id: the office that edits.

    Returns:
        What changed, in the order of the form.

    Raises:
        NotFound: no such record.
        WithdrawnBefore: the record is not in use.
        IdNumberTaken: the corrected ID number belongs to another record.
    """
    revision = next_revision(session, "seeker")
    row = _active(session, seeker_id)
    before = sealed.open_draft(row, sealed.wishes_of(session, [seeker_id]).get(seeker_id, []))
    after = replace(
        draft,
        consent_version=draft.consent_version or before.consent_version,
        source_ref=draft.source_ref or before.source_ref,
        skills=draft.skills or (),
        certificates=draft.certificates or (),
        wanted_divisions=draft.wanted_divisions or (),
        refusals=draft.refusals or (),
        wishes=settled(before.wishes or (), draft.wishes or ()),
    )
    after = restated(before, after)
    if after.id_number != before.id_number:
        _refuse_taken(session, after)
    if not differences(before, after):
        return ()
    changes = _store(session, row, before, after, revision, office_id=office_id)
    audit.record(
        session,
        "seeker.edit",
        subject="seeker",
        subject_id=seeker_id,
        detail={"fields": [change.name for change in changes]},
    )
    return changes


def _refuse_taken(session: Session, draft: SeekerDraft) -> None:
    index = sealed.id_index(draft.id_number.text)
    taken = session.execute(select(Seeker.id).where(Seeker.id_index == index)).first()
    if taken:
        raise IdNumberTaken


def correct_wish(
    session: Session, seeker_id: int, place: int, *, code: str, user_id: int | None = None
) -> Proposal | None:
    """Set the occupation somebody chose for a wish; it stays while the wish's title does.

    Args:
        session: the writing session.
        seeker_id: whose wish.
        place: which one, counted from 1.
        code: the occupation.
        user_id: who corrects.

    Returns:
        What became of the correction as a lesson; None when the wish had this code already.

    Raises:
        NotFound: no such record or wish.
        WithdrawnBefore: the record is not in use.
    """
    revision = next_revision(session, "seeker")
    row = _active(session, seeker_id)
    wish = session.get(SeekerWish, (seeker_id, place))
    if wish is None:
        raise NotFound
    before = wish.occupation_code
    if before == code:
        return None
    wish.occupation_code = code
    row.revision, row.updated_at = revision, clock.now()
    audit.record(
        session,
        "seeker.occupation",
        subject="seeker",
        subject_id=seeker_id,
        detail={"wish": place, "from": before, "to": code},
    )
    return propose_alias(session, wish.title, code, before=before, user_id=user_id)


def renew_registration(session: Session, seeker_id: int) -> date:
    """Let a registration hold from today for its whole time; any contact may.

    Raises:
        WithdrawnBefore: the record is not in use.
    """
    revision = next_revision(session, "seeker")
    row = _active(session, seeker_id)
    row.expires_on = clock.today() + timedelta(days=REGISTRATION_DAYS)
    row.revision = revision
    audit.record(session, "seeker.renew", subject="seeker", subject_id=seeker_id)
    return row.expires_on


def correct_phone(session: Session, seeker_id: int, phone: str) -> None:
    """Put a telephone number in the place of the one on record; that is a contact, too.

    Raises:
        NotFound: no such record.
        WithdrawnBefore: the record is not in use.
    """
    revision = next_revision(session, "seeker")
    row = _active(session, seeker_id)
    before = sealed.open_draft(row, sealed.wishes_of(session, [seeker_id]).get(seeker_id, []))
    changes = _store(session, row, before, replace(before, phone=phone), revision)
    detail = {"fields": [change.name for change in changes]}
    audit.record(session, "seeker.edit", subject="seeker", subject_id=seeker_id, detail=detail)
    renew_registration(session, seeker_id)


def withdraw_consent(session: Session, seeker_id: int) -> None:
    """Take a person out of every ranking; the record and its history stay.

    Raises:
        WithdrawnBefore: the record is not in use.
    """
    revision = next_revision(session, "seeker")
    row = _active(session, seeker_id)
    row.status = SeekerStatus.WITHDRAWN.value
    row.consent_withdrawn_at = row.updated_at = clock.now()
    row.revision = revision
    audit.record(session, "seeker.withdraw", subject="seeker", subject_id=seeker_id)


def erase_seeker(session: Session, seeker_id: int) -> None:
    """Erase a person's name, number, phone, address, wishes and files of evidence.

    Figures keep year, sex and place.

    Raises:
        NotFound: no such record.
    """
    revision = next_revision(session, "seeker")
    row = _record(session, seeker_id)
    at = clock.now()
    row.name_sealed = vault().seal("", table=sealed.TABLE, column="name_sealed", row=row.key)
    row.id_number_sealed = vault().seal(
        "", table=sealed.TABLE, column="id_number_sealed", row=row.key
    )
    indexes = columns.keyed_columns(name="", id_number="", phone=None, home_division="")
    for column, value in indexes.items():
        setattr(row, column, value)
    row.phone_sealed = row.address_sealed = row.file_mark = None
    row.village = row.travel_group = row.current_job = row.source_ref = None
    row.household_no_sealed = None
    row.only_with_group = False
    row.birth_date = row.birth_date.replace(month=1, day=1)
    row.block = row.key[:20]
    row.skills, row.certificates, row.refusals = [], [], []
    if row.status == SeekerStatus.ACTIVE:
        row.status = SeekerStatus.WITHDRAWN.value
    row.consent_withdrawn_at = row.consent_withdrawn_at or at
    row.erased_at = row.updated_at = at
    row.revision = revision
    session.execute(delete(SeekerWish).where(SeekerWish.seeker_id == seeker_id))
    session.execute(delete(HouseholdRecord).where(HouseholdRecord.seeker_id == seeker_id))
    merged = select(Seeker.id).where(Seeker.merged_into_id == seeker_id)
    erase_files(session, [seeker_id, *session.execute(merged).scalars()])
    audit.record(session, "seeker.erase", subject="seeker", subject_id=seeker_id)


def reveal_seeker(session: Session, seeker_id: int, *, reason: str) -> SeekerDraft:
    """Return a record in clear; that somebody looked, and why, is recorded.

    Args:
        session: a writing session, for the audit entry.
        seeker_id: the record.
        reason: a code of the page's list, never free text.

    Raises:
        NotFound: no such record, or it was erased.
    """
    row = session.get(Seeker, seeker_id)
    if row is None or row.erased_at is not None:
        raise NotFound
    wishes = sealed.wishes_of(session, [seeker_id]).get(seeker_id, [])
    detail = {"reason": reason, "fields": ["name", "id_number", "phone", "address"]}
    audit.record(session, "seeker.unmask", subject="seeker", subject_id=seeker_id, detail=detail)
    return sealed.open_draft(row, wishes)


def mark_employed(
    session: Session, since: Mapping[int, date], *, current_job: str | None = None
) -> None:
    """Say that people are in work since a day, so that rankings leave them out.

    Args:
        session: the writing session.
        since: seeker id to the first day of work.
        current_job: what they work as; None leaves what is on record.
    """
    if not since:
        return
    shared: dict[str, object] = {"current_job": current_job} if current_job else {}
    rows = [{"of_id": one, "employed_since": day, **shared} for one, day in since.items()]
    _mark(session, rows)
    audit.record(session, "seeker.employed", subject="seeker", detail={"count": len(since)})


def mark_available(session: Session, ids: Iterable[int]) -> None:
    """Say that people are out of work again, so that rankings take them in."""
    every = list(ids)
    if not every:
        return
    _mark(session, [{"of_id": one, "employed_since": None, "current_job": None} for one in every])
    audit.record(session, "seeker.available", subject="seeker", detail={"count": len(every)})


def note_refusal(session: Session, ids: Collection[int], refused: Refused) -> None:
    """Add to what people do not want, because they left work for it.

    It stands in their record as if they had said it at registration, and is changed there.
    """
    found = session.execute(
        select(_TABLE.c.id, _TABLE.c.refusals).where(_TABLE.c.id.in_(ids))
    ).all()
    new = [row for row in found if refused not in row.refusals]
    if not new:
        return
    _mark(session, [{"of_id": row.id, "refusals": [*row.refusals, str(refused)]} for row in new])
    detail = {"refused": str(refused), "count": len(new)}
    subject_id = new[0].id if len(new) == 1 else None
    audit.record(session, "seeker.refusal", subject="seeker", subject_id=subject_id, detail=detail)


def _mark(session: Session, rows: list[dict[str, object]]) -> None:
    """Write some columns of many people; every row names the same columns."""
    shared = {"revision": next_revision(session, "seeker"), "updated_at": clock.now()}
    person = update(_TABLE).where(_TABLE.c.id == bindparam("of_id"))
    session.execute(person, [row | shared for row in rows])
