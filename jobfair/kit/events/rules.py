"""A line of events: appended, reversed, never changed; the state is what the events add up to.

Pure. A room says which kinds of events its line has, what each does to the state and when it may
follow (`Line`); order, visibility, reversal and evidence are the same for all.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from jobfair.kit.clock import day_of
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_

K = TypeVar("K", bound=StrEnum)  # the kinds of one line
S = TypeVar("S")  # the state that its events add up to

# Every enumeration of kinds has this member.
REVERSAL = "reversal"


class Precision(StrEnum):
    """How exactly the day of an event is known."""

    DAY = "day"
    TEN_DAYS = "ten_days"  # 上旬, 中旬, 下旬: from the 1st, the 11th or the 21st
    MONTH = "month"
    YEAR = "year"


class Grade(StrEnum):
    """Evidence: A third party's record, B employer or school, C in person, D a relative, E none."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


PRECISION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Precision.DAY: N_("Exact day"),
        Precision.TEN_DAYS: N_("Only the third of the month is known (its 1st, 11th or 21st on)"),
        Precision.MONTH: N_("Only the month is known"),
        Precision.YEAR: N_("Only the year is known"),
    }
)


class NotYet(Invalid):
    """A thing that has not happened cannot be recorded as having happened."""

    code = "not_yet"
    message = N_("That day lies in the future. Record it when it has happened.")


class AlreadyHappened(Refusal):
    """The event is of a kind that happens once."""

    code = "already_happened"
    message = N_("This is recorded already. Reverse the earlier entry first if it is wrong.")


class NothingToReverse(Refusal):
    """The event was reversed before, or is itself a reversal."""

    code = "nothing_to_reverse"
    message = N_("This entry was reversed before, or is a reversal itself. Record it anew.")


class ReasonMissing(Invalid):
    """A reversal says why."""

    code = "reason_missing"
    message = N_("Enter the reason.")


class OthersDepend(Refusal):
    """A later event makes sense only with the one to be reversed."""

    code = "others_depend"
    message = N_("Later entries stand on this one. Reverse those first.")


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who tells the system, for which office; None for the system itself."""

    user_id: int | None = None
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fact(Generic[K]):
    """One event to append.

    Attributes:
        occurred_on: the Beijing day, or the earliest it can have been when ``precision`` is less.
        evidence: where the evidence is kept; nothing personal.
        reason: of an end, a word of the room's list; otherwise free text.
    """

    kind: K
    occurred_on: date
    precision: Precision = Precision.DAY
    grade: Grade = Grade.E
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event(Generic[K]):
    """One appended fact.

    Attributes:
        id: number in the order of recording.
        occurred_on: the Beijing day it happened, as exactly as ``precision`` says.
        recorded_at: when the system was told.
        reverses: id of the event that this one takes back, for a reversal only.
        reason: why: of an end or of a reversal.
    """

    id: int
    kind: K
    occurred_on: date
    recorded_at: datetime
    precision: Precision = Precision.DAY
    grade: Grade = Grade.E
    reverses: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line(Generic[K, S]):
    """The rules of one kind of line.

    Attributes:
        empty: the state before the first event.
        step: the state after one more event.
        check: raises a `Refusal` when an event cannot follow the state and the kinds seen so far.
        rank: order of kinds within one day; kinds not named come first.
    """

    empty: S
    step: Callable[[S, Event[K]], S]
    check: Callable[[S, Event[K], Collection[K]], None]
    rank: Mapping[K, int] = field(default_factory=dict)

    def order(self, event: Event[K]) -> tuple[date, int, datetime, int]:
        """Return the sort key by which events are folded."""
        return event.occurred_on, self.rank.get(event.kind, 0), event.recorded_at, event.id

    def visible(
        self,
        events: Iterable[Event[K]],
        *,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> list[Event[K]]:
        """Return the events that count, in order.

        Args:
            events: everything recorded on one line, in any order.
            as_of: only what had happened by this day; None for all.
            known_at: only what had been recorded by then, reversals included; None for all.
        """
        known = [e for e in events if known_at is None or e.recorded_at <= known_at]
        gone = {e.reverses for e in known if e.reverses is not None}
        return sorted(
            (
                e
                for e in known
                if e.reverses is None
                and e.id not in gone
                and (as_of is None or e.occurred_on <= as_of)
            ),
            key=self.order,
        )

    def fold(self, events: Iterable[Event[K]]) -> S:
        """Return the state that visible events, already in order, add up to."""
        state = self.empty
        for event in events:
            state = self.step(state, event)
        return state

    def state_at(
        self,
        events: Iterable[Event[K]],
        *,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> S:
        """Return the state as of a day, as it was known at an instant."""
        return self.fold(self.visible(events, as_of=as_of, known_at=known_at))

    def check_line(self, events: Iterable[Event[K]]) -> None:
        """Check that visible events, already in order, could have happened.

        Raises:
            Refusal: what ``check`` raises for the first that could not.
        """
        state = self.empty
        seen: set[K] = set()
        for event in events:
            self.check(state, event, seen)
            seen.add(event.kind)
            state = self.step(state, event)

    def check_append(self, recorded: Sequence[Event[K]], event: Event[K]) -> None:
        """Check that an event may join everything recorded on its line.

        Raises:
            Refusal: as `check_line`.
        """
        self.check_line(self.visible([*recorded, event]))

    def check_reversal(self, recorded: Sequence[Event[K]], event_id: int, reason: str) -> None:
        """Check that an event may be taken back.

        Raises:
            ReasonMissing: no reason.
            NothingToReverse: unknown, reversed before, or itself a reversal.
            OthersDepend: what remains could not have happened.
        """
        if not reason.strip():
            raise ReasonMissing
        counting = self.visible(recorded)
        if event_id not in {e.id for e in counting}:
            raise NothingToReverse
        try:
            self.check_line([e for e in counting if e.id != event_id])
        except Refusal as refusal:
            raise OthersDepend from refusal


def told_next(recorded: Sequence[Event[K]], fact: Fact[K], at: datetime) -> Event[K]:
    """Return a fact as the event that would be recorded next."""
    newest = max((event.id for event in recorded), default=0)
    return Event(
        newest + 1,
        fact.kind,
        fact.occurred_on,
        at,
        fact.precision,
        fact.grade,
        reason=fact.reason,
    )


def check_happened(occurred_on: date, recorded_at: datetime) -> None:
    """Check that a day is not after the Beijing day of recording.

    Raises:
        NotYet: it is.
    """
    if occurred_on > day_of(recorded_at):
        raise NotYet


def first_of(day: date, precision: Precision) -> date:
    """Return the first day that a day known so exactly can mean."""
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    if precision is Precision.TEN_DAYS:
        return day.replace(day=min((day.day - 1) // 10, 2) * 10 + 1)
    return day.replace(day=1) if precision is Precision.MONTH else day


def last_of(day: date, precision: Precision) -> date:
    """Return the last day that a day known so exactly can mean."""
    if precision is Precision.YEAR:
        return day.replace(month=12, day=31)
    end_of_month = day.replace(day=monthrange(day.year, day.month)[1])
    if precision is Precision.MONTH:
        return end_of_month
    if precision is Precision.TEN_DAYS:
        third = (day.day - 1) // 10
        return end_of_month if third >= 2 else day.replace(day=third * 10 + 10)
    return day


def settled(fact: Fact[K], *not_before: date | None) -> Fact[K]:
    """Return a fact on the earliest day that its precision and what is known otherwise allow.

    "March 2010" is kept as 1 March; a return in "March 2010" after a first day on 8 March is kept
    as 8 March. An exact day, or one that no bound falls into, stays what it was.
    """
    if fact.precision is Precision.DAY:
        return fact
    first, last = (
        first_of(fact.occurred_on, fact.precision),
        last_of(fact.occurred_on, fact.precision),
    )
    bounds = [day for day in not_before if day is not None and first <= day <= last]
    return replace(fact, occurred_on=max([first, *bounds]))


def day_text(day: date, precision: Precision) -> str:
    """Return a day for reading, no more exact than it is known."""
    if precision is Precision.TEN_DAYS:
        return f"{first_of(day, precision).isoformat()}–{last_of(day, precision):%d}"
    return day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[precision]]
