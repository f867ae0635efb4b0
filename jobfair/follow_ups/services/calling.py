"""Recording a follow-up: what it writes on the line, settles of the checkpoints, and opens."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.follow_ups.models import FollowUp, FollowUpDue, FollowUpReversal, FollowUpTerms
from jobfair.follow_ups.queries.calls import placement_of, tried, wages_beside
from jobfair.follow_ups.rules.checkpoints import DueState, reached
from jobfair.follow_ups.rules.drafts import FollowUpDraft, Kept, RecordedMeanwhile, SaysOtherwise
from jobfair.follow_ups.rules.outcomes import (
    EmployerUnnamed,
    Outcome,
    RelativeUnnamed,
    TooEarly,
    Tried,
    Way,
    grade_of,
    kind_of,
    lost_on,
    reason_of,
)
from jobfair.follow_ups.services.cases import open_cases
from jobfair.follow_ups.services.planning import settle
from jobfair.kit import audit, clock, crypto
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import (
    Event,
    Fact,
    Grade,
    NothingToReverse,
    Precision,
    ReasonMissing,
    Recorder,
    check_happened,
)
from jobfair.kit.i18n import N_, translate
from jobfair.kit.ids import new_key
from jobfair.placements.models import Placement
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.events import ENDS, LINE, State
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.rules.wages import check_wage
from jobfair.placements.rules.words import KIND_NAMES
from jobfair.placements.services import (
    append_event,
    change_employer,
    reverse_event,
    reverse_placement,
)
from jobfair.seekers import queries as seekers

_FOUND_AGAIN = N_("The person was found again: what happened lies before contact counted as lost.")
_DIALLED = frozenset({Way.PHONE, Way.MESSAGE})
_SOURCE = "follow_up"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A placement under the lock, as its line stands."""

    row: Placement
    events: list[Event[EventKind]]

    @property
    def state(self) -> State:
        return LINE.state_at(self.events)


def record_follow_up(
    session: Session, placement_id: int, draft: FollowUpDraft, recorder: Recorder
) -> Kept:
    """Record that somebody was asked, or tried, and all that follows from it.

    A follow-up outside the time of an open checkpoint is kept as a contact; what it found goes on
    the line all the same.

    Raises:
        NotFound: no such placement.
        RecordedMeanwhile: somebody else was quicker.
        SaysOtherwise: at work, after an end that is on record.
        Refusal: it cannot be so; the message says what to do.
    """
    subject = _lock(session, placement_id)
    _check(session, subject, draft)
    settle(session, [placement_id])
    next_id = _write(session, subject, draft, recorder)
    attempt = Tried(draft.happened_on, draft.way, draft.outcome is not Outcome.UNREACHED)
    lost = _lose(session, placement_id, [*tried(session, placement_id), attempt], recorder)
    due = _due_at(session, subject.row, draft.happened_on)
    known = {event.id for event in subject.events}
    written = [
        event.id
        for event in EVENTS.line_of(session, placement_id)
        if event.id not in known and event.reverses is None
    ]
    row = _row(session, subject.row, draft, recorder)
    row.checkpoint = due.checkpoint if due else None
    row.events, row.next_placement_id = sorted(written), next_id
    session.add(row)
    session.flush()
    if draft.terms.told:
        session.add(FollowUpTerms(follow_up_id=row.id, **asdict(draft.terms)))
    if due is not None:
        _settle_due(due, row, lost=lost)
        session.flush()
    settle(session, [placement_id, *([next_id] if next_id else [])])
    open_cases(session, subject.row, draft.problems, recorder)
    detail = {"follow_up": row.id, "outcome": draft.outcome, "way": draft.way}
    audit.record(
        session, "follow_up.record", subject="placement", subject_id=placement_id, detail=detail
    )
    return Kept(row.id, row.checkpoint, lost, next_id)


def reverse_follow_up(session: Session, follow_up_id: int, reason: str, recorder: Recorder) -> int:
    """Take a follow-up back with all that it wrote, and return its placement's id.

    Rights cases that it opened stay: they have steps of their own.

    Raises:
        NotFound: no such follow-up.
        Refusal: no reason, taken back before, or later entries stand on what it wrote.
    """
    placement_id = placement_of(session, follow_up_id)
    if placement_id is None:
        raise NotFound
    subject = _lock(session, placement_id)
    row = session.get_one(FollowUp, follow_up_id)
    if session.get(FollowUpReversal, follow_up_id) is not None:
        raise NothingToReverse
    if not reason.strip():
        raise ReasonMissing
    if row.next_placement_id is not None:
        reverse_placement(session, row.next_placement_id, reason, recorder)
    counting = {event.id for event in LINE.visible(subject.events)}
    for event_id in sorted(counting & set(row.events), reverse=True):
        reverse_event(session, event_id, reason, recorder)
    session.add(
        FollowUpReversal(
            follow_up_id=follow_up_id,
            reason=reason.strip(),
            reversed_at=clock.now(),
            reversed_by=recorder.user_id,
        )
    )
    session.flush()
    _open_again(session, row)
    _lose(session, placement_id, tried(session, placement_id), recorder)
    settle(session, [placement_id, *([row.next_placement_id] if row.next_placement_id else [])])
    detail = {"follow_up": follow_up_id}
    audit.record(
        session, "follow_up.reverse", subject="placement", subject_id=placement_id, detail=detail
    )
    return placement_id


def _lock(session: Session, placement_id: int) -> _Subject:
    row = session.execute(
        select(Placement).where(Placement.id == placement_id).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return _Subject(row, EVENTS.line_of(session, placement_id))


def _check(session: Session, subject: _Subject, draft: FollowUpDraft) -> None:
    """Check what was typed against what is on record, before anything is written.

    Raises:
        Refusal: see `record_follow_up`.
    """
    check_happened(draft.happened_on, clock.now())
    _check_seen(session, subject.row.id, draft.seen)
    state = subject.state
    if state.on_post_on is None or draft.happened_on < state.on_post_on:
        raise TooEarly
    if draft.way is Way.RELATIVE and not draft.relative.strip():
        raise RelativeUnnamed
    at_work = draft.outcome in {Outcome.ON_POST_SAME, Outcome.ON_POST_OTHER}
    if at_work and state.ended_on and state.end_kind and draft.happened_on > state.ended_on:
        raise SaysOtherwise(
            day=draft.happened_on.isoformat(),
            end=translate(KIND_NAMES[state.end_kind]),
            ended=state.ended_on.isoformat(),
        )
    if draft.outcome is Outcome.ON_POST_OTHER and not (
        draft.employer_name.strip() and draft.workplace_text.strip()
    ):
        raise EmployerUnnamed
    if draft.wage_fen is not None and not draft.wage_confirmed:
        check_wage(draft.wage_fen, wages_beside(session, subject.row.id))


def _check_seen(session: Session, placement_id: int, seen: int | None) -> None:
    if seen is None:
        return
    newest = session.execute(
        select(FollowUp.id, FollowUp.recorded_at)
        .where(FollowUp.placement_id == placement_id)
        .order_by(FollowUp.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and newest.id != seen:
        raise RecordedMeanwhile(at=f"{newest.recorded_at.astimezone(clock.BEIJING):%H:%M}")


def _write(
    session: Session, subject: _Subject, draft: FollowUpDraft, recorder: Recorder
) -> int | None:
    """Write what was found on the line; return the placement that a change of employer opens.

    Raises:
        Refusal: the line cannot take it.
    """
    kind, placement_id = kind_of(draft.outcome), subject.row.id
    reason = reason_of(draft.outcome, draft.reason)
    ends = kind in ENDS
    day = (draft.since or draft.happened_on) if ends else draft.happened_on
    if draft.outcome is not Outcome.UNREACHED:
        _find_again(session, subject, day, draft.happened_on, recorder)
    if kind is EventKind.CHANGED_EMPLOYER:
        return change_employer(session, placement_id, _next(draft, day), recorder)
    if kind is not None:
        grade = grade_of(draft.way)
        found: Fact[EventKind] = Fact(kind, day, Precision.DAY, grade, draft.evidence, reason)
        append_event(session, placement_id, found, recorder)
    return None


def _next(draft: FollowUpDraft, day: date) -> PlacementDraft:
    """Return the work that somebody found without us."""
    return PlacementDraft(
        employer_name=draft.employer_name,
        channel=Channel.SELF_ARRANGED,
        started_on=day,
        workplace_text=draft.workplace_text,
        workplace_division=draft.workplace_division,
        wage_fen=draft.wage_fen,
        grade=grade_of(draft.way),
        source=_SOURCE,
    )


def _find_again(
    session: Session, subject: _Subject, day: date, asked_on: date, recorder: Recorder
) -> None:
    """Restore lost contact with somebody about whom something is known again.

    What happened before contact counted as lost takes the loss itself back.
    """
    lost = subject.state.lost_on
    if lost is None or asked_on < lost:
        return
    if day >= lost:
        fact = Fact(EventKind.CONTACT_RESTORED, day, Precision.DAY, Grade.C)
        append_event(session, subject.row.id, fact, recorder)
        return
    losses = [e for e in LINE.visible(subject.events) if e.kind is EventKind.LOST_CONTACT]
    reverse_event(session, losses[-1].id, translate(_FOUND_AGAIN), recorder)


def _lose(
    session: Session, placement_id: int, attempts: Sequence[Tried], recorder: Recorder
) -> bool:
    """Write that contact is lost if the attempts say so and the line does not; tell whether."""
    state = LINE.state_at(EVENTS.line_of(session, placement_id))
    if state.confirmed_on is None or state.lost_on or state.ended_on:
        return False
    known = Tried(state.confirmed_on, Way.PHONE, reached=True)
    day = lost_on([*attempts, known])
    if day is None:
        return False
    append_event(session, placement_id, Fact(EventKind.LOST_CONTACT, day), recorder)
    return True


def _due_at(session: Session, placement: Placement, day: date) -> FollowUpDue | None:
    """Return the checkpoint that a day counts for, unless it was settled by an answer."""
    checkpoint = reached(placement.started_on, day) if placement.started_on else None
    due = session.execute(
        select(FollowUpDue)
        .where(FollowUpDue.placement_id == placement.id, FollowUpDue.checkpoint == checkpoint)
        .with_for_update()
    ).scalar_one_or_none()
    if due is None or due.state != DueState.DONE:
        return due
    by = session.get_one(FollowUp, due.follow_up_id)
    return due if by.outcome == Outcome.UNREACHED else None


def _settle_due(due: FollowUpDue, row: FollowUp, *, lost: bool) -> None:
    if row.outcome == Outcome.UNREACHED:
        due.attempts += 1
    if row.outcome != Outcome.UNREACHED or lost:
        due.state, due.follow_up_id = DueState.DONE, row.id


def _open_again(session: Session, row: FollowUp) -> None:
    """Let a checkpoint wait again that a follow-up settled, or count an attempt less."""
    due = session.execute(
        select(FollowUpDue)
        .where(
            FollowUpDue.placement_id == row.placement_id, FollowUpDue.checkpoint == row.checkpoint
        )
        .with_for_update()
    ).scalar_one_or_none()
    if due is None:
        return
    if row.outcome == Outcome.UNREACHED:
        due.attempts -= 1
    if due.follow_up_id == row.id:
        due.state, due.follow_up_id = DueState.OPEN, None
    session.flush()


def _row(
    session: Session, placement: Placement, draft: FollowUpDraft, recorder: Recorder
) -> FollowUp:
    key, relative = new_key(), draft.relative.strip()
    sealed = (
        crypto.vault().seal(relative, table="follow_up", column="relative_sealed", row=key)
        if relative
        else None
    )
    dialled = ""
    if draft.way in _DIALLED:
        dialled = seekers.names_of(session, [placement.seeker_id])[placement.seeker_id].phone
    return FollowUp(
        key=key,
        placement_id=placement.id,
        outcome=draft.outcome,
        way=draft.way,
        grade=Grade.E if draft.outcome is Outcome.UNREACHED else grade_of(draft.way),
        happened_on=draft.happened_on,
        recorded_at=clock.now(),
        recorded_by=recorder.user_id,
        office_id=recorder.office_id,
        dialled=dialled,
        seconds=draft.seconds,
        relative_sealed=sealed,
        wage_fen=draft.wage_fen,
        wage_confirmed=draft.wage_confirmed,
        problems=[str(problem) for problem in draft.problems],
        note=draft.note.strip(),
    )
