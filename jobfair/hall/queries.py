"""The state of a fair at this moment: figures only, nobody's name among them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.attendance.queries import count_attendance, entry_times
from jobfair.fairs import queries as fairs
from jobfair.hall.models import Announcement, FairClosing, ResultSignature
from jobfair.hall.rules import MINUTES_SHOWN, SILENT_AFTER
from jobfair.interviews import queries as interviews
from jobfair.kit import clock
from jobfair.offers import queries as offers
from jobfair.offers.rules import HoldState
from jobfair.stations.queries import StationRow, list_stations
from jobfair.stations.rules import State
from jobfair.walk_ins.queries import count_walk_ins

_MOST_LISTED = 8
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement that is on now."""

    id: int
    text_zh: str
    text_en: str
    made_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What a fair has come to; parts of people and of entries are never mixed.

    Attributes:
        persons: who were checked in.
        talks: people a booth talked to, each once for each booth.
        offers: made, whatever became of them.
    """

    persons: int
    entries: int
    walk_ins: int
    employers: int
    posts: int
    talks: int
    offers: int
    accepted: int
    left: int


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What is still open when a fair is to be closed."""

    offers: int
    claims: int
    walk_ins: int
    not_sent: int
    leased: int

    @property
    def any(self) -> bool:
        """Whether anything is."""
        return any(asdict(self).values())


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed fair's frozen figures."""

    closed_at: datetime
    figures: dict[str, int]


def list_notices(session: Session, fair_id: int, now: datetime) -> list[Notice]:
    """Return the announcements that are on, the newest first."""
    rows = session.execute(
        select(Announcement)
        .where(Announcement.fair_id == fair_id, Announcement.until > now)
        .order_by(Announcement.id.desc())
    ).scalars()
    return [Notice(r.id, r.text_zh, r.text_en, r.made_at, r.until) for r in rows]


def count_figures(session: Session, fair_id: int, now: datetime) -> Figures:
    """Return what a fair has come to until now, counted from the records themselves."""
    left = offers.posts_left(session, fair_id, now)
    return _figures(session, fair_id, interviews.list_booths(session, fair_id), left)


def _figures(
    session: Session,
    fair_id: int,
    booths: Sequence[interviews.Booth],
    left: Mapping[int, offers.PostsLeft],
) -> Figures:
    came = count_attendance(session, fair_id)
    walk_ins, _open = count_walk_ins(session, fair_id)
    return Figures(
        persons=came.persons,
        entries=came.entries,
        walk_ins=walk_ins,
        employers=len(booths),
        posts=sum(one.headcount for one in left.values()),
        talks=sum(one.talks for one in booths),
        offers=sum(one.offers for one in booths),
        accepted=sum(one.accepted for one in booths),
        left=sum(one.left for one in left.values()),
    )


def arrivals_by_minute(session: Session, fair_id: int, now: datetime) -> list[int]:
    """Return the entries of each of the last thirty minutes, the present one last."""
    since = now.replace(second=0, microsecond=0) - (MINUTES_SHOWN - 1) * _MINUTE
    counts = Counter((at - since) // _MINUTE for at in entry_times(session, fair_id, since))
    return [counts[minute] for minute in range(MINUTES_SHOWN)]


def silent_stations(session: Session, fair_id: int, now: datetime) -> list[StationRow]:
    """Return the paired stations nobody has heard of for a minute."""
    return [
        one
        for one in list_stations(session, fair_id)
        if one.state is State.PAIRED and (one.seen_at is None or now - one.seen_at > SILENT_AFTER)
    ]


def live(session: Session, fair_id: int, now: datetime) -> dict[str, Any]:
    """Return what the screen and the console show: counts, queues, posts, announcements.

    Only figures and names of employers and positions: the screen hangs in a hall.
    """
    booths = interviews.list_booths(session, fair_id)
    left = offers.posts_left(session, fair_id, now)
    posts = fairs.list_fair_positions(session, fair_id, fairs.FairFilter())
    by_employer: Counter[int] = Counter()
    for post in posts:
        by_employer[post.employer_id] += left[post.position_id].left
    rows = [(post, left[post.position_id]) for post in posts]
    wanted = sorted(rows, key=lambda row: row[1].left / row[1].headcount)
    return {
        "now": clock.milliseconds(now),
        "figures": asdict(_figures(session, fair_id, booths, left)),
        "arrivals": arrivals_by_minute(session, fair_id, now),
        "booths": [
            {
                "id": one.employer_id,
                "name": one.name,
                "waiting": one.waiting,
                "minutes": one.wait_minutes,
                "left": by_employer[one.employer_id],
                "accepted": one.accepted,
            }
            for one in booths
        ],
        "wanted": [_post(*row) for row in wanted if row[1].left < row[1].headcount][:_MOST_LISTED],
        "empty": [_post(*row) for row in emptiest_first(posts, left)[:_MOST_LISTED]],
        "silent": [
            {"name": one.name, "waiting": one.waiting}
            for one in silent_stations(session, fair_id, now)
        ],
        "claims": interviews.count_open_claims(session, fair_id),
        "notices": [
            {"id": one.id, "zh": one.text_zh, "en": one.text_en or one.text_zh}
            for one in list_notices(session, fair_id, now)
        ],
    }


def emptiest_first(
    posts: Sequence[fairs.FairPositionRow], left: Mapping[int, offers.PostsLeft]
) -> list[tuple[fairs.FairPositionRow, offers.PostsLeft]]:
    """Return the positions with posts left, the largest share of them first, then the largest."""
    rows = [(post, left[post.position_id]) for post in posts if left[post.position_id].left]
    return sorted(rows, key=lambda row: (-(row[1].left / row[1].headcount), -row[1].headcount))


def _post(post: fairs.FairPositionRow, left: offers.PostsLeft) -> dict[str, Any]:
    return {
        "id": post.position_id,
        "title": post.title,
        "employer": post.employer,
        "left": left.left,
        "headcount": left.headcount,
    }


def open_matters(session: Session, fair_id: int, now: datetime) -> OpenMatters:
    """Return what is still open."""
    counts = offers.count_offers(session, fair_id, now)
    left = offers.posts_left(session, fair_id, now)
    _total, walk_ins = count_walk_ins(session, fair_id)
    return OpenMatters(
        offers=counts[HoldState.OFFERED],
        claims=interviews.count_open_claims(session, fair_id),
        walk_ins=walk_ins,
        not_sent=sum(
            one.waiting for one in list_stations(session, fair_id) if one.state is State.PAIRED
        ),
        leased=sum(one.leased for one in left.values()),
    )


def find_closing(session: Session, fair_id: int) -> Closing | None:
    """Return the frozen figures of a fair; None while it is not closed."""
    row = session.get(FairClosing, fair_id)
    return Closing(row.closed_at, row.figures) if row else None


def signatures(session: Session, fair_id: int) -> dict[int, datetime]:
    """Return when each employer that did signed its results."""
    rows = session.execute(
        select(ResultSignature.employer_id, ResultSignature.signed_at).where(
            ResultSignature.fair_id == fair_id
        )
    )
    return {row.employer_id: row.signed_at for row in rows}
