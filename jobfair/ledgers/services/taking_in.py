"""Taking in an office's ledger: people found or registered, their work put on record, lines kept.

A row that tells of work on record, by this office or another, joins it; what is new is recorded.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, select, update
from sqlalchemy.orm import Session

from jobfair.employers.queries import employer_ids
from jobfair.employers.rules.identity import name_key, tidy_code
from jobfair.kit import audit, clock, crypto
from jobfair.kit.bulk import in_slices, insert_rows
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Recorder, first_of, last_of
from jobfair.kit.i18n import N_, translate
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.ledgers import queries
from jobfair.ledgers.models import LedgerImport, LedgerLine
from jobfair.ledgers.queries.records import OnRecord, Person, people_of, works_of
from jobfair.ledgers.rules.rows import CHANGES, Known, LedgerRow, fields_with, read_ledger_row
from jobfair.ledgers.rules.same import Work, same_work
from jobfair.ledgers.rules.words import Did
from jobfair.ledgers.services.forgetting import forget_erased
from jobfair.placements.queries.wages import usual_wages
from jobfair.placements.rules.drafts import (
    AlreadyPlaced,
    PlacementDraft,
    Recorded,
    Result,
    SeekerGone,
    StillPlaced,
)
from jobfair.placements.rules.events import AlreadyEnded
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import (
    append_event,
    append_events,
    fill_industries,
    record_placement,
    record_placements,
)
from jobfair.placements.services.claiming import Joined, join_claims
from jobfair.placements.services.line import Appended
from jobfair.seekers import queries as seekers
from jobfair.seekers import services as seeker_services
from jobfair.seekers.rules.drafts import SeekerStatus
from jobfair.seekers.rules.reading import Places

UNREGISTERED = N_(
    "This person is not registered and the row has no name or no home county to register by."
)
INCOMPLETE = N_("The first day at work is missing: kept to be completed, counted nowhere.")
JOINED = N_(
    "The person's home belongs to another office, which keeps the record and is told of this row; "
    "the person is counted once, there."
)
STILL_ON_POST = N_(
    "The records have this person on post. If that is over, record the return on the person's page."
)
_LINES = cast(Table, LedgerLine.__table__)
SOURCE = "ledger"


class RecordedDead(Refusal):
    """A row has somebody at work after the day of death on record."""

    code = "recorded_dead"
    message = N_(
        "The row has this person at work after %(day)s, and the records have the death on that "
        "day. One of them is wrong: correct the row, or reverse the entry on the person's page."
    )


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file on its way in.

    Attributes:
        key: names the import; the same key goes on with it.
        digest: keyed digest of the file's content; empty when it is not known.
        scope: only people whose home begins with this are written; None for all.
        confirmed: questions answered with yes for the whole file.
        words: headers that the office taught, by their plain form.
    """

    key: str
    file_name: str
    recorder: Recorder
    digest: str = ""
    scope: str | None = None
    confirmed: Collection[str] = ()
    words: Mapping[str, str] | None = None


@dataclass(slots=True)
class _Row:
    """A row with what is decided about it.

    Attributes:
        known: the work on record that it tells of.
        did: what it changes.
        placement_before: the work that ends because this one begins.
        in_the_way: other work on record refuses this one.
        joined: the work of another office beside which this office's word is kept.
        filled: the row told something of household or work that was not on record.
    """

    row: LedgerRow
    person: Person
    overlap: bool = False
    known: OnRecord | None = None
    did: Did = Did.NOTHING
    placement_id: int | None = None
    placement_before: int | None = None
    event_id: int | None = None
    in_the_way: bool = False
    joined: Joined | None = None
    filled: bool = False
    outcome: Outcome | None = None


def ledger_spec(session: Session, places: Places, incoming: Incoming) -> ImportSpec[LedgerRow]:
    """Return how one file is taken in; make a new one for each file.

    Args:
        session: a reading session, for employers and usual wages.
        places: how the words of a row are found.
        incoming: the file and who takes it in.
    """
    by_code, by_name = employer_ids(session)
    known = Known(
        places,
        lambda code, name: by_code.get(tidy_code(code)) or by_name.get(name_key(name)),
        usual_wages(session),
        clock.today(),
        frozenset(incoming.confirmed),
    )

    def parse(row: SheetRow) -> LedgerRow | list[RowError]:
        return read_ledger_row(row, known)

    def apply(session: Session, rows: list[LedgerRow]) -> list[Outcome]:
        return take_in_rows(session, rows, incoming)

    return ImportSpec("placements", fields_with(incoming.words or {}), parse, apply)


def take_in_rows(session: Session, rows: Sequence[LedgerRow], incoming: Incoming) -> list[Outcome]:
    """Register who is new, record the work, keep the lines, and answer each row in order."""
    found, reasons = _register(session, rows, incoming)
    people = people_of(session, found.values())
    outcomes: dict[int, Outcome] = {}
    waiting: list[tuple[int, LedgerRow]] = []
    for place, row in enumerate(rows):
        if row.id_number in found:
            waiting.append((place, row))
        else:
            reason = reasons.get(row.id_number) or UNREGISTERED
            outcomes[place] = Outcome("refused", reason)
    import_id = _import_id(session, incoming) if waiting else 0
    while waiting:
        # One row of each person at a time: the next one sees what this one left.
        first = {row.id_number: place for place, row in reversed(waiting)}
        turn = set(first.values())
        now = [
            (place, _Row(row, people[found[row.id_number]]))
            for place, row in waiting
            if place in turn
        ]
        _one_turn(session, [one for _, one in now], incoming, import_id)
        outcomes |= {place: one.outcome for place, one in now if one.outcome}
        waiting = [(place, row) for place, row in waiting if place not in turn]
    answers = [outcomes[place] for place in range(len(rows))]
    if import_id:
        _count(session, import_id, answers)
    return answers


def _register(
    session: Session, rows: Sequence[LedgerRow], incoming: Incoming
) -> tuple[dict[str, int], dict[str, str | None]]:
    """Return the people's ids by ID number, and why somebody could not be registered."""
    known = seekers.find_by_id_numbers(session, {row.id_number for row in rows})
    new = {r.id_number: r.person for r in rows if r.person and r.id_number not in known}
    reasons: dict[str, str | None] = {}
    outcomes = seeker_services.bulk_upsert(
        session,
        list(new.values()),
        registered_by=incoming.recorder.office_id,
        source=SOURCE,
        scope_division=incoming.scope,
    )
    for number, outcome in zip(new, outcomes, strict=True):
        reasons[number] = outcome.reason
        if outcome.seeker_id is not None:
            known[number] = outcome.seeker_id
    return known, reasons


def _import_id(session: Session, incoming: Incoming) -> int:
    """Return the import's id; the same file again goes on with the one that stands."""
    table, office = LedgerImport, incoming.recorder.office_id
    same = table.key == incoming.key
    if incoming.digest:
        ours = table.office_id == office if office else table.office_id.is_(None)
        same |= and_(table.digest == incoming.digest, ours, table.undone_at.is_(None))
    found = session.execute(
        select(table.id).where(same).order_by(table.id.desc()).limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    forget_erased(session)
    made = LedgerImport(
        key=incoming.key,
        office_id=incoming.recorder.office_id,
        file_name=incoming.file_name[:200],
        digest=incoming.digest,
        taken_in_at=clock.now(),
        taken_in_by=incoming.recorder.user_id,
        created=0,
        updated=0,
        unchanged=0,
        undo_reason="",
        kept=0,
    )
    session.add(made)
    session.flush()
    audit.record(session, "ledger.take_in", subject="ledger_import", subject_id=made.id)
    return made.id


def _count(session: Session, import_id: int, answers: Sequence[Outcome]) -> None:
    kinds = Counter(answer.kind for answer in answers)
    table = LedgerImport
    session.execute(
        update(table)
        .where(table.id == import_id)
        .values(
            created=table.created + kinds["created"] + kinds["draft"],
            updated=table.updated + kinds["updated"],
            unchanged=table.unchanged + kinds["unchanged"],
        )
    )
    detail = dict(kinds)
    audit.record(
        session, "ledger.rows", subject="ledger_import", subject_id=import_id, detail=detail
    )


def _one_turn(session: Session, rows: Sequence[_Row], incoming: Incoming, import_id: int) -> None:
    """Decide about rows of different people, carry it out, keep their lines."""
    works = works_of(session, {one.person.id for one in rows})
    for one in rows:
        _decide(one, works.get(one.person.id, ()), incoming)
    _carry_out(session, [one for one in rows if one.outcome is None], incoming.recorder)
    _join_others(session, rows, incoming.recorder)
    good = [one for one in rows if one.outcome is None]
    said = {one.person.id: one.row.household for one in good if not one.overlap}
    changed = seeker_services.note_households(
        session,
        said,
        office_id=incoming.recorder.office_id,
        source=SOURCE,
        scope_division=incoming.scope,
    )
    told = {
        one.placement_id: one.row.placement.industry
        for one in good
        if one.known and not one.overlap and one.placement_id and one.row.placement
    }
    industries = fill_industries(session, {one: text for one, text in told.items() if text})
    for one in good:
        one.filled = one.person.id in changed or one.placement_id in industries
    fresh = _keep_lines(session, good, incoming, import_id)
    for one, new in zip(good, fresh, strict=True):
        one.outcome = _answer(one, kept=new)


def _decide(one: _Row, works: Sequence[OnRecord], incoming: Incoming) -> None:
    person, draft = one.person, one.row.placement
    if person.status != SeekerStatus.ACTIVE:
        one.outcome = _refused(SeekerGone())
        return
    one.overlap = bool(incoming.scope) and not person.home.startswith(incoming.scope or "")
    if draft is None:
        return
    died = next((w.work.ended_on for w in works if w.died), None)
    last = draft.ended_on or clock.today()
    if died and last > died:
        one.outcome = _refused(RecordedDead(day=died.isoformat()))
        return
    row = Work(
        draft.employer_name,
        draft.employer_id,
        draft.workplace_text,
        draft.workplace_division,
        draft.started_on,
        draft.ended_on,
    )
    one.known = next((known for known in works if same_work(row, known.work)), None)
    if one.known:
        one.placement_id = one.known.work.placement_id
    if one.overlap:
        return
    if one.known is None:
        changes = one.row.change or CHANGES in incoming.confirmed
        open_one = next((w for w in works if w.main and w.work.running), None)
        changed = changes and open_one and draft.started_on and draft.ended_on is None
        one.did = Did.CHANGED if changed else Did.CREATED
        one.placement_before = open_one.work.placement_id if changed and open_one else None
        return
    known = one.known.work
    if known.started_on is None and draft.started_on:
        one.did = Did.STARTED
    elif draft.ended_on and known.ended_on is None:
        one.did = Did.ENDED
    elif draft.ended_on and known.ended_on and _other_end(draft, one.known):
        one.outcome = _refused(AlreadyEnded(day=known.ended_on.isoformat()))


def _other_end(draft: PlacementDraft, known: OnRecord) -> bool:
    """Return whether two ends cannot be one day known more or less exactly."""
    if draft.ended_on is None or known.work.ended_on is None:
        return False
    ours, theirs = draft.ended_on, known.work.ended_on
    before = last_of(ours, draft.end_precision) < first_of(theirs, known.end_precision)
    return before or last_of(theirs, known.end_precision) < first_of(ours, draft.end_precision)


def _carry_out(session: Session, rows: Sequence[_Row], recorder: Recorder) -> None:
    for one in rows:
        if one.did is Did.CHANGED:
            _change_employer(session, one, recorder)
    new = [one for one in rows if one.did is Did.CREATED]
    drafts = [(one.person.id, _with_mark(one)) for one in new]
    answers = record_placements(session, drafts, recorder) if new else []
    for one, recorded in zip(new, answers, strict=True):
        _take_answer(one, recorded)
    told: list[tuple[_Row, Fact[EventKind]]] = []
    for one in rows:
        draft = one.row.placement
        if draft is None or one.outcome is not None:
            continue
        if one.did is Did.STARTED:
            told += [(one, fact) for fact in draft.facts() if fact.kind is not EventKind.INTENTION]
        elif one.did is Did.ENDED:
            told.append((one, draft.end()))
    facts = [(one.placement_id or 0, fact) for one, fact in told]
    appended = append_events(session, facts, recorder, source=SOURCE) if facts else []
    for (one, _fact), answer in zip(told, appended, strict=True):
        _take_event(one, answer)


def _join_others(session: Session, rows: Sequence[_Row], recorder: Recorder) -> None:
    """Keep the office's word of work that another office has on record; it refuses no row."""
    met = [(o, o.row.placement) for o in rows if o.row.placement and (o.known or o.in_the_way)]
    found = join_claims(session, [(one.person.id, draft) for one, draft in met], recorder)
    for (one, _draft), joined in zip(met, found, strict=True):
        one.joined = joined
        if joined is not None and one.in_the_way:
            one.outcome, one.did, one.placement_id = None, Did.NOTHING, joined.placement_id


def _with_mark(one: _Row) -> PlacementDraft:
    draft = one.row.placement
    assert draft is not None  # noqa: S101 - only rows with work come here
    mark = "\x1f".join(
        (one.row.id_number, draft.employer_name, draft.workplace_text, str(draft.started_on))
    )
    return replace(
        draft, fingerprint=crypto.vault().index(mark, field="placement.fingerprint").hex()
    )


def _change_employer(session: Session, one: _Row, recorder: Recorder) -> None:
    """End the work on record and begin the row's on the same day; both or neither."""
    draft, before = one.row.placement, one.placement_before
    if draft is None or draft.started_on is None or before is None:
        raise AssertionError("decided to be a change of employer")
    fact = Fact(
        EventKind.CHANGED_EMPLOYER, draft.started_on, draft.precision, draft.grade, draft.evidence
    )
    try:
        with session.begin_nested():
            one.event_id = append_event(session, before, fact, recorder)
            one.placement_id = record_placement(
                session, one.person.id, _with_mark(one), recorder, previous_id=before
            )
    except Refusal as refusal:
        one.outcome = _refused(refusal)


def _take_answer(one: _Row, recorded: Recorded) -> None:
    one.placement_id = recorded.placement_id
    if recorded.refusal is not None:
        one.outcome = _refused(recorded.refusal)
        one.in_the_way = isinstance(recorded.refusal, AlreadyPlaced)
    elif recorded.result is not Result.CREATED:
        one.did = Did.NOTHING


def _take_event(one: _Row, answer: Appended) -> None:
    if answer.refusal is not None:
        one.outcome = _refused(answer.refusal)
    else:
        one.event_id = answer.event_id  # the last: a first day may come with its end


def _refused(refusal: Refusal) -> Outcome:
    asks = CHANGES if isinstance(refusal, StillPlaced) else ""
    return Outcome("refused", translate(refusal.message, **refusal.params), asks=asks)


def _keep_lines(
    session: Session, rows: Sequence[_Row], incoming: Incoming, import_id: int
) -> list[str]:
    """Keep what the rows say; return of each whether its line is new, changed or as it was.

    An empty cell says nothing: what an earlier file said of it stays.
    """
    slots = [_slot(one, incoming.recorder.office_id) for one in rows]
    current = _current(session, slots)
    made: list[dict[str, Any]] = []
    answers: list[str] = []
    for one, slot in zip(rows, slots, strict=True):
        before = current.get(slot)
        told = _told(one)
        worth = bool(told) or one.did is not Did.NOTHING or one.row.placement is None
        if before:
            told = before.told() | told
        mark = _mark(one, told)
        if not worth or (before and before.mark == mark and one.did is Did.NOTHING):
            answers.append("unchanged")
            continue
        answers.append("changed" if before else "new")
        replaces = before.id if before else None
        made.append(
            _line(one, told)
            | {"slot": slot, "told_mark": mark, "replaces_id": replaces, "import_id": import_id}
        )
    old = [{"of_id": line["replaces_id"]} for line in made if line["replaces_id"]]
    if old:
        replaced = update(_LINES).where(_LINES.c.id == bindparam("of_id")).values(current=False)
        session.execute(replaced, old)
    if made:
        shared = {"office_id": incoming.recorder.office_id, "created_at": clock.now()}
        insert_rows(session, _LINES, [line | shared for line in made])
        audit.record(session, "ledger.lines", subject="ledger_line", detail={"count": len(made)})
    return answers


def _slot(one: _Row, office_id: int | None) -> str:
    if one.placement_id:
        return f"{office_id or 0}/{one.person.id}/{one.placement_id}"
    if one.row.placement is not None:  # a overlap on somebody whose office knows of no such work
        work = f"{one.row.placement.employer_name}/{one.row.placement.started_on}"
        found = crypto.vault().index(work, field="ledger.work").hex()[:16]
        return f"{office_id or 0}/{one.person.id}/overlap/{found}"
    return f"{office_id or 0}/{one.person.id}/none/{one.row.kept.get('collected_on', '')[:40]}"


def _told(one: _Row) -> dict[str, str]:
    """Return what is kept of a row: of an overlap the work as well, so that it can be recorded."""
    return dict(one.row.kept) | (dict(one.row.cells) if one.overlap else {})


def _mark(one: _Row, told: Mapping[str, str]) -> str:
    said = [one.row.state, str(one.row.planned_on or ""), sorted(told.items())]
    return crypto.vault().index(json.dumps(said), field="ledger.told").hex()


@dataclass(frozen=True, slots=True)
class _Before:
    """The line that stands in a slot."""

    id: int
    mark: str
    sealed: bytes | None
    key: str

    def told(self) -> dict[str, str]:
        """Return what it says."""
        return queries.open_told(self.sealed, self.key)


def _current(session: Session, slots: Collection[str]) -> dict[str, _Before]:
    found: dict[str, _Before] = {}
    table = LedgerLine
    for some in in_slices(slots):
        rows = session.execute(
            select(table.slot, table.id, table.told_mark, table.told_sealed, table.key).where(
                table.slot.in_(some), table.current
            )
        )
        found |= {row.slot: _Before(*row[1:]) for row in rows}
    return found


def _line(one: _Row, told: Mapping[str, str]) -> dict[str, Any]:
    key, sealed = new_key(), None
    if told:
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        sealed = crypto.vault().seal(text, table=queries.TABLE, column=queries.TOLD, row=key)
    return {
        "key": key,
        "seeker_id": one.person.id,
        "placement_id": one.placement_id,
        "home_division": one.person.home,
        "state": one.row.state,
        "did": one.did,
        "event_id": one.event_id,
        "overlap": one.overlap,
        "planned_on": one.row.planned_on,
        "told_sealed": sealed,
        "current": True,
        "undone": False,
    }


def _answer(one: _Row, *, kept: str) -> Outcome:
    notes = (one.joined.told(), *one.row.notes) if one.joined else one.row.notes
    if one.overlap:
        return Outcome("unchanged" if kept == "unchanged" else "created", notes=(JOINED, *notes))
    if one.row.placement is None:
        if one.person.employed:
            notes = (STILL_ON_POST, *notes)
        same = "updated" if one.filled else "unchanged"
        kind = {"new": "created", "changed": "updated"}.get(kept, same)
        return Outcome(kind, notes=notes)
    if one.did in {Did.CREATED, Did.CHANGED}:
        if one.row.placement.started_on is None and one.row.planned_on is None:
            return Outcome("draft", INCOMPLETE, notes)
        return Outcome("created", notes=notes)
    changed = one.did is not Did.NOTHING or kept != "unchanged" or one.filled
    return Outcome("updated" if changed else "unchanged", notes=notes)
