"""What kinds of work earn a month."""

from collections.abc import Callable, Sequence
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.employers.models import Position
from jobfair.employers.rules.drafts import PositionStatus
from jobfair.placements.models import Placement

# Fewer wages than this say nothing of what is usual.
_WAGES_LEAST = 5
# Newest first, so many at most: enough for a median, few enough to read at once.
_WAGES_MOST = 20_000


def usual_wages(session: Session) -> Callable[[str], Sequence[int]]:
    """Return what a kind of work earns a month, as one usual wage in fen.

    By the post where enough is on record, else by all posts, else by what open positions offer.
    """
    rows = session.execute(
        select(Placement.title, Placement.wage_fen)
        .where(Placement.wage_fen.is_not(None), ~Placement.void)
        .order_by(Placement.id.desc())
        .limit(_WAGES_MOST)
    ).all()
    of_title: dict[str, list[int]] = {}
    for title, wage in rows:
        of_title.setdefault(title, []).append(wage or 0)
    usual = {t: (round(median(w)),) for t, w in of_title.items() if len(w) >= _WAGES_LEAST}
    every = [wage or 0 for _, wage in rows]
    if len(every) < _WAGES_LEAST:
        offered = select(Position.wage_low).where(
            Position.status == PositionStatus.OPEN, Position.wage_low.is_not(None)
        )
        every = [wage or 0 for wage in session.execute(offered.limit(_WAGES_MOST)).scalars()]
    general = (round(median(every)),) if len(every) >= _WAGES_LEAST else ()
    return lambda title: usual.get(title, general)
