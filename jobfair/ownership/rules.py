"""Whose a person's record is on a day, as far as it was known at an instant.

Whoever does not work is owned by the home township, or by the home county where no township is
known. Whoever has set out for work, or works, is offered to the labour station that serves the
workplace; until it accepts, the former owner remains. With the end of the work the record is the
home's again at once; a change of employer is no end, so the station keeps the record until the
next one accepts. So every day has exactly one owner.

Source: the project's rule of one owner per record per day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.clock import day_of
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.placements.rules.events import State
from jobfair.placements.rules.kinds import EventKind
from jobfair.seekers.rules.homes import home_on

TOWNSHIP = 9


class AnswerKind(StrEnum):
    """What became of an offer of hand-over."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"  # the offer, or what was accepted


class Standing(StrEnum):
    """Where a hand-over stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class Ended(StrEnum):
    """Why the system itself took a hand-over back."""

    WORK_OVER = "work_over"
    NOT_SERVED = "not_served"  # the next workplace is in no station's area
    CLOSED = "closed"  # the station itself


STANDING_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Standing.OFFERED: N_("Waiting to be accepted"),
        Standing.ACCEPTED: N_("Accepted by the station"),
        Standing.DECLINED: N_("Declined"),
        Standing.TAKEN_BACK: N_("Hand-over taken back"),
    }
)
ENDED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Ended.WORK_OVER: N_("The work was over before anybody answered"),
        Ended.NOT_SERVED: N_("The next workplace is served by no labour station"),
        Ended.CLOSED: N_("The labour station is closed"),
    }
)


class AnsweredAlready(Refusal):
    """Somebody else was quicker, or it was taken back meanwhile."""

    code = "hand_over_answered"
    message = N_("This hand-over was answered or taken back already. Load the list again.")


class ReasonNeeded(Invalid):
    """Whoever declines or takes back says why."""

    code = "hand_over_reason"
    message = N_("Enter the reason: the other office decides by it what to do.")


class OfferedAlready(Refusal):
    """One offer at a time."""

    code = "hand_over_offered"
    message = N_("This person is offered to a labour station already, or handed over to one.")


class NothingToHandOver(Refusal):
    """Who does not work stays with the home township."""

    code = "nothing_to_hand_over"
    message = N_("This work is over or has not begun: the person stays with the home township.")


class PlaceServedAlready(Refusal):
    """A place or an employer is served by one station."""

    code = "place_served"
    message = N_("%(what)s is served by %(station)s already. Take it off that station first.")


@dataclass(frozen=True, slots=True)
class Work:
    """One job, as far as it is known.

    Attributes:
        start: the day of setting out for it, else the first day at work.
        end: the first day on which it is over; None while it lasts.
        moved: it ended by a change of employer.
    """

    placement_id: int
    start: date
    end: date | None = None
    moved: bool = False

    def runs(self, day: date) -> bool:
        """Return whether the person works there on a day, or is on the way."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to an offer."""

    kind: AnswerKind
    at: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """One offer of a person's record to a station, and the answers to it in order."""

    id: int
    placement_id: int
    station_id: int
    offered_at: datetime
    answers: tuple[Answered, ...] = ()

    def at(self, kind: AnswerKind) -> datetime | None:
        """Return when an answer of a kind was given."""
        return next((one.at for one in self.answers if one.kind is kind), None)

    @property
    def standing(self) -> Standing:
        """Where it stands after all its answers."""
        return Standing(self.answers[-1].kind) if self.answers else Standing.OFFERED

    def known(self, known_at: datetime | None) -> "HandOver":
        """Return it with those answers that had been given by an instant."""
        if known_at is None:
            return self
        answers = tuple(one for one in self.answers if one.at <= known_at)
        return HandOver(self.id, self.placement_id, self.station_id, self.offered_at, answers)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a record is: a station by a hand-over, else the home's."""

    station_id: int | None = None
    hand_over_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """An owner from a day on; None as the day where it has always been so."""

    since: date | None
    owner: Owner


HOME = Owner()
# Within a day: first an end brings the record home, then what was answered on that day counts.
_ENDS, _ANSWERS = 0, 1


@dataclass(frozen=True, slots=True)
class _Turn:
    """One thing that may change the owner; the order of its fields is that of turns."""

    day: date
    rank: int
    at: datetime | None
    hand_over_id: int
    station_id: int | None  # None: home again

    @property
    def order(self) -> tuple[date, int, float, int]:
        return self.day, self.rank, self.at.timestamp() if self.at else 0.0, self.hand_over_id


def work_of(placement_id: int, state: State) -> Work | None:
    """Return the job that a placement's line tells of; None while nobody has set out for it."""
    days = (state.boarded_on, state.departed_on, state.arrived_on, state.on_post_on)
    known = [day for day in days if day is not None]
    if not known:
        return None
    moved = state.end_kind is EventKind.CHANGED_EMPLOYER
    return Work(placement_id, min(known), state.ended_on, moved)


def home_of(division: str) -> str:
    """Return the place that owns whoever does not work: the township, or the county."""
    return division[:TOWNSHIP] if len(division) >= TOWNSHIP else division[:6]


def tenures(
    works: Collection[Work],
    hand_overs: Iterable[HandOver],
    *,
    known_at: datetime | None = None,
) -> list[Tenure]:
    """Return whose a record is from which day on, the earliest first; the first has always been.

    Args:
        works: the person's jobs as they were known at that instant.
        hand_overs: all of the person's, in any order.
        known_at: only what had been answered by then; None for all.
    """
    by_placement = {work.placement_id: work for work in works}
    homecomings = _homecomings(works)
    turns = [_Turn(day, _ENDS, None, 0, None) for day in homecomings]
    for one in hand_overs:
        work = by_placement.get(one.placement_id)
        turns += _turns_of(one.known(known_at), work, homecomings)
    found = [Tenure(None, HOME)]
    for turn in sorted(turns, key=lambda one: one.order):
        now = found[-1].owner
        if turn.station_id is not None:
            following = Owner(turn.station_id, turn.hand_over_id)
        elif turn.rank == _ENDS or turn.hand_over_id == now.hand_over_id:
            following = HOME
        else:
            continue
        if following == now:
            continue
        if found[-1].since == turn.day:
            found.pop()  # one owner a day: the last of the day
        if not found or found[-1].owner != following:
            found.append(Tenure(turn.day, following))
    return found


def owner_on(ownership: Iterable[Tenure], day: date) -> Owner:
    """Return whose a record is on a day."""
    found = HOME
    for tenure in ownership:
        if tenure.since is not None and tenure.since > day:
            break
        found = tenure.owner
    return found


def with_homes(
    ownership: Sequence[Tenure], homes: Sequence[tuple[date | None, str]]
) -> list[tuple[Tenure, str]]:
    """Return the owners with the home of those days; a move in the home's time begins a new one.

    Args:
        ownership: from the first to the present.
        homes: from which day on the home was where, the first from the beginning.
    """
    found: list[tuple[Tenure, str]] = []
    for number, one in enumerate(ownership):
        following = ownership[number + 1].since if number + 1 < len(ownership) else None
        found.append((one, home_on(homes, one.since or date.min)))
        if one.owner != HOME:
            continue
        found += [
            (Tenure(since, HOME), home)
            for since, home in homes
            if since is not None
            and (one.since is None or since > one.since)
            and (following is None or since < following)
        ]
    return found


def _homecomings(works: Collection[Work]) -> list[date]:
    """Return the days on which the record is the home's again."""
    found = []
    for work in works:
        if work.end is None:
            continue
        goes_on = work.moved and any(other.runs(work.end) for other in works)
        if not goes_on:
            found.append(work.end)
    return found


def _turns_of(one: HandOver, work: Work | None, homecomings: Collection[date]) -> list[_Turn]:
    accepted, back = one.at(AnswerKind.ACCEPTED), one.at(AnswerKind.TAKEN_BACK)
    if work is None or accepted is None:
        return []
    # Accepted before the first day, as it is known today, it counts from that day on.
    day = max(day_of(accepted), work.start)
    if not _goes_on(work, day, homecomings) or (back is not None and day_of(back) < day):
        return []
    turns = [_Turn(day, _ANSWERS, accepted, one.id, one.station_id)]
    if back is not None:
        turns.append(_Turn(day_of(back), _ANSWERS, back, one.id, None))
    return turns


def _goes_on(work: Work, day: date, homecomings: Collection[date]) -> bool:
    """Return whether a job, or what followed it without coming home, still goes on."""
    if work.end is None or day < work.end:
        return True
    return not any(work.end <= home <= day for home in homecomings)


@dataclass(frozen=True, slots=True)
class Serving:
    """Which station serves what.

    Attributes:
        places: division code → station.
        employers: employer id → station; goes before the place.
    """

    places: Mapping[str, int]
    employers: Mapping[int, int]

    def station_for(self, employer_id: int | None, workplace: str | None) -> int | None:
        """Return the station that serves a workplace: by its employer, else the nearest place."""
        if employer_id is not None and employer_id in self.employers:
            return self.employers[employer_id]
        code = workplace or ""
        while code:
            if code in self.places:
                return self.places[code]
            code = code[:-1]
        return None
