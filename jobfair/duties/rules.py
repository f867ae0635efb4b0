"""Which duties a fair brings, by its days, its size and its place. Pure.

Sources: State Council Decree 505 (2007) on the safety of large public events, arts. 2, 6, 7, 12, 13
and 15; Beijing human resources bureau, notice 2020-6 on fairs held on site (file 15 days before,
statistics within 7 days, announce a cancellation, check employers, complaint window), and its
notice on the safety of fairs (one member of staff to ten booths). The city's notices bind in
Beijing only; elsewhere they are shown as what another city asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_

LARGE_EVENT = 1_000  # expected people a day, from which the police permits
PREFECTURE_EVENT = 5_000  # from which the prefecture's police does
_PERMIT_DAYS = timedelta(days=20)
_FILING_DAYS = timedelta(days=15)
_STATISTICS_DAYS = timedelta(days=7)
_BEIJING = "11"
DUE_SOON = timedelta(days=7)


class Duty(StrEnum):
    """What the organiser must do."""

    PERMIT_COUNTY = "permit-county"
    PERMIT_PREFECTURE = "permit-prefecture"
    SAFETY_PLAN = "safety-plan"
    FILING = "filing"
    EMPLOYERS = "employers"
    CAPACITY = "capacity"
    STAFF = "staff"
    COMPLAINTS = "complaints"
    STATISTICS = "statistics"
    CHANGE = "change"


class Source(StrEnum):
    """Where a duty stands written."""

    DECREE_505 = "decree-505"
    BEIJING = "beijing"


DUTY_TITLES: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.PERMIT_COUNTY: N_("Apply to the county police for the safety permit"),
        Duty.PERMIT_PREFECTURE: N_("Apply to the prefecture police for the safety permit"),
        Duty.SAFETY_PLAN: N_("Write the safety work plan that goes with the application"),
        Duty.FILING: N_("File the fair with the human resources office"),
        Duty.EMPLOYERS: N_("Check that every employer and every post is genuine"),
        Duty.CAPACITY: N_("Tell every gate the approved capacity; it is binding"),
        Duty.STAFF: N_("Have one member of staff in the hall for every ten booths"),
        Duty.COMPLAINTS: N_("Open a window for complaints about discrimination"),
        Duty.STATISTICS: N_("Send the statistics of the fair"),
        Duty.CHANGE: N_(
            "If the fair is moved or called off: announce it beforehand and tell the police "
            "in writing"
        ),
    }
)
SOURCE_NAMES: Mapping[Source, str] = MappingProxyType(
    {
        Source.DECREE_505: N_("State Council Decree 505"),
        Source.BEIJING: N_("Beijing's notices on job fairs"),
    }
)
_ARTICLES: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.PERMIT_COUNTY: "2, 12, 13",
        Duty.PERMIT_PREFECTURE: "2, 12, 13",
        Duty.SAFETY_PLAN: "6, 13",
        Duty.CAPACITY: "7",
        Duty.CHANGE: "15",
    }
)


@dataclass(frozen=True, slots=True)
class FairFacts:
    """What of a fair decides on its duties.

    Attributes:
        persons_a_day: expected on the fullest day; None before anybody said.
    """

    starts_on: date
    ends_on: date
    division_code: str
    persons_a_day: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """A duty of a fair.

    Attributes:
        due_on: the last day; None for what is owed only if something happens.
        articles: of the source, as they are cited; empty where it has none.
        binding: False where the source is another city's.
    """

    duty: Duty
    due_on: date | None
    source: Source
    articles: str
    binding: bool


def duties_of(fair: FairFacts) -> list[Due]:
    """Return what a fair brings, by due day; what depends on an event comes last."""
    found: dict[Duty, date | None] = {}
    persons = fair.persons_a_day or 0
    if persons >= LARGE_EVENT:
        county = persons < PREFECTURE_EVENT
        permit = Duty.PERMIT_COUNTY if county else Duty.PERMIT_PREFECTURE
        found[permit] = found[Duty.SAFETY_PLAN] = fair.starts_on - _PERMIT_DAYS
        found[Duty.CAPACITY] = fair.starts_on
    found[Duty.FILING] = fair.starts_on - _FILING_DAYS
    found[Duty.EMPLOYERS] = fair.starts_on - timedelta(days=1)
    found[Duty.STAFF] = found[Duty.COMPLAINTS] = fair.starts_on
    found[Duty.STATISTICS] = fair.ends_on + _STATISTICS_DAYS
    found[Duty.CHANGE] = None
    every = [_due(duty, due_on, fair) for duty, due_on in found.items()]
    return sorted(every, key=lambda due: due.due_on or date.max)


def _due(duty: Duty, due_on: date | None, fair: FairFacts) -> Due:
    articles = _ARTICLES.get(duty, "")
    source = Source.DECREE_505 if articles else Source.BEIJING
    binding = source is Source.DECREE_505 or fair.division_code.startswith(_BEIJING)
    return Due(duty, due_on, source, articles, binding)


def presses(due_on: date | None, today: date) -> bool:
    """Return whether something not yet done is due within a week, or overdue."""
    return due_on is not None and due_on <= today + DUE_SOON
