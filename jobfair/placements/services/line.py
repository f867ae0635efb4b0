"""A placement's line: append what happened, reverse what was wrong, change employer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.kit.events.services import append, reverse, reverse_all
from jobfair.placements.models import Placement
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.events import (
    LINE,
    EventKind,
    State,
    check_age,
    check_evidence,
    check_order,
    earliest,
)
from jobfair.placements.services.recording import (
    check_free,
    kept_id,
    known_spells,
    record_placement,
)
from jobfair.seekers import services as seekers
from jobfair.seekers.models import Seeker


def append_event(
    session: Session, placement_id: int, fact: Fact[EventKind], recorder: Recorder
) -> int:
    """Append what happened to a placement's line and return the event's id.

    Raises:
        NotFound: no such placement.
        Refusal: it cannot have happened; the message says what is missing.
    """
    placement = _lock(session, placement_id)
    born = session.execute(
        select(Seeker.birth_date).where(Seeker.id == placement.seeker_id)
    ).scalar_one()
    before = LINE.state_at(EVENTS.line_of(session, placement_id))
    fact = earliest(fact, born, before)
    check_age(fact.occurred_on, born)
    check_order(fact, before)
    check_evidence(fact)
    event_id, state = append(session, EVENTS, fact, recorder, owner=_owner(placement))
    _refresh(session, placement, state)
    return event_id


def reverse_event(session: Session, event_id: int, reason: str, recorder: Recorder) -> int:
    """Take an event back by appending a reversal, and return the placement's id.

    Raises:
        NotFound: no such event.
        Refusal: no reason, reversed before, or later events stand on it.
    """
    placement_id = EVENTS.owner_of(session, event_id)
    if placement_id is None:
        raise NotFound
    placement = _lock(session, placement_id)
    state = reverse(session, EVENTS, event_id, reason, recorder, owner=_owner(placement))
    _refresh(session, placement, state)
    return placement_id


def reverse_placement(session: Session, placement_id: int, reason: str, recorder: Recorder) -> None:
    """Take back a whole placement that was recorded by mistake; its entries stay to be seen.

    One by one this would pass through states that cannot be: without its end, a placement of
    another person meets the one this person really has.

    Raises:
        NotFound: no such placement.
        Refusal: no reason, or nothing left to take back.
    """
    placement = _lock(session, placement_id)
    state = reverse_all(session, EVENTS, reason, recorder, owner=_owner(placement))
    _refresh(session, placement, state)


def change_employer(
    session: Session,
    placement_id: int,
    draft: PlacementDraft,
    recorder: Recorder,
) -> int:
    """Close a placement and open the next one on the same day; return the new placement's id.

    Raises:
        NotFound: no such placement.
        Refusal: the old one is not running, or the new one is refused.
        ValueError: the draft has no first day.
    """
    if draft.started_on is None:
        raise ValueError("a change of employer happens on a day")
    placement = _lock(session, placement_id)
    fact = Fact(
        EventKind.CHANGED_EMPLOYER, draft.started_on, draft.precision, draft.grade, draft.evidence
    )
    append_event(session, placement_id, fact, recorder)
    return record_placement(session, placement.seeker_id, draft, recorder, previous_id=placement_id)


def _lock(session: Session, placement_id: int) -> Placement:
    placement = session.execute(
        select(Placement).where(Placement.id == placement_id).with_for_update()
    ).scalar_one_or_none()
    if placement is None:
        raise NotFound
    return placement


def _owner(placement: Placement) -> dict[str, int]:
    return {"placement_id": placement.id, "seeker_id": placement.seeker_id}


def _refresh(session: Session, placement: Placement, state: State) -> None:
    """Repeat in the placement's row what its events now say, and tell the seeker's record.

    Raises:
        AlreadyPlaced: its time would now meet another placement of the person.
    """
    placement.void = state.stage is None
    if placement.main and not placement.void:
        others = known_spells(session, placement.seeker_id, besides=placement.id)
        check_free(others, state.on_post_on, state.ended_on)
    placement.started_on, placement.ended_on = state.on_post_on, state.ended_on
    session.flush()
    person = kept_id(session, placement.seeker_id)
    running = [
        spell.started_on
        for spell in known_spells(session, person)
        if spell.started_on is not None and spell.ended_on is None
    ]
    if running:
        seekers.mark_employed(session, {person: running[0]})
    else:
        seekers.mark_available(session, [person])
