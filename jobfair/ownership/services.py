"""Offering, answering and taking back hand-overs; what labour stations serve."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, or_, select, union
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.accounts.rules import OrganisationKind
from jobfair.employers.models import Employer
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_keyed, insert_new, insert_rows
from jobfair.kit.changes import current_revision
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.ownership import queries
from jobfair.ownership.models import (
    HandOverAnswer,
    HandOverOffer,
    Held,
    OwnershipMark,
    StationEmployer,
    StationPlace,
)
from jobfair.ownership.queries import History, Placed
from jobfair.ownership.rules import (
    HOME,
    AnsweredAlready,
    AnswerKind,
    Ended,
    NothingToHandOver,
    OfferedAlready,
    Owner,
    PlaceServedAlready,
    ReasonNeeded,
    Serving,
    Standing,
    home_of,
    owner_on,
)
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.kinds import EventKind
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

# Events, or people, of one transaction: some seconds, which others wait.
_AT_ONCE = 10_000
# On PostgreSQL an event may be committed after one with a higher id.
_LOOK_BACK = 200
_OFFERS = cast(Table, HandOverOffer.__table__)
_ANSWERS = cast(Table, HandOverAnswer.__table__)
_HELD = cast(Table, Held.__table__)
_MARKS = cast(Table, OwnershipMark.__table__)
_SET_OUT = (EventKind.BOARDED, EventKind.DEPARTED, EventKind.ARRIVED, EventKind.ON_POST)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of offers accepted together."""

    accepted: int
    answered_before: int


def catch_up(session: Session) -> bool:
    """Make hand-overs agree with the placements; done again, it changes nothing.

    New work is offered to the station that serves it, what nobody answered is taken back when the
    work is over, and who is home again is held by no station. People with events since last time
    are looked at; once a day, and when a station serves something else, all that differ.

    Returns:
        Whether more is left for another transaction.
    """
    today = clock.today()
    mark = _turn(session)
    serves = queries.serving(session)
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    revision = current_revision(session, "seeker")
    changed = _events_since(session, mark.event_id - _LOOK_BACK)
    people = {row.person for row in changed} | _people_changed(session, mark.seeker_revision)
    more = len(changed) == _AT_ONCE
    differing: set[int] = set()
    if not more and mark.swept_on != today:
        differing = _differing(session, serves)
        more = len(differing) >= _AT_ONCE
    written = settle(session, people | differing)
    more = more and (bool(written) or not differing)
    mark.event_id = max(mark.event_id, *(row.id for row in changed)) if changed else newest
    mark.seeker_revision = revision
    if not more:
        mark.swept_on = today
    return more


def settle(session: Session, people: Collection[int]) -> int:
    """Offer, take back and note what some people's placements ask for.

    Returns:
        How many offers and answers were written.
    """
    if not people:
        return 0
    known = queries.histories(session, people)
    serves = queries.serving(session)
    today = clock.today()
    homes = _homes(session, people)
    closed = set(session.execute(_closed()).scalars())
    offers: list[dict[str, Any]] = []
    carried: set[str] = set()  # offers to the station that has the person already
    backs: list[tuple[int, Ended]] = []
    for person, history in known.items():
        owner = owner_on(history.tenures(), today)
        backs += _to_take_back(history, owner, closed)
        for placed in history.placed:
            if not placed.lasts or any(h.placement_id == placed.id for h in history.hand_overs):
                continue
            station = serves.station_for(placed.employer_id, placed.workplace)
            if station is not None:
                row = _offer_row(placed, homes.get(person, ""), owner, station, None)
                offers.append(row)
                if station == owner.station_id:
                    carried.add(row["key"])
            elif owner.hand_over_id is not None and owner.station_id not in closed:
                backs.append((owner.hand_over_id, Ended.NOT_SERVED))
    ids = insert_keyed(session, _OFFERS, offers) if offers else {}
    answers = [_answer_row(ids[key], AnswerKind.ACCEPTED, "", Recorder()) for key in carried]
    answers += [_answer_row(one, AnswerKind.TAKEN_BACK, why, Recorder()) for one, why in backs]
    insert_new(session, _ANSWERS, answers)
    if offers or answers:
        detail = {"offered": len(offers), "carried": len(carried), "taken_back": len(backs)}
        audit.record(session, "hand_over.settle", subject="hand_over", detail=detail)
        known = queries.histories(session, people)
    _note_held(session, known, today)
    return len(offers) + len(answers)


def accept(session: Session, hand_over_ids: Collection[int], recorder: Recorder) -> Accepted:
    """Accept offers; those that were answered meanwhile are left as they are."""
    _turn(session)
    waiting = _waiting(session, hand_over_ids)
    rows = [_answer_row(one, AnswerKind.ACCEPTED, "", recorder) for one in sorted(waiting)]
    insert_rows(session, _ANSWERS, rows)
    if rows:
        only = next(iter(waiting)) if len(rows) == 1 else None
        audit.record(
            session,
            "hand_over.accept",
            subject="hand_over",
            subject_id=only,
            detail={"count": len(rows)},
        )
        _look_again(session, waiting)
    return Accepted(len(rows), len(set(hand_over_ids)) - len(rows))


def decline(session: Session, hand_over_id: int, reason: str, recorder: Recorder) -> None:
    """Decline an offer; the owner stays who it was.

    Raises:
        ReasonNeeded: none was given.
        AnsweredAlready: it waits no more.
    """
    _turn(session)
    if not reason.strip():
        raise ReasonNeeded
    if not _waiting(session, [hand_over_id]):
        raise AnsweredAlready
    _answer(session, hand_over_id, AnswerKind.DECLINED, reason.strip(), recorder)


def take_back(session: Session, hand_over_id: int, reason: str, recorder: Recorder) -> None:
    """Take back an offer, or what was accepted: the record is the home's again from today.

    Raises:
        NotFound: no such hand-over.
        ReasonNeeded: none was given.
        AnsweredAlready: it was declined or taken back before.
    """
    _turn(session)
    found = queries.find_hand_over(session, hand_over_id)
    if found is None:
        raise NotFound
    if not reason.strip():
        raise ReasonNeeded
    if found.standing not in {Standing.OFFERED, Standing.ACCEPTED}:
        raise AnsweredAlready
    _answer(session, hand_over_id, AnswerKind.TAKEN_BACK, reason.strip(), recorder)


def offer(session: Session, placement_id: int, station_id: int, recorder: Recorder) -> int:
    """Offer somebody to a chosen station, for example after another one declined.

    Raises:
        NotFound: no such placement or station.
        NothingToHandOver: nobody works there now.
        OfferedAlready: an offer waits, or a station has the person by this work.
    """
    _turn(session)
    person = session.execute(
        select(PERSON)
        .join(Placement, Placement.seeker_id == Seeker.id)
        .where(Placement.id == placement_id)
    ).scalar_one_or_none()
    station = session.get(Organisation, station_id)
    kind = OrganisationKind.LABOUR_STATION
    if person is None or station is None or station.kind != kind or not station.active:
        raise NotFound
    history = queries.histories(session, [person])[person]
    placed = next((one for one in history.placed if one.id == placement_id), None)
    if placed is None or not placed.lasts:
        raise NothingToHandOver
    standings = {h.standing for h in history.hand_overs if h.placement_id == placement_id}
    if standings & {Standing.OFFERED, Standing.ACCEPTED}:
        raise OfferedAlready
    owner = owner_on(history.tenures(), clock.today())
    home = _homes(session, [person])[person]
    row = _offer_row(placed, home, owner, station_id, recorder.user_id)
    made = insert_keyed(session, _OFFERS, [row])[row["key"]]
    audit.record(session, "hand_over.offer", subject="hand_over", subject_id=made)
    return made


def serve_place(session: Session, station_id: int, division: str) -> None:
    """Let a station serve the workplaces of a division.

    Raises:
        NotFound: no such station.
        PlaceServedAlready: another one serves it.
    """
    mark = _turn(session)
    _station(session, station_id)
    other = session.get(StationPlace, division)
    if other is not None:
        name = _station(session, other.station_id).name
        raise PlaceServedAlready(what=division, station=name)
    session.add(StationPlace(division=division, station_id=station_id))
    _note_serving(session, mark, station_id, {"place": division})


def serve_employer(session: Session, station_id: int, employer_id: int) -> None:
    """Let a station serve an employer's people, wherever they work.

    Raises:
        NotFound: no such station or employer.
        PlaceServedAlready: another one serves them.
    """
    mark = _turn(session)
    _station(session, station_id)
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise NotFound
    other = session.get(StationEmployer, employer_id)
    if other is not None:
        name = _station(session, other.station_id).name
        raise PlaceServedAlready(what=employer.name, station=name)
    session.add(StationEmployer(employer_id=employer_id, station_id=station_id))
    _note_serving(session, mark, station_id, {"employer": employer_id})


def leave_off(
    session: Session, station_id: int, *, division: str = "", employer_id: int | None = None
) -> None:
    """Let a station no longer serve a division or an employer; whom it holds stays with it."""
    mark = _turn(session)
    session.execute(
        delete(StationPlace).where(
            StationPlace.station_id == station_id, StationPlace.division == division
        )
    )
    session.execute(
        delete(StationEmployer).where(
            StationEmployer.station_id == station_id, StationEmployer.employer_id == employer_id
        )
    )
    left = {"place": division, "employer": employer_id}
    _note_serving(session, mark, station_id, {"left_off": left})


def _station(session: Session, station_id: int) -> Organisation:
    found = session.get(Organisation, station_id)
    if found is None or found.kind != OrganisationKind.LABOUR_STATION:
        raise NotFound
    return found


def _note_serving(
    session: Session, mark: OwnershipMark, station_id: int, detail: dict[str, Any]
) -> None:
    mark.swept_on = None
    session.flush()
    audit.record(
        session, "station.serve", subject="organisation", subject_id=station_id, detail=detail
    )


def _turn(session: Session) -> OwnershipMark:
    """Lock the mark, so that who offers and who answers come one after the other."""
    empty = {"id": 1, "event_id": 0, "seeker_revision": 0, "swept_on": None}
    insert_new(session, _MARKS, [empty])
    return session.get_one(OwnershipMark, 1, with_for_update=True)


def _events_since(session: Session, event_id: int) -> list[Any]:
    return list(
        session.execute(
            select(PlacementEvent.id, PERSON.label("person"))
            .join(Seeker, Seeker.id == PlacementEvent.seeker_id)
            .where(PlacementEvent.id > event_id)
            .order_by(PlacementEvent.id)
            .limit(_AT_ONCE)
        )
    )


def _people_changed(session: Session, revision: int) -> set[int]:
    """Return people with hand-overs whose records changed: they may have been merged or parted."""
    concerned = union(select(HandOverOffer.seeker_id), select(Held.seeker_id))
    rows = session.execute(
        select(Seeker.id, PERSON.label("person")).where(
            Seeker.revision > revision, Seeker.id.in_(concerned)
        )
    )
    return {one for row in rows for one in row}


def _differing(session: Session, serves: Serving) -> set[int]:
    """Return people, some transactions' worth at most, whose hand-overs are not as they should."""
    runs = [Placement.main, ~Placement.void, Placement.ended_on.is_(None)]
    set_out = exists().where(
        PlacementEvent.placement_id == Placement.id, PlacementEvent.kind.in_(_SET_OUT)
    )
    offered = exists().where(HandOverOffer.placement_id == Placement.id)
    person = select(PERSON).join(Placement, Placement.seeker_id == Seeker.id)
    over = or_(Placement.void, Placement.ended_on.is_not(None))
    answered = exists().where(HandOverAnswer.hand_over_id == HandOverOffer.id)
    statements = (
        person.where(*runs, set_out, ~offered, _served(serves)),
        person.join(Held, Held.placement_id == Placement.id).where(over),
        person.join(HandOverOffer, HandOverOffer.placement_id == Placement.id).where(
            or_(over, HandOverOffer.station_id.in_(_closed())), ~answered
        ),
        select(Held.seeker_id).where(Held.station_id.in_(_closed())),
    )
    found: set[int] = set()
    for statement in statements:
        found |= set(session.execute(statement.limit(_AT_ONCE)).scalars())
    return found


def _served(serves: Serving) -> ColumnElement[bool]:
    places = [
        Placement.workplace_division.startswith(place, autoescape=True) for place in serves.places
    ]
    return or_(Placement.employer_id.in_(serves.employers), *places)


def _homes(session: Session, people: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in in_slices(sorted(people)):
        rows = session.execute(select(Seeker.id, Seeker.home_division).where(Seeker.id.in_(block)))
        found.update({person: home_of(division) for person, division in rows})
    return found


def _closed() -> Select[int]:
    kind = OrganisationKind.LABOUR_STATION
    return select(Organisation.id).where(Organisation.kind == kind, ~Organisation.active)


def _to_take_back(
    history: History, owner: Owner, closed: Collection[int]
) -> Iterator[tuple[int, Ended]]:
    """Give a person's hand-overs that mean nothing any more, with the reason."""
    for one in history.hand_overs:
        waits = one.standing is Standing.OFFERED
        if one.station_id in closed and (waits or one.id == owner.hand_over_id):
            yield one.id, Ended.CLOSED
        elif waits and not _lasts(history, one.placement_id):
            yield one.id, Ended.WORK_OVER


def _lasts(history: History, placement_id: int) -> bool:
    return any(one.id == placement_id and one.lasts for one in history.placed)


def _offer_row(
    placed: Placed, home: str, owner: Owner, station_id: int, user_id: int | None
) -> dict[str, Any]:
    return {
        "key": new_key(),
        "seeker_id": placed.seeker_id,
        "placement_id": placed.id,
        "from_division": home,
        "from_station_id": owner.station_id,
        "station_id": station_id,
        "offered_at": clock.now(),
        "offered_by": user_id,
    }


def _answer_row(
    hand_over_id: int, kind: AnswerKind, reason: str, recorder: Recorder
) -> dict[str, Any]:
    at: datetime = clock.now()
    return {
        "hand_over_id": hand_over_id,
        "kind": str(kind),
        "reason": str(reason),
        "at": at,
        "by": recorder.user_id,
        "office_id": recorder.office_id,
    }


def _answer(
    session: Session, hand_over_id: int, kind: AnswerKind, reason: str, recorder: Recorder
) -> None:
    insert_rows(session, _ANSWERS, [_answer_row(hand_over_id, kind, reason, recorder)])
    audit.record(session, f"hand_over.{kind}", subject="hand_over", subject_id=hand_over_id)
    _look_again(session, [hand_over_id])


def _waiting(session: Session, hand_over_ids: Collection[int]) -> set[int]:
    """Return those of some offers that nobody has answered."""
    answered = exists().where(HandOverAnswer.hand_over_id == HandOverOffer.id)
    found: set[int] = set()
    for block in in_slices(sorted(set(hand_over_ids))):
        mine = select(HandOverOffer.id).where(HandOverOffer.id.in_(block), ~answered)
        found |= set(session.execute(mine).scalars())
    return found


def _look_again(session: Session, hand_over_ids: Iterable[int]) -> None:
    people: set[int] = set()
    for block in in_slices(sorted(hand_over_ids)):
        people |= set(
            session.execute(
                select(PERSON)
                .join(HandOverOffer, HandOverOffer.seeker_id == Seeker.id)
                .where(HandOverOffer.id.in_(block))
            ).scalars()
        )
    _note_held(session, queries.histories(session, people), clock.today())


def _note_held(session: Session, known: dict[int, History], today: date) -> None:
    """Write down whom the stations own now."""
    rows: dict[int, dict[str, Any]] = {}
    for person, history in known.items():
        ownership = history.tenures()
        owner = owner_on(ownership, today)
        if owner == HOME:
            continue
        tenure = next(one for one in reversed(ownership) if one.owner == owner)
        hand_over = next(one for one in history.hand_overs if one.id == owner.hand_over_id)
        rows[person] = {
            "seeker_id": person,
            "station_id": owner.station_id,
            "hand_over_id": owner.hand_over_id,
            "placement_id": hand_over.placement_id,
            "since": tenure.since,
        }
    names = tuple(column.name for column in _HELD.columns)
    stale: list[int] = []
    for block in in_slices(sorted(known)):
        for one in session.execute(select(_HELD).where(_HELD.c.seeker_id.in_(block))):
            if rows.get(one.seeker_id) == {name: getattr(one, name) for name in names}:
                del rows[one.seeker_id]
            else:
                stale.append(one.seeker_id)
    for block in in_slices(stale):
        session.execute(delete(_HELD).where(_HELD.c.seeker_id.in_(block)))
    insert_rows(session, _HELD, list(rows.values()))
