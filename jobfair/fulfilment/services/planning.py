"""Duties and differences that make themselves, from fairs and from placements' events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from jobfair.fairs.models import Fair
from jobfair.fulfilment.models import EmployerDuty, EmployerStanding, FulfilmentMark, WordMismatch
from jobfair.fulfilment.queries.duties import exhibiting, records_of, taken_on
from jobfair.fulfilment.queries.mismatches import differing
from jobfair.fulfilment.queries.promises import weigh_all
from jobfair.fulfilment.rules.duties import (
    LOOKED_BACK,
    DutyState,
    Term,
    Window,
    answered_on,
    state_of,
    window_of,
)
from jobfair.fulfilment.rules.mismatches import Differs, TaskState
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_new
from jobfair.placements.models import PlacementEvent

_DUTIES = cast(Table, EmployerDuty.__table__)
_STANDINGS = cast(Table, EmployerStanding.__table__)
_MARKS = cast(Table, FulfilmentMark.__table__)
_TASKS = cast(Table, WordMismatch.__table__)


@dataclass(frozen=True, slots=True)
class Caught:
    """What catching up did to duties and to differences."""

    duties: int
    mismatches: int


def catch_up(session: Session) -> Caught:
    """Make duties and differences agree with the records; done again, it changes nothing."""
    insert_new(session, _MARKS, [{"id": 1, "event_id": 0, "swept_on": None}])
    mark = session.get_one(FulfilmentMark, 1, with_for_update=True)
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    duties = _make(session) + _open_duties(session)
    mismatches = compare(session)
    if mark.swept_on != clock.today():
        _weigh(session)
    mark.event_id, mark.swept_on = newest, clock.today()
    if duties or mismatches:
        detail = {"duties": duties, "mismatches": mismatches}
        audit.record(session, "fulfilment.catch_up", subject="employer_duty", detail=detail)
    return Caught(duties, mismatches)


def _weigh(session: Session) -> None:
    """Keep each employer's promises as they weigh this day."""
    today = clock.today()
    cards, _priors = weigh_all(session, today)
    there = set(session.execute(select(EmployerStanding.employer_id)).scalars())
    rows = [
        {
            "employer_id": card.employer_id,
            "weighed_on": today,
            "people": card.people,
            "share": card.share,
        }
        for card in cards
    ]
    known = [row for row in rows if row["employer_id"] in there]
    if known:
        session.execute(update(EmployerStanding), known)
    insert_new(session, _STANDINGS, [row for row in rows if row["employer_id"] not in there])


def _make(session: Session) -> int:
    """Make the duties of fairs that are over, and move those of fairs whose days were changed."""
    today = clock.today()
    ends = dict(
        session.execute(
            select(Fair.id, Fair.ends_on).where(
                Fair.ends_on <= today, Fair.ends_on >= today - LOOKED_BACK
            )
        ).all()
    )
    kept = session.execute(
        select(
            EmployerDuty.id,
            EmployerDuty.fair_id,
            EmployerDuty.employer_id,
            EmployerDuty.term,
            EmployerDuty.due_on,
            EmployerDuty.state,
        ).where(EmployerDuty.fair_id.in_(ends))
    ).all()
    there = {(duty.fair_id, duty.employer_id, duty.term) for duty in kept}
    rows = [
        _duty(fair, employer, term, window_of(ends[fair], term))
        for fair, employer in sorted(exhibiting(session, ends))
        for term in Term
        if (fair, employer, term) not in there
    ]
    moved = []
    for duty in kept:
        window = window_of(ends[duty.fair_id], Term(duty.term))
        if duty.state == DutyState.OPEN and window.due_on != duty.due_on:
            days = {"opens_on": window.opens_on, "due_on": window.due_on}
            moved.append({"id": duty.id} | days)
    if moved:
        session.execute(update(EmployerDuty), moved)
    insert_new(session, _DUTIES, rows)
    return len(rows) + len(moved)


def _duty(fair_id: int, employer_id: int, term: Term, window: Window) -> dict[str, Any]:
    return {
        "fair_id": fair_id,
        "employer_id": employer_id,
        "term": term,
        "opens_on": window.opens_on,
        "due_on": window.due_on,
        "state": DutyState.OPEN,
        "people": 0,
        "answered": 0,
        "done_on": None,
        "excuse": "",
        "excused_by": None,
        "excused_at": None,
    }


def _open_duties(session: Session) -> int:
    """Settle every duty that may be answered by now."""
    asked = select(EmployerDuty.id).where(
        EmployerDuty.state.in_((DutyState.OPEN, DutyState.DROPPED)),
        EmployerDuty.opens_on <= clock.today(),
    )
    return settle(session, list(session.execute(asked).scalars()))


def settle(session: Session, duty_ids: Sequence[int]) -> int:
    """Let duties stand where the answers and the records put them; return how many changed."""
    changed: list[dict[str, Any]] = []
    for block in in_slices(sorted(duty_ids)):
        duties = session.execute(
            select(
                EmployerDuty.id,
                EmployerDuty.fair_id,
                EmployerDuty.employer_id,
                EmployerDuty.term,
                EmployerDuty.opens_on,
                EmployerDuty.state,
                EmployerDuty.people,
                EmployerDuty.answered,
            ).where(EmployerDuty.id.in_(block), EmployerDuty.state != DutyState.EXCUSED)
        ).all()
        shown = exhibiting(session, {duty.fair_id for duty in duties})
        taken = taken_on(session, {(duty.fair_id, duty.employer_id) for duty in duties})
        people = {
            duty.id: [one.id for one in taken.get((duty.fair_id, duty.employer_id), ())]
            for duty in duties
        }
        known = records_of(session, people)
        for duty in duties:
            term = Term(duty.term)
            days = [answered_on(term, duty.opens_on, one) for one in known[duty.id].values()]
            exhibits = (duty.fair_id, duty.employer_id) in shown
            state, done_on = state_of(days, exhibits=exhibits)
            counts = len(days), sum(day is not None for day in days)
            if (duty.state, duty.people, duty.answered) != (state, *counts):
                changed.append(
                    {
                        "id": duty.id,
                        "state": state,
                        "people": counts[0],
                        "answered": counts[1],
                        "done_on": done_on,
                    }
                )
    if changed:
        session.execute(update(EmployerDuty), changed)
    return len(changed)


def compare(session: Session) -> int:
    """Open a task for each new difference between office and employer, and close what agrees.

    What was settled stays so while both say what they said then.

    Returns:
        How many changed.
    """
    today = clock.today()
    found = {(one.placement_id, one.kind, one.mark): one for one in differing(session, today)}
    kept = {
        (row.placement_id, row.kind, row.mark): row
        for row in session.execute(
            select(
                WordMismatch.id,
                WordMismatch.placement_id,
                WordMismatch.kind,
                WordMismatch.mark,
                WordMismatch.state,
            )
        )
    }
    moved = [
        {"id": row.id, "state": TaskState.OPEN, "opened_on": today}
        for key, row in kept.items()
        if row.state == TaskState.GONE and key in found
    ]
    gone = [
        {"id": row.id, "state": TaskState.GONE}
        for key, row in kept.items()
        if row.state == TaskState.OPEN and key not in found
    ]
    for rows in (moved, gone):
        if rows:
            session.execute(update(WordMismatch), rows)
    new = [_task(one) for key, one in sorted(found.items()) if key not in kept]
    insert_new(session, _TASKS, new)
    return len(new) + len(moved) + len(gone)


def _task(one: Differs) -> dict[str, Any]:
    return {
        "placement_id": one.placement_id,
        "seeker_id": one.seeker_id,
        "home_division": one.home_division,
        "kind": one.kind,
        "mark": one.mark,
        "office_on": one.office_on,
        "employer_on": one.employer_on,
        "state": TaskState.OPEN,
        "opened_on": clock.today(),
        "how": None,
        "note": "",
        "settled_at": None,
        "settled_by": None,
    }
