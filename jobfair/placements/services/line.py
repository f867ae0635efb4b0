"""A placement's line: append what happened, reverse what was wrong, change employer."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_keyed
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import Event, Fact, Recorder, check_happened, told_next
from jobfair.kit.events.services import correct, event_row, reverse, reverse_all
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.events import (
    ENDS,
    LINE,
    State,
    check_age,
    check_evidence,
    check_order,
    earliest,
)
from jobfair.placements.rules.kinds import EndReason, EventKind
from jobfair.placements.services.recording import (
    Known,
    check_free,
    known_spells,
    record_placement,
)
from jobfair.seekers import services as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.rules.drafts import Refused

# What changes a placement's first or last day.
_MOVES = ENDS | {EventKind.ON_POST}


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of one fact.

    Attributes:
        event_id: of the event; None when it was refused.
        refusal: why not; only when refused.
    """

    event_id: int | None = None
    refusal: Refusal | None = None


@dataclass(slots=True)
class _Open:
    """A placement whose line is being written to."""

    id: int
    seeker_id: int
    person: int
    born: date
    employer: str
    main: bool
    void: bool
    events: list[Event[EventKind]]
    state: State


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact that may be appended, and the placement that it is told of."""

    place: int
    placement: _Open
    fact: Fact[EventKind]


def append_event(
    session: Session, placement_id: int, fact: Fact[EventKind], recorder: Recorder
) -> int:
    """Append what happened to a placement's line and return the event's id.

    Raises:
        NotFound: no such placement.
        Refusal: it cannot have happened; the message says what is missing.
    """
    answer = append_events(session, [(placement_id, fact)], recorder)[0]
    if answer.refusal:
        raise answer.refusal
    if answer.event_id is None:
        raise AssertionError("appended, but without an id")
    return answer.event_id


def append_events(
    session: Session,
    facts: Sequence[tuple[int, Fact[EventKind]]],
    recorder: Recorder,
    *,
    source: str = "form",
) -> list[Appended]:
    """Append what happened in many placements and return the answers in order.

    A refused fact leaves the others alone. Facts of one placement are looked at one after the
    other, so that an arrival may be followed by a first day.

    Args:
        session: the writing session.
        facts: placement id and what happened in it.
        recorder: who tells.
        source: what the facts were read from.
    """
    at = clock.now()
    opened = _open(session, sorted({placement_id for placement_id, _ in facts}))
    spells = known_spells(
        session,
        {o.person for n, f in facts if (o := opened.get(n)) and (f.kind in _MOVES or o.void)},
    )
    refused: dict[int, Refusal] = {}
    told: list[_Told] = []
    for place, (placement_id, fact) in enumerate(facts):
        try:
            if placement_id not in opened:
                raise NotFound
            told.append(_take(place, opened[placement_id], fact, at, spells))
        except Refusal as refusal:
            refused[place] = refusal
    ids = _write(session, told, recorder, at, source)
    # What was void, every entry reversed, is a placement again with its next entry.
    moved = [o.placement for o in told if o.fact.kind in _MOVES or o.placement.void]
    _repeat(session, moved, spells)
    nights = {o.placement.person for o in told if o.fact.reason == EndReason.NIGHT_SHIFT}
    if nights:
        seekers.note_refusal(session, nights, Refused.NIGHT_SHIFT)
    if told:
        _note(session, told, ids)
    return [
        Appended(refusal=refused[place]) if place in refused else Appended(ids[place])
        for place in range(len(facts))
    ]


def _open(session: Session, ids: Sequence[int]) -> dict[int, _Open]:
    """Lock placements and return them with all that stands on their lines, by id."""
    found: dict[int, _Open] = {}
    for block in in_slices(ids):
        rows = session.execute(
            select(
                Placement.id,
                Placement.seeker_id,
                PERSON.label("person"),
                Seeker.birth_date,
                Placement.employer_name,
                Placement.main,
                Placement.void,
            )
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .where(Placement.id.in_(block))
            .order_by(Placement.id)
            .with_for_update(of=Placement)
        ).all()
        lines = EVENTS.lines(session, block)
        for row in rows:
            events = lines.get(row.id, [])
            state = LINE.state_at(events)
            found[row.id] = _Open(
                row.id,
                row.seeker_id,
                row.person,
                row.birth_date,
                row.employer_name,
                row.main,
                row.void,
                events,
                state,
            )
    return found


def _take(
    place: int,
    placement: _Open,
    fact: Fact[EventKind],
    at: datetime,
    spells: Mapping[int, list[Known]],
) -> _Told:
    """Check one fact and count it for those that follow.

    Raises:
        Refusal: it cannot have happened.
    """
    fact = earliest(fact, placement.born, placement.state)
    check_age(fact.occurred_on, placement.born)
    check_order(fact, placement.state)
    check_evidence(fact)
    check_happened(fact.occurred_on, at)
    event = told_next(placement.events, fact, at)
    LINE.check_append(placement.events, event)
    state = LINE.state_at([*placement.events, event])
    if placement.main and (fact.kind in _MOVES or placement.void):
        own = spells[placement.person]
        others = [known for known in own if known.placement_id != placement.id]
        check_free(others, state.on_post_on, state.ended_on)
        known = Known(placement.id, placement.employer, state.on_post_on, state.ended_on)
        own[:] = [*others, known]
    placement.events.append(event)
    placement.state = state
    return _Told(place, placement, fact)


def _write(
    session: Session, told: Sequence[_Told], recorder: Recorder, at: datetime, source: str
) -> dict[int, int]:
    """Insert the events; return their ids by the fact's place."""
    rows = [
        event_row(one.fact, recorder, at, source=source)
        | {"placement_id": one.placement.id, "seeker_id": one.placement.seeker_id}
        for one in told
    ]
    if not rows:
        return {}
    ids = insert_keyed(session, cast(Table, PlacementEvent.__table__), rows)
    return {one.place: ids[row["key"]] for one, row in zip(told, rows, strict=True)}


def _repeat(
    session: Session, moved: Sequence[_Open], spells: Mapping[int, Sequence[Known]]
) -> None:
    """Repeat in the placements' rows what their events now say, and tell the seekers' records."""
    if not moved:
        return
    changed = {placement.id: placement for placement in moved}.values()
    session.execute(
        update(Placement),
        [
            {
                "id": p.id,
                "void": False,
                "started_on": p.state.on_post_on,
                "ended_on": p.state.ended_on,
            }
            for p in changed
        ],
    )
    tell_seekers(session, {p.person: spells[p.person] for p in changed})


def _note(session: Session, told: Sequence[_Told], ids: Mapping[int, int]) -> None:
    if len(told) == 1:
        one = told[0]
        audit.record(
            session,
            f"placement.{one.fact.kind}",
            subject="placement",
            subject_id=one.placement.id,
            detail={"event": ids[one.place], "grade": str(one.fact.grade)},
        )
        return
    counts = Counter(str(one.fact.kind) for one in told)
    audit.record(session, "placement.events", subject="placement", detail=dict(counts))


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


def correct_event(
    session: Session, event_id: int, fact: Fact[EventKind], reason: str, recorder: Recorder
) -> None:
    """Take an event back and record another in its place; later entries stay where they stand.

    Raises:
        NotFound: no such event.
        Refusal: no reason, reversed before, or the line could not have happened so.
    """
    placement_id = EVENTS.owner_of(session, event_id)
    if placement_id is None:
        raise NotFound
    placement = _lock(session, placement_id)
    born = session.execute(
        select(Seeker.birth_date).where(Seeker.id == placement.seeker_id)
    ).scalar_one()
    check_age(fact.occurred_on, born)
    check_evidence(fact)
    state = correct(
        session,
        EVENTS,
        event_id,
        fact,
        reason=reason,
        recorder=recorder,
        owner=_owner(placement),
    )
    _refresh(session, placement, state)


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


def wait_for_first_day(session: Session, placement_id: int) -> None:
    """Let a placement whose first day was taken back be one to be completed, as it was before.

    Raises:
        NotFound: no such placement.
        AlreadyPlaced: the person has another open placement by now.
    """
    placement = _lock(session, placement_id)
    if not placement.void:
        return
    person = session.execute(select(PERSON).where(Seeker.id == placement.seeker_id)).scalar_one()
    check_free(known_spells(session, (person,))[person], None, None)
    placement.void = False
    session.flush()
    detail = {"first_day": False}
    audit.record(
        session, "placement.wait", subject="placement", subject_id=placement_id, detail=detail
    )


def fill_industries(session: Session, industries: Mapping[int, str]) -> set[int]:
    """Say what employers do where placements do not say it yet; return which are changed.

    Args:
        session: the writing session.
        industries: placement id to an industry.
    """
    changed: set[int] = set()
    for some in in_slices(industries):
        empty = select(Placement.id).where(Placement.id.in_(some), Placement.industry == "")
        changed.update(session.execute(empty).scalars())
    if changed:
        table = cast(Table, Placement.__table__)
        rows = [{"of_id": one, "industry": industries[one][:100]} for one in sorted(changed)]
        session.execute(update(table).where(table.c.id == bindparam("of_id")), rows)
        detail = {"count": len(changed)}
        audit.record(session, "placement.industry", subject="placement", detail=detail)
    return changed


def forget_sources(session: Session, placements: Collection[int]) -> None:
    """Let the same rows be taken in anew as placements of their own.

    Args:
        session: the writing session.
        placements: ids of placements that were reversed because their import was taken back.
    """
    for some in in_slices(placements):
        session.execute(
            update(Placement).where(Placement.id.in_(some), Placement.void).values(fingerprint=None)
        )
    if placements:
        detail = {"count": len(placements)}
        audit.record(session, "placement.forget_source", subject="placement", detail=detail)


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
    person = session.execute(select(PERSON).where(Seeker.id == placement.seeker_id)).scalar_one()
    if placement.main and not placement.void:
        others = [
            known
            for known in known_spells(session, (person,))[person]
            if known.placement_id != placement.id
        ]
        check_free(others, state.on_post_on, state.ended_on)
    placement.started_on, placement.ended_on = state.on_post_on, state.ended_on
    session.flush()
    tell_seekers(session, known_spells(session, (person,)))


def tell_seekers(session: Session, spells: Mapping[int, Iterable[Known]]) -> None:
    """Take people who work out of the pool, and those who came back into it.

    Args:
        session: the writing session.
        spells: each person's main placements.
    """
    working: dict[int, date] = {}
    for person, known in spells.items():
        running = [k.started_on for k in known if k.started_on and k.ended_on is None]
        if running:
            working[person] = min(running)
    seekers.mark_employed(session, working)
    seekers.mark_available(session, [person for person in spells if person not in working])
