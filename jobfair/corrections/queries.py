"""What was taken back at gates, desks and booths, and what was recorded instead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from jobfair.attendance.models import GateRecord
from jobfair.cards.models import Card
from jobfair.corrections.rules import Reason
from jobfair.interviews.models import BoothRecord
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.stations.models import Pairing, Station


@dataclass(frozen=True, slots=True)
class Correction:
    """One record that was taken back.

    Attributes:
        at: when it was taken back, by the device's clock.
        kind: what was recorded; empty while that record has not arrived.
        wrong: of whom it was recorded, masked; empty while nobody knows the card.
        right: of whom it was recorded instead, masked; empty where it was not.
    """

    at: datetime
    station: str
    kind: str
    wrong: str
    right: str
    reason: Reason


def _undone(table: Any, fair_id: int) -> Select[Any]:
    target, right = aliased(table), aliased(table)
    wrong_card, right_card = aliased(Card), aliased(Card)
    wrong_holder, right_holder = aliased(Seeker), aliased(Seeker)
    return (
        select(
            table.id,
            table.at,
            table.instead,
            Station.name.label("station"),
            func.coalesce(target.kind, literal("")).label("kind"),
            func.coalesce(wrong_holder.merged_into_id, wrong_holder.id).label("wrong"),
            func.coalesce(right_holder.merged_into_id, right_holder.id).label("right"),
        )
        .join(Pairing, Pairing.id == table.pairing_id)
        .join(Station, Station.id == Pairing.station_id)
        .outerjoin(target, target.id == table.target)
        .outerjoin(right, right.id == table.instead)
        .outerjoin(wrong_card, wrong_card.digest == target.card)
        .outerjoin(right_card, right_card.digest == right.card)
        .outerjoin(wrong_holder, wrong_holder.id == wrong_card.seeker_id)
        .outerjoin(right_holder, right_holder.id == right_card.seeker_id)
        .where(table.fair_id == fair_id, table.kind == "undo")
    )


def count_corrections(session: Session, fair_id: int) -> int:
    """Return how many records of a fair were taken back."""
    return sum(
        session.execute(
            select(func.count()).where(table.fair_id == fair_id, table.kind == "undo")
        ).scalar_one()
        for table in (GateRecord, BoothRecord)
    )


def list_corrections(
    session: Session, fair_id: int, *, limit: int, offset: int = 0
) -> list[Correction]:
    """Return what was taken back at a fair, the newest first; names masked."""
    both = union_all(_undone(GateRecord, fair_id), _undone(BoothRecord, fair_id)).subquery()
    query = select(both).order_by(both.c.at.desc(), both.c.id).limit(limit).offset(offset)
    rows = session.execute(query).all()
    people = {one for row in rows for one in (row.wrong, row.right) if one is not None}
    names = {one: person.name for one, person in seekers.names_of(session, people).items()}
    return [
        Correction(
            row.at,
            row.station,
            row.kind,
            names.get(row.wrong, ""),
            names.get(row.right, ""),
            Reason.OTHER_PERSON if row.instead else Reason.MISTAKE,
        )
        for row in rows
    ]
