"""Taking in an employer's monthly sheet: its own word, and a follow-up of grade B."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from jobfair.follow_ups.models import FollowUp, FollowUpDue
from jobfair.follow_ups.queries.confirming import Named, Reach, find_named, wages_at
from jobfair.follow_ups.rules.checkpoints import DueState, reached
from jobfair.follow_ups.rules.confirming import (
    HEADERS,
    Confirmation,
    Said,
    read_confirmation,
)
from jobfair.follow_ups.rules.outcomes import Outcome as Found
from jobfair.follow_ups.rules.outcomes import Way
from jobfair.follow_ups.services.planning import settle
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_keyed
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Event, Fact, Grade, Precision, Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.events import LINE
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.placements.rules.wages import check_wage
from jobfair.placements.services import append_events

_SOURCE = "employer"
_TITLES = {
    "key": N_("Code of the row"),
    "name": N_("Name"),
    "id_number": N_("ID number"),
    "title": N_("Post or kind of work"),
    "started_on": N_("First day"),
    "said": N_("Still here, left, or never came"),
    "left_on": N_("Left on"),
    "wage": N_("Pay of last month in yuan"),
}
FIELDS = tuple(FieldSpec(name, _TITLES[name], aliases=headers) for name, headers in HEADERS.items())
UNKNOWN = N_("None of your people on post has this code.")
NO_FIRST_DAY = N_("The first day at work is not on record; tell the labour office.")
NOT_HERE_KEPT = N_("Kept as the employer's word; the labour office will ask the person.")
BESIDE = N_("Kept as a contact: no checkpoint was waiting.")


def confirmation_spec(reach: Reach, recorder: Recorder) -> ImportSpec[Confirmation]:
    """Return the import of employers' sheets.

    Args:
        reach: whose people the sheet may speak of.
        recorder: who sends it.
    """

    def parse(row: SheetRow) -> Confirmation | list[RowError]:
        told = {name: row.text(name) for name in ("key", "said", "left_on", "wage")}
        found = read_confirmation(**told)
        if isinstance(found, Confirmation):
            return found
        return [RowError(field, reason) for field, reason in found]

    def apply(session: Session, rows: list[Confirmation]) -> list[Outcome]:
        return confirm(session, rows, reach, recorder)

    return ImportSpec("confirmations", FIELDS, parse, apply)


def confirm(
    session: Session, rows: Sequence[Confirmation], reach: Reach, recorder: Recorder
) -> list[Outcome]:
    """Write an employer's word, and what it means, on its people's lines; answer row by row.

    The same word about the same person in the same month changes nothing.
    """
    today = clock.today()
    named = find_named(session, {row.key for row in rows}, reach)
    lines = EVENTS.lines(session, {one.id for one in named.values()})
    facts: list[tuple[int, Fact[EventKind]]] = []
    places: dict[int, tuple[int, int]] = {}  # row → its facts
    answers: dict[int, Outcome] = {}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        one = named.get(row.key)
        if one is None or one.started_on is None:
            answers[place] = Outcome("refused", NO_FIRST_DAY if one else UNKNOWN)
            continue
        events = LINE.visible(lines.get(one.id, ()))
        if row.key in seen or _said_before(events, row.said, today):
            answers[place] = Outcome("unchanged")
            continue
        seen.add(row.key)
        lost = LINE.fold(events).lost_on is not None
        told = _facts(row, one.started_on, today, lost=lost)
        places[place] = len(facts), len(facts) + len(told)
        facts += [(one.id, fact) for fact in told]
    appended = append_events(session, facts, recorder, source=_SOURCE)
    here: dict[int, list[int]] = {}
    for place, (start, end) in places.items():
        refusal = next((a.refusal for a in appended[start:end] if a.refusal), None)
        if refusal is not None:
            answers[place] = Outcome("refused", _said(refusal))
        elif rows[place].said is Said.HERE:
            here[place] = [a.event_id for a in appended[start:end] if a.event_id is not None]
        else:
            answers[place] = Outcome("updated", notes=(*rows[place].notes, NOT_HERE_KEPT))
    answers |= _keep(session, rows, named, here, recorder)
    return [answers[place] for place in range(len(rows))]


def _said_before(events: Sequence[Event[EventKind]], said: Said, today: date) -> bool:
    """Return whether the employer's newest word is this one, and of this month."""
    words = [event for event in events if event.kind is EventKind.EMPLOYER_CONFIRMED]
    if not words:
        return False
    newest = max(words, key=lambda event: event.id)
    meant = Word.ON_POST if said is Said.HERE else Word.NOT_HERE
    recorded = clock.day_of(newest.recorded_at)
    return newest.reason == meant and (recorded.year, recorded.month) == (today.year, today.month)


def _facts(row: Confirmation, first: date, today: date, *, lost: bool) -> list[Fact[EventKind]]:
    """Return what a row says of somebody."""

    def fact(kind: EventKind, day: date, reason: str = "") -> Fact[EventKind]:
        return Fact(kind, day, Precision.DAY, Grade.B, reason=reason)

    if row.said is not Said.HERE:
        day = row.left_on or first
        return [fact(EventKind.EMPLOYER_CONFIRMED, day, Word.NOT_HERE)]
    restored = [fact(EventKind.CONTACT_RESTORED, today)] if lost else []
    word = fact(EventKind.EMPLOYER_CONFIRMED, today, Word.ON_POST)
    return [word, *restored, fact(EventKind.FOLLOW_UP, today)]


def _keep(
    session: Session,
    rows: Sequence[Confirmation],
    named: Mapping[str, Named],
    here: Mapping[int, list[int]],
    recorder: Recorder,
) -> dict[int, Outcome]:
    """Keep a follow-up for each who is still there, and settle the checkpoints of the day."""
    if not here:
        return {}
    today, at = clock.today(), clock.now()
    subjects = {place: named[rows[place].key] for place in here}
    settle(session, {one.id for one in subjects.values()})
    waiting = _waiting(session, subjects, today)
    usual = wages_at(session, {one.employer_id for one in subjects.values()})
    answers: dict[int, Outcome] = {}
    kept: list[dict[str, Any]] = []
    for place, one in subjects.items():
        row, due = rows[place], waiting.get(one.id)
        wage, notes = row.wage_fen, list(row.notes)
        try:
            if wage is not None:
                check_wage(wage, usual.get((one.employer_id, one.title), []))
        except Invalid as odd:
            wage = None
            notes.append(_said(odd))
        if due is None:
            notes.append(BESIDE)
        kept.append(
            _row(one.id, due[1] if due else None, wage, here[place], recorder)
            | {"recorded_at": at, "happened_on": today}
        )
        answers[place] = Outcome("created", notes=tuple(notes))
    ids = insert_keyed(session, cast(Table, FollowUp.__table__), kept)
    done = [
        {
            "id": waiting[row["placement_id"]][0],
            "state": DueState.DONE,
            "follow_up_id": ids[row["key"]],
        }
        for row in kept
        if row["placement_id"] in waiting
    ]
    if done:
        session.execute(update(FollowUpDue), done)
    detail = {"count": len(kept)}
    audit.record(session, "follow_up.confirm", subject="placement", detail=detail)
    return answers


def _waiting(
    session: Session, subjects: Mapping[int, Named], today: date
) -> dict[int, tuple[int, str]]:
    """Return the row and the checkpoint that wait today, by placement."""
    now = {one.id: reached(one.started_on, today) for one in subjects.values() if one.started_on}
    rows = session.execute(
        select(FollowUpDue.id, FollowUpDue.placement_id, FollowUpDue.checkpoint).where(
            FollowUpDue.placement_id.in_(now), FollowUpDue.state == DueState.OPEN
        )
    )
    return {
        placement: (due, checkpoint)
        for due, placement, checkpoint in rows
        if checkpoint == now[placement]
    }


def _row(
    placement_id: int,
    checkpoint: str | None,
    wage: int | None,
    events: list[int],
    recorder: Recorder,
) -> dict[str, Any]:
    return {
        "key": new_key(),
        "placement_id": placement_id,
        "checkpoint": checkpoint,
        "outcome": Found.ON_POST_SAME,
        "way": Way.EMPLOYER,
        "grade": Grade.B,
        "recorded_by": recorder.user_id,
        "office_id": recorder.office_id,
        "dialled": "",
        "seconds": None,
        "relative_sealed": None,
        "wage_fen": wage,
        "wage_confirmed": False,
        "problems": [],
        "note": "",
        "events": events,
        "next_placement_id": None,
    }


def _said(refusal: Refusal) -> str:
    return translate(refusal.message, **refusal.params)
