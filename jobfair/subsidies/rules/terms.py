"""The terms of a subsidy as data, by county and year.

Terms differ from county to county and from year to year, so an office writes them down and the
program reads them; what each term means stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Invalid
from jobfair.kit.events.rules import Grade
from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import EXPORTS, Destination
from jobfair.seekers.rules.drafts import HouseholdCategory


class Family(StrEnum):
    """What the money is for; nobody gets the same twice for one period, whichever office pays."""

    TRAVEL = "travel"
    JOB_SEEKING = "job_seeking"
    STAY_ON = "stay_on"
    ORGANISED_OUTPUT = "organised_output"


class Payee(StrEnum):
    """Who gets the money."""

    PERSON = "person"
    EMPLOYER = "employer"
    AGENT = "agent"


class Continuity(StrEnum):
    """How months are counted: without a day's gap, or all calendar months worked in."""

    CONTINUOUS = "continuous"
    CUMULATIVE = "cumulative"


class Journey(StrEnum):
    """Whose travel is paid: anybody's, only one's own, only an organised one."""

    ANY = "any"
    OWN = "own"
    ORGANISED = "organised"


class Beyond(StrEnum):
    """Which border the work must lie beyond, seen from home."""

    NONE = "none"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"


class Document(StrEnum):
    """What is shown with a claim; casual workers have the village's word instead of a firm's."""

    CONTRACT = "contract"
    PAY_SLIPS = "pay_slips"
    EMPLOYER_CERTIFICATE = "employer_certificate"
    VILLAGE_CERTIFICATE = "village_certificate"
    TICKETS = "tickets"


FAMILY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Family.TRAVEL: N_("Travel subsidy"),
        Family.JOB_SEEKING: N_("Job-seeking subsidy"),
        Family.STAY_ON: N_("Stay-on subsidy"),
        Family.ORGANISED_OUTPUT: N_("Subsidy for organised departure"),
    }
)
PAYEE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Payee.PERSON: N_("The labourer"),
        Payee.EMPLOYER: N_("The employer of the labourer"),
        Payee.AGENT: N_("Who arranged the work"),
    }
)
CONTINUITY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Continuity.CONTINUOUS: N_("Without a gap"),
        Continuity.CUMULATIVE: N_("Calendar months worked in, together"),
    }
)
JOURNEY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Journey.ANY: N_("Any way of travelling"),
        Journey.OWN: N_("Only who travelled by themselves"),
        Journey.ORGANISED: N_("Only who went organised"),
    }
)
BEYOND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Beyond.NONE: N_("Anywhere"),
        Beyond.COUNTY: N_("Outside the home county"),
        Beyond.PREFECTURE: N_("Outside the home prefecture"),
        Beyond.PROVINCE: N_("Outside the home province"),
    }
)
DOCUMENT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Document.CONTRACT: N_("Labour contract"),
        Document.PAY_SLIPS: N_("Wage records of the months claimed"),
        Document.EMPLOYER_CERTIFICATE: N_("The employer's certificate of work"),
        Document.VILLAGE_CERTIFICATE: N_(
            "The village's certificate, signed by two, for casual work"
        ),
        Document.TICKETS: N_("Tickets of the journey"),
    }
)

_FARTHER = frozenset({Destination.OUT_OF_PROVINCE, Destination.ABROAD})
_WITHIN: Mapping[Beyond, frozenset[Destination]] = MappingProxyType(
    {
        Beyond.NONE: EXPORTS | {Destination.IN_COUNTY},
        Beyond.COUNTY: EXPORTS,
        Beyond.PREFECTURE: _FARTHER | {Destination.IN_PROVINCE},
        Beyond.PROVINCE: _FARTHER,
    }
)


class TermsUnusable(Invalid):
    """The terms contradict each other."""

    code = "terms_unusable"
    message = N_(
        "These terms do not go together: at least one amount above zero, the highest first; at "
        "least one month, at most twelve; the last day for claims not before the first."
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """How much is paid for work beyond a border.

    Attributes:
        amount_fen: for the claim, or for each month where the terms say so.
        provinces: two-digit codes of the only provinces it is paid for; empty for every one.
    """

    beyond: Beyond
    amount_fen: int
    provinces: tuple[str, ...] = ()

    def holds(self, destination: Destination, province: str) -> bool:
        """Return whether it is paid for work at such a place."""
        there = destination in _WITHIN[self.beyond]
        return there and (not self.provinces or province in self.provinces)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of one office's terms for one year.

    Attributes:
        code: the office's own short name, the same in every year and version.
        jurisdiction: division code; people whose home begins with it.
        rates: the highest first; a nearer border's rate is paid for what lies farther too.
        per_month: the amount is for each whole month, up to ``cap_fen``.
        cap_fen: the most that is paid for one person and period.
        payee_cap_fen: the most that one employer gets for one period; 0 for no such limit.
        once: once in a life, else once a year.
        categories: household categories; none for everybody.
        grade: the least evidence that work must have.
        documents: all of them are to be shown.
        opens_on: first day of application; ``closes_on`` the last.
        exclusive_with: codes of terms whose money excludes this one.
        notice_days: how long the public notice stands, in calendar days.
        source: the notice or page they were taken from.

    Raises:
        TermsUnusable: they contradict each other.
    """

    code: str
    title: str
    family: Family
    jurisdiction: str
    year: int
    rates: tuple[Rate, ...]
    cap_fen: int
    min_months: int
    continuity: Continuity
    opens_on: date
    closes_on: date
    source: str
    payee: Payee = Payee.PERSON
    payee_cap_fen: int = 0
    per_month: bool = False
    once: bool = False
    journey: Journey = Journey.ANY
    categories: tuple[HouseholdCategory, ...] = ()
    grade: Grade = Grade.B
    documents: tuple[Document, ...] = ()
    exclusive_with: tuple[str, ...] = ()
    notice_days: int = 10

    def __post_init__(self) -> None:
        amounts = [rate.amount_fen for rate in self.rates]
        sound = (
            amounts
            and min(amounts) > 0
            and amounts == sorted(amounts, reverse=True)
            and self.cap_fen > 0
            and self.payee_cap_fen >= 0
            and 1 <= self.min_months <= 12
            and 1 <= self.notice_days <= 60
            and self.opens_on <= self.closes_on
        )
        if not sound:
            raise TermsUnusable

    @property
    def period(self) -> int:
        """The year nobody is paid twice for; 0 is a whole life."""
        return 0 if self.once else self.year


def stored(terms: Terms) -> dict[str, Any]:
    """Return terms as they are kept: plain texts, numbers and lists."""
    plain = asdict(terms)
    plain["rates"] = [asdict(rate) | {"provinces": list(rate.provinces)} for rate in terms.rates]
    for name in ("opens_on", "closes_on"):
        plain[name] = plain[name].isoformat()
    for name in ("categories", "documents", "exclusive_with"):
        plain[name] = [str(one) for one in plain[name]]
    return plain


def read_stored(plain: Mapping[str, Any]) -> Terms:
    """Return terms from what is kept of them.

    Raises:
        TermsUnusable: they contradict each other.
        ValueError: a word that no longer is one of the list.
    """
    said = dict(plain)
    rates = tuple(
        Rate(Beyond(rate["beyond"]), rate["amount_fen"], tuple(rate.get("provinces", ())))
        for rate in said.pop("rates")
    )
    kinds: Mapping[str, Callable[[Any], Any]] = {
        "family": Family,
        "payee": Payee,
        "continuity": Continuity,
        "journey": Journey,
        "grade": Grade,
        "opens_on": date.fromisoformat,
        "closes_on": date.fromisoformat,
        "categories": lambda words: tuple(HouseholdCategory(word) for word in words),
        "documents": lambda words: tuple(Document(word) for word in words),
        "exclusive_with": tuple,
    }
    read = {name: kinds[name](value) if name in kinds else value for name, value in said.items()}
    return Terms(rates=rates, **read)
