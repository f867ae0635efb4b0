"""Verbs of the weights: save a version, use a version."""

from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.changes import next_revision
from jobfair.matching import queries
from jobfair.matching.core.weights import STANDARD, WEIGHTS, Profile, profile_of
from jobfair.matching.models import WeightProfile, WeightUse
from jobfair.matching.rules import (
    NoSuchProfile,
    NothingChanged,
    SavedMeanwhile,
    WeightDraft,
    check_draft,
)


def save_profile(
    session: Session, draft: WeightDraft, *, base: int, newest: int, user_id: int | None
) -> Profile:
    """Save weights as the next version.

    Args:
        session: the writing session.
        draft: the weights and why.
        base: the version they were made from.
        newest: the newest version their maker knew of.
        user_id: who saves.

    Raises:
        PointsOutOfRange: a weight is negative or too large.
        AllZero: no component counts.
        NoReason: nothing says why.
        NoSuchProfile: there is no such base.
        NothingChanged: the weights are those of the base.
        SavedMeanwhile: there is a newer version than the maker knew of.
    """
    check_draft(draft)
    # Whoever else saves waits here until this transaction ends.
    next_revision(session, queries.WEIGHTS_CHANGED)
    before = queries.find_profile(session, base)
    if before is None:
        raise NoSuchProfile
    found = queries.newest_version(session)
    if found != newest:
        raise SavedMeanwhile(version=found, next=found + 1)
    profile = profile_of(STANDARD.name, found + 1, draft.points)
    old, new = before.profile.points(), profile.points()
    changed = [name for name in WEIGHTS if old[name] != new[name]]
    if not changed:
        raise NothingChanged(version=base)
    stored = WeightProfile(
        name=profile.name,
        version=profile.version,
        **new,
        note=draft.note.strip(),
        created_at=clock.now(),
        created_by=user_id,
    )
    session.add(stored)
    session.flush()
    detail = {"profile": profile.label, "base": base, "fields": changed}
    audit.record(
        session, "weights.save", subject="weight_profile", subject_id=stored.id, detail=detail
    )
    return profile


def use_profile(session: Session, version: int, *, user_id: int | None) -> None:
    """Let rankings use a version from now on; nothing happens when they do already.

    Raises:
        NoSuchProfile: there is no such version.
    """
    next_revision(session, queries.WEIGHTS_CHANGED)
    found = queries.find_profile(session, version)
    if found is None:
        raise NoSuchProfile
    before = queries.version_in_use(session)
    if before == version:
        return
    chosen = WeightUse(
        name=found.profile.name, version=version, since=clock.now(), chosen_by=user_id
    )
    session.add(chosen)
    session.flush()
    detail = {"profile": found.profile.label, "before": before}
    audit.record(session, "weights.use", subject="weight_use", subject_id=chosen.id, detail=detail)
