"""An employer answers a duty: its answer is kept, and its word goes on each person's line."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer
from jobfair.follow_ups.queries.confirming import Reach
from jobfair.follow_ups.rules.confirming import Confirmation
from jobfair.follow_ups.rules.confirming import Said as Month
from jobfair.follow_ups.services.confirming import confirm
from jobfair.fulfilment.models import DutyAnswer, EmployerDuty
from jobfair.fulfilment.queries.duties import find_duty, list_lines
from jobfair.fulfilment.rules.answers import Answer
from jobfair.fulfilment.rules.duties import DutyState, NotAsked, NotOpenYet, Said, Why
from jobfair.fulfilment.services.planning import compare, settle
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Fact, Grade, Precision, Recorder
from jobfair.placements.models import Placement
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.placements.services import append_events

_SOURCE = "employer"


def answer_duty(
    session: Session, duty_id: int, answers: Mapping[int, Answer], recorder: Recorder
) -> int:
    """Keep what an employer says of its people, and return how many still lack an answer.

    The employer's word goes on the line of each; where the first day is on record and the person
    is still there, it is a follow-up of grade B, as the monthly sheet is.

    Args:
        session: the writing session.
        duty_id: the duty.
        answers: by placement; others than the duty's people are left out.
        recorder: who says it.

    Raises:
        NotFound: no such duty.
        NotAsked: it is excused or nothing is owed.
        NotOpenYet: it is asked later.
    """
    duty = session.execute(
        select(EmployerDuty).where(EmployerDuty.id == duty_id).with_for_update()
    ).scalar_one_or_none()
    row = find_duty(session, duty_id)
    if duty is None or row is None:
        raise NotFound
    if duty.state in {DutyState.EXCUSED, DutyState.DROPPED}:
        raise NotAsked
    today = clock.today()
    if duty.opens_on > today:
        raise NotOpenYet(day=duty.opens_on.isoformat())
    own = {line.placement_id for line in list_lines(session, row)}
    told = {placement: one for placement, one in answers.items() if placement in own}
    at = clock.now()
    for placement_id, one in told.items():
        session.add(
            DutyAnswer(
                duty_id=duty_id,
                placement_id=placement_id,
                said=one.said,
                day=one.day,
                why=one.why,
                signed_on=one.signed_on,
                paid_fen=one.paid_fen,
                answered_at=at,
                answered_by=recorder.user_id,
            )
        )
    session.flush()
    _tell_lines(session, duty.employer_id, told, recorder, today)
    if told:
        detail = {"people": len(told), "term": duty.term}
        audit.record(
            session, "duty.answer", subject="employer_duty", subject_id=duty_id, detail=detail
        )
    theirs = (EmployerDuty.fair_id == duty.fair_id, EmployerDuty.employer_id == duty.employer_id)
    settle(
        session,
        list(
            session.execute(
                select(EmployerDuty.id).where(*theirs, EmployerDuty.opens_on <= today)
            ).scalars()
        ),
    )
    compare(session)
    session.refresh(duty)
    return duty.people - duty.answered


def _tell_lines(
    session: Session,
    employer_id: int,
    told: Mapping[int, Answer],
    recorder: Recorder,
    today: date,
) -> None:
    """Write the employer's word on each line; a line that cannot take it keeps the answer alone."""
    rows = {
        row.id: row
        for row in session.execute(
            select(Placement.id, Placement.key, Placement.started_on).where(Placement.id.in_(told))
        )
    }
    facts: list[tuple[int, Fact[EventKind]]] = []
    monthly: list[Confirmation] = []
    for placement_id, one in told.items():
        if one.signed_on is not None:
            facts.append((placement_id, _fact(EventKind.CONTRACT_SIGNED, one.signed_on)))
        row = rows[placement_id]
        if row.started_on is not None and one.said in {Said.ON_POST, Said.LEFT}:
            said = Month.HERE if one.said is Said.ON_POST else Month.LEFT
            left = one.day if one.said is Said.LEFT else None
            monthly.append(Confirmation(row.key, said, left, one.paid_fen or None))
            continue
        word = _word(one)
        if word is not None:
            day = one.day or today
            facts.append((placement_id, _fact(EventKind.EMPLOYER_CONFIRMED, day, word)))
    append_events(session, facts, recorder, source=_SOURCE)
    if monthly:
        own = select(Employer.organisation_id).where(Employer.id == employer_id)
        reach = Reach(organisation_id=session.execute(own).scalar_one())
        confirm(session, monthly, reach, recorder)


def _word(one: Answer) -> Word | None:
    """Return the word for a line; who is expected later is neither here nor gone."""
    if one.said is Said.CAME:
        return Word.ARRIVED
    if one.said is Said.ON_POST:
        return Word.ON_POST
    return None if one.why == Why.LATER else Word.NOT_HERE


def _fact(kind: EventKind, day: date, reason: str = "") -> Fact[EventKind]:
    return Fact(kind, day, Precision.DAY, Grade.B, reason=reason)
