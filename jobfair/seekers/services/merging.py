"""Two records of one person become one, and can become two again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.changes import next_revision
from jobfair.kit.crypto import vault
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.seekers.models import NearDuplicate, Seeker, SeekerMerge, SeekerWish
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules.drafts import FIELDS, SeekerDraft, SeekerStatus, Wish
from jobfair.seekers.rules.household import HOLDS
from jobfair.seekers.services import columns
from jobfair.seekers.services.bulk import keep_household, write_wishes

# These say who the person is and where; the kept record's own stand.
_OWN = frozenset({"name", "id_number", "home_division"})
# Besides the draft's fields: the life of the record that the kept one takes over when it has none.
_LIFE = ("employed_since", "consent_at")
# Bookkeeping that a merge and its undoing both move forward.
_CLOCKWORK = frozenset({"updated_at", "revision"})


class NotMergeable(Refusal):
    """One of the two records is withdrawn or already merged."""

    code = "not_mergeable"
    message = N_("Only two records in use can be merged. Look at both again.")


class CannotUndo(Refusal):
    """The merge was undone already, or the kept record was itself merged later."""

    code = "cannot_undo_merge"
    message = N_("This merge cannot be undone now. Undo the later merge of this person first.")


def keep_apart(session: Session, duplicate_id: int, *, user_id: int | None) -> None:
    """Say that a pair is two people; it leaves the review list.

    Raises:
        NotFound: no such pair, or it was decided already.
    """
    pair = session.get(NearDuplicate, duplicate_id, with_for_update=True)
    if pair is None or pair.state != "open":
        raise NotFound
    pair.state, pair.decided_by, pair.decided_at = "kept_apart", user_id, clock.now()
    detail = {"a": pair.a_id, "b": pair.b_id}
    audit.record(
        session,
        "seeker.keep_apart",
        subject="near_duplicate",
        subject_id=duplicate_id,
        detail=detail,
    )


def _filled(kept: SeekerDraft, merged: SeekerDraft) -> SeekerDraft:
    """Return the kept record with what only the merged one says."""
    gains = {
        name: getattr(merged, name)
        for name in FIELDS
        if name not in _OWN and not getattr(kept, name) and getattr(merged, name)
    }
    for since, facts in HOLDS.items():
        # A day without its fact would be another fact's.
        if since in gains and not any(fact in gains for fact in facts):
            del gains[since]
    return replace(kept, **gains)


def _plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _value(plain: Any) -> Any:
    match plain:
        case {"bytes": text}:
            return bytes.fromhex(text)
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case _:
            return plain


def _wishes(session: Session, seeker_id: int) -> list[Wish]:
    return sealed.wishes_of(session, [seeker_id]).get(seeker_id, [])


def _as_lists(wishes: Sequence[Wish]) -> list[list[str | None]]:
    return [[wish.title, wish.occupation_code] for wish in wishes]


def merge_seekers(session: Session, *, kept_id: int, merged_id: int, user_id: int | None) -> int:
    """Merge one record into another; what only it says is carried over, its own row stays.

    Returns:
        The id of the merge, by which it can be undone.

    Raises:
        NotFound: one of them does not exist.
        NotMergeable: one of them is not in use, or they are the same record.
    """
    revision = next_revision(session, "seeker")
    rows = [session.get(Seeker, i, with_for_update=True) for i in sorted({kept_id, merged_id})]
    both = {row.id: row for row in rows if row is not None}
    if len(both) != len(rows):
        raise NotFound
    if len(both) < 2 or any(row.status != SeekerStatus.ACTIVE for row in both.values()):
        raise NotMergeable
    kept, merged = both[kept_id], both[merged_id]
    before = {c.key: getattr(kept, c.key) for c in Seeker.__table__.columns}
    wishes_before = _wishes(session, kept_id)
    _take_over(session, kept, merged)
    changed = [c for c in before if getattr(kept, c) != before[c] and c not in _CLOCKWORK]
    pair = _settle_pair(session, kept_id, merged_id, user_id)
    snapshot = {
        "before": {c: _plain(before[c]) for c in changed},
        "after": {c: _plain(getattr(kept, c)) for c in changed},
        "wishes_before": _as_lists(wishes_before),
        "wishes_after": _as_lists(_wishes(session, kept_id)),
        "pair": pair,
    }
    merged.status, merged.merged_into_id = SeekerStatus.MERGED.value, kept_id
    for row in (kept, merged):
        row.revision, row.updated_at = revision, clock.now()
    key = new_key()
    made = SeekerMerge(
        key=key,
        kept_id=kept_id,
        merged_id=merged_id,
        snapshot=vault().seal(
            json.dumps(snapshot), table="seeker_merge", column="snapshot", row=key
        ),
        at=clock.now(),
        by=user_id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "seeker.merge",
        subject="seeker",
        subject_id=kept_id,
        detail={"merged": merged_id, "merge": made.id, "columns": changed},
    )
    return made.id


def _take_over(session: Session, kept: Seeker, merged: Seeker) -> None:
    """Fill the kept row's empty columns; what it already says is not sealed anew."""
    own = sealed.open_draft(kept, _wishes(session, kept.id))
    full = _filled(own, sealed.open_draft(merged, _wishes(session, merged.id)))
    made = columns.content_columns(full, kept.key)
    for column, value in made.items():
        if not getattr(kept, column) and value:
            setattr(kept, column, value)
    for column in _LIFE:
        if getattr(kept, column) is None:
            setattr(kept, column, getattr(merged, column))
    if full.wishes != own.wishes:
        write_wishes(session, kept.id, full)
    if full.household != own.household:
        _keep_household(session, kept.id, full)


def _keep_household(session: Session, seeker_id: int, draft: SeekerDraft) -> None:
    keep_household(session, seeker_id, draft.household, source="merge", office_id=None)


def _settle_pair(session: Session, one: int, other: int, user_id: int | None) -> dict[str, Any]:
    """Mark the pair on the review list as merged; return what it was before."""
    a, b = min(one, other), max(one, other)
    pair = session.execute(
        select(NearDuplicate).where(NearDuplicate.a_id == a, NearDuplicate.b_id == b)
    ).scalar_one_or_none()
    if pair is None:
        made = {"a_id": a, "b_id": b, "score": 0, "state": "merged"}
        decided = {"decided_by": user_id, "decided_at": clock.now()}
        session.execute(insert(NearDuplicate).values(**made, **decided))
        return {}
    was = {name: _plain(getattr(pair, name)) for name in ("state", "decided_by", "decided_at")}
    pair.state, pair.decided_by, pair.decided_at = "merged", user_id, clock.now()
    return was


def unmerge(session: Session, merge_id: int, *, user_id: int | None) -> None:
    """Make two records of a merged one again, each as it was.

    A column of the kept record that was edited since the merge keeps the edit.

    Raises:
        NotFound: no such merge.
        CannotUndo: it was undone already, or the kept record is not in use.
    """
    revision = next_revision(session, "seeker")
    made = session.get(SeekerMerge, merge_id, with_for_update=True)
    if made is None:
        raise NotFound
    kept = session.get_one(Seeker, made.kept_id)
    merged = session.get_one(Seeker, made.merged_id)
    if made.undone_at is not None or kept.status != SeekerStatus.ACTIVE:
        raise CannotUndo
    opened = vault().open(made.snapshot, table="seeker_merge", column="snapshot", row=made.key)
    snapshot = json.loads(opened)
    household = sealed.open_draft(kept, ()).household
    for column, before in snapshot["before"].items():
        if getattr(kept, column) == _value(snapshot["after"][column]):
            setattr(kept, column, _value(before))
    own = sealed.open_draft(kept, ())
    if own.household != household:
        _keep_household(session, kept.id, own)
    if _as_lists(_wishes(session, kept.id)) == snapshot["wishes_after"]:
        _put_wishes(session, kept.id, snapshot["wishes_before"])
    merged.status, merged.merged_into_id = SeekerStatus.ACTIVE.value, None
    for row in (kept, merged):
        row.revision, row.updated_at = revision, clock.now()
    _reopen_pair(session, made, snapshot["pair"])
    made.undone_at = clock.now()
    audit.record(
        session,
        "seeker.unmerge",
        subject="seeker",
        subject_id=kept.id,
        detail={"merged": merged.id, "merge": merge_id, "by": user_id},
    )


def _put_wishes(session: Session, seeker_id: int, wishes: list[list[str | None]]) -> None:
    session.execute(delete(SeekerWish).where(SeekerWish.seeker_id == seeker_id))
    for place, (title, code) in enumerate(wishes, 1):
        row = {"seeker_id": seeker_id, "place": place, "title": title, "occupation_code": code}
        session.execute(insert(SeekerWish).values(row))


def _reopen_pair(session: Session, made: SeekerMerge, was: dict[str, Any]) -> None:
    a, b = min(made.kept_id, made.merged_id), max(made.kept_id, made.merged_id)
    pair = session.execute(
        select(NearDuplicate).where(NearDuplicate.a_id == a, NearDuplicate.b_id == b)
    ).scalar_one()
    if not was:
        session.delete(pair)
        return
    for name, value in was.items():
        setattr(pair, name, _value(value))
