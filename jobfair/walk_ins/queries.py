"""Reads of walk-ins."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.kit.crypto import vault
from jobfair.kit.masking import mask_name
from jobfair.seekers import queries as seekers
from jobfair.stations.models import Pairing, Station
from jobfair.walk_ins.models import WalkIn

TABLE = "walk_in"


@dataclass(frozen=True, slots=True)
class WalkInRow:
    """A walk-in in the office's list, the name masked.

    Attributes:
        seeker_id: the record it led to; None while it is to be completed.
        faults: why it is to be completed.
    """

    id: str
    fair_id: int
    desk: str
    at: datetime
    seeker_id: int | None
    name: str
    faults: tuple[str, ...]


def open_said(walk_in: WalkIn) -> dict[str, str]:
    """Return what was typed; empty once the person is registered."""
    if walk_in.said_sealed is None:
        return {}
    text = vault().open(walk_in.said_sealed, table=TABLE, column="said_sealed", row=walk_in.id)
    found: dict[str, str] = json.loads(text)
    return found


def list_walk_ins(
    session: Session, fair_id: int, *, limit: int, offset: int = 0
) -> list[WalkInRow]:
    """Return a fair's walk-ins: those to be completed first, then the newest."""
    rows = session.execute(
        select(WalkIn, Station.name)
        .join(Pairing, Pairing.id == WalkIn.pairing_id)
        .join(Station, Station.id == Pairing.station_id)
        .where(WalkIn.fair_id == fair_id)
        .order_by(WalkIn.seeker_id.is_not(None), WalkIn.at.desc(), WalkIn.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return _rows(session, [(walk_in, desk) for walk_in, desk in rows])


def find_walk_in(session: Session, walk_in_id: str) -> WalkInRow | None:
    """Return one walk-in."""
    row = session.execute(
        select(WalkIn, Station.name)
        .join(Pairing, Pairing.id == WalkIn.pairing_id)
        .join(Station, Station.id == Pairing.station_id)
        .where(WalkIn.id == walk_in_id)
    ).one_or_none()
    return _rows(session, [(row[0], row[1])])[0] if row else None


def _rows(session: Session, found: Sequence[tuple[WalkIn, str]]) -> list[WalkInRow]:
    people = seekers.names_of(session, [w.seeker_id for w, _ in found if w.seeker_id])
    return [
        WalkInRow(
            walk_in.id,
            walk_in.fair_id,
            desk,
            walk_in.at,
            walk_in.seeker_id,
            people[walk_in.seeker_id].name
            if walk_in.seeker_id
            else mask_name(open_said(walk_in).get("name", "")),
            tuple((walk_in.faults or "").split("\n")) if walk_in.faults else (),
        )
        for walk_in, desk in found
    ]


def count_walk_ins(session: Session, fair_id: int) -> tuple[int, int]:
    """Return how many walk-ins a fair has, and how many of them are to be completed."""
    total, open_ones = session.execute(
        select(func.count(), func.count().filter(WalkIn.seeker_id.is_(None))).where(
            WalkIn.fair_id == fair_id
        )
    ).one()
    return total, open_ones
