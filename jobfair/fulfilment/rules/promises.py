"""What was promised against what people found, and how a few answers are weighed.

A share of few answers says little: it is drawn towards what all employers together show, the more
the fewer answers there are. With ``n`` answers of which a share ``raw`` was kept, and a prior of
mean ``m`` and strength ``s`` (worth so many answers), the shown share is ``(n raw + s m)/(n + s)``:
the mean of the beta-binomial posterior. The strength is found from how much employers differ beyond
chance (method of moments), between 2 and 50 answers.

Recruitment cost in months of wage follows SDG indicator 10.7.1: what somebody paid to get the job,
by the monthly pay there; the target is 0.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean, median
from types import MappingProxyType

from jobfair.kit.i18n import N_

LEAST = 3  # fewer answers are too few to show
_WEAKEST, _STRONGEST, _USUAL = 2.0, 50.0, 10.0
_EMPLOYERS_LEAST = 5  # fewer say nothing of how employers differ


class Promise(StrEnum):
    """What a posting promises."""

    PAY = "pay"
    HOURS = "hours"
    DAYS = "days"
    LODGING = "lodging"
    FEES = "fees"
    WORK = "work"
    CONTRACT = "contract"
    INSURANCE = "insurance"


# Promises that are kept or not, without a figure.
YES_OR_NO = frozenset({Promise.LODGING, Promise.WORK, Promise.CONTRACT, Promise.INSURANCE})


PROMISE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Promise.PAY: N_("Pay, yuan a month"),
        Promise.HOURS: N_("Hours a day"),
        Promise.DAYS: N_("Days a week"),
        Promise.LODGING: N_("Lodging"),
        Promise.FEES: N_("Fee or deposit taken, yuan"),
        Promise.WORK: N_("The work itself"),
        Promise.CONTRACT: N_("Written contract"),
        Promise.INSURANCE: N_("Social insurance"),
    }
)
PROMISE_RULES: Mapping[str, str] = MappingProxyType(
    {
        Promise.PAY: N_("kept: at least the lower end of what was posted"),
        Promise.HOURS: N_("kept: no more than was posted"),
        Promise.DAYS: N_("kept: no more than was posted"),
        Promise.LODGING: N_("kept: a bed where one was posted"),
        Promise.FEES: N_("kept: nothing taken; the law allows none"),
        Promise.WORK: N_("kept: the work that was posted"),
        Promise.CONTRACT: N_("kept: in writing a month after the first day, as the law asks"),
        Promise.INSURANCE: N_("kept: paid where it was posted"),
    }
)
_KEPT: Mapping[Promise, Callable[[float, float], bool]] = MappingProxyType(
    {
        Promise.PAY: lambda posted, found: found >= posted,
        Promise.HOURS: lambda posted, found: found <= posted,
        Promise.DAYS: lambda posted, found: found <= posted,
        Promise.FEES: lambda posted, found: found <= posted,
        **dict.fromkeys(YES_OR_NO, lambda posted, found: found >= posted),
    }
)


@dataclass(frozen=True, slots=True)
class Prior:
    """What all employers together show.

    Attributes:
        mean: between 0 and 1 for a share.
        strength: worth so many answers.
    """

    mean: float
    strength: float


def shrunk(raw: float, n: int, prior: Prior) -> float:
    """Return a figure of ``n`` answers drawn towards the prior; between the two, always."""
    weight = n / (n + prior.strength)
    drawn = prior.mean + weight * (raw - prior.mean)
    low, high = sorted((raw, prior.mean))
    return min(max(drawn, low), high)


def prior_of(employers: Sequence[tuple[int, int]]) -> Prior | None:
    """Return the prior of a share.

    Args:
        employers: of each how many answers there are, and how many of them say kept.
    """
    asked = [(n, kept) for n, kept in employers if n]
    total = sum(n for n, _ in asked)
    if not total:
        return None
    m = sum(kept for _, kept in asked) / total
    if len(asked) < _EMPLOYERS_LEAST or not 0 < m < 1:
        return Prior(m, _USUAL)
    # Between employers beyond what chance alone would make of so few answers each.
    spread = sum(n * (kept / n - m) ** 2 for n, kept in asked) / total
    chance = m * (1 - m) * len(asked) / total
    beyond = spread - chance
    strength = m * (1 - m) / beyond - 1 if beyond > 0 else _STRONGEST
    return Prior(m, min(max(strength, _WEAKEST), _STRONGEST))


@dataclass(frozen=True, slots=True)
class Pair:
    """One promise as one person found it; money in fen, yes and no as 1 and 0."""

    promise: Promise
    posted: float
    found: float

    @property
    def kept(self) -> bool:
        """Whether it was kept."""
        return _KEPT[self.promise](self.posted, self.found)


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise of one employer against what people found.

    Attributes:
        n: answers.
        kept: of them, where it was kept.
        posted: median of what was posted.
        found: median of what was found.
        share: kept, drawn towards all employers; None for too few.
    """

    promise: Promise
    n: int
    kept: int
    posted: float
    found: float
    share: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few answers to show anything but how many."""
        return self.n < LEAST

    @property
    def difference(self) -> float:
        """What was found less what was posted, of the medians."""
        return self.found - self.posted


def weigh(promise: Promise, pairs: Iterable[Pair], prior: Prior | None) -> Kept | None:
    """Return how an employer keeps a promise; None where nobody was asked."""
    own = [pair for pair in pairs if pair.promise is promise]
    if not own:
        return None
    kept = sum(pair.kept for pair in own)
    n = len(own)
    share = shrunk(kept / n, n, prior) if prior and n >= LEAST else None
    posted, found = median(p.posted for p in own), median(p.found for p in own)
    return Kept(promise, n, kept, posted, found, share)


@dataclass(frozen=True, slots=True)
class Cost:
    """What getting the job cost the people of one employer, in months of wage; the target is 0.

    Attributes:
        n: people asked whose pay is known.
        nothing: of them, who paid nothing.
        median: of all asked.
        mean: drawn towards all employers; None for too few.
    """

    n: int
    nothing: int
    median: float
    mean: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few answers to show anything but how many."""
        return self.n < LEAST


def months_of_wage(cost_fen: int, wage_fen: int) -> float:
    """Return a cost in months of wage.

    Raises:
        ValueError: no wage.
    """
    if wage_fen <= 0:
        raise ValueError("a month's wage is more than nothing")
    return cost_fen / wage_fen


def weigh_cost(months: Sequence[float], everybody: Prior | None) -> Cost | None:
    """Return what getting the job cost; None where nobody was asked."""
    if not months:
        return None
    n = len(months)
    drawn = shrunk(mean(months), n, everybody) if everybody and n >= LEAST else None
    return Cost(n, sum(one == 0 for one in months), median(months), drawn)


def prior_of_cost(months: Sequence[float]) -> Prior | None:
    """Return what all employers together cost, worth ten answers."""
    return Prior(mean(months), _USUAL) if months else None
