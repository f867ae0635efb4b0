"""What came free and who was told; who was proposed another booth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from jobfair.employers.models import Employer, Position
from jobfair.interviews.queries import Line
from jobfair.interviews.rules import pace, wait_of
from jobfair.offers.models import Hold
from jobfair.offers.queries import is_overdue
from jobfair.queues.models import FreedPost, Proposal
from jobfair.queues.rules import Load
from jobfair.seekers import queries as seekers

_UNTOLD = Hold.released_at.is_not(None) & ~(
    select(FreedPost.hold_id).where(FreedPost.hold_id == Hold.id).exists()
)
_OFFERED_SINCE = (
    select(Hold.id)
    .where(
        Hold.position_id == FreedPost.position_id,
        Hold.seeker_id == FreedPost.seeker_id,
        Hold.offered_at >= FreedPost.noticed_at,
    )
    .exists()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who was told that a post came free, and may still come for it.

    Attributes:
        name: masked; empty where names are not asked for.
        number: of the person in the queue; empty for who is in none.
    """

    employer_id: int
    employer: str
    position_id: int
    title: str
    seeker_id: int
    name: str
    number: str
    noticed_at: datetime
    until: datetime


def list_due(
    session: Session, fair_id: int, now: datetime, *, position_id: int | None = None
) -> list[int]:
    """Return the positions of which a unit came free or is overdue and nobody was told; by id."""
    query = (
        select(Hold.position_id)
        .distinct()
        .where(Hold.fair_id == fair_id, _UNTOLD | is_overdue(now))
        .order_by(Hold.position_id)
    )
    if position_id is not None:
        query = query.where(Hold.position_id == position_id)
    return list(session.execute(query).scalars())


def untold(session: Session, fair_id: int, position_id: int) -> list[int]:
    """Return the holds of a position that came free and nobody was told of, the earliest first."""
    query = (
        select(Hold.id)
        .where(Hold.fair_id == fair_id, Hold.position_id == position_id, _UNTOLD)
        .order_by(Hold.released_at, Hold.id)
    )
    return list(session.execute(query).scalars())


def list_turns(
    session: Session,
    fair_id: int,
    now: datetime,
    *,
    employer_id: int | None = None,
    seeker_id: int | None = None,
) -> list[Turn]:
    """Return who was told of a post and may still come for it, the latest told first; no names.

    Args:
        session: a reading session.
        fair_id: the fair.
        now: whose time is over then is left out.
        employer_id: only at this booth.
        seeker_id: only this person.
    """
    query = (
        select(FreedPost, Employer.id, Employer.name, Position.title)
        .join(Position, Position.id == FreedPost.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(FreedPost.fair_id == fair_id, FreedPost.until > now, ~_OFFERED_SINCE)
        .order_by(FreedPost.noticed_at.desc(), FreedPost.hold_id.desc())
    )
    if employer_id is not None:
        query = query.where(Employer.id == employer_id)
    if seeker_id is not None:
        query = query.where(FreedPost.seeker_id == seeker_id)
    return [
        Turn(
            employer,
            name,
            freed.position_id,
            title,
            freed.seeker_id,
            "",
            freed.number,
            freed.noticed_at,
            freed.until,
        )
        for freed, employer, name, title in session.execute(query)
        if freed.seeker_id is not None and freed.until is not None
    ]


@dataclass(frozen=True, slots=True)
class Better:
    """A booth that was proposed to somebody who waits too long, while that holds.

    Attributes:
        number: of the person in the queue where they wait.
        minutes: how long somebody who joins waits there now.
    """

    seeker_id: int
    number: str
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    title: str
    minutes: int


def list_better(
    session: Session,
    fair_id: int,
    now: datetime,
    lines: Mapping[int, Line],
    *,
    seeker_id: int | None = None,
) -> list[Better]:
    """Return the proposals that hold, the longest wait first.

    A proposal holds for half an hour, while the person waits where they did, has not been where
    they were sent, and would still wait less there.

    Args:
        session: a reading session.
        fair_id: the fair.
        now: what is over then is left out.
        lines: of the booths, by employer.
        seeker_id: only this person.
    """
    sent_from, sent_to = aliased(Employer), aliased(Employer)
    query = (
        select(Proposal, sent_from.name, sent_to.name, Position.title)
        .join(sent_from, sent_from.id == Proposal.from_employer_id)
        .join(sent_to, sent_to.id == Proposal.to_employer_id)
        .join(Position, Position.id == Proposal.position_id)
        .where(Proposal.fair_id == fair_id, Proposal.until > now)
        .order_by(Proposal.wait_here.desc(), Proposal.id)
    )
    if seeker_id is not None:
        query = query.where(Proposal.seeker_id == seeker_id)
    found = []
    for made, from_name, to_name, title in session.execute(query):
        here, there = lines.get(made.from_employer_id), lines.get(made.to_employer_id)
        place = here.place_of(made.seeker_id) if here else None
        if here is None or place is None or (there and there.find(made.seeker_id)):
            continue
        wait = load_of(there).wait
        if wait < wait_of(place, here.pace):
            found.append(
                Better(
                    made.seeker_id,
                    here.waiting[place].number,
                    made.from_employer_id,
                    from_name,
                    made.to_employer_id,
                    to_name,
                    title,
                    round(wait.total_seconds() / 60),
                )
            )
    return found


def load_of(line: Line | None) -> Load:
    """Return how many wait at a booth; nobody where it has no line yet."""
    return Load(len(line.waiting), line.pace) if line else Load(0, pace(()))


def loads_of(lines: Mapping[int, Line], better: Iterable[Better]) -> dict[int, Load]:
    """Return the load of each booth when everybody goes who was proposed to."""
    sent = Counter(one.to_id for one in better)
    found = {}
    for booth in {*lines, *sent}:
        load = load_of(lines.get(booth))
        found[booth] = Load(load.waiting + sent[booth], load.pace)
    return found


def proposed(session: Session, fair_id: int) -> dict[int, set[int]]:
    """Return the booths that were proposed to each person at a fair, whether or not it holds."""
    query = select(Proposal.seeker_id, Proposal.to_employer_id).where(Proposal.fair_id == fair_id)
    found: dict[int, set[int]] = defaultdict(set)
    for seeker_id, booth in session.execute(query):
        found[seeker_id].add(booth)
    return found


def with_names(session: Session, turns: Iterable[Turn]) -> list[Turn]:
    """Return turns with the people's masked names."""
    found = list(turns)
    names = seekers.names_of(session, {one.seeker_id for one in found})
    return [replace(one, name=names[one.seeker_id].name) for one in found]
