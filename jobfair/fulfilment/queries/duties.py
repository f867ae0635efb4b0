"""Employers' duties: the list, one of them with its people, how employers did so far."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import UserAccount
from jobfair.accounts.queries import recorder_names
from jobfair.employers.models import Employer, Position
from jobfair.fairs.models import Fair, FairPosition
from jobfair.follow_ups.models import FollowUp, FollowUpReversal
from jobfair.follow_ups.rules.outcomes import Way
from jobfair.fulfilment.models import DutyAnswer, DutyReminder, EmployerDuty, FulfilmentMark
from jobfair.fulfilment.rules.duties import (
    DutyState,
    Kept,
    OnRecord,
    Term,
    answered_on,
    kept_of,
)
from jobfair.kit import clock
from jobfair.kit.events.queries import counting
from jobfair.offers.models import Hold
from jobfair.offers.rules import PLACEMENT_MARK
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.kinds import EventKind
from jobfair.seekers import queries as seekers


class Show(StrEnum):
    """Which duties a list shows."""

    OVERDUE = "overdue"
    NOW = "now"  # may be answered and are not overdue
    LATER = "later"
    DONE = "done"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What a list is narrowed to; None or empty is no limit.

    Attributes:
        organisation_id: only the duties of its employer.
        show: without it what is not done, excused or dropped.
        text: part of the employer's name.
    """

    today: date
    organisation_id: int | None = None
    show: Show | None = None
    term: str = ""
    fair_code: str = ""
    employer_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty in a list.

    Attributes:
        reminded_on: the day of the newest reminder.
        reminders: how many there were.
    """

    id: int
    fair_id: int
    fair_code: str
    fair_name: str
    fair_name_en: str
    employer_id: int
    employer: str
    organisation_id: int | None
    term: str
    opens_on: date
    due_on: date
    state: str
    people: int
    answered: int
    done_on: date | None
    excuse: str
    excused_by: str
    reminders: int
    reminded_on: date | None

    def overdue(self, today: date) -> bool:
        """Whether it is not done and its last day is over."""
        return self.state == DutyState.OPEN and self.due_on < today

    def opened(self, today: date) -> bool:
        """Whether it may be answered."""
        return self.state == DutyState.OPEN and self.opens_on <= today

    def fair(self, language: str) -> str:
        """Return the fair's name in a language."""
        return self.fair_name_en if language == "en" and self.fair_name_en else self.fair_name


@dataclass(frozen=True, slots=True)
class LineRow:
    """One person of a duty, masked.

    Attributes:
        known: what is on record.
        answered_on: since when nothing is asked of this person; None while something is.
        answer: the newest answer at this term.
    """

    placement_id: int
    key: str
    name: str
    title: str
    known: OnRecord
    answered_on: date | None
    answer: "AnswerRow | None"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What the employer said of a person at one term."""

    said: str
    day: date | None
    why: str
    signed_on: date | None
    paid_fen: int | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder as shown."""

    way: str
    happened_on: date
    reached: bool
    note: str
    recorder: str
    recorded_at: datetime


def list_duties(
    session: Session, wanted: DutyFilter, *, limit: int = 50, offset: int = 0
) -> list[DutyRow]:
    """Return a page of duties, the longest due first."""
    newest_first = wanted.show in {Show.DONE, Show.EXCUSED}
    day: Any = EmployerDuty.due_on
    rows = session.execute(
        _duties()
        .where(*_conditions(wanted))
        .order_by(day.desc() if newest_first else day, Employer.name, EmployerDuty.id)
        .limit(limit)
        .offset(offset)
    )
    return [DutyRow(*row) for row in rows]


def count_duties(session: Session, wanted: DutyFilter) -> int:
    """Return how many duties a filter finds."""
    counted = (
        select(func.count())
        .select_from(EmployerDuty)
        .join(Fair, Fair.id == EmployerDuty.fair_id)
        .join(Employer, Employer.id == EmployerDuty.employer_id)
    )
    return session.execute(counted.where(*_conditions(wanted))).scalar_one()


def find_duty(session: Session, duty_id: int) -> DutyRow | None:
    """Return one duty."""
    row = session.execute(_duties().where(EmployerDuty.id == duty_id)).one_or_none()
    return DutyRow(*row) if row else None


def fairs_with_duties(session: Session) -> list[tuple[str, str]]:
    """Return code and name of the fairs after which something is owed, the newest first."""
    rows = session.execute(
        select(Fair.code, Fair.name)
        .where(Fair.id.in_(select(EmployerDuty.fair_id)))
        .order_by(Fair.ends_on.desc(), Fair.id.desc())
    )
    return [(row.code, row.name) for row in rows]


def kept_by(session: Session, employer_ids: Collection[int] | None, today: date) -> dict[int, Kept]:
    """Return how employers did what they owed after fairs; those that owed nothing are left out.

    Args:
        session: a reading session.
        employer_ids: which of them; None for all.
        today: what was due before and is not done is overdue.
    """
    query = select(
        EmployerDuty.employer_id,
        EmployerDuty.state,
        EmployerDuty.opens_on,
        EmployerDuty.due_on,
        EmployerDuty.done_on,
    ).where(EmployerDuty.state.in_((DutyState.OPEN, DutyState.DONE)))
    if employer_ids is not None:
        query = query.where(EmployerDuty.employer_id.in_(employer_ids))
    found: dict[int, list[tuple[str, date, date, date | None]]] = {}
    for row in session.execute(query):
        duty = (row.state, row.opens_on, row.due_on, row.done_on)
        found.setdefault(row.employer_id, []).append(duty)
    return {employer: kept_of(duties, today) for employer, duties in found.items()}


def list_lines(session: Session, duty: DutyRow) -> list[LineRow]:
    """Return the people whom the employer took at the fair, and what is said of each."""
    people = taken_on(session, [(duty.fair_id, duty.employer_id)])
    rows = people.get((duty.fair_id, duty.employer_id), [])
    known = on_record(session, {row.id for row in rows}, duty.id)
    answers = _answers(session, duty.id)
    names = seekers.names_of(session, {row.seeker_id for row in rows})
    return [
        LineRow(
            row.id,
            row.key,
            names[row.seeker_id].name,
            row.title,
            known[row.id],
            _answered(duty, known[row.id]),
            answers.get(row.id),
        )
        for row in rows
    ]


def list_reminders(session: Session, duty_id: int) -> list[ReminderRow]:
    """Return the reminders of a duty, the newest first."""
    rows = list(
        session.execute(
            select(DutyReminder)
            .where(DutyReminder.duty_id == duty_id)
            .order_by(DutyReminder.id.desc())
        ).scalars()
    )
    names, _ = recorder_names(session, {r.recorded_by for r in rows if r.recorded_by}, ())
    return [
        ReminderRow(
            r.way,
            r.happened_on,
            r.reached,
            r.note,
            names.get(r.recorded_by or 0, ""),
            r.recorded_at,
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody whom an employer took at a fair."""

    id: int
    key: str
    seeker_id: int
    title: str


def taken_on(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], list[Taken]]:
    """Return the placements that began with an offer accepted at a fair, by fair and employer.

    Args:
        session: a reading session.
        pairs: fair and employer.
    """
    rows = session.execute(
        select(
            Hold.fair_id,
            Placement.employer_id,
            Placement.id,
            Placement.key,
            Placement.seeker_id,
            Placement.title,
        )
        .join(Placement, Placement.fingerprint == PLACEMENT_MARK + Hold.key)
        .where(
            Hold.fair_id.in_({fair for fair, _ in pairs}),
            Placement.employer_id.in_({employer for _, employer in pairs}),
            ~Placement.void,
        )
        .order_by(Placement.id)
    )
    found: dict[tuple[int, int], list[Taken]] = {}
    for row in rows:
        if row.employer_id is not None:
            taken = Taken(row.id, row.key, row.seeker_id, row.title)
            found.setdefault((row.fair_id, row.employer_id), []).append(taken)
    return found


def on_record(
    session: Session, placement_ids: Collection[int], duty_id: int
) -> dict[int, OnRecord]:
    """Return what is on record of some people, for one duty."""
    return records_of(session, {duty_id: placement_ids}).get(duty_id, {})


def records_of(
    session: Session, people: Mapping[int, Collection[int]]
) -> dict[int, dict[int, OnRecord]]:
    """Return what is on record of the people of some duties, by duty and placement."""
    ids = {placement for owned in people.values() for placement in owned}
    events = _events(session, ids)
    ended = dict(
        session.execute(select(Placement.id, Placement.ended_on).where(Placement.id.in_(ids))).all()
    )
    paid = _paid_told(session, ids)
    answered = {
        (row.duty_id, row.placement_id): clock.day_of(row.at)
        for row in session.execute(
            select(
                DutyAnswer.duty_id,
                DutyAnswer.placement_id,
                func.max(DutyAnswer.answered_at).label("at"),
            )
            .where(DutyAnswer.duty_id.in_(people))
            .group_by(DutyAnswer.duty_id, DutyAnswer.placement_id)
        )
    }
    return {
        duty: {
            placement: _known(
                events.get(placement, []),
                answered.get((duty, placement)),
                ended.get(placement),
                paid.get(placement),
            )
            for placement in owned
        }
        for duty, owned in people.items()
    }


def _known(
    events: Iterable[Any], answered: date | None, ended: date | None, paid: date | None
) -> OnRecord:
    """Return what some events and records add up to; events in the order they were recorded."""
    word, told, signed = "", None, None
    for event in events:
        if event.kind == EventKind.CONTRACT_SIGNED:
            signed = event.occurred_on
        else:
            word, told = event.reason, clock.day_of(event.recorded_at)
    return OnRecord(answered, word, told, signed, ended, paid)


def _events(session: Session, ids: Collection[int]) -> dict[int, list[Any]]:
    event = aliased(PlacementEvent)
    found: dict[int, list[Any]] = {}
    for row in session.execute(
        select(event.placement_id, event.kind, event.occurred_on, event.recorded_at, event.reason)
        .where(
            event.placement_id.in_(ids),
            event.kind.in_((EventKind.EMPLOYER_CONFIRMED, EventKind.CONTRACT_SIGNED)),
            *counting(event),
        )
        .order_by(event.id)
    ):
        found.setdefault(row.placement_id, []).append(row)
    return found


def _paid_told(session: Session, ids: Collection[int]) -> dict[int, date]:
    """Return the day on which the employer last told the pay, by placement."""
    rows = session.execute(
        select(FollowUp.placement_id, func.max(FollowUp.happened_on))
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .where(
            FollowUp.placement_id.in_(ids),
            FollowUp.way == Way.EMPLOYER,
            FollowUp.wage_fen.is_not(None),
            FollowUpReversal.follow_up_id.is_(None),
        )
        .group_by(FollowUp.placement_id)
    )
    return {row[0]: row[1] for row in rows}


def _answered(duty: DutyRow, known: OnRecord) -> date | None:
    return answered_on(Term(duty.term), duty.opens_on, known)


def _answers(session: Session, duty_id: int) -> dict[int, AnswerRow]:
    rows = session.execute(
        select(DutyAnswer).where(DutyAnswer.duty_id == duty_id).order_by(DutyAnswer.id)
    ).scalars()
    return {
        row.placement_id: AnswerRow(
            row.said, row.day, row.why, row.signed_on, row.paid_fen, row.answered_at
        )
        for row in rows
    }


def exhibiting(session: Session, fair_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return which employers have positions at some fairs: fair and employer."""
    rows = session.execute(
        select(FairPosition.fair_id, Position.employer_id)
        .join(Position, Position.id == FairPosition.position_id)
        .where(FairPosition.fair_id.in_(fair_ids))
        .distinct()
    )
    return {(row.fair_id, row.employer_id) for row in rows}


def swept_on(session: Session) -> date | None:
    """Return the day on which duties and differences were last made."""
    mark = session.get(FulfilmentMark, 1)
    return mark.swept_on if mark else None


def is_behind(session: Session, today: date) -> bool:
    """Return whether something may have changed since duties and differences were last made."""
    mark = session.get(FulfilmentMark, 1)
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    return mark is None or mark.swept_on != today or newest > mark.event_id


def _duties() -> Select[*tuple[Any, ...]]:
    of_duty = DutyReminder.duty_id == EmployerDuty.id
    reminders = select(func.count()).where(of_duty).correlate(EmployerDuty).scalar_subquery()
    newest = (
        select(func.max(DutyReminder.happened_on))
        .where(of_duty)
        .correlate(EmployerDuty)
        .scalar_subquery()
    )
    return (
        select(
            EmployerDuty.id,
            Fair.id,
            Fair.code,
            Fair.name,
            Fair.name_en,
            Employer.id,
            Employer.name,
            Employer.organisation_id,
            EmployerDuty.term,
            EmployerDuty.opens_on,
            EmployerDuty.due_on,
            EmployerDuty.state,
            EmployerDuty.people,
            EmployerDuty.answered,
            EmployerDuty.done_on,
            EmployerDuty.excuse,
            func.coalesce(UserAccount.display_name, ""),
            reminders,
            newest,
        )
        .join(Fair, Fair.id == EmployerDuty.fair_id)
        .join(Employer, Employer.id == EmployerDuty.employer_id)
        .outerjoin(UserAccount, UserAccount.id == EmployerDuty.excused_by)
    )


def _conditions(wanted: DutyFilter) -> list[ColumnElement[bool]]:
    found = _shown(wanted.show, wanted.today)
    if wanted.organisation_id is not None:
        found.append(Employer.organisation_id == wanted.organisation_id)
    if wanted.term:
        found.append(EmployerDuty.term == wanted.term)
    if wanted.fair_code:
        found.append(Fair.code == wanted.fair_code)
    if wanted.employer_id is not None:
        found.append(Employer.id == wanted.employer_id)
    if wanted.text:
        found.append(Employer.name.icontains(wanted.text, autoescape=True))
    return found


def _shown(show: Show | None, today: date) -> list[ColumnElement[bool]]:
    waits = EmployerDuty.state == DutyState.OPEN
    match show:
        case Show.OVERDUE:
            return [waits, EmployerDuty.due_on < today]
        case Show.NOW:
            return [waits, EmployerDuty.due_on >= today, EmployerDuty.opens_on <= today]
        case Show.LATER:
            return [waits, EmployerDuty.opens_on > today]
        case Show.DONE:
            return [EmployerDuty.state == DutyState.DONE]
        case Show.EXCUSED:
            return [EmployerDuty.state == DutyState.EXCUSED]
        case None:
            return [waits, EmployerDuty.opens_on <= today]
