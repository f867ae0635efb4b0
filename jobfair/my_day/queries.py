"""Which fair somebody is at, and what there is to tell them; nobody else is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.attendance.models import GateRecord
from jobfair.cards.models import Card
from jobfair.employers.models import Employer
from jobfair.fairs.models import Fair
from jobfair.hall.queries import Notice, list_notices
from jobfair.interviews.models import BoothRecord
from jobfair.interviews.queries import Line, Visitor
from jobfair.interviews.rules import Place, wait_of
from jobfair.offers.models import Hold
from jobfair.offers.queries import OwnOffer, list_own_offers
from jobfair.queues.queries import Better, Turn, list_better, list_turns
from jobfair.seekers.models import Seeker
from jobfair.venues.queries import booth_numbers

_IN_LINE = (Place.CALLED, Place.WAITING, Place.AWAY)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where somebody stands in a booth's queue.

    Attributes:
        ahead: how many wait before them.
        minutes: about how long until they are called.
    """

    employer_id: int
    employer: str
    visitor: Visitor
    ahead: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """What there is to tell somebody at a fair; ``numbers`` are those of booths, by employer."""

    queues: list[QueuePlace]
    offers: list[OwnOffer]
    turns: list[Turn]
    better: list[Better]
    notices: list[Notice]
    numbers: Mapping[int, str]

    def booth(self, employer_id: int, employer: str) -> str:
        """Return how somebody finds a booth: by its number, where it has one, and its name."""
        return " ".join(filter(None, (self.numbers.get(employer_id), employer)))


def find_fair_of(session: Session, seeker_id: int, day: date) -> int | None:
    """Return the fair somebody is at: of those on that day the one that saw them last, else any.

    On a day without a fair it is the last one that saw them; None for who was at none.
    """
    seen = _seen(session, seeker_id)
    on = select(Fair.id).where(Fair.starts_on <= day, Fair.ends_on >= day)
    choice = list(session.execute(on).scalars()) or list(seen)
    never = datetime.min.replace(tzinfo=UTC)
    return max(choice, key=lambda one: (seen.get(one, never), one), default=None)


def _seen(session: Session, seeker_id: int) -> dict[int, datetime]:
    """Return when each fair saw somebody last: at a gate, at a booth, or by an offer."""
    cards = (
        select(Card.digest)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .where((Seeker.id == seeker_id) | (Seeker.merged_into_id == seeker_id))
    )
    found: dict[int, datetime] = {}
    for fair, at, which in (
        (GateRecord.fair_id, GateRecord.at, GateRecord.card.in_(cards)),
        (BoothRecord.fair_id, BoothRecord.at, BoothRecord.card.in_(cards)),
        (Hold.fair_id, Hold.offered_at, Hold.seeker_id == seeker_id),
    ):
        rows = session.execute(select(fair, func.max(at)).where(which).group_by(fair))
        for fair_id, last in rows:
            if last is not None:
                found[fair_id] = max(last, found.get(fair_id, last))
    return found


def read_day(
    session: Session, fair_id: int, seeker_id: int, now: datetime, lines: Mapping[int, Line]
) -> Day:
    """Return what there is to tell somebody now.

    Args:
        session: a reading session.
        fair_id: the fair.
        seeker_id: the person.
        now: what is over then is left out.
        lines: of the booths, by employer.
    """
    return Day(
        _queues(session, seeker_id, lines),
        list_own_offers(session, fair_id, seeker_id, now),
        list_turns(session, fair_id, now, seeker_id=seeker_id),
        list_better(session, fair_id, now, lines, seeker_id=seeker_id),
        list_notices(session, fair_id, now),
        booth_numbers(session, fair_id),
    )


def _queues(session: Session, seeker_id: int, lines: Mapping[int, Line]) -> list[QueuePlace]:
    stands = {
        employer_id: visitor
        for employer_id, line in lines.items()
        if (visitor := line.find(seeker_id)) and visitor.place in _IN_LINE
    }
    names = session.execute(select(Employer.id, Employer.name).where(Employer.id.in_(stands)))
    found = []
    for employer_id, name in names:
        line, visitor = lines[employer_id], stands[employer_id]
        ahead = line.place_of(seeker_id) or 0
        minutes = round(wait_of(ahead, line.pace).total_seconds() / 60)
        found.append(QueuePlace(employer_id, name, visitor, ahead, minutes))
    return sorted(found, key=lambda one: (_IN_LINE.index(one.visitor.place), one.ahead))
