"""Appending to a line of events and taking back; the caller has locked the line's owner."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.events.queries import EventTable
from jobfair.kit.events.rules import (
    REVERSAL,
    Fact,
    K,
    NothingToReverse,
    ReasonMissing,
    Recorder,
    S,
    check_happened,
    told_next,
)
from jobfair.kit.ids import new_key


def event_row(
    fact: Fact[K], recorder: Recorder, at: datetime, *, source: str = "form"
) -> dict[str, Any]:
    """Return the columns of one event to append, but for whose line it stands on."""
    return {
        "key": new_key(),
        "kind": fact.kind,
        "occurred_on": fact.occurred_on,
        "date_precision": fact.precision,
        "recorded_at": at,
        "recorded_by": recorder.user_id,
        "office_id": recorder.office_id,
        "evidence_grade": fact.grade,
        "evidence_ref": fact.evidence,
        "reverses_id": None,
        "reason": str(fact.reason),
        "source": source,
    }


def append(
    session: Session,
    table: EventTable[K, S],
    fact: Fact[K],
    recorder: Recorder,
    *,
    owner: dict[str, int],
) -> tuple[int, S]:
    """Append a fact and return its event's id and what the line now adds up to.

    Args:
        session: the writing session.
        table: where the line is kept.
        fact: what happened.
        recorder: who tells.
        owner: the columns that say whose line it is.

    Raises:
        NotYet: the day lies in the future.
        Refusal: it cannot have happened; the message says what is missing.
    """
    at = clock.now()
    check_happened(fact.occurred_on, at)
    owner_id = owner[table.owner]
    line = table.line_of(session, owner_id)
    told = told_next(line, fact, at)
    table.line.check_append(line, told)
    row = event_row(fact, recorder, at) | owner
    event_id = session.execute(insert(table.model).returning(table.model.id), [row]).scalar_one()
    audit.record(
        session,
        f"{table.subject}.{fact.kind}",
        subject=table.subject,
        subject_id=owner_id,
        detail={"event": event_id, "grade": str(fact.grade)},
    )
    return event_id, table.line.state_at([*line, told])


def reverse(
    session: Session,
    table: EventTable[K, S],
    event_id: int,
    reason: str,
    recorder: Recorder,
    *,
    owner: dict[str, int],
) -> S:
    """Take an event back by appending a reversal, and return what the line now adds up to.

    Raises:
        Refusal: no reason, reversed before, or later events stand on it.
    """
    owner_id = owner[table.owner]
    line = table.line_of(session, owner_id)
    table.line.check_reversal(line, event_id, reason)
    fact = Fact(table.kinds(REVERSAL), clock.today(), reason=reason.strip())
    row = event_row(fact, recorder, clock.now()) | owner | {"reverses_id": event_id}
    session.execute(insert(table.model), [row])
    kind = next(event.kind for event in line if event.id == event_id)
    audit.record(
        session,
        f"{table.subject}.reverse",
        subject=table.subject,
        subject_id=owner_id,
        detail={"event": event_id, "kind": kind},
    )
    return table.line.state_at(table.line_of(session, owner_id))


def correct(
    session: Session,
    table: EventTable[K, S],
    event_id: int,
    fact: Fact[K],
    *,
    reason: str,
    recorder: Recorder,
    owner: dict[str, int],
) -> S:
    """Take an event back and record another in its place, and return what the line now adds up to.

    What stands on the event need not be taken back, so long as it can stand on the other.

    Raises:
        ReasonMissing: no reason.
        NothingToReverse: it does not count.
        NotYet: the day lies in the future.
        Refusal: the line could not have happened so.
    """
    if not reason.strip():
        raise ReasonMissing
    at = clock.now()
    check_happened(fact.occurred_on, at)
    owner_id = owner[table.owner]
    line = table.line_of(session, owner_id)
    counting = table.line.visible(line)
    if event_id not in {event.id for event in counting}:
        raise NothingToReverse
    others = [event for event in counting if event.id != event_id]
    table.line.check_line(table.line.visible([*others, told_next(line, fact, at)]))
    back = Fact(table.kinds(REVERSAL), clock.today(), reason=reason.strip())
    rows = [
        event_row(back, recorder, at) | owner | {"reverses_id": event_id},
        event_row(fact, recorder, at) | owner,
    ]
    session.execute(insert(table.model), rows)
    audit.record(
        session,
        f"{table.subject}.correct",
        subject=table.subject,
        subject_id=owner_id,
        detail={"event": event_id, "kind": str(fact.kind)},
    )
    return table.line.state_at(table.line_of(session, owner_id))


def reverse_all(
    session: Session,
    table: EventTable[K, S],
    reason: str,
    recorder: Recorder,
    *,
    owner: dict[str, int],
) -> S:
    """Take back everything that counts on a line, the last first, and return its empty state.

    Raises:
        ReasonMissing: no reason.
        NothingToReverse: nothing counts.
    """
    counting = table.line.visible(table.line_of(session, owner[table.owner]))
    if not counting:
        raise NothingToReverse
    for event in reversed(counting):
        reverse(session, table, event.id, reason, recorder, owner=owner)
    return table.line.empty
