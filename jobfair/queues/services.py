"""Verbs of what people at booths are told: tell the next in line."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from jobfair.employers.queries import find_position
from jobfair.fairs.services import lock_headcount
from jobfair.interviews.queries import found_unsuitable, list_wishes, read_lines
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.offers import services as offers
from jobfair.offers.queries import offered_since, posts_left
from jobfair.queues import queries
from jobfair.queues.models import FreedPost
from jobfair.queues.rules import TURN_VALID, who_is_next

# An offer that was refused for these could be made once a unit came free.
_NONE_LEFT = (offers.NoneLeft.code, offers.LeaseOver.code)


def tell_all(
    database: Database, fair_id: int, now: datetime, *, employer_id: int | None = None
) -> None:
    """Tell who is next of whatever came free at a fair, or at one booth; mostly that is nothing.

    Each position in a transaction of its own, so that nobody waits for two of them in a ring.
    """
    with database.reading() as session:
        due = queries.list_due(session, fair_id, now, employer_id=employer_id)
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
    due = queries.list_due(session, fair_id, now, employer_id=position.employer_id)
    if position_id not in due:  # somebody else noticed it a moment ago
        return 0
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
