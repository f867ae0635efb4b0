"""Booths counted and listed from their own records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from jobfair.cards.models import Card
from jobfair.employers.models import Employer, Position
from jobfair.fairs import queries as fairs
from jobfair.interviews.models import BoothClaim, BoothRecord
from jobfair.interviews.rules import OUTCOMES, Kind, Place, pace, place_after, wait_of
from jobfair.kit.bulk import in_slices
from jobfair.offers.models import Hold
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

_undo = aliased(BoothRecord)
_STANDS = ~select(_undo.id).where(_undo.target == BoothRecord.id, _undo.kind == Kind.UNDO).exists()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody stands at a booth.

    Attributes:
        record: id of the newest record.
        seeker_id: None while nobody knows the card.
        name: masked; empty while nobody knows the card, or where names are not asked for.
        number: what they were told when they joined the queue.
        kind: of the newest record.
        joined_at: when they joined the queue first; None for who did not.
    """

    record: str
    card: bytes
    seeker_id: int | None
    name: str
    number: str
    place: Place
    kind: Kind
    joined_at: datetime | None
    at: datetime


@dataclass(frozen=True)
class Line:
    """The people of one booth: who was called, who waits in the order of the queue, then others.

    Attributes:
        talks: people talked to.
        pace: from one call to the next.
        heard_at: when the booth recorded something last.
    """

    people: list[Visitor]
    talks: int
    pace: timedelta
    heard_at: datetime | None

    @cached_property
    def waiting(self) -> list[Visitor]:
        """Who waits, in order."""
        return [one for one in self.people if one.place is Place.WAITING]

    @cached_property
    def _by_person(self) -> dict[int, Visitor]:
        return {one.seeker_id: one for one in self.people if one.seeker_id is not None}

    @cached_property
    def _places(self) -> dict[int | None, int]:
        return {one.seeker_id: place for place, one in enumerate(self.waiting)}

    def find(self, seeker_id: int) -> Visitor | None:
        """Return where somebody stands here; None for who was never here."""
        return self._by_person.get(seeker_id)

    def place_of(self, seeker_id: int) -> int | None:
        """Return how many wait before somebody; None for who does not wait here."""
        return self._places.get(seeker_id)


@dataclass(frozen=True, slots=True)
class Booth:
    """An employer's booth in the manager's list."""

    employer_id: int
    name: str
    waiting: int
    talks: int
    offers: int
    accepted: int
    pace: timedelta
    heard_at: datetime | None

    @property
    def wait_minutes(self) -> int:
        """How long somebody who joins now waits."""
        return round(wait_of(self.waiting, self.pace).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Something a booth said that could not be carried out."""

    record_id: str
    fair_id: int
    employer: str
    title: str
    name: str
    kind: Kind
    promised: bool
    refusal: str
    at: datetime
    settled_at: datetime | None
    settled_how: str | None


def _records(fair_id: int) -> Any:
    return (
        select(BoothRecord, PERSON)
        .outerjoin(Card, Card.digest == BoothRecord.card)
        .outerjoin(Seeker, Seeker.id == Card.seeker_id)
        .where(BoothRecord.fair_id == fair_id, BoothRecord.kind != Kind.UNDO, _STANDS)
        .order_by(BoothRecord.at, BoothRecord.id)
    )


def read_lines(
    session: Session, fair_id: int, *, employer_id: int | None = None
) -> dict[int, Line]:
    """Return everybody each booth of a fair has a record of, by employer; nobody's name.

    Two cards of one person are one person.

    Args:
        session: a reading session.
        fair_id: the fair.
        employer_id: only this booth.
    """
    query = _records(fair_id)
    if employer_id is not None:
        query = query.where(BoothRecord.employer_id == employer_id)
    newest: dict[int, dict[Any, tuple[BoothRecord, int | None]]] = defaultdict(dict)
    joined: dict[int, dict[Any, BoothRecord]] = defaultdict(dict)
    talked: dict[int, set[Any]] = defaultdict(set)
    calls: dict[int, list[datetime]] = defaultdict(list)
    for record, person in session.execute(query):
        who, booth = person or bytes(record.card), record.employer_id
        newest[booth][who] = (record, person)
        if record.kind == Kind.JOIN:
            joined[booth].setdefault(who, record)
        elif record.kind == Kind.CALL:
            calls[booth].append(record.at)
        elif record.kind in OUTCOMES:
            talked[booth].add(who)
    found = {}
    for booth, some in newest.items():
        people = [_visitor(*one, joined[booth].get(who)) for who, one in some.items()]
        heard_at = max(record.at for record, _person in some.values())
        people.sort(key=_in_line)
        found[booth] = Line(people, len(talked[booth]), pace(calls[booth]), heard_at)
    return found


def _visitor(newest: BoothRecord, person: int | None, joined: BoothRecord | None) -> Visitor:
    return Visitor(
        newest.id,
        bytes(newest.card or b""),
        person,
        "",
        joined.number if joined else "",
        place_after(Kind(newest.kind)),
        Kind(newest.kind),
        joined.at if joined else None,
        newest.at,
    )


def list_visitors(session: Session, fair_id: int, employer_id: int) -> list[Visitor]:
    """Return everybody a booth has a record of, named; in the order of its line."""
    lines = read_lines(session, fair_id, employer_id=employer_id)
    people = lines[employer_id].people if employer_id in lines else []
    names = seekers.names_of(session, _known(one.seeker_id for one in people))
    return [
        replace(one, name=names[one.seeker_id].name) if one.seeker_id else one for one in people
    ]


def _in_line(visitor: Visitor) -> tuple[int, datetime, bytes]:
    order = (Place.CALLED, Place.WAITING, Place.AWAY, Place.TALKED, Place.GONE)
    since = visitor.joined_at if visitor.place is Place.WAITING else visitor.at
    return order.index(visitor.place), since or visitor.at, visitor.card


def found_unsuitable(session: Session, fair_id: int, position_id: int, seeker_id: int) -> bool:
    """Return whether somebody was found not suitable for a position, and it was not taken back."""
    query = _records(fair_id).where(
        BoothRecord.position_id == position_id,
        BoothRecord.kind == Kind.UNSUITABLE,
        seeker_id == PERSON,
    )
    return session.execute(query.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """An offer that could not be made, and has not been settled since."""

    seeker_id: int
    raised_at: datetime


def list_wishes(
    session: Session, fair_id: int, position_id: int, refusals: Collection[str]
) -> list[Wish]:
    """Return to whom a booth wished to offer a position and could not, the earliest first.

    Args:
        session: a reading session.
        fair_id: the fair.
        position_id: the position.
        refusals: codes of the refusals that count.
    """
    rows = session.execute(
        _records(fair_id)
        .add_columns(BoothClaim.raised_at)
        .join(BoothClaim, BoothClaim.record_id == BoothRecord.id)
        .where(
            BoothRecord.kind == Kind.OFFER,
            BoothRecord.position_id == position_id,
            BoothClaim.settled_at.is_(None),
            BoothClaim.refusal.in_(list(refusals)),
        )
    )
    return [Wish(person, raised_at) for _record, person, raised_at in rows if person is not None]


def pace_of(session: Session, fair_id: int, employer_id: int) -> timedelta:
    """Return how long a booth takes from one call to the next."""
    calls = select(BoothRecord.at).where(
        BoothRecord.fair_id == fair_id,
        BoothRecord.employer_id == employer_id,
        BoothRecord.kind == Kind.CALL,
    )
    return pace(session.execute(calls).scalars())


def list_booths(
    session: Session, fair_id: int, *, organisation_id: int | None = None
) -> list[Booth]:
    """Return the booths of a fair, the longest queue first; of one organisation's, or all.

    Args:
        session: a reading session.
        fair_id: the fair.
        organisation_id: only the booth of this employer's organisation.
    """
    lines = read_lines(session, fair_id)
    held = _held(session, fair_id)
    rows = fairs.list_fair_employers(session, fair_id)
    if organisation_id is not None:
        own = select(Employer.id).where(Employer.organisation_id == organisation_id)
        ids = set(session.execute(own).scalars())
        rows = [row for row in rows if row.employer_id in ids]
    found = []
    for row in rows:
        line = lines.get(row.employer_id) or Line([], 0, pace(()), None)
        offers, accepted = held.get(row.employer_id, (0, 0))
        found.append(
            Booth(
                row.employer_id,
                row.name,
                len(line.waiting),
                line.talks,
                offers,
                accepted,
                line.pace,
                line.heard_at,
            )
        )
    return sorted(found, key=lambda booth: (-booth.waiting, booth.name))


def _held(session: Session, fair_id: int) -> Mapping[int, tuple[int, int]]:
    """Return how many offers each employer has made at a fair, and how many were accepted."""
    rows = session.execute(
        select(
            Position.employer_id,
            func.count(),
            func.count().filter(Hold.accepted_at.is_not(None), Hold.released_at.is_(None)),
        )
        .join(Position, Position.id == Hold.position_id)
        .where(Hold.fair_id == fair_id, Hold.seeker_id.is_not(None))
        .group_by(Position.employer_id)
    )
    return {employer: (offers, accepted) for employer, offers, accepted in rows}


def list_claims(session: Session, fair_id: int, *, settled: bool) -> list[ClaimRow]:
    """Return what booths said and could not be carried out: what was promised first."""
    condition = BoothClaim.settled_at.is_not(None) if settled else BoothClaim.settled_at.is_(None)
    rows = session.execute(
        select(BoothClaim, BoothRecord, Employer.name, Position.title, PERSON)
        .join(BoothRecord, BoothRecord.id == BoothClaim.record_id)
        .join(Employer, Employer.id == BoothRecord.employer_id)
        .outerjoin(Position, Position.id == BoothRecord.position_id)
        .outerjoin(Card, Card.digest == BoothRecord.card)
        .outerjoin(Seeker, Seeker.id == Card.seeker_id)
        .where(BoothClaim.fair_id == fair_id, condition)
        .order_by(BoothClaim.promised.desc(), BoothRecord.at, BoothRecord.id)
    ).all()
    names = seekers.names_of(session, _known(person for *_, person in rows))
    return [
        ClaimRow(
            claim.record_id,
            claim.fair_id,
            employer,
            title or "",
            names[person].name if person else "",
            Kind(record.kind),
            claim.promised,
            claim.refusal,
            record.at,
            claim.settled_at,
            claim.settled_how,
        )
        for claim, record, employer, title, person in rows
    ]


def _known(people: Iterable[int | None]) -> list[int]:
    return [person for person in people if person is not None]


def find_claim_fair(session: Session, record_id: str) -> int | None:
    """Return the fair of something to be settled."""
    query = select(BoothClaim.fair_id).where(BoothClaim.record_id == record_id)
    return session.execute(query).scalar_one_or_none()


def count_open_claims(session: Session, fair_id: int) -> int:
    """Return how much a fair's staff have to settle."""
    query = select(func.count()).where(
        BoothClaim.fair_id == fair_id, BoothClaim.settled_at.is_(None)
    )
    return session.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class Said:
    """What a stored record says of whom, and when."""

    card: bytes | None
    kind: Kind
    reason: str | None
    at: datetime


def find_said(session: Session, ids: Iterable[str]) -> dict[str, Said]:
    """Return what those records say that are stored, by id."""
    found: dict[str, Said] = {}
    for some in in_slices(ids):
        query = select(BoothRecord).where(BoothRecord.id.in_(some))
        for one in session.execute(query).scalars():
            card = bytes(one.card) if one.card else None
            found[one.id] = Said(card, Kind(one.kind), one.reason, one.at)
    return found


def last_sequence(session: Session, pairing_id: int) -> int:
    """Return the highest sequence that a booth's device has used; 0 before its first record."""
    query = select(func.max(BoothRecord.sequence)).where(BoothRecord.pairing_id == pairing_id)
    return session.execute(query).scalar_one() or 0


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One line of an employer's list of results."""

    name: str
    title: str
    kind: Kind
    reason: str | None
    at: datetime


def list_outcomes(session: Session, fair_id: int, employer_id: int) -> list[OutcomeRow]:
    """Return what a booth recorded of each talk and offer, in the order of time; names masked."""
    query = (
        _records(fair_id)
        .add_columns(Position.title)
        .outerjoin(Position, Position.id == BoothRecord.position_id)
        .where(
            BoothRecord.employer_id == employer_id,
            BoothRecord.kind.in_([*OUTCOMES, Kind.ACCEPT, Kind.REFUSE]),
        )
    )
    rows = session.execute(query).all()
    names = seekers.names_of(session, _known(person for _, person, _ in rows))
    return [
        OutcomeRow(
            names[person].name if person else "",
            title or "",
            Kind(record.kind),
            record.reason,
            record.at,
        )
        for record, person, title in rows
    ]
