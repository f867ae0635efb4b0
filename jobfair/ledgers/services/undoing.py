"""Taking back an import: what it recorded is reversed, what others built on since is left."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.ledgers.models import LedgerImport, LedgerLine
from jobfair.ledgers.rules.words import Did
from jobfair.placements.models import PlacementEvent
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import (
    forget_sources,
    reverse_event,
    reverse_placement,
    wait_for_first_day,
)

# Lines of one transaction.
UNDO_BATCH = 200


class UndoReasonMissing(Invalid):
    """An import is taken back for a reason."""

    code = "undo_reason_missing"
    message = N_("Enter why the import is taken back.")


def undo_some(
    session: Session, import_id: int, reason: str, recorder: Recorder, *, below: int | None
) -> int | None:
    """Take back the next lines of an import, the last first; return where to go on.

    What the import recorded of a person is left, and counted, when later entries stand on it:
    they are somebody's work as well. People whom it registered stay in the register.

    Args:
        session: the writing session.
        import_id: of the import.
        reason: why; it is kept with every reversal.
        recorder: who takes it back.
        below: only lines with a smaller id; None begins.

    Returns:
        The id to go on below, None when the import is taken back.

    Raises:
        NotFound: no such import.
        UndoReasonMissing: no reason.
    """
    if not reason.strip():
        raise UndoReasonMissing
    found = session.execute(
        select(LedgerImport).where(LedgerImport.id == import_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    lines = select(LedgerLine).where(LedgerLine.import_id == import_id, ~LedgerLine.undone)
    if below is not None:
        lines = lines.where(LedgerLine.id < below)
    rows = list(session.execute(lines.order_by(LedgerLine.id.desc()).limit(UNDO_BATCH)).scalars())
    gone: list[int] = []
    kept = 0
    for line in rows:
        try:
            with session.begin_nested():
                _take_back(session, line, reason, recorder)
        except Refusal:
            kept += 1
            continue
        if line.did in {Did.CREATED, Did.CHANGED} and line.placement_id:
            gone.append(line.placement_id)
        _withdraw(session, line)
    forget_sources(session, gone)
    found.kept = kept + (found.kept if below is not None else 0)
    audit.record(
        session,
        "ledger.undo",
        subject="ledger_import",
        subject_id=import_id,
        detail={"lines": len(rows), "kept": kept},
    )
    if len(rows) == UNDO_BATCH:
        return rows[-1].id
    found.undone_at, found.undone_by = clock.now(), recorder.user_id
    found.undo_reason = reason.strip()[:200]
    return None


class _BuiltOn(Refusal):
    """Later entries stand on what the line recorded."""

    code = "built_on"


def _take_back(session: Session, line: LedgerLine, reason: str, recorder: Recorder) -> None:
    """Reverse what a line recorded.

    Raises:
        Refusal: later entries stand on it.
    """
    if line.did == Did.NOTHING or line.placement_id is None:
        return
    later = session.execute(
        select(func.count(PlacementEvent.id)).where(
            PlacementEvent.placement_id == line.placement_id,
            PlacementEvent.recorded_at > line.created_at,
        )
    ).scalar_one()
    if line.did in {Did.CREATED, Did.CHANGED}:
        if later:
            raise _BuiltOn
        reverse_placement(session, line.placement_id, reason, recorder)
    if line.event_id is not None:
        reverse_event(session, line.event_id, reason, recorder)
    if line.did == Did.STARTED:
        # What was reversed may be an end; the first day came with it.
        first = select(PlacementEvent.id).where(
            PlacementEvent.placement_id == line.placement_id,
            PlacementEvent.kind == EventKind.ON_POST,
            *counting(PlacementEvent),
        )
        for event_id in session.execute(first).scalars().all():
            reverse_event(session, event_id, reason, recorder)
        wait_for_first_day(session, line.placement_id)


def _withdraw(session: Session, line: LedgerLine) -> None:
    """Let the line before it say again what the ledger says."""
    was_current = line.current
    line.current, line.undone = False, True
    session.flush()
    if was_current and line.replaces_id is not None:
        session.execute(
            update(LedgerLine)
            .where(LedgerLine.id == line.replaces_id, ~LedgerLine.undone)
            .values(current=True)
        )
        session.flush()
