"""How uplinks stand, and what was set aside."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.stations.rules import digest_of
from jobfair.uplink.models import Uplink, UplinkAside, UplinkRow
from jobfair.uplink.queries.book import Book, side_of
from jobfair.uplink.queries.differences import count_differences
from jobfair.uplink.rules import Ending, Why


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A row, or what a column of it said, that was set aside.

    Attributes:
        detail: which rule refused it, what it lacks, or which columns differ.
        content: its values, sealed.
    """

    table: str
    name: str
    changed_at_both: bool
    why: Why
    detail: str
    content: bytes = field(repr=False)
    set_aside_at: datetime


def list_aside(session: Session, uplink_id: int, *, limit: int | None = None) -> list[AsideRow]:
    """Return what was set aside and nobody has settled, the oldest first."""
    rows = session.execute(
        select(UplinkAside)
        .where(UplinkAside.uplink_id == uplink_id, UplinkAside.settled_at.is_(None))
        .order_by(UplinkAside.set_aside_at, UplinkAside.table_name, UplinkAside.name)
        .limit(limit)
    ).scalars()
    return [
        AsideRow(
            one.table_name,
            one.name,
            one.changed_at_both,
            Why(one.why),
            one.detail,
            one.content,
            one.set_aside_at,
        )
        for one in rows
    ]


def count_aside(session: Session, uplink_id: int) -> int:
    """Return how many rows were set aside and nobody has settled."""
    waiting = (UplinkAside.uplink_id == uplink_id) & UplinkAside.settled_at.is_(None)
    return session.execute(select(func.count()).where(waiting)).scalar_one()


def heard_at(session: Session, fair_code: str) -> datetime | None:
    """Return when both servers of a fair were in touch last."""
    newest = newest_uplink(session, fair_code)
    return newest.heard_at if newest else None


def newest_uplink(session: Session, fair_code: str) -> Uplink | None:
    """Return the uplink of a fair that is open, or the last that was."""
    return session.execute(
        select(Uplink).where(Uplink.fair_code == fair_code).order_by(Uplink.id.desc()).limit(1)
    ).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class UplinkState:
    """How an uplink stands, for its page.

    Attributes:
        at_hall: whether this is the hall's server.
        name: of the other server.
        waiting: rows here that the other does not have yet, or not as they are here.
        packs: how many were sent and received.
        aside: rows that wait here for another try or a person; ``aside_there``: at the other.
    """

    id: int
    fair_code: str
    at_hall: bool
    name: str
    address: str
    began_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    reason: str
    heard_at: datetime | None
    down_since: datetime | None
    fault: str
    handing_back: bool
    waiting: int
    packs: tuple[int, int]
    aside: int
    aside_there: int
    shared: tuple[tuple[str, int], ...]


def state_of(session: Session, fair_code: str) -> UplinkState | None:
    """Return how the newest uplink of a fair stands; None where there never was one."""
    one = newest_uplink(session, fair_code)
    return None if one is None else state_by_id(session, one.id)


def state_by_id(session: Session, uplink_id: int) -> UplinkState:
    """Return how an uplink stands."""
    one = uplink_of(session, uplink_id)
    waits = one.began_at is not None and one.ended_at is None
    book = Book(session, side_of(session, one))
    return UplinkState(
        one.id,
        one.fair_code,
        bool(one.address),
        one.name,
        one.address,
        one.began_at,
        one.ended_at,
        Ending(one.ending) if one.ending else None,
        one.reason or "",
        one.heard_at,
        one.down_since,
        one.fault or "",
        one.handing_back,
        count_differences(book) if waits else 0,
        (one.sent, one.received),
        count_aside(session, one.id),
        one.aside_there,
        tuple(count_shared(session, one.id)),
    )


def uplink_of(session: Session, uplink_id: int) -> Uplink:
    """Return an uplink that is there."""
    return session.get_one(Uplink, uplink_id)


def find_by_secret(session: Session, secret: str) -> int | None:
    """Return the uplink of a hall's server that shows its secret; None for any other."""
    query = select(Uplink.id).where(Uplink.secret_digest == digest_of(secret))
    return session.execute(query).scalar_one_or_none()


def halls_open(session: Session) -> list[int]:
    """Return the uplinks that this server, as a hall's, has to keep in step."""
    mine = (Uplink.address != "") & Uplink.ended_at.is_(None)
    return list(session.execute(select(Uplink.id).where(mine).order_by(Uplink.id)).scalars())


def count_shared(session: Session, uplink_id: int) -> list[tuple[str, int]]:
    """Return how many rows of each table both servers have."""
    rows = session.execute(
        select(UplinkRow.table_name, func.count())
        .where(UplinkRow.uplink_id == uplink_id)
        .group_by(UplinkRow.table_name)
        .order_by(UplinkRow.table_name)
    )
    return [(row[0], row[1]) for row in rows]
