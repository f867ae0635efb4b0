"""Verbs of the paper pack: give out slip numbers, take in the rows of filled sheets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from jobfair.attendance import queries as attendance
from jobfair.attendance.rules import GateFact, How, Kind, Result
from jobfair.attendance.services import Answer, Upload, take_in
from jobfair.fairs.queries import FairFilter, FairPositionRow, list_fair_positions
from jobfair.fairs.services import lock_fair, must_run_here
from jobfair.interviews import queries as booths
from jobfair.interviews.rules import BoothFact, Reason
from jobfair.interviews.rules import Kind as BoothKind
from jobfair.interviews.services import REFUSALS
from jobfair.interviews.services import Answer as BoothAnswer
from jobfair.interviews.services import take_in as take_in_at_booth
from jobfair.kit import audit, clock
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.rows import Outcome
from jobfair.paper import queries
from jobfair.paper.models import PaperRow, SlipBatch
from jobfair.paper.rules import BOOTH_STATION, MOST_SLIPS, STATION_NAME, outcome_id, record_id
from jobfair.paper.rules import Outcome as Ticked
from jobfair.stations.queries import Device
from jobfair.stations.rules import Pulse
from jobfair.stations.services import stand_in

_UNKNOWN = N_("No card says this. Read it again, or look the person up.")
_TAKEN_IN_OTHERWISE = N_(
    "This row of the sheet was taken in before with another card, place or time. If that was "
    "wrong, give the row a new number."
)
_REVOKED = N_("The card was replaced since; the arrival counts all the same.")
_AGAIN = N_("The person was in before; the arrival counts as one more entry.")
_TAKEN_BACK = N_("This row was taken back. Give it a new number to take it in again.")
_NOT_AT_FAIR = N_("The position of this booth sheet takes no part in the fair.")
_TO_SETTLE = N_("This cannot be carried out. The manager is told.")
_A_MOMENT = timedelta(seconds=1)
_KINDS = {
    Ticked.TALKED: BoothKind.TALK,
    Ticked.SECOND: BoothKind.SECOND,
    Ticked.OFFER: BoothKind.OFFER,
    Ticked.ACCEPTED: BoothKind.OFFER,
    Ticked.UNSUITED: BoothKind.UNSUITABLE,
}
_PULSE = Pulse(waiting=0, version="paper", skew=0)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a filled sheet.

    Attributes:
        code: short code of the card; empty where its QR code was read.
        digest: of the card's token, 16 bytes; None where its short code was read.
        position_id: of a booth sheet, with what was ticked; None on a check-in sheet.
        notes: what is to be told of the row besides.
    """

    sheet: str
    row: int
    code: str
    digest: bytes | None
    place: str
    at: datetime
    how: How
    position_id: int | None = None
    outcome: Ticked | None = None
    reason: Reason | None = None
    notes: tuple[str, ...] = field(default=())


def note_sheets_read(session: Session, fair_id: int, township: str, *, people: int) -> None:
    """Note that somebody was shown a township's check-in sheets, with so many people on them."""
    detail = {"township": township, "people": people}
    audit.record(session, "paper.check_in", subject="fair", subject_id=fair_id, detail=detail)


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
    session: Session,
    fair_id: int,
    rows: Sequence[FilledRow],
    *,
    import_id: str,
    user_id: int | None,
) -> list[Outcome]:
    """Take in rows of filled sheets, each row of a sheet once; one outcome each.

    They go the way of what gates and booths record, under stations of their own.
    """
    cards = list(_cards(session, rows))
    ids = [_id(fair_id, row) for row in rows]
    undone = queries.undone(session, ids)
    told: dict[int, Outcome] = {}
    for place, (key, card) in enumerate(zip(ids, cards, strict=True)):
        if card is None:
            told[place] = Outcome("refused", _UNKNOWN)
        elif key in undone:
            told[place] = Outcome("refused", _TAKEN_BACK)
    for part in (_arrivals, _outcomes):
        told |= part(
            session,
            fair_id,
            {
                place: (row, card)
                for place, (row, card) in enumerate(zip(rows, cards, strict=True))
                if card is not None
                and place not in told
                and (row.outcome is None) == (part is _arrivals)
            },
            user_id,
        )
    employers = {one.position_id: one.employer_id for one in _posts(session, fair_id)}
    for place, (key, row) in enumerate(zip(ids, rows, strict=True)):
        if told[place].kind == "created":
            session.add(
                PaperRow(
                    record_id=key,
                    fair_id=fair_id,
                    import_id=import_id,
                    sheet=row.sheet,
                    row=row.row,
                    outcome=row.outcome,
                    employer_id=employers[row.position_id] if row.position_id else None,
                    taken_in_at=clock.now(),
                    taken_in_by=user_id,
                )
            )
    session.flush()
    detail = {"rows": len(rows), "new": sum(one.kind == "created" for one in told.values())}
    audit.record(session, "paper.take_in", subject="fair", subject_id=fair_id, detail=detail)
    return [told[place] for place in range(len(rows))]


def _id(fair_id: int, row: FilledRow) -> str:
    if row.outcome is None:
        return record_id(fair_id, row.sheet, row.row)
    return outcome_id(fair_id, row.sheet, row.row)


def _posts(session: Session, fair_id: int) -> list[FairPositionRow]:
    return list_fair_positions(session, fair_id, FairFilter())


def _arrivals(
    session: Session,
    fair_id: int,
    rows: Mapping[int, tuple[FilledRow, bytes]],
    user_id: int | None,
) -> dict[int, Outcome]:
    device = stand_in(session, fair_id, STATION_NAME, user_id=user_id)
    stored = attendance.find_facts(session, [_id(fair_id, row) for row, _card in rows.values()])
    sequence = attendance.last_sequence(session, device.pairing_id)
    facts: dict[int, GateFact] = {}
    told: dict[int, Outcome] = {}
    for place, (row, card) in rows.items():
        key, said = _id(fair_id, row), attendance.Said(card, row.place or device.name, row.at)
        known = stored.setdefault(key, said)
        if known != said:
            told[place] = Outcome("refused", _TAKEN_IN_OTHERWISE)
        elif known is not said:
            told[place] = Outcome("unchanged")
        else:
            sequence += 1
            facts[place] = _fact(key, sequence, row, said)
    [answers] = take_in(session, [Upload(device, list(facts.values()), _PULSE)])
    for place, answer in zip(facts, answers, strict=True):
        told[place] = _outcome(answer, rows[place][0])
    return told


def _outcomes(
    session: Session,
    fair_id: int,
    rows: Mapping[int, tuple[FilledRow, bytes]],
    user_id: int | None,
) -> dict[int, Outcome]:
    employers = {one.position_id: one.employer_id for one in _posts(session, fair_id)}
    stored = booths.find_said(session, [_id(fair_id, row) for row, _card in rows.values()])
    desks = _BoothDesks(session, fair_id, user_id)
    told: dict[int, Outcome] = {}
    for place, (row, card) in rows.items():
        key, kind = _id(fair_id, row), _KINDS[cast(Ticked, row.outcome)]
        said = booths.Said(card, kind, row.reason, row.at)
        known = stored.setdefault(key, said)
        employer_id = employers.get(cast(int, row.position_id))
        if employer_id is None:
            told[place] = Outcome("refused", _NOT_AT_FAIR)
        elif known != said:
            told[place] = Outcome("refused", _TAKEN_IN_OTHERWISE)
        elif known is not said:
            told[place] = Outcome("unchanged")
        else:
            told[place] = _record(desks, employer_id, fair_id, row, said)
    return told


def _record(
    desks: "_BoothDesks", employer_id: int, fair_id: int, row: FilledRow, said: booths.Said
) -> Outcome:
    key = _id(fair_id, row)
    answers = [
        desks.say(
            employer_id,
            key,
            said.kind,
            at=row.at,
            card=said.card,
            position_id=row.position_id,
            reason=row.reason,
        )
    ]
    if row.outcome is Ticked.ACCEPTED:
        accept = outcome_id(fair_id, row.sheet, row.row, "accept")
        after = row.at + _A_MOMENT  # the sheet has one time for both
        answers.append(
            desks.say(employer_id, accept, BoothKind.ACCEPT, at=after, card=said.card, target=key)
        )
    refusals = {one.refusal for one in answers if one.refusal}
    return Outcome("created", notes=tuple(REFUSALS.get(code, _TO_SETTLE) for code in refusals))


class _BoothDesks:
    """Where the records of booth sheets come in: a station of its own for each employer."""

    def __init__(self, session: Session, fair_id: int, user_id: int | None) -> None:
        self._session, self._fair_id, self._user_id = session, fair_id, user_id
        self._devices: dict[int, Device] = {}

    def say(
        self, employer_id: int, key: str, kind: BoothKind, *, at: datetime, **more: Any
    ) -> BoothAnswer:
        """Have something recorded at an employer's booth, and return what came of it."""
        device = self._devices.get(employer_id)
        if device is None:
            name = f"{BOOTH_STATION} {employer_id}"
            device = self._devices[employer_id] = stand_in(
                self._session, self._fair_id, name, employer_id=employer_id, user_id=self._user_id
            )
        sequence = booths.last_sequence(self._session, device.pairing_id) + 1
        plain = {"card": None, "position_id": None, "reason": None, "target": None}
        fact = BoothFact(
            key, sequence, kind, at=at, number="", lease=None, skew=0, **(plain | more)
        )
        return take_in_at_booth(self._session, device, fact)


def take_back(
    session: Session,
    fair_id: int,
    import_id: str,
    record: str | None = None,
    *,
    user_id: int | None,
) -> int:
    """Take back what an import of sheets recorded, all of it or one row, as a station would.

    What an offer held is given back, and what began with its acceptance is reversed. A second time
    changes nothing.

    Returns:
        How many rows were taken back.

    Raises:
        RunElsewhere: another server runs the fair's day.
    """
    rows = queries.lock_rows(session, fair_id, import_id, record)
    if not rows:
        return 0
    now = clock.now()
    desks = _BoothDesks(session, fair_id, user_id)
    device = stand_in(session, fair_id, STATION_NAME, user_id=user_id)
    sequence = attendance.last_sequence(session, device.pairing_id)
    facts: list[GateFact] = []
    for row in rows:
        if row.employer_id is None:
            sequence += 1
            facts.append(_undo(row.record_id, sequence, now))
        else:
            if row.outcome == Ticked.ACCEPTED:
                accept = outcome_id(fair_id, row.sheet, row.row, "accept")
                desks.say(row.employer_id, new_key(), BoothKind.UNDO, at=now, target=accept)
            desks.say(row.employer_id, new_key(), BoothKind.UNDO, at=now, target=row.record_id)
        row.undone_at = now
    take_in(session, [Upload(device, facts, _PULSE)])
    session.flush()
    detail = {"import": import_id, "rows": len(rows)}
    audit.record(session, "paper.take_back", subject="fair", subject_id=fair_id, detail=detail)
    return len(rows)


def _undo(target: str, sequence: int, now: datetime) -> GateFact:
    return GateFact(new_key(), sequence, Kind.UNDO, How.CODE, None, target, "", now, 0)


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
