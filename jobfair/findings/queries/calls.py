"""Follow-ups recorded faster than anybody can make a call."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.queries import divisions_of
from jobfair.findings.rules import (
    CALLS_A_MINUTE,
    CALLS_AN_HOUR,
    CALLS_AT_THE_END,
    LAST_DAYS,
    Code,
    Found,
    Subject,
)
from jobfair.kit.clock import BEIJING, day_of
from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Grade
from jobfair.placements.models import PlacementEvent
from jobfair.placements.rules.kinds import EventKind

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def hasty(session: Session) -> Iterator[Found]:
    """Give users who recorded more than sixty conversations in an hour, or ten in a minute.

    An employer's list or a third party's record names many people at once and is not meant.
    """
    of_user = _recorded(session)
    offices = divisions_of(session, of_user)
    for user, times in of_user.items():
        home = offices.get(user, "")
        for day, (count, _at) in _most_within(times, _HOUR).items():
            if count > CALLS_AN_HOUR:
                told = {"count": str(count), "day": day}
                yield Found(Code.HASTY_CALLS, Subject.USER, user, home, day, told=told)
        for day, (count, at) in _most_within(times, _MINUTE).items():
            if count >= CALLS_A_MINUTE:
                minute = f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
                told = {"count": str(count), "at": minute}
                yield Found(Code.ONE_MINUTE, Subject.USER, user, home, day, told=told)


def in_the_last_days(session: Session, today: date) -> Iterator[Found]:
    """Give users whose conversations of a month that is over are all of its last two days."""
    of_user = _recorded(session)
    offices = divisions_of(session, of_user)
    for user, times in of_user.items():
        for (year, month), some in groupby(map(day_of, times), key=lambda d: (d.year, d.month)):
            days = list(some)
            end = date(year, month, monthrange(year, month)[1])
            late = days[0] > end - timedelta(days=LAST_DAYS)
            if end < today and late and len(days) >= CALLS_AT_THE_END:
                mark = f"{year}-{month:02d}"
                told = {"count": str(len(days)), "month": mark}
                home = offices.get(user, "")
                yield Found(Code.LAST_DAYS, Subject.USER, user, home, mark, told=told)


def _recorded(session: Session) -> dict[int, list[datetime]]:
    """Return when each user recorded conversations, in order."""
    event = aliased(PlacementEvent)
    rows = session.execute(
        select(event.recorded_by, event.recorded_at)
        .where(
            event.kind == EventKind.FOLLOW_UP,
            event.evidence_grade.in_((Grade.C, Grade.D)),
            event.recorded_by.is_not(None),
            *counting(event),
        )
        .order_by(event.recorded_by, event.recorded_at)
    )
    of_user: dict[int, list[datetime]] = defaultdict(list)
    for user, at in rows:
        of_user[user or 0].append(at)
    return of_user


def _most_within(times: list[datetime], span: timedelta) -> dict[str, tuple[int, datetime]]:
    """Return for each day the most that lie within a span, and when the span began."""
    found: dict[str, tuple[int, datetime]] = {}
    first = 0
    for place, at in enumerate(times):
        while at - times[first] >= span:
            first += 1
        day, count = day_of(at).isoformat(), place - first + 1
        if count > found.get(day, (0, at))[0]:
            found[day] = (count, times[first])
    return found
