"""Whether a fair can hold whom it expects, and what would make it hold. Pure, whole numbers only.

Sources: lanes = busiest hour x mean seconds / 3600 / utilisation, the usual sizing of a counter;
people inside = arrivals an hour x mean stay (Little 1961); talks = recruiters x talks an hour x
hours; at least one member of staff to ten booths (Beijing human resources bureau, notice on the
safety of job fairs); an approved capacity binds (State Council Decree 505, art. 7). The figures of
the form's defaults are measured paces of check-ins elsewhere and no rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum

SLOT_MINUTES = 30
_SLOTS_AN_HOUR = 60 // SLOT_MINUTES
_BOOTHS_TO_STAFF = 10
_DAY_MINUTES = 24 * 60
# Of these none is a number, too; of everything else there is at least one.
MAY_BE_NONE = frozenset({"opens_at", "card_percent", "booths", "posts", "staff"})


class Entry(StrEnum):
    """How people come: when they like, or each at an invited half hour."""

    FREE = "free"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of a fair and what it has; every number is at least 1 where not said.

    Attributes:
        persons: at the whole fair, each counted once.
        opens_at: minutes after midnight.
        closes_at: minutes after midnight, later than ``opens_at``.
        entry: how people come.
        peak_percent: of a day's people who come in the busiest hour, when they come freely.
        card_percent: of the people who show a card; 0 to 100. The rest are walk-ins.
        card_seconds: to check in one with a card.
        walk_in_seconds: to register and check in one without.
        utilisation_percent: of its time a lane may be busy before its queue grows; up to 100.
        lanes: that the entrance has room and people for.
        hall_capacity: people who may be inside at once, as approved.
        stay_minutes: mean stay.
        booths: number of them; may be 0.
        recruiters: at each booth.
        talk_minutes: of one interview.
        group_size: people interviewed together by one recruiter.
        posts: to fill; may be 0.
        staff: of the organiser in the hall; may be 0.
    """

    persons: int
    days: int
    opens_at: int
    closes_at: int
    entry: Entry
    peak_percent: int
    card_percent: int
    card_seconds: int
    walk_in_seconds: int
    utilisation_percent: int
    lanes: int
    hall_capacity: int
    stay_minutes: int
    booths: int
    recruiters: int
    talk_minutes: int
    group_size: int
    posts: int
    staff: int

    def __post_init__(self) -> None:
        numbers = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "entry"}
        low = [name for name, n in numbers.items() if n < (0 if name in MAY_BE_NONE else 1)]
        if low:
            raise ValueError(f"too low: {low}")
        if not self.opens_at < self.closes_at <= _DAY_MINUTES:
            raise ValueError("closes before it opens")
        if max(self.peak_percent, self.card_percent, self.utilisation_percent) > 100:
            raise ValueError("more than all")

    @property
    def persons_a_day(self) -> int:
        """On the fullest day, when the days share them evenly."""
        return -(-self.persons // self.days)

    @property
    def open_minutes(self) -> int:
        """Of one day."""
        return self.closes_at - self.opens_at

    @property
    def slots(self) -> int:
        """Entry slots of a day; the last one leaves time for a mean stay."""
        return max(1, (self.open_minutes - self.stay_minutes) // SLOT_MINUTES)


class Part(StrEnum):
    """What must hold."""

    ENTRANCE = "entrance"
    HALL = "hall"
    INTERVIEWS = "interviews"
    STAFF = "staff"


class RemedyKind(StrEnum):
    """What would make a part hold."""

    SLOTS = "slots"
    DAYS = "days"
    SLOTS_AND_DAYS = "slots_and_days"
    GROUPS = "groups"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change that makes a part hold.

    Attributes:
        number: of days, people in a group, or staff, in all; 0 where the kind says everything.
    """

    kind: RemedyKind
    number: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether one part holds.

    Attributes:
        needed: lanes, people inside at the busiest time, talks, or staff.
        available: as many there are.
        remedies: each alone makes the part hold; empty when it holds.
    """

    part: Part
    needed: int
    available: int
    remedies: tuple[Remedy, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether there is enough."""
        return self.needed <= self.available


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of entry of the fullest day, in minutes after midnight, and how many are invited."""

    begins_at: int
    ends_at: int
    persons: int


def arrivals(expected: Expectation) -> int:
    """Return how many people come in the busiest hour."""
    today = expected.persons_a_day
    if expected.entry is Entry.SLOTS:
        return min(today, _SLOTS_AN_HOUR * -(-today // expected.slots))
    return -(-today * expected.peak_percent // 100)


def _seconds_of_hundred(expected: Expectation) -> int:
    """Return the seconds that a hundred people take at one lane."""
    cards = expected.card_percent
    return cards * expected.card_seconds + (100 - cards) * expected.walk_in_seconds


def lanes(expected: Expectation) -> int:
    """Return the lanes that check in the busiest hour without a growing queue."""
    busy = arrivals(expected) * _seconds_of_hundred(expected)
    return -(-busy // (3600 * expected.utilisation_percent))


def inside(expected: Expectation) -> int:
    """Return how many people are inside at the busiest time.

    Little's law takes the busiest hour to last as long as a stay: on the safe side.
    """
    return min(expected.persons_a_day, -(-arrivals(expected) * expected.stay_minutes // 60))


def talks(expected: Expectation) -> int:
    """Return how many people can be interviewed in all days."""
    of_recruiter = expected.open_minutes // expected.talk_minutes * expected.group_size
    return expected.booths * expected.recruiters * of_recruiter * expected.days


def staff(expected: Expectation) -> int:
    """Return the staff that the booths ask for, besides those at the lanes."""
    return -(-expected.booths // _BOOTHS_TO_STAFF)


def slots(expected: Expectation) -> list[Slot]:
    """Return the entry slots of the fullest day; earlier ones take what does not divide."""
    each, more = divmod(expected.persons_a_day, expected.slots)
    starts = range(expected.opens_at, _DAY_MINUTES, SLOT_MINUTES)
    return [
        Slot(start, min(start + SLOT_MINUTES, expected.closes_at), each + (number < more))
        for number, start in zip(range(expected.slots), starts, strict=False)
    ]


def check(expected: Expectation) -> list[Finding]:
    """Return for every part whether it holds and, where not, what would make it hold."""
    return [_finding(expected, part) for part in Part]


def _finding(expected: Expectation, part: Part) -> Finding:
    found = _bare(expected, part)
    if found.holds:
        return found
    return replace(found, remedies=tuple(_remedies(expected, part)))


def _bare(expected: Expectation, part: Part) -> Finding:
    match part:
        case Part.ENTRANCE:
            return Finding(part, lanes(expected), expected.lanes)
        case Part.HALL:
            return Finding(part, inside(expected), expected.hall_capacity)
        case Part.INTERVIEWS:
            return Finding(part, expected.posts, talks(expected))
        case Part.STAFF:
            return Finding(part, staff(expected), expected.staff)


def applied(expected: Expectation, remedy: Remedy) -> Expectation:
    """Return the expectation with a remedy taken."""
    match remedy.kind:
        case RemedyKind.SLOTS:
            return replace(expected, entry=Entry.SLOTS)
        case RemedyKind.DAYS:
            return replace(expected, days=remedy.number)
        case RemedyKind.SLOTS_AND_DAYS:
            return replace(expected, entry=Entry.SLOTS, days=remedy.number)
        case RemedyKind.GROUPS:
            return replace(expected, group_size=remedy.number)
        case RemedyKind.STAFF:
            return replace(expected, staff=remedy.number)


def _remedies(expected: Expectation, part: Part) -> Iterator[Remedy]:
    match part:
        case Part.STAFF:
            yield Remedy(RemedyKind.STAFF, staff(expected))
        case Part.INTERVIEWS:
            of_day = talks(replace(expected, days=1))
            if of_day:  # else there is nobody to talk to
                yield Remedy(RemedyKind.DAYS, -(-expected.posts // of_day))
                alone = talks(replace(expected, group_size=1))
                yield Remedy(RemedyKind.GROUPS, -(-expected.posts // alone))
        case Part.ENTRANCE | Part.HALL:
            yield from _room(expected, part)


def _room(expected: Expectation, part: Part) -> Iterator[Remedy]:
    """Give what takes people apart: slots if they do, and the fewest days with and without."""
    days = _days(expected, part)
    slotted = replace(expected, entry=Entry.SLOTS)
    apart = _days(slotted, part)
    if expected.entry is Entry.FREE and _bare(slotted, part).holds:
        yield Remedy(RemedyKind.SLOTS)
    elif apart and (not days or apart < days):
        yield Remedy(RemedyKind.SLOTS_AND_DAYS, apart)
    if days:
        yield Remedy(RemedyKind.DAYS, days)


def _days(expected: Expectation, part: Part) -> int:
    """Return the fewest days at which a part holds; 0 when not even one person a day would do.

    Needs never grow with the days, so the fewest are found by halving.
    """
    low, high = 1, expected.persons
    if not _bare(replace(expected, days=high), part).holds:
        return 0
    while low < high:
        middle = (low + high) // 2
        if _bare(replace(expected, days=middle), part).holds:
            high = middle
        else:
            low = middle + 1
    return low


def proposal(expected: Expectation) -> Expectation | None:
    """Return the nearest plan in which everything holds; None when days and slots cannot help.

    Slots only if free entry does not do, then the fewest days for entrance and hall, then groups
    as small as possible, then staff.
    """
    if all(finding.holds for finding in check(expected)):
        return expected
    crowded = [p for p in (Part.ENTRANCE, Part.HALL) if not _bare(expected, p).holds]
    found = expected
    if crowded:
        slotted = replace(expected, entry=Entry.SLOTS)
        choices = [
            replace(plan, days=max(needed))
            for plan in (expected, slotted)
            if all(needed := [_days(plan, part) for part in (Part.ENTRANCE, Part.HALL)])
        ]
        if not choices:
            return None
        found = min(choices, key=lambda plan: plan.days)
        found = replace(found, days=max(found.days, expected.days))
    for part in (Part.INTERVIEWS, Part.STAFF):
        for remedy in _finding(found, part).remedies:
            if remedy.kind in {RemedyKind.GROUPS, RemedyKind.STAFF}:
                found = applied(found, remedy)
    return found if all(finding.holds for finding in check(found)) else None
