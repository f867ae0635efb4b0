"""Who travels with a batch, who has left it, and where numbers differ. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.departures.rules.scans import Kind, Seen
from jobfair.departures.rules.states import State
from jobfair.kit.i18n import N_
from jobfair.placements.rules.kinds import OffBatch

# On post so many days after arriving counts for the batch.
ON_POST_DAYS = timedelta(days=7)


class Company(StrEnum):
    """In what capacity somebody travels; only the first goes to a post of ours."""

    PLACED = "placed"
    ACCOMPANYING = "accompanying"
    OTHER_CITY = "other_city"


class Role(StrEnum):
    """What a contact of a batch is."""

    DRIVER = "driver"
    ESCORT = "escort"
    RECEIVER = "receiver"


class Rung(StrEnum):
    """How far a rider has come; each is counted by itself."""

    PLANNED = "planned"
    BOARDED = "boarded"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    ON_POST = "on_post"


class Gap(StrEnum):
    """Where two numbers differ, and somebody must find out why."""

    NOT_BOARDED = "not_boarded"
    NOT_ARRIVED = "not_arrived"
    NOT_HANDED_OVER = "not_handed_over"
    NOT_ON_POST = "not_on_post"


COMPANY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Company.PLACED: N_("Goes to a post of ours"),
        Company.ACCOMPANYING: N_("Accompanies somebody"),
        Company.OTHER_CITY: N_("Goes to another city"),
    }
)
ROLE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Role.DRIVER: N_("Driver"),
        Role.ESCORT: N_("Escort"),
        Role.RECEIVER: N_("Receives them"),
    }
)
RUNG_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Rung.PLANNED: N_("Planned"),
        Rung.BOARDED: N_("On board"),
        Rung.ARRIVED: N_("Arrived at the destination"),
        Rung.HANDED_OVER: N_("Taken over by the employer"),
        Rung.ON_POST: N_("On post within 7 days"),
    }
)
GAP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Gap.NOT_BOARDED: N_(
            "Planned, and nobody saw them board: they did not come, or a phone has not sent it yet"
        ),
        Gap.NOT_ARRIVED: N_("On board, and nobody saw them arrive"),
        Gap.NOT_HANDED_OVER: N_("Arrived, and no employer has taken them over"),
        Gap.NOT_ON_POST: N_("Handed over seven days ago, and not on post"),
    }
)


@dataclass(frozen=True, slots=True)
class Journey:
    """What is known of one rider's journey.

    Attributes:
        seen: by kind, as `scans.seen` gives it.
        left: why somebody is off the roster.
        to_post: whether a post of ours waits at the other end.
        on_post_on: first day at work.
    """

    seen: Mapping[Kind, Seen]
    left: OffBatch | None
    to_post: bool
    on_post_on: date | None


def rungs(journey: Journey, arrived_on: date | None) -> frozenset[Rung]:
    """Return on which numbers of its batch a rider stands.

    Who was taken off before the departure was not planned; who did not come, was.
    """
    found: set[Rung] = set()
    if journey.left in {None, OffBatch.NO_SHOW}:
        found.add(Rung.PLANNED)
    found |= {Rung(kind.value) for kind in journey.seen}
    started = journey.on_post_on
    if Kind.BOARDED in journey.seen and started is not None and arrived_on is not None:
        on_time = started <= arrived_on + ON_POST_DAYS
        found |= {Rung.ON_POST} if on_time else set()
    return frozenset(found)


_AFTER_DEPARTURE = frozenset({State.DEPARTED, State.ARRIVED, State.HANDED_OVER})


def gap(journey: Journey, state: State, arrived_on: date | None, today: date) -> Gap | None:
    """Return where a rider fell out of the numbers without anybody having said why."""
    has = journey.seen
    there = state in {State.ARRIVED, State.HANDED_OVER}
    due = there and arrived_on is not None and today > arrived_on + ON_POST_DAYS
    gaps = {
        Gap.NOT_BOARDED: state in _AFTER_DEPARTURE and Kind.BOARDED not in has and not journey.left,
        Gap.NOT_ARRIVED: there and Kind.BOARDED in has and Kind.ARRIVED not in has,
        Gap.NOT_HANDED_OVER: there
        and journey.to_post
        and Kind.ARRIVED in has
        and Kind.HANDED_OVER not in has,
        Gap.NOT_ON_POST: due
        and journey.to_post
        and Kind.HANDED_OVER in has
        and journey.on_post_on is None,
    }
    return next((one for one, open_ in gaps.items() if open_), None)


# A batch is settled when each of these has its reason; who is not on post yet is followed up.
OPEN_AT_CLOSING = frozenset({Gap.NOT_BOARDED, Gap.NOT_ARRIVED, Gap.NOT_HANDED_OVER})


def stop_of(home: str, stops: Sequence[tuple[int, str]]) -> int | None:
    """Return the stop where somebody boards: the one of their township, else of their county.

    Args:
        home: code of the home division.
        stops: id and division of each; the longest that the home lies in is theirs, else the first.
    """
    within = [one for one in stops if home.startswith(one[1])]
    if within:
        return max(within, key=lambda one: len(one[1]))[0]
    return stops[0][0] if stops else None
