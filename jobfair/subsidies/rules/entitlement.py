"""Whether somebody is entitled by the terms of a subsidy on a day, from when, to how much, and why.

Source: counting rule C8, "employed at least N months", with no day's gap for money: a chain whose
last day is not before its first day and N months (month ends clipped), or N calendar months
touched. Months are those of the terms' own year, counted from 1 January.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.clock import add_months
from jobfair.kit.events.rules import Grade
from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import Destination
from jobfair.seekers.rules.drafts import HouseholdCategory
from jobfair.subsidies.rules.terms import Continuity, Family, Journey, Payee, Terms

_ONE_DAY = timedelta(days=1)


class Standing(StrEnum):
    """How somebody stands to a subsidy on a day."""

    ENTITLED = "entitled"
    LATER = "later"
    NOT = "not"


class Why(StrEnum):
    """Why somebody is not entitled, or why some work does not count."""

    OTHER_HOME = "other_home"
    CLAIMED = "claimed"
    EXCLUDED = "excluded"
    OVER = "over"
    NO_WORK = "no_work"
    TOO_SHORT = "too_short"
    TOO_NEAR = "too_near"
    CATEGORY = "category"
    EVIDENCE = "evidence"
    WENT_ORGANISED = "went_organised"
    WENT_ALONE = "went_alone"


STANDING_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Standing.ENTITLED: N_("Entitled today"),
        Standing.LATER: N_("Entitled later"),
        Standing.NOT: N_("Not entitled"),
    }
)
WHY_TEXTS: Mapping[Why, str] = MappingProxyType(
    {
        Why.OTHER_HOME: N_("Home lies outside the area of the terms."),
        Why.CLAIMED: N_("Has claim %(claim)s for the same (%(code)s); nobody is paid twice."),
        Why.EXCLUDED: N_("Has claim %(claim)s by %(code)s, which excludes this subsidy."),
        Why.OVER: N_("Applications ended on %(day)s."),
        Why.NO_WORK: N_("No work in %(year)s is recorded."),
        Why.TOO_SHORT: N_(
            "Worked %(months)s months and %(days)s days; %(needed)s months are needed."
        ),
        Why.TOO_NEAR: N_("The workplace is not far enough from home, or not known."),
        Why.CATEGORY: N_("The household does not belong to those the subsidy is for."),
        Why.EVIDENCE: N_(
            "The evidence of the work in %(year)s is %(grade)s; at least %(needed)s is needed."
        ),
        Why.WENT_ORGANISED: N_(
            "Went with organised transport (%(batch)s); %(code)s is only for who travelled by "
            "themselves."
        ),
        Why.WENT_ALONE: N_(
            "Travelled without the office; %(code)s is only for who went organised."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with what fills its text."""

    why: Why
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """One time at work, as far as it is recorded.

    Attributes:
        first: first day; the latest it can have been where only the month is known.
        last: last day; the earliest it can have been; None while the work lasts.
        province: two digits of the workplace's code; empty when it is not known.
        category: household category at the start.
        grade: the best evidence that it happened, of the year of the terms or later.
        organised: went with an office's transport.
        batch: which; empty when that is not recorded.
        employer: number of the employer; None where it has no record.
        agent: number of the agent who arranged it; None for nobody.
    """

    first: date
    last: date | None
    destination: Destination
    province: str
    category: str | None
    grade: Grade
    organised: bool
    batch: str = ""
    employer: int | None = None
    agent: int | None = None

    def payee(self, kind: Payee) -> int | None:
        """Return who would get money for it that is not the person's."""
        return {Payee.EMPLOYER: self.employer, Payee.AGENT: self.agent}.get(kind)


@dataclass(frozen=True, slots=True)
class Benefit:
    """A claim the person has already, refused and recovered ones left out.

    Attributes:
        excludes: codes that its own terms exclude.
        payee: who gets the money of it.
    """

    claim: str
    code: str
    family: Family
    year: int
    period: int
    excludes: tuple[str, ...] = ()
    payee: Payee = Payee.PERSON


@dataclass(frozen=True, slots=True)
class Labourer:
    """What decides about one person.

    Attributes:
        category: household category today, held since ``category_since``.
    """

    home: str
    category: str | None = None
    category_since: date | None = None
    works: tuple[Work, ...] = ()
    benefits: tuple[Benefit, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer.

    Attributes:
        since: the first day of entitlement; None when there is none in sight.
        amount_fen: what is paid when it is claimed that day; 0 without a day.
        reasons: why not, or which work was left out.
    """

    standing: Standing
    since: date | None
    amount_fen: int
    reasons: tuple[Reason, ...]


def with_payee(who: Labourer, kind: Payee, payee: int | None) -> Labourer:
    """Return a person with the work of one employer or agent alone; with all of it for a person."""
    if kind is Payee.PERSON:
        return who
    return replace(who, works=tuple(work for work in who.works if work.payee(kind) == payee))


def judge_payee(terms: Terms, who: Labourer, day: date) -> tuple[int | None, Verdict]:
    """Return which employer or agent is paid, None where the person is; the verdict.

    Where the money is an employer's or an agent's, the months are those of one of them: of
    several, of the one whose months were complete first.
    """
    kind = terms.payee
    if kind is Payee.PERSON:
        return None, judge(terms, who, day)
    payees = sorted({one for work in who.works if (one := work.payee(kind)) is not None})
    judged = [(one, judge(terms, with_payee(who, kind, one), day)) for one in payees]
    entitled = [(one, verdict) for one, verdict in judged if verdict.since is not None]
    if entitled:
        return min(entitled, key=lambda found: (found[1].since or day, found[0]))
    return None, judged[0][1] if judged else judge(terms, replace(who, works=()), day)


def within_cap(amounts: Sequence[int], paid: int, cap: int) -> int:
    """Return how many of some amounts, in their order, a payee may still get; fen.

    Args:
        amounts: what is asked for.
        paid: what the payee has claims for already.
        cap: the most for one period; 0 for no limit.
    """
    if not cap:
        return len(amounts)
    left, count = cap - paid, 0
    while count < len(amounts) and amounts[count] <= left:
        left -= amounts[count]
        count += 1
    return count


def judge(terms: Terms, who: Labourer, day: date) -> Verdict:
    """Return how a person stands to a subsidy on a day."""
    barred = _barred(terms, who, day)
    works, left_out = _counting(terms, who)
    if barred:
        return Verdict(Standing.NOT, None, 0, (*barred, *left_out))
    since = {n: found for n in range(len(terms.rates)) if (found := _complete(terms, works, n))}
    if not since:
        short = _short(terms, works, day)
        return Verdict(Standing.NOT, None, 0, (*left_out, *short))
    first = max(min(since.values()), terms.opens_on)
    if first > terms.closes_on:
        over = Reason(Why.OVER, {"day": terms.closes_on.isoformat()})
        return Verdict(Standing.NOT, None, 0, (over, *left_out))
    asked = max(first, day)
    amount = max(_amount(terms, works, n, asked) for n, found in since.items() if found <= asked)
    standing = Standing.ENTITLED if first <= day else Standing.LATER
    return Verdict(standing, first, amount, left_out)


def _barred(terms: Terms, who: Labourer, day: date) -> tuple[Reason, ...]:
    """Return what stands in the way whatever the person worked."""
    found: list[Reason] = []
    if not who.home.startswith(terms.jurisdiction):
        found.append(Reason(Why.OTHER_HOME))
    for benefit in who.benefits:
        told = {"claim": benefit.claim, "code": benefit.code}
        # Once in a life is not paid beside a year's, either.
        met = terms.period == benefit.period or 0 in {terms.period, benefit.period}
        if benefit.family is terms.family and met and benefit.payee is terms.payee:
            found.append(Reason(Why.CLAIMED, told))
        elif benefit.year == terms.year and (
            benefit.code in terms.exclusive_with or terms.code in benefit.excludes
        ):
            found.append(Reason(Why.EXCLUDED, told))
    if day > terms.closes_on:
        found.append(Reason(Why.OVER, {"day": terms.closes_on.isoformat()}))
    return tuple(found)


def _counting(terms: Terms, who: Labourer) -> tuple[list[Work], tuple[Reason, ...]]:
    """Return the work that counts, cut to the year, and why other work does not."""
    kept: list[Work] = []
    left_out: list[Reason] = []
    for work in who.works:
        inside = _in_year(terms.year, work)
        if inside is None:
            continue
        reason = _against(terms, inside) or _of_category(terms, who, inside)
        if isinstance(reason, Reason):
            left_out.append(reason)
        else:
            kept.append(reason)
    if not kept and not left_out:
        left_out.append(Reason(Why.NO_WORK, {"year": terms.year}))
    return kept, tuple(left_out)


def _in_year(year: int, work: Work) -> Work | None:
    first = max(work.first, date(year, 1, 1))
    last = min(work.last or date(year, 12, 31), date(year, 12, 31))
    return replace(work, first=first, last=last) if first <= last else None


def _against(terms: Terms, work: Work) -> Reason | None:
    if not any(rate.holds(work.destination, work.province) for rate in terms.rates):
        return Reason(Why.TOO_NEAR)
    if work.grade > terms.grade:  # the letters grow as the evidence weakens
        told = {"year": terms.year, "grade": str(work.grade), "needed": str(terms.grade)}
        return Reason(Why.EVIDENCE, told)
    if terms.journey is Journey.OWN and work.organised:
        return Reason(Why.WENT_ORGANISED, {"batch": work.batch or "–", "code": terms.code})
    if terms.journey is Journey.ORGANISED and not work.organised:
        return Reason(Why.WENT_ALONE, {"code": terms.code})
    return None


def _of_category(terms: Terms, who: Labourer, work: Work) -> Work | Reason:
    """Return the part of the work done as one of those the subsidy is for.

    Whoever came into the category later counts from the day of entry.
    """
    wanted: frozenset[HouseholdCategory] = frozenset(terms.categories)
    if not wanted or work.category in wanted:
        return work
    since = who.category_since
    if who.category in wanted and since is not None:
        later = replace(work, first=max(work.first, since))
        if work.last is None or later.first <= work.last:
            return later
    return Reason(Why.CATEGORY)


def _paid_at(terms: Terms, works: Iterable[Work], n: int) -> list[Work]:
    """Return the work that one of the first rates, to the n-th, is paid for."""
    rates = terms.rates[: n + 1]
    return [w for w in works if any(rate.holds(w.destination, w.province) for rate in rates)]


def _complete(terms: Terms, works: Iterable[Work], n: int) -> date | None:
    """Return the day on which the months of the n-th rate are complete; None for never."""
    counted = _paid_at(terms, works, n)
    if terms.continuity is Continuity.CUMULATIVE:
        touched = _touched(counted)
        return touched[terms.min_months - 1] if len(touched) >= terms.min_months else None
    ends = ((add_months(first, terms.min_months), last) for first, last in _chains(counted))
    return min((full for full, last in ends if full <= last), default=None)


def _chains(works: Iterable[Work]) -> list[tuple[date, date]]:
    """Return the first and last days of work without a day's gap."""
    chains: list[tuple[date, date]] = []
    for work in sorted(works, key=lambda w: w.first):
        last = work.last or date.max
        if chains and work.first <= chains[-1][1] + _ONE_DAY:
            chains[-1] = (chains[-1][0], max(chains[-1][1], last))
        else:
            chains.append((work.first, last))
    return chains


def _touched(works: Iterable[Work]) -> list[date]:
    """Return for each calendar month that was worked in the first day of work, in order."""
    days: dict[int, date] = {}
    for first, last in _chains(works):
        for month in range(first.month, last.month + 1):
            day = first if month == first.month else date(first.year, month, 1)
            days[month] = min(days.get(month, day), day)
    return [days[month] for month in sorted(days)]


def _months_until(first: date, last: date) -> int:
    """Return the whole months from one day to another."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if add_months(first, months) <= last else months - 1


def _amount(terms: Terms, works: Sequence[Work], n: int, day: date) -> int:
    """Return what the n-th rate pays on a day, never above the cap."""
    standard = terms.rates[n].amount_fen
    if not terms.per_month:
        return min(standard, terms.cap_fen)
    counted = _paid_at(terms, works, n)
    if terms.continuity is Continuity.CUMULATIVE:
        months = sum(touched <= day for touched in _touched(counted))
    else:
        months = max(
            _months_until(first, min(last, day)) for first, last in _chains(counted) if first <= day
        )
    return min(standard * months, terms.cap_fen)


def _short(terms: Terms, works: Sequence[Work], day: date) -> tuple[Reason, ...]:
    """Return by how much the longest work falls short; nothing where no work counts."""
    if not works:
        return ()
    if terms.continuity is Continuity.CUMULATIVE:
        months, days = len(_touched(works)), 0
    else:
        told = []
        for first, last in _chains(works):
            until = max(first, min(last, day))
            whole = _months_until(first, until)
            told.append((whole, (until - add_months(first, whole)).days))
        months, days = max(told)
    params = {"months": months, "days": days, "needed": terms.min_months}
    return (Reason(Why.TOO_SHORT, params),)
