"""Telling riders' placements what their journey says; taking back what it no longer says."""

from collections.abc import Sequence

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
        told = dict(rider.told)
        dues = due(course, seen.get(rider.id, {}), left, told, clock.today())
        rider.told = _take_back(session, told, {one.kind for one in dues}, recorder)
        wanted += [(rider, one) for one in dues if one.kind not in rider.told]
    evidence = translate(N_("departure batch %(number)s"), number=number)
    facts = [(rider.placement_id or 0, _fact(one, evidence)) for rider, one in wanted]
    answers = append_events(session, facts, recorder, source=SOURCE)
    for (rider, one), answer in zip(wanted, answers, strict=True):
        rider.told = rider.told | {one.kind.value: answer.event_id}
    session.flush()


def _fact(one: Due, evidence: str) -> Fact[EventKind]:
    return Fact(one.kind, one.day, grade=Grade.C, evidence=evidence, reason=one.reason)


def _take_back(
    session: Session,
    told: dict[str, int | None],
    still: set[EventKind],
    recorder: Recorder,
) -> dict[str, int | None]:
    """Reverse what a line was told and the journey no longer says, the last first.

    What later entries stand on stays, as it would for a clerk.
    """
    left = dict(told)
    for kind, event_id in reversed(told.items()):
        if EventKind(kind) in still:
            continue
        if event_id is not None:
            try:
                reverse_event(session, event_id, translate(_TAKEN_BACK), recorder)
            except Refusal:
                continue
        del left[kind]
    return left


_TAKEN_BACK = N_("The record of the journey was taken back or put right")
