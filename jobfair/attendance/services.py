"""Verbs of arrivals: take in what stations recorded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from jobfair.attendance.models import GateRecord
from jobfair.attendance.queries import Holder, first_entries, holders_of
from jobfair.attendance.rules import Entry, GateFact, Kind, Result
from jobfair.kit import clock
from jobfair.kit.bulk import insert_new
from jobfair.kit.db import go_by_indexes
from jobfair.stations.models import Pairing
from jobfair.stations.queries import Device
from jobfair.stations.rules import Pulse
from jobfair.stations.services import note_pulses

_RECORDS = cast(Table, GateRecord.__table__)


@dataclass(frozen=True, slots=True)
class Upload:
    """What one device sends at once."""

    device: Device
    facts: Sequence[GateFact]
    pulse: Pulse


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a record; of somebody who was in before, where and when first."""

    id: str
    result: Result
    first: Entry | None = None


def take_in(session: Session, uploads: Sequence[Upload]) -> list[list[Answer]]:
    """Take in what devices recorded, each record once, and answer each in its order.

    A record that is here already is answered as if it came for the first time.
    """
    now = clock.now()
    go_by_indexes(session)
    cards = holders_of(session, {f.card for upload in uploads for f in upload.facts if f.card})
    rows = {fact.id: _row(fact, upload.device, now) for upload in uploads for fact in upload.facts}
    written = insert_new(session, _RECORDS, list(rows.values()))
    if written == sum(len(upload.facts) for upload in uploads):
        stored = {fact.id: upload.device.station_id for upload in uploads for fact in upload.facts}
    else:
        stored = _stored(session, rows)
    first = _first_entries(session, uploads, cards)
    note_pulses(session, {u.device.station_id: u.pulse for u in uploads}, now)
    return [
        [_answer(fact, upload.device, cards, stored, first) for fact in upload.facts]
        for upload in uploads
    ]


def _row(fact: GateFact, device: Device, now: datetime) -> dict[str, Any]:
    return {
        "id": fact.id,
        "pairing_id": device.pairing_id,
        "sequence": fact.sequence,
        "fair_id": device.fair_id,
        "kind": fact.kind,
        "how": fact.how,
        "card": fact.card,
        "target": fact.target,
        "instead": fact.instead,
        "place": fact.place or device.name,
        "at": fact.at,
        "skew": fact.skew,
        "received_at": now,
    }


def _stored(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return whose record each id is that is stored: the station, by whichever pairing it came."""
    found = (
        select(GateRecord.id, Pairing.station_id)
        .join(Pairing, Pairing.id == GateRecord.pairing_id)
        .where(GateRecord.id.in_(list(ids)))
    )
    return {row.id: row.station_id for row in session.execute(found)}


def _first_entries(
    session: Session, uploads: Sequence[Upload], cards: dict[bytes, Holder]
) -> dict[tuple[int, int], Entry]:
    """Return the first entry of everybody who came in by some records, by fair and person."""
    people: dict[int, set[int]] = defaultdict(set)
    for upload in uploads:
        for fact in upload.facts:
            if fact.kind is Kind.IN and fact.card in cards:
                people[upload.device.fair_id].add(cards[fact.card].seeker_id)
    return {
        (fair, person): entry
        for fair, some in people.items()
        for person, entry in first_entries(session, fair, some).items()
    }


def _answer(
    fact: GateFact,
    device: Device,
    cards: dict[bytes, Holder],
    stored: dict[str, int],
    first: dict[tuple[int, int], Entry],
) -> Answer:
    if stored.get(fact.id) != device.station_id:
        return Answer(fact.id, Result.CLASH)
    if fact.card is None:
        return Answer(fact.id, Result.UNDONE)
    holder = cards.get(fact.card)
    if holder is None or not holder.in_force:
        return Answer(fact.id, Result.REVOKED if holder else Result.UNKNOWN)
    entry = first.get((device.fair_id, holder.seeker_id))
    if fact.kind is Kind.OUT:
        return Answer(fact.id, Result.OUT)
    again = entry is not None and entry.id != fact.id
    return Answer(fact.id, Result.AGAIN, entry) if again else Answer(fact.id, Result.NEW)
