"""What the events of placements and the claims on record say of people, for the rules."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.kit.events.rules import Event, Grade, first_of, last_of
from jobfair.placements.models import Placement
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.events import LINE
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.seekers.models import Seeker
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule
from jobfair.subsidies.rules.claims import DEAD
from jobfair.subsidies.rules.entitlement import Benefit, Labourer, Work
from jobfair.subsidies.rules.terms import Family, Terms, read_stored

_PERSON: Any = func.coalesce(Seeker.merged_into_id, Seeker.id)
_FEW = 1_000
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
    people = _people(session, terms, scope, ids)
    works = _works(session, terms.year, people)
    benefits = _benefits(session, set(people))
    return {
        person: replace(
            labourer,
            works=tuple(works.get(person, ())),
            benefits=tuple(benefits.get(person, ())),
        )
        for person, labourer in people.items()
        if ids is not None or person in works
    }


def _people(
    session: Session, terms: Terms, scope: str | None, ids: Collection[int] | None
) -> dict[int, Labourer]:
    query = select(
        Seeker.id,
        Seeker.home_division,
        Seeker.household_category,
        Seeker.household_category_since,
    ).where(Seeker.merged_into_id.is_(None))
    if ids is not None:
        query = query.where(Seeker.id.in_(ids))
    else:
        for prefix in filter(None, (terms.jurisdiction, scope)):
            query = query.where(Seeker.home_division.startswith(prefix, autoescape=True))
    return {
        row.id: Labourer(row.home_division, row.household_category, row.household_category_since)
        for row in session.execute(query)
    }


def _in_year(year: int) -> list[ColumnElement[bool]]:
    return [
        ~Placement.void,
        Placement.started_on <= date(year, 12, 31),
        Placement.ended_on.is_(None) | (Placement.ended_on >= date(year, 1, 1)),
    ]


def _of_few(people: Collection[int]) -> list[ColumnElement[bool]]:
    """Return what narrows a read to some people, where they are not a whole county's."""
    return [_PERSON.in_(people)] if len(people) <= _FEW else []


def _works(session: Session, year: int, people: Collection[int]) -> dict[int, list[Work]]:
    query = (
        select(Placement, _PERSON.label("person"))
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(*_in_year(year), *_of_few(people))
    )
    rows = [(placement, person) for placement, person in session.execute(query) if person in people]
    ids = [placement.id for placement, _person in rows]
    owners: Any = ids if len(ids) <= _FEW else select(Placement.id).where(*_in_year(year))
    lines = EVENTS.lines(session, owners)
    found: dict[int, list[Work]] = defaultdict(list)
    for placement, person in rows:
        work = _work(placement, LINE.visible(lines.get(placement.id, ())))
        if work is not None:
            found[person].append(work)
    return found


def _work(placement: Placement, events: list[Event[EventKind]]) -> Work | None:
    """Return a placement as the rules see it: what is not known exactly counts least."""
    began = next((event for event in events if event.kind is EventKind.ON_POST), None)
    if began is None:
        return None
    state = LINE.fold(events)
    last = None
    if state.ended_on is not None:
        ended = next(event for event in reversed(events) if event.kind is state.end_kind)
        last = first_of(ended.occurred_on, ended.precision)
    elif state.lost_on is not None:
        last = state.confirmed_on
    grades = [
        event.grade for event in events if event.kind in _AT_WORK and event.reason != Word.NOT_HERE
    ]
    boarded = any(event.kind is EventKind.BOARDED for event in events)
    assigned = [event.reason for event in events if event.kind is EventKind.BATCH_ASSIGNED]
    return Work(
        first=last_of(began.occurred_on, began.precision),
        last=last,
        destination=Destination(placement.destination),
        province=(placement.workplace_division or "")[:2],
        category=placement.household_category,
        grade=min(grades, default=Grade.E),
        organised=boarded or placement.channel == Channel.ORGANISED,
        batch=assigned[-1] if boarded and assigned else "",
    )


def _benefits(session: Session, people: Collection[int]) -> dict[int, list[Benefit]]:
    found: dict[int, list[Benefit]] = defaultdict(list)
    rows = session.execute(
        select(SubsidyClaim.id, SubsidyClaim.period, SubsidyRule.terms, _PERSON.label("person"))
        .join(SubsidyRule, SubsidyRule.id == SubsidyClaim.rule_id)
        .join(Seeker, Seeker.id == SubsidyClaim.seeker_id)
        .where(SubsidyClaim.state.not_in(sorted(DEAD)), *_of_few(people))
    )
    for row in rows:
        if row.person in people:
            terms = read_stored(row.terms)
            found[row.person].append(
                Benefit(
                    str(row.id),
                    terms.code,
                    Family(terms.family),
                    terms.year,
                    row.period,
                    terms.exclusive_with,
                )
            )
    return found
