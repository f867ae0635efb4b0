"""Where people's homes were on past days."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from jobfair.kit.bulk import in_slices
from jobfair.seekers.models import Seeker, SeekerMove
from jobfair.seekers.rules.homes import Move


def moves_of(session: Session, seeker_ids: Collection[int]) -> dict[int, list[Move]]:
    """Return the moves of some people in the order of recording."""
    found: dict[int, list[Move]] = {}
    for block in in_slices(sorted(seeker_ids)):
        rows = session.execute(
            select(SeekerMove).where(SeekerMove.seeker_id.in_(block)).order_by(SeekerMove.id)
        ).scalars()
        for row in rows:
            move = Move(row.since, row.from_division, row.to_division, row.recorded_at)
            found.setdefault(row.seeker_id, []).append(move)
    return found


def homes_before(
    session: Session, *, as_of: date, known_at: datetime | None = None
) -> dict[int, str]:
    """Return where those lived on a day, as it was known then, who moved afterwards."""
    later = [SeekerMove.since > as_of]
    if known_at is not None:
        later.append(SeekerMove.recorded_at > known_at)
    rows = session.execute(
        select(SeekerMove.seeker_id, SeekerMove.from_division)
        .where(or_(*later))
        .order_by(SeekerMove.id)
    )
    found: dict[int, str] = {}
    for row in rows:
        found.setdefault(row.seeker_id, row.from_division)
    return found


def has_moved() -> ColumnElement[bool]:
    """Return the condition that somebody's home was elsewhere once."""
    return Seeker.id.in_(select(SeekerMove.seeker_id))
