"""Reads of the weights: the versions, and which is in use."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.kit.changes import current_revision
from jobfair.matching.core.weights import STANDARD, WEIGHTS, Profile, profile_of
from jobfair.matching.models import WeightProfile, WeightUse

# The kind of change that says: read again which version is in use.
WEIGHTS_CHANGED = "weights"
_LARGEST = 2**31 - 1  # what the column holds; an address may say more


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A version of the weights as lists show it.

    Attributes:
        note: why it was made; empty for the built-in one.
        created_at: None for the built-in one, which is as old as the program.
    """

    profile: Profile
    note: str = ""
    created_at: datetime | None = None
    created_by: int | None = None


@dataclass(frozen=True, slots=True)
class UseRow:
    """From when on a version was used, by whose choice."""

    version: int
    since: datetime
    chosen_by: int | None


def _row(stored: WeightProfile) -> ProfileRow:
    points = {name: getattr(stored, name) for name in WEIGHTS}
    profile = profile_of(stored.name, stored.version, points)
    return ProfileRow(profile, stored.note, stored.created_at, stored.created_by)


def list_profiles(session: Session) -> list[ProfileRow]:
    """Return every version, the newest first, the built-in one last."""
    rows = session.execute(
        select(WeightProfile)
        .where(WeightProfile.name == STANDARD.name)
        .order_by(WeightProfile.version.desc())
    ).scalars()
    return [*map(_row, rows), ProfileRow(STANDARD)]


def find_profile(session: Session, version: int) -> ProfileRow | None:
    """Return one version, None when there is none."""
    if version == STANDARD.version:
        return ProfileRow(STANDARD)
    if not 0 < version <= _LARGEST:
        return None
    stored = session.execute(
        select(WeightProfile).where(
            WeightProfile.name == STANDARD.name, WeightProfile.version == version
        )
    ).scalar_one_or_none()
    return _row(stored) if stored else None


def newest_version(session: Session) -> int:
    """Return the number of the version saved last."""
    stored = session.execute(
        select(func.max(WeightProfile.version)).where(WeightProfile.name == STANDARD.name)
    ).scalar_one_or_none()
    return stored or STANDARD.version


def list_uses(session: Session) -> list[UseRow]:
    """Return since when each version was in use, the present one first.

    Empty while nobody has chosen: the built-in version has been in use from the start.
    """
    rows = session.execute(
        select(WeightUse.version, WeightUse.since, WeightUse.chosen_by)
        .where(WeightUse.name == STANDARD.name)
        .order_by(WeightUse.id.desc())
    )
    return [UseRow(*row) for row in rows]


def version_in_use(session: Session) -> int:
    """Return the number of the version rankings use."""
    chosen = session.execute(
        select(WeightUse.version)
        .where(WeightUse.name == STANDARD.name)
        .order_by(WeightUse.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return STANDARD.version if chosen is None else chosen


def profile_in_use(session: Session) -> Profile:
    """Return the weights rankings use."""
    found = find_profile(session, version_in_use(session))
    if found is None:
        raise RuntimeError("a version of the weights is in use and not stored")
    return found.profile


def weights_revision(session: Session) -> int:
    """Return a number that grows whenever another version may be in use."""
    return current_revision(session, WEIGHTS_CHANGED)
