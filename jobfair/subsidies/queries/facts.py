"""What the events of placements and the claims on record say of people, for the rules."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.agents.models import ArrangedPlacement
from jobfair.kit.events.rules import Event, Grade, first_of, last_of
from jobfair.placements.models import Placement
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.events import LINE
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule
from jobfair.subsidies.rules.claims import DEAD
from jobfair.subsidies.rules.entitlement import Benefit, Labourer, Work
from jobfair.subsidies.rules.terms import Terms, read_stored

_KEPT = aliased(Seeker)  # the record that stands for the person
# Who says one of these says that the person was at work.
_AT_WORK = frozenset(
    {
        EventKind.ON_POST,
        EventKind.FOLLOW_UP,
        EventKind.CONTACT_RESTORED,
        EventKind.EMPLOYER_CONFIRMED,
    }
)


def labourers(
    session: Session, terms: Terms, *, scope: str | None = None, ids: Collection[int] | None = None
) -> dict[int, Labourer]:
    """Return people with work in the year of some terms, by the id of the kept record.

    Args:
        session: a session.
        terms: whose year and area are asked about.
        scope: only people whose home begins with this.
        ids: only these people, wherever they live and whatever they worked.
    """
    wanted = _wanted(terms, scope, ids)
    # The same once more by columns that have an index: nobody's page reads the whole register.
    own = [] if ids is None else [or_(Seeker.id.in_(ids), Seeker.merged_into_id.in_(ids))]
    works = _works(session, terms.year, [*wanted, *own])
    benefits = _benefits(session, [*wanted, *own])
    return {
        person: replace(
            labourer,
            works=tuple(works.get(person, ())),
            benefits=tuple(benefits.get(person, ())),
        )
        for person, labourer in _people(session, wanted).items()
        if ids is not None or person in works
    }


def _wanted(
    terms: Terms, scope: str | None, ids: Collection[int] | None
) -> list[ColumnElement[bool]]:
    """Return the conditions on the kept record of who is asked about."""
    found: list[ColumnElement[bool]] = [_KEPT.merged_into_id.is_(None)]
    if ids is not None:
        return [*found, _KEPT.id.in_(ids)]
    prefixes = filter(None, (terms.jurisdiction, scope))
    return found + [_KEPT.home_division.startswith(one, autoescape=True) for one in prefixes]


def _people(session: Session, wanted: list[ColumnElement[bool]]) -> dict[int, Labourer]:
    query = select(
        _KEPT.id,
        _KEPT.home_division,
        _KEPT.household_category,
        _KEPT.household_category_since,
    ).where(*wanted)
    return {
        row.id: Labourer(row.home_division, row.household_category, row.household_category_since)
        for row in session.execute(query)
    }


def _works(session: Session, year: int, wanted: list[ColumnElement[bool]]) -> dict[int, list[Work]]:
    in_year = (
        select(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(_KEPT, _KEPT.id == PERSON)
        .where(
            ~Placement.void,
            Placement.started_on <= date(year, 12, 31),
            Placement.ended_on.is_(None) | (Placement.ended_on >= date(year, 1, 1)),
            *wanted,
        )
    )
    lines = EVENTS.lines(session, in_year.with_only_columns(Placement.id))
    found: dict[int, list[Work]] = defaultdict(list)
    agents = in_year.add_columns(_KEPT.id, ArrangedPlacement.agent_id).outerjoin(
        ArrangedPlacement, ArrangedPlacement.placement_id == Placement.id
    )
    for placement, person, agent in session.execute(agents):
        work = _work(placement, LINE.visible(lines.get(placement.id, ())), year)
        if work is not None:
            found[person].append(replace(work, agent=agent))
    return found


def _work(placement: Placement, events: list[Event[EventKind]], year: int) -> Work | None:
    """Return a placement as the rules see it: what is not known exactly counts least.

    What proved an earlier year proves nothing of this one.
    """
    began = next((event for event in events if event.kind is EventKind.ON_POST), None)
    if began is None:
        return None
    state = LINE.fold(events)
    last = None
    if state.ended_on is not None:
        ended = next(event for event in reversed(events) if event.kind is state.end_kind)
        last = first_of(ended.occurred_on, ended.precision)
    elif state.lost_on is not None or state.employer_said == Word.NOT_HERE:
        last = state.confirmed_on
    grades = [
        event.grade
        for event in events
        if event.kind in _AT_WORK
        and event.reason != Word.NOT_HERE
        and event.occurred_on >= date(year, 1, 1)
    ]
    boarded = state.boarded_on is not None
    return Work(
        first=last_of(began.occurred_on, began.precision),
        last=last,
        destination=Destination(placement.destination),
        province=(placement.workplace_division or "")[:2],
        category=placement.household_category,
        grade=min(grades, default=Grade.E),
        organised=boarded or placement.channel == Channel.ORGANISED,
        batch=state.batch if boarded else "",
        employer=placement.employer_id,
    )


def _benefits(session: Session, wanted: list[ColumnElement[bool]]) -> dict[int, list[Benefit]]:
    found: dict[int, list[Benefit]] = defaultdict(list)
    rows = session.execute(
        select(SubsidyClaim.id, SubsidyClaim.period, SubsidyClaim.rule_id, _KEPT.id.label("person"))
        .join(Seeker, Seeker.id == SubsidyClaim.seeker_id)
        .join(_KEPT, _KEPT.id == PERSON)
        .where(SubsidyClaim.state.not_in(sorted(DEAD)), *wanted)
    ).all()
    by_rule = {row.rule_id for row in rows}
    query = select(SubsidyRule.id, SubsidyRule.terms).where(SubsidyRule.id.in_(by_rule))
    terms = {row.id: read_stored(row.terms) for row in session.execute(query)}
    for row in rows:
        own = terms[row.rule_id]
        benefit = Benefit(
            str(row.id), own.code, own.family, own.year, row.period, own.exclusive_with, own.payee
        )
        found[row.person].append(benefit)
    return found
