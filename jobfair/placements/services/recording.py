"""Recording placements: one from a form, or many from a ledger, by the same rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, or_, select, update
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_keyed, insert_rows
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Recorder, check_happened
from jobfair.kit.events.services import event_row
from jobfair.kit.ids import new_key
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.counting import EXPORTS, Destination, destination_of, overlap
from jobfair.placements.rules.drafts import (
    AlreadyPlaced,
    EmployerMissing,
    EndBeforeStart,
    OtherOffice,
    PlacementDraft,
    Recorded,
    Result,
    SeekerGone,
    StillPlaced,
)
from jobfair.placements.rules.events import AlreadyEnded, check_age, working_from
from jobfair.placements.rules.kinds import EventKind
from jobfair.seekers import services as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.rules.drafts import SeekerStatus

_End = tuple[int, int, Fact[EventKind]]  # placement, seeker, end
_PLACEMENTS = cast(Table, Placement.__table__)
_EVENTS = cast(Table, PlacementEvent.__table__)


@dataclass(frozen=True, slots=True)
class _Person:
    """What the rules ask about a person."""

    id: int
    born: date
    home: str
    category: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Known:
    """A main placement on record, or accepted earlier in this batch."""

    placement_id: int | None
    employer: str
    started_on: date | None
    ended_on: date | None


@dataclass(slots=True)
class _Batch:
    """What is known before the first draft is looked at."""

    people: dict[int, _Person]
    spells: dict[int, list[Known]]
    by_fingerprint: dict[str, Known]


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A draft that passed, with its place in the batch."""

    place: int
    person: _Person
    draft: PlacementDraft
    key: str


def record_placement(
    session: Session,
    seeker_id: int,
    draft: PlacementDraft,
    recorder: Recorder,
    *,
    previous_id: int | None = None,
) -> int:
    """Record one placement with the events its draft tells, and return its id.

    Raises:
        Refusal: the person is gone, under age, already placed, or the draft is contradictory.
    """
    answer = record_placements(
        session, [(seeker_id, draft)], recorder, previous={0: previous_id} if previous_id else {}
    )[0]
    if answer.refusal:
        raise answer.refusal
    if answer.placement_id is None:
        raise AssertionError("recorded, but without an id")
    return answer.placement_id


def record_placements(
    session: Session,
    drafts: Sequence[tuple[int, PlacementDraft]],
    recorder: Recorder,
    *,
    scope_division: str | None = None,
    previous: Mapping[int, int] | None = None,
) -> list[Recorded]:
    """Record many placements and return the answers in order.

    A draft whose fingerprint is on record changes nothing, except that an end not known before
    is appended. Refused drafts leave the others alone.

    Args:
        session: the writing session.
        drafts: seeker id and placement.
        recorder: who tells.
        scope_division: only people whose home begins with this; others are refused.
        previous: place in the batch to the placement that this one follows.
    """
    at = clock.now()
    batch = _look_up(session, drafts)
    answers: dict[int, Recorded] = {}
    accepted: list[_Accepted] = []
    ends: list[_End] = []
    for place, (seeker_id, draft) in enumerate(drafts):
        try:
            person = _person(batch, seeker_id, scope_division)
            known = batch.by_fingerprint.get(draft.fingerprint or "")
            if known is not None:
                answers[place] = _meet_again(known, draft, person, at, ends)
            else:
                told = draft.settled(working_from(person.born))
                _check(told, person, batch.spells[person.id], at)
                accepted.append(_Accepted(place, person, told, new_key()))
                _remember(batch, person, told)
        except Refusal as refusal:
            answers[place] = Recorded(Result.REFUSED, refusal=refusal)
    ids = _insert(session, accepted, recorder, at, previous or {})
    for item in accepted:
        answers[item.place] = Recorded(Result.CREATED, ids[item.key])
    _append_ends(session, ends, recorder, at)
    _tell_seekers(session, accepted, ends)
    counts = _count(answers.values())
    if accepted or ends:
        subject_id = next(iter(ids.values())) if len(drafts) == 1 and ids else None
        audit.record(
            session, "placement.record", subject="placement", subject_id=subject_id, detail=counts
        )
    return [answers[place] for place in range(len(drafts))]


def _count(answers: Iterable[Recorded]) -> dict[str, int]:
    counts = dict.fromkeys((str(r) for r in Result), 0)
    for answer in answers:
        counts[answer.result] += 1
    return counts


def _look_up(session: Session, drafts: Sequence[tuple[int, PlacementDraft]]) -> _Batch:
    people = _load_people(session, sorted({seeker_id for seeker_id, _ in drafts}))
    spells: dict[int, list[Known]] = defaultdict(list)
    by_fingerprint: dict[str, Known] = {}
    for person, known, fingerprint, counts in _on_record(session, {p.id for p in people.values()}):
        if counts:
            spells[person].append(known)
        if fingerprint:
            by_fingerprint[fingerprint] = known
    return _Batch(people, spells, by_fingerprint)


def _on_record(
    session: Session, people: Collection[int]
) -> Iterator[tuple[int, Known, str | None, bool]]:
    """Give people's placements, those of merged records included.

    Returns:
        The person, the placement, its fingerprint, and whether it is a main one that counts.
    """
    for block in in_slices(sorted(people)):
        rows = session.execute(
            select(
                Placement.id,
                PERSON.label("person"),
                Placement.employer_name,
                Placement.started_on,
                Placement.ended_on,
                Placement.main,
                Placement.void,
                Placement.fingerprint,
            )
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .where(or_(Seeker.id.in_(block), Seeker.merged_into_id.in_(block)))
        )
        for row in rows:
            known = Known(row.id, row.employer_name, row.started_on, row.ended_on)
            yield row.person, known, row.fingerprint, row.main and not row.void


def known_spells(session: Session, people: Collection[int]) -> dict[int, list[Known]]:
    """Return people's main placements, those of merged records included.

    Args:
        session: the writing session.
        people: ids of records that are not merged into others.
    """
    found: dict[int, list[Known]] = {person: [] for person in people}
    for person, known, _fingerprint, counts in _on_record(session, people):
        if counts:
            found[person].append(known)
    return found


def _load_people(session: Session, ids: Sequence[int]) -> dict[int, _Person]:
    """Lock the people's rows and return them by the id asked for; merged ones give the kept one."""
    found: dict[int, _Person] = {}
    merged: dict[int, int] = {}
    for block in in_slices(ids):
        rows = session.execute(
            select(
                Seeker.id,
                Seeker.birth_date,
                Seeker.home_division,
                Seeker.household_category,
                Seeker.status,
                Seeker.merged_into_id,
            )
            .where(Seeker.id.in_(block))
            .order_by(Seeker.id)
            .with_for_update()
        )
        for row in rows:
            if row.merged_into_id is not None:
                merged[row.id] = row.merged_into_id
            found[row.id] = _Person(
                row.id, row.birth_date, row.home_division, row.household_category, row.status
            )
    if merged:
        kept = _load_people(session, sorted(set(merged.values())))
        found.update({old: kept[new] for old, new in merged.items() if new in kept})
    return found


def _person(batch: _Batch, seeker_id: int, scope_division: str | None) -> _Person:
    person = batch.people.get(seeker_id)
    if person is None or person.status != SeekerStatus.ACTIVE:
        raise SeekerGone
    if scope_division is not None and not person.home.startswith(scope_division):
        raise OtherOffice
    return person


def _meet_again(
    known: Known,
    draft: PlacementDraft,
    person: _Person,
    at: datetime,
    ends: list[_End],
) -> Recorded:
    """Answer a row that is on record already; an end told for the first time is kept."""
    if known.placement_id is None or draft.ended_on is None or known.ended_on == draft.ended_on:
        return Recorded(Result.UNCHANGED, known.placement_id)
    if known.ended_on is not None:
        raise AlreadyEnded(day=known.ended_on.isoformat())
    if known.started_on is None or draft.ended_on < known.started_on:
        raise EndBeforeStart
    if known.placement_id in {placement for placement, _, _ in ends}:
        return Recorded(Result.UNCHANGED, known.placement_id)
    check_happened(draft.ended_on, at)
    check_age(draft.ended_on, person.born)
    ends.append((known.placement_id, person.id, draft.end()))
    return Recorded(Result.UPDATED, known.placement_id)


def _check(draft: PlacementDraft, person: _Person, spells: list[Known], at: datetime) -> None:
    if not (draft.employer_name.strip() or draft.workplace_text.strip()):
        raise EmployerMissing
    for fact in draft.facts():
        check_happened(fact.occurred_on, at)
        check_age(fact.occurred_on, person.born)
    start, end = draft.started_on, draft.ended_on
    if start and end and end < start:
        raise EndBeforeStart
    if draft.main:
        check_free(spells, start, end)


def check_free(spells: Iterable[Known], start: date | None, end: date | None) -> None:
    """Check that a main placement's time meets no other of the person.

    Args:
        spells: the person's other main placements.
        start: first day, None when it is not known.
        end: last day, None when it lasts.

    Raises:
        AlreadyPlaced: it does.
    """
    for known in spells:
        both_open = known.ended_on is None and end is None
        clash = (
            overlap((known.started_on, known.ended_on), (start, end))
            if known.started_on and start
            else False
        )
        if both_open or clash:
            raise (AlreadyPlaced if known.ended_on else StillPlaced)(
                placement=None if known.ended_on else known.placement_id,
                employer=known.employer or "–",
                since=known.started_on.isoformat() if known.started_on else "–",
                until=known.ended_on.isoformat() if known.ended_on else "–",
            )


def _remember(batch: _Batch, person: _Person, draft: PlacementDraft) -> None:
    known = Known(None, draft.employer_name, draft.started_on, draft.ended_on)
    if draft.main:
        batch.spells[person.id].append(known)
    if draft.fingerprint:
        batch.by_fingerprint[draft.fingerprint] = known


def _insert(
    session: Session,
    accepted: Sequence[_Accepted],
    recorder: Recorder,
    at: datetime,
    previous: Mapping[int, int],
) -> dict[str, int]:
    """Insert placements and their events; return the ids by key."""
    if not accepted:
        return {}
    rows = [_placement_row(item, recorder, at, previous) for item in accepted]
    ids = insert_keyed(session, _PLACEMENTS, rows)
    events = [
        event_row(fact, recorder, at, source=item.draft.source)
        | {"placement_id": ids[item.key], "seeker_id": item.person.id}
        for item in accepted
        for fact in item.draft.facts()
    ]
    insert_rows(session, _EVENTS, events)
    return ids


def _placement_row(
    item: _Accepted, recorder: Recorder, at: datetime, previous: Mapping[int, int]
) -> dict[str, Any]:
    draft, person = item.draft, item.person
    home = draft.home_division or person.home
    destination = draft.destination or destination_of(home, draft.workplace_division)
    if draft.destination is Destination.UNKNOWN:
        destination = destination_of(home, draft.workplace_division)
    return {
        "key": item.key,
        "seeker_id": person.id,
        "employer_id": draft.employer_id,
        "employer_name": draft.employer_name.strip(),
        "position_id": draft.position_id,
        "previous_id": previous.get(item.place),
        "title": draft.title.strip(),
        "industry": draft.industry.strip(),
        "workplace_division": draft.workplace_division,
        "workplace_text": draft.workplace_text.strip(),
        "home_division": home,
        "destination": destination,
        "export": destination in EXPORTS,
        "channel": draft.channel,
        "household_category": draft.household_category or person.category,
        "wage_fen": draft.wage_fen,
        "main": draft.main,
        "void": False,
        "started_on": draft.started_on,
        "ended_on": draft.ended_on if draft.started_on else None,
        "office_id": recorder.office_id,
        "source": draft.source,
        "fingerprint": draft.fingerprint,
        "created_at": at,
        "created_by": recorder.user_id,
    }


def _append_ends(
    session: Session,
    ends: Sequence[_End],
    recorder: Recorder,
    at: datetime,
) -> None:
    if not ends:
        return
    insert_rows(
        session,
        _EVENTS,
        [
            event_row(fact, recorder, at, source="import")
            | {"placement_id": placement, "seeker_id": seeker}
            for placement, seeker, fact in ends
        ],
    )
    session.execute(
        update(Placement),
        [{"id": placement, "ended_on": fact.occurred_on} for placement, _, fact in ends],
    )


def _tell_seekers(
    session: Session,
    accepted: Sequence[_Accepted],
    ends: Sequence[_End],
) -> None:
    """Take people who work out of the pool, and those who came back into it."""
    working = {
        item.person.id: item.draft.started_on
        for item in accepted
        if item.draft.main and item.draft.started_on and item.draft.ended_on is None
    }
    back = [seeker for _, seeker, _ in ends if seeker not in working]
    if working:
        seekers.mark_employed(session, working)
    if back:
        seekers.mark_available(session, back)
