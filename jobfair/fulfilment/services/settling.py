"""Settling a difference: which word stands, by taking the other back, or why both do."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.fulfilment.models import WordMismatch
from jobfair.fulfilment.queries.mismatches import TaskFilter, task_ids
from jobfair.fulfilment.rules.mismatches import (
    POSSIBLE,
    HowMissing,
    Kind,
    NoteMissing,
    SettledAlready,
    Settling,
    TaskState,
)
from jobfair.fulfilment.services.planning import compare
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Event, Fact, Grade, Precision, Recorder
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.events import LINE
from jobfair.placements.rules.kinds import EndReason, EventKind, Word
from jobfair.placements.services import append_event, correct_event, reverse_event

_OFFICE_EVENT = {Kind.ARRIVAL: EventKind.ARRIVED, Kind.FIRST_DAY: EventKind.ON_POST}


def settle_mismatch(
    session: Session, mismatch_id: int, how: Settling | None, note: str, recorder: Recorder
) -> None:
    """Settle a difference, and close what agrees by that.

    Args:
        session: the writing session.
        mismatch_id: the difference.
        how: which word stands.
        note: what was found out; the reason of what is taken back.
        recorder: who settles it.

    Raises:
        NotFound: no such difference.
        SettledAlready: somebody was quicker, or the two sides agree.
        HowMissing: nothing possible was chosen.
        NoteMissing: no note.
        Refusal: later entries stand on what would be taken back.
    """
    _settle(session, mismatch_id, how, note, recorder)
    compare(session)


def _settle(
    session: Session, mismatch_id: int, how: Settling | None, note: str, recorder: Recorder
) -> None:
    task = session.execute(
        select(WordMismatch).where(WordMismatch.id == mismatch_id).with_for_update()
    ).scalar_one_or_none()
    if task is None:
        raise NotFound
    if task.state != TaskState.OPEN:
        raise SettledAlready
    if how is None or how not in POSSIBLE[task.kind]:
        raise HowMissing
    if not note.strip():
        raise NoteMissing
    if how is Settling.OFFICE:
        _take_word_back(session, task, note, recorder)
    if how is Settling.EMPLOYER:
        _follow_employer(session, task, note, recorder)
    task.state, task.how, task.note = TaskState.SETTLED, how, note.strip()
    task.settled_at, task.settled_by = clock.now(), recorder.user_id
    session.flush()
    audit.record(
        session,
        "mismatch.settle",
        subject="placement",
        subject_id=task.placement_id,
        detail={"mismatch": mismatch_id, "kind": task.kind, "how": str(how)},
    )


def explain_silence(
    session: Session,
    employer_id: int,
    month: date,
    note: str,
    recorder: Recorder,
    *,
    scope: str | None,
) -> int:
    """Settle by one note that an employer has said nothing of its people in a month.

    Args:
        session: the writing session.
        employer_id: who is silent.
        month: its first day.
        note: what was found out.
        recorder: who settles it.
        scope: only people whose home begins with this.

    Returns:
        Of how many people.

    Raises:
        SettledAlready: nothing of the kind waits any more.
        NoteMissing: no note.
    """
    wanted = TaskFilter(
        scope=scope, kind=Kind.EMPLOYER_SILENT, employer_id=employer_id, month=month
    )
    ids = task_ids(session, wanted)
    if not ids:
        raise SettledAlready
    for one in ids:
        _settle(session, one, Settling.EXPLAINED, note, recorder)
    return len(ids)


def _events(session: Session, task: WordMismatch, kind: EventKind) -> list[Event[EventKind]]:
    """Return what counts of a kind on the line, in the order it was recorded."""
    counting = LINE.visible(EVENTS.line_of(session, task.placement_id))
    return sorted((e for e in counting if e.kind is kind), key=lambda event: event.id)


def _take_word_back(session: Session, task: WordMismatch, note: str, recorder: Recorder) -> None:
    """Take the employer's word back that differs; it may be known from an answer alone."""
    words = _events(session, task, EventKind.EMPLOYER_CONFIRMED)
    differing = [event for event in words if event.occurred_on == task.employer_on]
    if task.kind == Kind.OFFICE_SILENT:
        differing = words
    for event in reversed(differing):
        reverse_event(session, event.id, note, recorder)


def _follow_employer(session: Session, task: WordMismatch, note: str, recorder: Recorder) -> None:
    """Put the office's record right by the employer's word."""
    if task.employer_on is None:
        raise HowMissing
    kind, day = Kind(task.kind), task.employer_on
    if kind is Kind.OFFICE_SILENT:
        words = _events(session, task, EventKind.EMPLOYER_CONFIRMED)
        came = bool(words) and words[-1].reason == Word.ARRIVED
        fact = _fact(EventKind.ARRIVED if came else EventKind.ON_POST, day)
        append_event(session, task.placement_id, fact, recorder)
        return
    if kind is Kind.DENIED and task.office_on is not None and day > task.office_on:
        left = _fact(EventKind.LEFT_POST, day, EndReason.UNKNOWN)
        append_event(session, task.placement_id, left, recorder)
        return
    office = _OFFICE_EVENT.get(kind, EventKind.ON_POST)
    for event in reversed(_events(session, task, office)):
        if kind is Kind.DENIED:
            reverse_event(session, event.id, note, recorder)
        else:
            correct_event(session, event.id, _fact(office, day), note, recorder)


def _fact(kind: EventKind, day: date, reason: str = "") -> Fact[EventKind]:
    return Fact(kind, day, Precision.DAY, Grade.B, reason=reason)
