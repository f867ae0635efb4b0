"""What is followed from a first day at work on: a course, by each of three endpoints.

Source: the retention mathematics of export tracking. The endpoints are never mixed: with the same
employer, away from the home county, at any work. Gaps of up to 30 days, and of up to 90 after a
return for the season, are bridged for the last two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import Spell, moves
from jobfair.placements.rules.kinds import EndReason, EventKind


class Endpoint(StrEnum):
    """What staying means."""

    SAME_EMPLOYER = "same_employer"
    EMPLOYED_AWAY = "employed_away"
    EMPLOYED_ANY = "employed_any"


ENDPOINT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Endpoint.SAME_EMPLOYER: N_("With the same employer"),
        Endpoint.EMPLOYED_AWAY: N_("At work outside the home county"),
        Endpoint.EMPLOYED_ANY: N_("At any work"),
    }
)


class Leaving(StrEnum):
    """How a course ended."""

    RETURNED = "returned"
    CHANGED = "changed"
    LEFT = "left"
    LOST_POST = "lost_post"


LEAVING_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Leaving.RETURNED: N_("Returned home"),
        Leaving.CHANGED: N_("Changed employer"),
        Leaving.LEFT: N_("Left of their own accord"),
        Leaving.LOST_POST: N_("Dismissed or laid off"),
    }
)
_LOST_POST = {EndReason.DISMISSED, EndReason.LAYOFF, EndReason.CONTRACT_OVER}


@dataclass(frozen=True, slots=True)
class Work:
    """One placement that reached its post, as far as it was known.

    Attributes:
        seen: days on which the person was confirmed at work on evidence good enough, the first
            day at work among them when its own evidence is.
        ended_by: kind of the end; EXEMPT is no end but leaves the count.
    """

    placement_id: int
    seeker_id: int
    export: bool
    started_on: date
    seen: tuple[date, ...] = ()
    ended_on: date | None = None
    ended_by: EventKind | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What is followed from one first day on.

    Attributes:
        id: of the placement that it began with.
        placements: every placement that it went on in.
        ended_on: the day it is known to have ended; None while nothing says so.
        exempt_on: the day from which the person is out of the count.
    """

    id: int
    seeker_id: int
    placements: tuple[int, ...]
    started_on: date
    seen: tuple[date, ...]
    ended_on: date | None
    leaving: Leaving | None
    exempt_on: date | None


def courses(works: Iterable[Work], endpoint: Endpoint) -> list[Course]:
    """Return what is followed, in order of person and first day.

    Args:
        works: placements of many people, in any order.
        endpoint: what staying means; placements in the home county count for any work only, and
            with the same employer.
    """
    chosen = [w for w in works if endpoint is not Endpoint.EMPLOYED_AWAY or w.export]
    chosen.sort(key=lambda w: (w.seeker_id, w.started_on, w.placement_id))
    if endpoint is Endpoint.SAME_EMPLOYER:
        return [_course([work]) for work in chosen]
    people: dict[int, list[Work]] = {}
    for work in chosen:
        people.setdefault(work.seeker_id, []).append(work)
    return [course for own in people.values() for course in _chained(own)]


def _chained(own: list[Work]) -> list[Course]:
    """Return one person's placements joined where the gap between them is bridged."""
    opening = moves(
        Spell(w.placement_id, w.started_on, w.ended_on, w.reason == EndReason.SEASONAL) for w in own
    )
    chains: list[list[Work]] = []
    for work in own:
        if work.placement_id in opening:
            chains.append([])
        chains[-1].append(work)
    return [_course(chain) for chain in chains]


def _course(chain: list[Work]) -> Course:
    first = chain[0]
    # The placement that lasts longest says how the whole went; a running one has no end.
    last = max(chain, key=lambda w: (w.ended_on is None, w.ended_on or w.started_on, w.started_on))
    exempt = last.ended_by is EventKind.EXEMPT
    course = Course(
        first.placement_id,
        first.seeker_id,
        tuple(work.placement_id for work in chain),
        first.started_on,
        tuple(sorted({day for work in chain for day in work.seen})),
        last.ended_on,
        None,
        None,
    )
    if exempt:
        return replace(course, ended_on=None, exempt_on=last.ended_on)
    return replace(course, leaving=_leaving(last)) if last.ended_on else course


def _leaving(work: Work) -> Leaving:
    if work.ended_by is EventKind.CHANGED_EMPLOYER:
        return Leaving.CHANGED
    if work.reason in _LOST_POST:
        return Leaving.LOST_POST
    return Leaving.RETURNED if work.ended_by is EventKind.RETURNED_HOME else Leaving.LEFT
