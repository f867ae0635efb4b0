"""Referring somebody again whose post is over."""

from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services.line import append_event


def refer_again(session: Session, placement_id: int, recorder: Recorder) -> int:
    """Record that a person whose post ended is referred again; return the event's id.

    Raises:
        NotFound: no such placement.
        StillRunning: it is not over.
    """
    fact = Fact(EventKind.REMATCHED, clock.today(), grade=Grade.C)
    return append_event(session, placement_id, fact, recorder)
