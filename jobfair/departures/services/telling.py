"""Telling riders' placements what their journey says; taking back what it no longer says."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from jobfair.departures.models import BatchRider, DepartureBatch
from jobfair.departures.queries.batches import number_of
from jobfair.departures.queries.roster import scans_of
from jobfair.departures.rules.states import State
from jobfair.departures.rules.telling import Course, Due, due
from jobfair.kit import clock
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.placements.rules.kinds import EventKind, OffBatch
from jobfair.placements.services import append_events, reverse_event

SOURCE = "departure_batch"
_Told = dict[str, tuple[int | None, str]]


def tell_lines(
    session: Session,
    batch: DepartureBatch,
    riders: Sequence[BatchRider],
    recorder: Recorder,
) -> None:
    """Bring the lines of some riders' placements up to what their journey says now.

    What a line refuses (somebody recorded the arrival by hand before, say) leaves the others alone
    and is shown on the roster. The batch is locked by the caller.
    """
    number = number_of(batch)
    course = Course(number, State(batch.state), batch.departs_on, batch.departed_on)
    seen = scans_of(session, batch.id)
    wanted: list[tuple[BatchRider, Due]] = []
    for rider in riders:
        if rider.placement_id is None:
            continue
        left = OffBatch(rider.left_reason) if rider.left_reason else None
        assigned = rider.told.get(EventKind.BATCH_ASSIGNED)
        assigned_on = date.fromisoformat(assigned[1]) if assigned else None
        dues = due(course, seen.get(rider.id, {}), left, assigned_on, clock.today())
        still = {one.kind.value: one.day.isoformat() for one in dues}
        rider.told = _take_back(session, rider.told, still, recorder)
        wanted += [(rider, one) for one in dues if one.kind not in rider.told]
    evidence = translate(N_("departure batch %(number)s"), number=number)
    facts = [(rider.placement_id or 0, _fact(one, evidence)) for rider, one in wanted]
    answers = append_events(session, facts, recorder, source=SOURCE)
    for (rider, one), answer in zip(wanted, answers, strict=True):
        rider.told = rider.told | {one.kind.value: (answer.event_id, one.day.isoformat())}
    session.flush()


def _fact(one: Due, evidence: str) -> Fact[EventKind]:
    return Fact(one.kind, one.day, grade=Grade.C, evidence=evidence, reason=one.reason)


def _take_back(
    session: Session, told: _Told, still: Mapping[str, str], recorder: Recorder
) -> _Told:
    """Reverse what a line was told and the journey no longer says, or of another day; last first.

    What later entries stand on stays, as it would for a clerk.

    Args:
        session: a writing session.
        told: what the line was told.
        still: the day of each kind that the journey says now.
        recorder: who says so.
    """
    left = dict(told)
    for kind, (event_id, day) in reversed(told.items()):
        if still.get(kind) == day:
            continue
        if event_id is not None:
            try:
                reverse_event(session, event_id, translate(_TAKEN_BACK), recorder)
            except Refusal:
                continue
        del left[kind]
    return left


_TAKEN_BACK = N_("The record of the journey was taken back or put right")
