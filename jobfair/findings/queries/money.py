"""Doubtful subsidies, judged anew by what is recorded now."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.findings.models import PaymentStop
from jobfair.findings.rules import Code, Found, Subject
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.kinds import EventKind, ExemptReason
from jobfair.school.queries.exports import students_at_work
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.subsidies.models import SubsidyClaim
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.queries.terms import find_rule
from jobfair.subsidies.rules.claims import DEAD
from jobfair.subsidies.rules.entitlement import Labourer, Standing, Why, judge
from jobfair.subsidies.rules.terms import Terms

_STOPS = (
    ExemptReason.DEATH,
    ExemptReason.PRISON,
    ExemptReason.CONSCRIPTION,
    ExemptReason.STUDY,
)
_CLASHES = {Why.CLAIMED: Code.SUBSIDY_TWICE, Why.EXCLUDED: Code.SUBSIDY_EXCLUDED}


def _live(session: Session, *conditions: Any) -> list[Any]:
    """Return the claims that are neither refused nor recovered."""
    return list(
        session.execute(
            select(
                SubsidyClaim.id,
                SubsidyClaim.rule_id,
                SubsidyClaim.home_division,
                SubsidyClaim.applied_on,
                PERSON.label("person"),
            )
            .join(Seeker, Seeker.id == SubsidyClaim.seeker_id)
            .where(SubsidyClaim.state.not_in(sorted(DEAD)), *conditions)
            .order_by(SubsidyClaim.id)
        )
    )


def _found(code: Code, claim: Any, **told: object) -> Found:
    return Found(
        code,
        Subject.SEEKER,
        claim.person,
        claim.home_division,
        f"claim {claim.id}",
        claim.person,
        {"claim": str(claim.id)} | {name: str(value) for name, value in told.items()},
    )


def against_the_records(session: Session) -> Iterator[Found]:
    """Give claims that meet another of the same person, and those without grounds by now."""
    by_rule: dict[int, list[Any]] = defaultdict(list)
    for claim in _live(session):
        by_rule[claim.rule_id].append(claim)
    for rule_id, claims in by_rule.items():
        rule = find_rule(session, rule_id)
        if rule is None:
            continue
        terms = rule.terms
        people = labourers(session, terms, ids={claim.person for claim in claims})
        for claim in claims:
            if claim.person in people:
                yield from _judged(terms, claim, people[claim.person])


def _judged(terms: Terms, claim: Any, who: Labourer) -> Iterator[Found]:
    others = tuple(one for one in who.benefits if one.claim != str(claim.id))
    day = claim.applied_on or terms.closes_on
    verdict = judge(terms, replace(who, benefits=others), day)
    clashes = [reason for reason in verdict.reasons if reason.why in _CLASHES]
    for reason in clashes:
        other = str(reason.params["claim"])
        if int(other) < claim.id:  # the two are one finding, of the later claim
            yield _found(_CLASHES[reason.why], claim, other=other)
    if not clashes and claim.applied_on and verdict.standing is not Standing.ENTITLED:
        yield _found(Code.SUBSIDY_UNFOUNDED, claim, day=claim.applied_on)


def in_spite_of_exemption(session: Session, today: date) -> Iterator[Found]:
    """Give claims applied for after a death, in prison, in the army, or on a school's roll.

    What stops them is an entry on the person's line, a list of another office, or a roll.
    """
    claims = _live(session, SubsidyClaim.applied_on.is_not(None))
    since: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    event = PlacementEvent
    rows = session.execute(
        select(PERSON, event.occurred_on)
        .join(Placement, Placement.id == event.placement_id)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(event.kind == EventKind.EXEMPT, event.reason.in_(_STOPS), *counting(event))
    )
    for person, day in rows:
        since[person].append((day, None))
    on_roll = {one.placement_id: one for one in students_at_work(session, as_of=today)}
    people = select(Placement.id, PERSON).join(Seeker, Seeker.id == Placement.seeker_id)
    for placement, person in session.execute(people.where(Placement.id.in_(on_roll))):
        since[person].append((on_roll[placement].entered, on_roll[placement].left))
    listed = select(PaymentStop.since, PaymentStop.until, PERSON.label("person")).join(
        Seeker, Seeker.id_index == PaymentStop.person_index
    )
    for row in session.execute(listed):
        since[row.person].append((row.since, row.until and row.until + timedelta(days=1)))
    for claim in claims:
        stops = [
            day
            for day, left in since.get(claim.person, ())
            if day <= claim.applied_on and (left is None or claim.applied_on < left)
        ]
        if stops:
            yield _found(Code.PAID_TO_EXEMPT, claim, day=claim.applied_on, since=min(stops))
