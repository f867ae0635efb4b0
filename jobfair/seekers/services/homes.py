"""Noting where people's homes were before they moved."""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.ids import new_key
from jobfair.seekers.models import SeekerMove
from jobfair.seekers.rules.homes import is_move

_MOVES = cast(Table, SeekerMove.__table__)


def note_moves(session: Session, changed: Iterable[tuple[int, str, str]]) -> None:
    """Keep the homes that records had until today, of those that have another one now.

    Args:
        session: the writing session.
        changed: record, its home before and its home now.
    """
    at, today = clock.now(), clock.today()
    rows = [
        {
            "key": new_key(),
            "seeker_id": seeker_id,
            "since": today,
            "from_division": before,
            "to_division": after,
            "recorded_at": at,
        }
        for seeker_id, before, after in changed
        if is_move(before, after)
    ]
    if rows:
        insert_rows(session, _MOVES, rows)
