"""Verbs of what people at booths are told: tell the next in line, propose a quicker booth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from jobfair.employers.queries import find_position
from jobfair.fairs.services import RunElsewhere, lock_fair, lock_headcount, must_run_here
from jobfair.interviews.fitting import Fit
from jobfair.interviews.queries import Line, found_unsuitable, list_wishes, read_lines
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.offers import services as offers
from jobfair.offers.queries import offered_since, posts_left
from jobfair.queues import queries
from jobfair.queues.models import FreedPost, Proposal
from jobfair.queues.rules import PROPOSAL_VALID, TURN_VALID, Load, next_best, who_is_next

# An offer that was refused for these could be made once a unit came free.
_NONE_LEFT = (offers.NoneLeft.code, offers.LeaseOver.code)


def tell_all(database: Database, fair_id: int, now: datetime) -> None:
    """Tell who is next of whatever came free at a fair; mostly that is nothing.

    Each position in a transaction of its own, so that nobody waits for two of them in a ring. Where
    another server runs the day, it is for that one to tell.
    """
    with database.reading() as session:
        try:
            must_run_here(session, fair_id)
        except RunElsewhere:
            return
        due = queries.list_due(session, fair_id, now)
    for position_id in due:
        with database.writing() as session:
            tell_next(session, fair_id, position_id, now)


def tell_next(session: Session, fair_id: int, position_id: int, now: datetime) -> int:
    """Give back what is overdue of a position and tell who is next of each unit that came free.

    Under the position's lock, so of many who notice it at the same moment one tells; each unit is
    told of once, however late it is noticed.

    Returns:
        How many people were told.

    Raises:
        NotFound: the position takes no part in the fair.
    """
    lock_headcount(session, fair_id, position_id)
    position = find_position(session, position_id)
    if position is None:
        raise NotFound
    if not queries.list_due(session, fair_id, now, position_id=position_id):
        return 0  # somebody else noticed it a moment ago
    offers.expire(session, fair_id, position_id, now)
    freed = queries.untold(session, fair_id, position_id)
    left = posts_left(session, fair_id, now)[position_id].left
    lines = read_lines(session, fair_id, employer_id=position.employer_id)
    line = lines.get(position.employer_id)
    numbers = {one.seeker_id: one.number for one in line.people} if line else {}
    waiting = [one.seeker_id for one in line.waiting if one.seeker_id] if line else []
    wishes = [
        wish.seeker_id
        for wish in list_wishes(session, fair_id, position_id, _NONE_LEFT)
        if not offered_since(session, position_id, wish.seeker_id, wish.raised_at)
    ]
    turns = queries.list_turns(session, fair_id, now, employer_id=position.employer_id)
    told = {one.seeker_id for one in turns if one.position_id == position_id}
    count = 0
    for place, hold_id in enumerate(freed):
        chosen = None
        if place < left:
            chosen = who_is_next(
                wishes,
                waiting,
                was_full=left <= len(freed),
                told=told,
                may=_may(session, fair_id, position_id),
            )
        session.add(
            FreedPost(
                hold_id=hold_id,
                fair_id=fair_id,
                position_id=position_id,
                seeker_id=chosen,
                number=numbers.get(chosen, "") if chosen else "",
                noticed_at=now,
                until=now + TURN_VALID if chosen else None,
            )
        )
        if chosen:
            told.add(chosen)
            count += 1
    session.flush()
    detail = {"fair": fair_id, "freed": len(freed), "told": count}
    audit.record(session, "queue.tell", subject="position", subject_id=position_id, detail=detail)
    return count


def _may(session: Session, fair_id: int, position_id: int) -> Callable[[int], bool]:
    @cache
    def may(seeker_id: int) -> bool:
        return offers.may_be_offered(
            session, seeker_id, fair_id, position_id
        ) and not found_unsuitable(session, fair_id, position_id, seeker_id)

    return may


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits too long, with the booths that suit them, the best first."""

    seeker_id: int
    wait: timedelta
    fits: Sequence[Fit]


def propose(
    session: Session,
    fair_id: int,
    employer_id: int,
    waiters: Iterable[Waiter],
    *,
    lines: Mapping[int, Line],
    now: datetime,
) -> int:
    """Propose each of some people who wait too long at a booth the next-best one, if there is one.

    One booth after another proposes, so that each counts whom the others sent.

    Args:
        session: the writing session.
        fair_id: the fair.
        employer_id: of the booth where they wait.
        waiters: the people.
        lines: of all booths, by employer.
        now: when.

    Returns:
        How many were proposed a booth.
    """
    lock_fair(session, fair_id)
    better = queries.list_better(session, fair_id, now, lines)
    loads, before = queries.loads_of(lines, better), queries.proposed(session, fair_id)
    have = {one.seeker_id for one in better}
    rows = []
    for one in waiters:
        fits = {fit.employer_id: fit for fit in one.fits}
        been = {booth for booth, line in lines.items() if line.find(one.seeker_id)}
        barred = been | before.get(one.seeker_id, set()) | {employer_id}
        booth = next_best(one.wait, fits, loads, barred)
        if booth is None or one.seeker_id in have:
            continue
        load = loads.get(booth) or queries.load_of(None)
        loads[booth] = Load(load.waiting + 1, load.pace)
        rows.append(
            Proposal(
                fair_id=fair_id,
                seeker_id=one.seeker_id,
                from_employer_id=employer_id,
                to_employer_id=booth,
                position_id=fits[booth].position_id,
                wait_here=round(one.wait.total_seconds() / 60),
                wait_there=round(load.wait.total_seconds() / 60),
                made_at=now,
                until=now + PROPOSAL_VALID,
            )
        )
    if rows:
        session.add_all(rows)
        session.flush()
        detail = {"fair": fair_id, "people": len(rows)}
        audit.record(
            session, "queue.propose", subject="employer", subject_id=employer_id, detail=detail
        )
    return len(rows)
