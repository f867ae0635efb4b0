"""Verbs of rights cases: open, add a step, which may close it, open again."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.follow_ups.models import RightsCase, RightsCaseStep
from jobfair.follow_ups.rules.cases import (
    CASE_DAYS,
    CaseClosed,
    CaseDraft,
    CaseOpen,
    SameCaseOpen,
    StepDraft,
    StepMissing,
    deadline_of,
)
from jobfair.follow_ups.rules.outcomes import Problem
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.placements.models import Placement


def open_cases(
    session: Session, placement: Placement, problems: Iterable[Problem], recorder: Recorder
) -> None:
    """Open a case for each problem that is a person's right and has none open."""
    wanted = [problem for problem in problems if problem in CASE_DAYS]
    if not wanted:
        return
    there = _open_kinds(session, placement.id)
    for kind in wanted:
        if kind not in there:
            _open(session, placement, CaseDraft(kind, "", recorder.user_id))


def open_case(session: Session, placement_id: int, draft: CaseDraft, recorder: Recorder) -> int:
    """Open a case by hand with what happened as its first step; return its id.

    Raises:
        NotFound: no such placement.
        SameCaseOpen: one of its kind is open.
        StepMissing: nothing is said of what happened.
    """
    placement = session.get(Placement, placement_id, with_for_update=True)
    if placement is None:
        raise NotFound
    since = _open_kinds(session, placement_id).get(draft.kind)
    if since is not None:
        raise SameCaseOpen(day=since.isoformat())
    case = _open(session, placement, draft)
    _step(session, case, draft.note, recorder, 0)
    return case.id


def _open_kinds(session: Session, placement_id: int) -> dict[str, date]:
    """Return the kinds of a placement's open cases, and since when each is."""
    rows = session.execute(
        select(RightsCase.kind, RightsCase.opened_on).where(
            RightsCase.placement_id == placement_id, RightsCase.closed_on.is_(None)
        )
    )
    return {row.kind: row.opened_on for row in rows}


def _open(session: Session, placement: Placement, draft: CaseDraft) -> RightsCase:
    today = clock.today()
    case = RightsCase(
        key=new_key(),
        placement_id=placement.id,
        seeker_id=placement.seeker_id,
        home_division=placement.home_division,
        kind=draft.kind,
        owner_id=draft.owner_id,
        opened_on=today,
        deadline=draft.deadline or deadline_of(draft.kind, today),
        claimed_fen=draft.claimed_fen,
        recovered_fen=0,
    )
    session.add(case)
    session.flush()
    _record(session, "open", case)
    return case


def add_step(session: Session, case_id: int, draft: StepDraft, recorder: Recorder) -> None:
    """Add what was done about an open case, with all that it changes.

    Raises:
        NotFound: no such case.
        CaseClosed: somebody closed it before.
        StepMissing: nothing was done.
    """
    case = _lock(session, case_id)
    if case.closed_on is not None:
        raise CaseClosed(day=case.closed_on.isoformat())
    _step(session, case, draft.note, recorder, draft.recovered_fen)
    case.owner_id, case.deadline = draft.owner_id, draft.deadline
    case.claimed_fen = draft.claimed_fen
    if draft.outcome is not None:
        case.closed_on, case.outcome = clock.today(), draft.outcome
    _record(session, "close" if draft.outcome else "step", case)


def reopen_case(session: Session, case_id: int, note: str, recorder: Recorder) -> None:
    """Open a closed case again, with the reason.

    Raises:
        NotFound: no such case.
        CaseOpen: it is open, or another of its kind is.
        StepMissing: no reason.
    """
    case = _lock(session, case_id)
    another = select(RightsCase.id).where(
        RightsCase.placement_id == case.placement_id,
        RightsCase.kind == case.kind,
        RightsCase.closed_on.is_(None),
    )
    if session.execute(another.limit(1)).first() is not None:
        raise CaseOpen
    case.closed_on = case.outcome = None
    _step(session, case, note, recorder, 0)
    _record(session, "reopen", case)


def _lock(session: Session, case_id: int) -> RightsCase:
    case = session.get(RightsCase, case_id, with_for_update=True)
    if case is None:
        raise NotFound
    return case


def _step(
    session: Session, case: RightsCase, note: str, recorder: Recorder, recovered_fen: int
) -> None:
    if not note.strip():
        raise StepMissing
    session.add(
        RightsCaseStep(
            case_id=case.id,
            recorded_at=clock.now(),
            recorded_by=recorder.user_id,
            note=note.strip(),
            recovered_fen=recovered_fen,
        )
    )
    case.recovered_fen += recovered_fen


def _record(session: Session, verb: str, case: RightsCase) -> None:
    detail = {"case": case.id, "kind": case.kind}
    audit.record(
        session,
        f"rights_case.{verb}",
        subject="placement",
        subject_id=case.placement_id,
        detail=detail,
    )
