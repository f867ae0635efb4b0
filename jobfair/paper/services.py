"""Verbs of the paper pack: give out slip numbers, take in the rows of filled sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from jobfair.attendance import queries as attendance
from jobfair.attendance.rules import GateFact, How, Kind, Result
from jobfair.attendance.services import Answer, Upload, take_in
from jobfair.fairs.services import lock_fair, must_run_here
from jobfair.kit import audit, clock
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.rows import Outcome
from jobfair.paper import queries
from jobfair.paper.models import SlipBatch
from jobfair.paper.rules import MOST_SLIPS, STATION_NAME, record_id
from jobfair.stations.rules import Pulse
from jobfair.stations.services import stand_in

_UNKNOWN = N_("No card says this. Read it again, or look the person up.")
_TAKEN_IN_OTHERWISE = N_(
    "This row of the sheet was taken in before with another card, place or time. If that was "
    "wrong, give the row a new number."
)
_REVOKED = N_("The card was replaced since; the arrival counts all the same.")
_AGAIN = N_("The person was in before; the arrival counts as one more entry.")
_PULSE = Pulse(waiting=0, version="paper", skew=0)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a filled check-in sheet.

    Attributes:
        code: short code of the card; empty where its QR code was read.
        digest: of the card's token, 16 bytes; None where its short code was read.
        notes: what is to be told of the row besides.
    """

    sheet: str
    row: int
    code: str
    digest: bytes | None
    place: str
    at: datetime
    how: How
    notes: tuple[str, ...] = field(default=())


def issue_slips(session: Session, fair_id: int, count: int, *, user_id: int | None) -> int:
    """Give out the next slip numbers of a fair; return the batch's id.

    Raises:
        ValueError: none, or too many at once.
    """
    if not 0 < count <= MOST_SLIPS:
        raise ValueError("give out at least one slip, and not too many")
    must_run_here(session, fair_id)
    lock_fair(session, fair_id)  # one batch at a time, so that no number is given out twice
    before = queries.list_batches(session, fair_id)
    first = before[0].first + before[0].count if before else 1
    batch = SlipBatch(
        fair_id=fair_id, first=first, count=count, issued_at=clock.now(), issued_by=user_id
    )
    session.add(batch)
    session.flush()
    detail = {"first": first, "count": count}
    audit.record(session, "paper.issue_slips", subject="fair", subject_id=fair_id, detail=detail)
    return batch.id


def take_in_rows(
    session: Session, fair_id: int, rows: Sequence[FilledRow], *, user_id: int | None
) -> list[Outcome]:
    """Take in rows of filled sheets as arrivals, each row of a sheet once; one outcome each.

    They go the way of what gates record, under a station of their own.
    """
    device = stand_in(session, fair_id, STATION_NAME, user_id=user_id)
    cards = _cards(session, rows)
    ids = [record_id(fair_id, row.sheet, row.row) for row in rows]
    stored = attendance.find_facts(session, ids)
    sequence = attendance.last_sequence(session, device.pairing_id)
    facts: list[GateFact] = []
    outcomes: dict[int, Outcome] = {}
    for place, (row, key, card) in enumerate(zip(rows, ids, cards, strict=True)):
        if card is None:
            outcomes[place] = Outcome("refused", _UNKNOWN)
            continue
        said = attendance.Said(card, row.place or device.name, row.at)
        known = stored.setdefault(key, said)
        if known != said:
            outcomes[place] = Outcome("refused", _TAKEN_IN_OTHERWISE)
        elif known is not said:
            outcomes[place] = Outcome("unchanged")
        else:
            sequence += 1
            facts.append(_fact(key, sequence, row, said))
    answers = iter(take_in(session, [Upload(device, facts, _PULSE)])[0])
    detail = {"rows": len(rows), "arrivals": len(facts)}
    audit.record(session, "paper.take_in", subject="fair", subject_id=fair_id, detail=detail)
    return [outcomes.get(place) or _outcome(next(answers), row) for place, row in enumerate(rows)]


def _cards(session: Session, rows: Sequence[FilledRow]) -> Iterator[bytes | None]:
    """Give for each row the digest of its card; None where nobody has such a card."""
    by_code = queries.digests_of(session, (row.code for row in rows if row.code))
    scanned = queries.known_digests(session, (row.digest for row in rows if row.digest))
    for row in rows:
        yield by_code.get(row.code) if row.code else row.digest if row.digest in scanned else None


def _fact(key: str, sequence: int, row: FilledRow, said: attendance.Said) -> GateFact:
    return GateFact(
        id=key,
        sequence=sequence,
        kind=Kind.IN,
        how=row.how,
        card=said.card,
        target=None,
        place=said.place,
        at=said.at,
        skew=0,
    )


def _outcome(answer: Answer, row: FilledRow) -> Outcome:
    notes = {Result.AGAIN: (_AGAIN,), Result.REVOKED: (_REVOKED,)}.get(answer.result, ())
    return Outcome("created", notes=(*row.notes, *notes))
