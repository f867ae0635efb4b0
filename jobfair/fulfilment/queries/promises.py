"""What employers posted against what people found there, and what getting the job cost them.

Only what people said themselves, or relatives of them, counts as found: an employer would be its
own judge. Of one person the newest answer to each question counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.follow_ups.models import FollowUp, FollowUpReversal, FollowUpTerms
from jobfair.follow_ups.queries.calls import terms_of
from jobfair.follow_ups.rules.drafts import FoundTerms
from jobfair.follow_ups.rules.outcomes import Outcome, Way
from jobfair.fulfilment.models import EmployerStanding
from jobfair.fulfilment.queries.duties import kept_by
from jobfair.fulfilment.rules import duties
from jobfair.fulfilment.rules.promises import (
    LEAST,
    Cost,
    Kept,
    Pair,
    Prior,
    Promise,
    months_of_wage,
    prior_of,
    prior_of_cost,
    shrunk,
    weigh,
    weigh_cost,
)
from jobfair.kit.clock import add_months
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers

# What was found longer ago says little of an employer of today.
_MONTHS_BACK = -36


@dataclass(slots=True)
class Found:
    """What one person found at one employer, the newest answer to each question.

    Attributes:
        asked_on: the day of the newest of them.
        pairs: promises with what was posted and found.
    """

    placement_id: int
    seeker_id: int
    employer_id: int
    home_division: str
    title: str
    asked_on: date
    pairs: dict[Promise, Pair] = field(default_factory=dict)
    cost_fen: int | None = None  # paid to get the job
    wage_fen: int | None = None  # per month, as paid
    promised_fen: int | None = None

    @property
    def months(self) -> float | None:
        """What getting the job cost, in months of the pay found there, else of that promised."""
        wage = self.wage_fen or self.promised_fen
        if self.cost_fen is None or not wage:
            return None
        return months_of_wage(self.cost_fen, wage)


@dataclass(frozen=True, slots=True)
class Card:
    """One employer's promises against what people found.

    Attributes:
        promises: those that somebody was asked about.
        answers: of all promises together.
        kept: of them, kept.
        share: of all promises together, drawn towards all employers; None for too few.
        duties: how it did what it owed after fairs.
    """

    employer_id: int
    employer: str
    people: int
    promises: tuple[Kept, ...]
    answers: int
    kept: int
    share: float | None
    cost: Cost | None
    duties: duties.Kept

    def promise(self, name: str) -> Kept | None:
        """Return one of the promises."""
        return next((one for one in self.promises if one.promise == name), None)


@dataclass(frozen=True, slots=True)
class Priors:
    """What all employers together show, which the figures of each are drawn towards."""

    promises: dict[Promise, Prior | None]
    everything: Prior | None
    cost: Prior | None
    employers: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What one person found, masked, for the list behind a figure."""

    placement_id: int
    name: str
    home_division: str
    employer: str
    title: str
    asked_on: date
    found: Found


def weigh_all(
    session: Session, today: date, employer_ids: Iterable[int] | None = None
) -> tuple[list[Card], Priors]:
    """Return the cards of employers by name, and what all employers together show.

    Args:
        session: a reading session.
        today: what was found in the 36 months before counts.
        employer_ids: whose cards; None for every employer that owed something or was asked about.
    """
    of: dict[int, list[Found]] = {}
    for one in _found(session, today):
        of.setdefault(one.employer_id, []).append(one)
    priors = _priors(of)
    kept = kept_by(session, None if employer_ids is None else list(employer_ids), today)
    wanted = {*of, *kept} if employer_ids is None else set(employer_ids)
    names = session.execute(
        select(Employer.id, Employer.name)
        .where(Employer.id.in_(wanted))
        .order_by(Employer.name, Employer.id)
    )
    cards = [
        _card(row.id, row.name, of.get(row.id, []), priors, kept.get(row.id, duties.Kept()))
        for row in names
    ]
    return cards, priors


def _card(
    employer_id: int, name: str, found: Sequence[Found], priors: Priors, kept: duties.Kept
) -> Card:
    pairs = [pair for one in found for pair in one.pairs.values()]
    weighed = [weigh(promise, pairs, priors.promises[promise]) for promise in Promise]
    months = [one.months for one in found if one.months is not None]
    n, held = len(pairs), sum(pair.kept for pair in pairs)
    enough = priors.everything is not None and n >= LEAST
    share = shrunk(held / n, n, priors.everything) if enough and priors.everything else None
    return Card(
        employer_id,
        name,
        len(found),
        tuple(one for one in weighed if one is not None),
        n,
        held,
        share,
        weigh_cost(months, priors.cost),
        kept,
    )


def _priors(of: dict[int, list[Found]]) -> Priors:
    counts: dict[Promise, list[tuple[int, int]]] = {promise: [] for promise in Promise}
    every: list[tuple[int, int]] = []
    for found in of.values():
        pairs = [pair for one in found for pair in one.pairs.values()]
        every.append((len(pairs), sum(pair.kept for pair in pairs)))
        for promise in Promise:
            own = [pair.kept for pair in pairs if pair.promise is promise]
            counts[promise].append((len(own), sum(own)))
    months = [m for found in of.values() for one in found if (m := one.months) is not None]
    return Priors(
        {promise: prior_of(each) for promise, each in counts.items()},
        prior_of(every),
        prior_of_cost(months),
        len(of),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """An employer's promises in short, as last weighed."""

    weighed_on: date
    people: int
    share: float


def standing_of(session: Session, employer_id: int) -> Standing | None:
    """Return an employer's promises in short; None where too few people were asked."""
    row = session.get(EmployerStanding, employer_id)
    if row is None or row.share is None:
        return None
    return Standing(row.weighed_on, row.people, row.share)


def answers_of(
    session: Session,
    today: date,
    employer_id: int,
    *,
    scope: str | None,
    promise: str = "",
) -> list[AnswerRow]:
    """Return who found what at an employer, masked, the newest answer first.

    Args:
        session: a reading session.
        today: as in `weigh_all`.
        employer_id: whose people.
        scope: only people whose home began with this division.
        promise: only who answered for this one; ``cost`` for what getting the job cost.
    """
    rows = [
        one
        for one in _found(session, today, employer_id)
        if (not scope or one.home_division.startswith(scope))
        and (not promise or _answers(one, promise))
    ]
    people = seekers.names_of(session, {one.seeker_id for one in rows})
    name = session.execute(select(Employer.name).where(Employer.id == employer_id)).scalar() or ""
    listed = [
        AnswerRow(
            one.placement_id,
            people[one.seeker_id].name,
            one.home_division,
            name,
            one.title,
            one.asked_on,
            one,
        )
        for one in rows
    ]
    return sorted(listed, key=lambda row: (row.asked_on, row.placement_id), reverse=True)


def _answers(one: Found, promise: str) -> bool:
    return one.months is not None if promise == "cost" else promise in one.pairs


def _found(session: Session, today: date, employer_id: int | None = None) -> list[Found]:
    """Return what people found, by person and employer, older answers filled in from newer ones."""
    terms = FollowUpTerms
    query = (
        select(
            Placement.id,
            Placement.seeker_id,
            Placement.employer_id,
            Placement.home_division,
            Placement.title,
            Placement.wage_fen.label("promised"),
            Placement.started_on,
            FollowUp.happened_on,
            FollowUp.wage_fen,
            Position.wage_low,
            Position.hours_per_day.label("posted_hours"),
            Position.days_per_week.label("posted_days"),
            Position.lodging.label("posted_lodging"),
            Position.insurance.label("posted_insurance"),
            terms,
        )
        .join(Placement, Placement.id == FollowUp.placement_id)
        .outerjoin(Position, Position.id == Placement.position_id)
        .outerjoin(terms, terms.follow_up_id == FollowUp.id)
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .where(
            FollowUpReversal.follow_up_id.is_(None),
            FollowUp.way != Way.EMPLOYER,
            # What is told with a change of employer is found at the new one.
            FollowUp.outcome != Outcome.ON_POST_OTHER,
            FollowUp.happened_on >= add_months(today, _MONTHS_BACK),
            or_(FollowUp.wage_fen.is_not(None), terms.follow_up_id.is_not(None)),
            ~Placement.void,
            Placement.employer_id.is_not(None),
        )
        .order_by(FollowUp.happened_on.desc(), FollowUp.id.desc())
    )
    if employer_id is not None:
        query = query.where(Placement.employer_id == employer_id)
    found: dict[int, Found] = {}
    for row in session.execute(query):
        one = found.setdefault(
            row.id,
            Found(
                row.id,
                row.seeker_id,
                row.employer_id,
                row.home_division,
                row.title,
                row.happened_on,
                promised_fen=row.promised or row.wage_low,
            ),
        )
        one.wage_fen = one.wage_fen or row.wage_fen
        told = terms_of(row.FollowUpTerms)
        one.cost_fen = told.cost_fen if one.cost_fen is None else one.cost_fen
        for pair in _pairs(row, told):
            one.pairs.setdefault(pair.promise, pair)
    return list(found.values())


def _bound(row: Any) -> bool:
    """Return whether a contract was due when somebody asked.

    Source: Labour Contract Law, article 10: in writing within a month of the first day.
    """
    return row.started_on is not None and row.happened_on >= add_months(row.started_on, 1)


def _pairs(row: Any, told: FoundTerms) -> Iterable[Pair]:
    """Give the promises that one follow-up says something of."""
    asked = (
        (Promise.PAY, row.promised or row.wage_low, row.wage_fen),
        (Promise.HOURS, row.posted_hours, told.hours_per_day),
        (Promise.DAYS, row.posted_days, told.days_per_week),
        (Promise.LODGING, row.posted_lodging or None, told.lodging),
        (Promise.FEES, 0, told.fee_fen),
        (Promise.WORK, True, told.as_promised),
        (Promise.CONTRACT, True, told.contract if told.contract or _bound(row) else None),
        (Promise.INSURANCE, row.posted_insurance or None, told.insured),
    )
    for promise, posted, found in asked:
        if posted is not None and found is not None:
            yield Pair(promise, float(posted), float(found))
