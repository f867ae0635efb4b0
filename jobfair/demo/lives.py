"""The people of a simulated year: what really became of them, and what the office knows of it."""

from dataclasses import dataclass, field
from datetime import date

from jobfair.placements.rules.kinds import EventKind


@dataclass(slots=True)
class Job:
    """One job as it really was, and what the office knows of it.

    Attributes:
        until: the day it really ended; None while it lasts.
        seen: days on which the office knows the person at work.
        known_end: the end as the office knows it.
        lost: nobody has been reached for so long that contact counts as lost.
        denied: the employer last said that the person is not there.
        employer_id: who sends a list of its people every month; 0 for who does not.
    """

    start: date
    place: str
    until: date | None = None
    how: EventKind | None = None
    seasonal: bool = False
    placement_id: int = 0
    seen: list[date] = field(default_factory=list)
    known_end: date | None = None
    lost: bool = False
    denied: bool = False
    employer_id: int = 0


@dataclass(slots=True)
class Call:
    """A call that was made, or that nobody answered."""

    job: Job
    day: date
    follow_up_id: int = 0


@dataclass(slots=True)
class Person:
    """One labourer.

    Attributes:
        jobs: the real ones in order; those the office has not heard of have no placement.
        silent_from: from then on nobody answers.
    """

    seeker_id: int
    home: str
    category: str | None
    jobs: list[Job]
    silent_from: date | None
    confirmed: list[Call] = field(default_factory=list)
    ended: list[Call] = field(default_factory=list)
    missed: list[Call] = field(default_factory=list)
