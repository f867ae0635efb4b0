"""Many seekers at once: one look-up, one insert and one update for each few thousand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_keyed, insert_rows
from jobfair.kit.changes import next_revision
from jobfair.kit.i18n import N_
from jobfair.seekers.models import HouseholdRecord, Seeker, SeekerWish
from jobfair.seekers.queries import sealed
from jobfair.seekers.queries.people import kept_record
from jobfair.seekers.rules.drafts import (
    TOO_YOUNG,
    SeekerDraft,
    SeekerStatus,
    differences,
    lay_over,
    too_young,
    with_household,
)
from jobfair.seekers.rules.household import FACTS, Household
from jobfair.seekers.services import columns
from jobfair.seekers.services.duplicates import note_near_duplicates
from jobfair.seekers.services.homes import note_moves

_BLOCK = 5_000
_HOUSEHOLD = frozenset(FACTS)
_TABLE: Table = Seeker.__table__  # type: ignore[assignment]
_WISHES: Table = SeekerWish.__table__  # type: ignore[assignment]
_HOUSEHOLDS: Table = HouseholdRecord.__table__  # type: ignore[assignment]

REPEATED = N_("The same ID number stands further up in this file; the upper row was taken.")
WITHDRAWN = N_(
    "This person has withdrawn consent. Register the person at the counter with a new consent."
)
ELSEWHERE = N_(
    "This person is registered by another office. Ask that office to hand the record over."
)
NOT_YOURS = N_("The home of this person lies outside your office's division.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: created, updated, unchanged or refused; reason is a msgid."""

    kind: str
    seeker_id: int | None = None
    reason: str | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all rows of one call share."""

    at: datetime
    revision: int
    registered_by: int | None
    source: str
    scope: str | None


def bulk_upsert(
    session: Session,
    drafts: Sequence[SeekerDraft],
    *,
    registered_by: int | None,
    source: str = "import",
    scope_division: str | None = None,
    look_for_duplicates: bool = True,
    seen: set[str] | None = None,
) -> list[Outcome]:
    """Register or update many people; the same draft again changes nothing.

    Args:
        session: the writing session.
        drafts: at most one for each ID number; a later one of the same is refused.
        registered_by: organisation that registers.
        source: where the drafts come from, as stored.
        scope_division: the division whose people may be written; None for all.
        look_for_duplicates: whether to fill the review list.
        seen: ID numbers met further up in the same file; those of the drafts are added.

    Returns:
        One outcome for each draft, in order.
    """
    # The counter's lock makes writers of seekers queue, so the look-up stays true until commit.
    batch = _Batch(
        clock.now(), next_revision(session, "seeker"), registered_by, source, scope_division
    )
    seen = set() if seen is None else seen
    outcomes: list[Outcome] = []
    for start in range(0, len(drafts), _BLOCK):
        found, blocks = _write(session, drafts[start : start + _BLOCK], batch, seen)
        outcomes += found
        if look_for_duplicates and blocks:
            note_near_duplicates(session, fresh=frozenset(blocks), blocks=set(blocks.values()))
    counts = Counter(outcome.kind for outcome in outcomes)
    if counts["created"] or counts["updated"]:
        audit.record(session, "seeker.import", subject="seeker", detail=dict(counts))
    return outcomes


def _write(
    session: Session, drafts: Sequence[SeekerDraft], batch: _Batch, seen: set[str]
) -> tuple[list[Outcome], dict[int, str]]:
    """Write one block; return its outcomes and the duplicate block of each record written."""
    indexes = [sealed.id_index(draft.id_number.text) for draft in drafts]
    known = _known(session, indexes)
    outcomes: list[Outcome | None] = []
    new: list[int] = []
    touched: dict[int, int] = {}
    for place, (draft, index) in enumerate(zip(drafts, indexes, strict=True)):
        row = known.get(index)
        verdict = _verdict(session, draft, row, batch, seen)
        seen.add(draft.id_number.text)
        outcomes.append(verdict)
        if verdict is None:
            if row is None:
                new.append(place)
            else:
                touched[row.id] = place
    blocks: dict[int, str] = {}
    for place, seeker_id in zip(
        new, _insert(session, [drafts[p] for p in new], batch), strict=True
    ):
        outcomes[place] = Outcome("created", seeker_id)
        blocks[seeker_id] = columns.block_of(drafts[place])
    written = _update(session, {i: drafts[p] for i, p in touched.items()}, batch)
    for seeker_id, place in touched.items():
        changed = written.get(seeker_id, ())
        outcomes[place] = Outcome("updated" if changed else "unchanged", seeker_id, None, changed)
        if {"name", "home_division", "village"} & set(changed):
            blocks[seeker_id] = columns.block_of(drafts[place])
    return [outcome for outcome in outcomes if outcome], blocks


def _known(session: Session, indexes: list[bytes]) -> dict[bytes, Any]:
    rows = session.execute(
        select(
            Seeker.id,
            Seeker.id_index,
            Seeker.status,
            Seeker.home_division,
            Seeker.file_mark,
            Seeker.merged_into_id,
        ).where(Seeker.id_index.in_(indexes))
    )
    return {bytes(row.id_index): row for row in rows}


def _fault(draft: SeekerDraft, row: Any, scope: str | None) -> str | None:
    """Return why a draft may not be written, as a msgid."""
    if scope and row is not None and not row.home_division.startswith(scope):
        return ELSEWHERE
    if scope and not draft.home_division.startswith(scope):
        return NOT_YOURS
    if row is not None and row.status == SeekerStatus.WITHDRAWN:
        return WITHDRAWN
    if too_young(draft, clock.today()):
        return TOO_YOUNG
    return None


def _verdict(
    session: Session, draft: SeekerDraft, row: Any, batch: _Batch, seen: set[str]
) -> Outcome | None:
    """Return what can be said at once; None when the draft must be written."""
    reason = REPEATED if draft.id_number.text in seen else _fault(draft, row, batch.scope)
    if reason:
        return Outcome("refused", None, reason)
    if row is None:
        return None
    if row.status == SeekerStatus.MERGED:
        return Outcome("unchanged", kept_record(session, row.merged_into_id))
    if row.file_mark == columns.file_mark(draft):
        return Outcome("unchanged", row.id)
    return None


def _insert(session: Session, drafts: Sequence[SeekerDraft], batch: _Batch) -> list[int]:
    if not drafts:
        return []
    rows = []
    for draft in drafts:
        row = columns.new_row(
            draft,
            at=batch.at,
            revision=batch.revision,
            registered_by=batch.registered_by,
            source=batch.source,
        )
        row["file_mark"] = columns.file_mark(draft)
        rows.append(row)
    ids = insert_keyed(session, _TABLE, rows)
    placed = [ids[row["key"]] for row in rows]
    wishes = [
        wish
        for seeker_id, draft in zip(placed, drafts, strict=True)
        for wish in columns.wish_rows(seeker_id, draft)
    ]
    insert_rows(session, _WISHES, wishes)
    told = zip(placed, drafts, strict=True)
    _keep_households(session, {i: d.household for i, d in told if not d.household.empty}, batch)
    return placed


def _keep_households(session: Session, said: dict[int, Household], batch: _Batch) -> None:
    """Keep what is on record of people's households from now on."""
    rows = [
        columns.household_row(
            person, one, at=batch.at, source=batch.source, office_id=batch.registered_by
        )
        for person, one in said.items()
    ]
    insert_rows(session, _HOUSEHOLDS, rows)


def _update(
    session: Session, drafts: dict[int, SeekerDraft], batch: _Batch
) -> dict[int, tuple[str, ...]]:
    """Lay drafts over records; return the names of the fields that changed, by record."""
    if not drafts:
        return {}
    stored = session.execute(select(_TABLE).where(_TABLE.c.id.in_(list(drafts)))).all()
    wishes = sealed.wishes_of(session, drafts)
    rows, changed, households, moved = [], {}, {}, []
    for record in stored:
        draft = drafts[record.id]
        before = sealed.open_draft(record, wishes.get(record.id, []))
        after = lay_over(before, draft)
        names = tuple(change.name for change in differences(before, after))
        if not names:
            continue
        changed[record.id] = names
        row = {"consent_at": record.consent_at, "consent_withdrawn_at": None}
        row |= columns.changed_row(
            before, after, key=record.key, at=batch.at, revision=batch.revision
        )
        rows.append(row | {"file_mark": columns.file_mark(draft), "of_id": record.id})
        if "home_division" in names:
            moved.append((record.id, before.home_division, after.home_division))
        if "wishes" in names:
            write_wishes(session, record.id, after)
        if not _HOUSEHOLD.isdisjoint(names):
            households[record.id] = after.household
    if rows:
        session.execute(update(_TABLE).where(_TABLE.c.id == bindparam("of_id")), rows)
    _keep_households(session, households, batch)
    note_moves(session, moved)
    return changed


def note_households(
    session: Session,
    said: Mapping[int, Household],
    *,
    office_id: int | None,
    source: str,
    scope_division: str | None = None,
) -> set[int]:
    """Lay what a list says of people's households over their records.

    Args:
        session: the writing session.
        said: seeker id to what is said; nothing said is nothing changed.
        office_id: who says it.
        source: where it was said, as stored.
        scope_division: the division whose people may be written; None for all.

    Returns:
        Whose record changed; the records of others' people and those out of use stay.
    """
    told = {person: one for person, one in said.items() if not one.empty}
    if not told:
        return set()
    at, revision = clock.now(), next_revision(session, "seeker")
    rows: list[dict[str, Any]] = []
    changed: dict[int, Household] = {}
    for some in in_slices(told):
        found = select(_TABLE).where(_TABLE.c.id.in_(some), _TABLE.c.status == SeekerStatus.ACTIVE)
        for record in session.execute(found):
            if not record.home_division.startswith(scope_division or ""):
                continue
            before = sealed.open_draft(record, ())
            after = with_household(before, told[record.id])
            if after != before:
                changed[record.id] = after.household
                row = columns.household_columns(after, record.key)
                shared = {"revision": revision, "updated_at": at, "of_id": record.id}
                rows.append(row | shared)
    if not rows:
        return set()
    session.execute(update(_TABLE).where(_TABLE.c.id == bindparam("of_id")), rows)
    _keep_households(session, changed, _Batch(at, revision, office_id, source, scope_division))
    audit.record(session, "seeker.household", subject="seeker", detail={"count": len(changed)})
    return set(changed)


def keep_household(
    session: Session, seeker_id: int, household: Household, *, source: str, office_id: int | None
) -> None:
    """Keep what is on record of one person's household from now on."""
    row = columns.household_row(
        seeker_id, household, at=clock.now(), source=source, office_id=office_id
    )
    insert_rows(session, _HOUSEHOLDS, [row])


def write_wishes(session: Session, seeker_id: int, draft: SeekerDraft) -> None:
    """Put a draft's wishes in the place of those on record."""
    session.execute(delete(_WISHES).where(_WISHES.c.seeker_id == seeker_id))
    insert_rows(session, _WISHES, columns.wish_rows(seeker_id, draft))
