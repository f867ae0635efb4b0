"""Reads of the lists of who must not be paid."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from jobfair.findings.models import PaymentStop
from jobfair.kit.crypto import vault
from jobfair.kit.masking import mask_id_number
from jobfair.seekers.models import Seeker


@dataclass(frozen=True, slots=True)
class StopRow:
    """One entry, the ID number masked.

    Attributes:
        registered: whether the person stands in the register.
    """

    id: int
    id_number: str
    kind: str
    since: date
    until: date | None
    source: str
    recorded_at: datetime
    registered: bool


def list_stops(
    session: Session, kind: str = "", *, limit: int = 50, offset: int = 0
) -> list[StopRow]:
    """Return a page of entries, the newest first."""
    known = exists().where(Seeker.id_index == PaymentStop.person_index).label("registered")
    rows = session.execute(
        select(PaymentStop, known)
        .where(*_conditions(kind))
        .order_by(PaymentStop.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        StopRow(
            stop.id,
            mask_id_number(
                vault().open(
                    stop.number_sealed,
                    table="payment_stop",
                    column="number_sealed",
                    row=stop.key,
                )
            ),
            stop.kind,
            stop.since,
            stop.until,
            stop.source,
            stop.recorded_at,
            registered,
        )
        for stop, registered in rows
    ]


def count_stops(session: Session, kind: str = "") -> int:
    """Return how many entries a list has."""
    return session.execute(
        select(func.count()).select_from(PaymentStop).where(*_conditions(kind))
    ).scalar_one()


def _conditions(kind: str) -> list[ColumnElement[bool]]:
    return [PaymentStop.kind == kind] if kind else []
