"""What is held and what is left of a fair's headcount, counted from the holds themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.fairs import queries as fairs
from jobfair.offers.models import Hold
from jobfair.offers.rules import HoldState


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One unit held, or given back."""

    id: int
    key: str
    position_id: int
    station_id: int | None
    seeker_id: int | None
    expires_at: datetime | None
    state: HoldState
    reason: str | None


@dataclass(frozen=True, slots=True)
class PostsLeft:
    """A position's headcount at a fair and what became of it; the parts add up to it."""

    headcount: int
    leased: int
    offered: int
    accepted: int

    @property
    def left(self) -> int:
        """Units nobody holds."""
        return self.headcount - self.leased - self.offered - self.accepted


def state_of(hold: Hold) -> HoldState:
    """Return where a held unit stands."""
    if hold.released_at is not None:
        return HoldState.RELEASED
    if hold.accepted_at is not None:
        return HoldState.ACCEPTED
    return HoldState.LEASED if hold.seeker_id is None else HoldState.OFFERED


def row_of(hold: Hold) -> HoldRow:
    """Return what is told of a hold."""
    return HoldRow(
        hold.id,
        hold.key,
        hold.position_id,
        hold.station_id,
        hold.seeker_id,
        hold.expires_at,
        state_of(hold),
        hold.reason,
    )


def find_hold(session: Session, key: str) -> HoldRow | None:
    """Return one hold by its key."""
    hold = session.execute(select(Hold).where(Hold.key == key)).scalar_one_or_none()
    return row_of(hold) if hold else None


def posts_left(session: Session, fair_id: int, now: datetime) -> dict[int, PostsLeft]:
    """Return what is left of every position of a fair, by position id.

    An offer nobody answered in time counts no more, whether or not its end is recorded yet.
    """
    live = Hold.released_at.is_(None)
    offered: Any = Hold.seeker_id.is_not(None) & Hold.accepted_at.is_(None)
    counts = session.execute(
        select(
            Hold.position_id,
            func.count().filter(Hold.seeker_id.is_(None)),
            func.count().filter(offered & (Hold.expires_at > now)),
            func.count().filter(Hold.accepted_at.is_not(None)),
        )
        .where(Hold.fair_id == fair_id, live)
        .group_by(Hold.position_id)
    )
    held = {position: parts for position, *parts in counts}
    return {
        position: PostsLeft(headcount, *held.get(position, (0, 0, 0)))
        for position, headcount in fairs.headcounts_of(session, fair_id).items()
    }
