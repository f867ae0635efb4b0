"""What stations are told of each other's records."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Kind

# Longer than any transaction of stations takes between its instant and its commit.
_SEEN_LATE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class GateEntry:
    """One entry as another station is told of it."""

    id: str
    card: bytes
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class GateNews:
    """What came to be known of a fair's gates.

    Attributes:
        received: when the last of it was received, and ``id`` which that was: what to ask for the
            news after these.
        more: whether there are some.
        entries: new entries, also some that were told before.
        undone: ids of entries taken back.
    """

    received: datetime
    id: str
    more: bool
    entries: list[GateEntry]
    undone: list[str]


def list_news(
    session: Session, fair_id: int, received: datetime, after: str = "", *, limit: int = 5000
) -> GateNews:
    """Return what of a fair's gates was received later than a record, in the order received.

    A transaction may be seen a little after one that was received later, so the last seconds are
    told again each time.

    Args:
        session: a reading session.
        fair_id: the fair.
        received: when the last record known was received.
        after: its id.
        limit: how many records at most.
    """
    rows = session.execute(
        select(
            GateRecord.id,
            GateRecord.kind,
            GateRecord.card,
            GateRecord.target,
            GateRecord.at,
            GateRecord.place,
            GateRecord.received_at,
        )
        .where(
            GateRecord.fair_id == fair_id,
            tuple_(GateRecord.received_at, GateRecord.id) > tuple_(received, after),
        )
        .order_by(GateRecord.received_at, GateRecord.id)
        .limit(limit)
    ).all()
    more = len(rows) == limit
    if more:
        received, after = rows[-1].received_at, rows[-1].id
    elif rows:
        received, after = max(received, rows[-1].received_at - _SEEN_LATE), ""
    return GateNews(
        received,
        after,
        more,
        [
            GateEntry(row.id, bytes(row.card), row.at, row.place)
            for row in rows
            if row.kind == Kind.IN
        ],
        [row.target for row in rows if row.kind == Kind.UNDO],
    )
