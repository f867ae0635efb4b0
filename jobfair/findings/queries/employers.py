"""Doubtful records that only many placements of one employer show."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.agents.models import Agent, ArrangedPlacement
from jobfair.employers.models import Employer, Position
from jobfair.findings.rules import (
    LEAVING_LEAST,
    LEAVING_SHARE,
    SAME_DAY,
    SHORT_LEAST,
    SHORT_SHARE,
    SHORT_SPELL,
    Code,
    Found,
    Subject,
    common_division,
)
from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import said_by_employer
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.queries.sealed import phone_index

_COUNTS = (Placement.main, ~Placement.void, Placement.employer_id.is_not(None))
_YEAR = timedelta(days=365)
# All homes of a group lie between these.
_HOMES = (
    func.min(Placement.home_division).label("first"),
    func.max(Placement.home_division).label("last"),
)


def _homes(row: Any) -> str:
    return common_division(row.first, row.last)


def leaving(session: Session, today: date) -> Iterator[Found]:
    """Give employers where more than half of those placed in the last year have left."""
    left: Any = func.sum(case((Placement.ended_on.is_not(None), 1), else_=0))
    rows = session.execute(
        select(Placement.employer_id, func.count().label("people"), left.label("gone"), *_HOMES)
        .where(*_COUNTS, Placement.started_on > today - _YEAR)
        .group_by(Placement.employer_id)
        .having(func.count() >= LEAVING_LEAST)
        .order_by(Placement.employer_id)
    )
    for row in rows:
        if row.gone > LEAVING_SHARE * row.people:
            told = {"left": str(row.gone), "count": str(row.people)}
            yield Found(Code.LEAVING, Subject.EMPLOYER, row.employer_id, _homes(row), told=told)


def short_spells(session: Session, today: date) -> Iterator[Found]:
    """Give employers that most of those who left in the last year had joined for 1 to 3 months."""
    rows = session.execute(
        select(
            Placement.employer_id,
            Placement.started_on,
            Placement.ended_on,
            Placement.home_division,
        )
        .where(*_COUNTS, Placement.started_on.is_not(None), Placement.ended_on > today - _YEAR)
        .order_by(Placement.employer_id)
    )
    for employer, spells in groupby(rows, key=lambda row: row.employer_id):
        left = list(spells)
        short = sum((row.ended_on - row.started_on).days in SHORT_SPELL for row in left)
        if len(left) >= SHORT_LEAST and short > SHORT_SHARE * len(left):
            homes = [row.home_division for row in left]
            home = common_division(min(homes), max(homes))
            told = {"short": str(short), "count": str(len(left))}
            yield Found(Code.SHORT_SPELLS, Subject.EMPLOYER, employer, home, told=told)


def agents_contact_placed(session: Session) -> Iterator[Found]:
    """Give people placed by an agent whose contact has their phone."""
    rows = session.execute(
        select(Placement.id, Placement.seeker_id, Placement.home_division, Agent.name)
        .join(ArrangedPlacement, ArrangedPlacement.placement_id == Placement.id)
        .join(Agent, Agent.id == ArrangedPlacement.agent_id)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(~Placement.void, Seeker.phone_index == Agent.phone_index)
        .order_by(Placement.id)
    )
    for row in rows:
        yield Found(
            Code.AGENT_PLACED,
            Subject.PLACEMENT,
            row.id,
            row.home_division,
            seeker_id=row.seeker_id,
            told={"agent": row.name},
        )


def contact_placed(session: Session) -> Iterator[Found]:
    """Give people placed with an employer whose contact has their phone."""
    sealed = select(Employer.id, Employer.key, Employer.name, Employer.contact_phone).where(
        Employer.contact_phone.is_not(None),
        exists().where(Placement.employer_id == Employer.id, Placement.main, ~Placement.void),
    )
    phones = {}
    for row in session.execute(sealed):
        text = vault().open(
            row.contact_phone, table="employer", column="contact_phone", row=row.key
        )
        number = "".join(sign for sign in text if sign.isdigit())
        if number:
            phones[row.id] = (phone_index(number), row.name)
    columns = (Placement.id, Placement.employer_id, Placement.home_division, Seeker.phone_index)
    for some in in_slices(sorted(phones)):
        rows = session.execute(
            select(*columns, PERSON.label("person"))
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .where(
                Placement.employer_id.in_(some),
                Placement.main,
                ~Placement.void,
                Seeker.phone_index.is_not(None),
            )
            .order_by(Placement.id)
        )
        for row in rows:
            phone, name = phones[row.employer_id]
            if bytes(row.phone_index) == phone:
                yield Found(
                    Code.CONTACT_PLACED,
                    Subject.PLACEMENT,
                    row.id,
                    row.home_division,
                    seeker_id=row.person,
                    told={"employer": name},
                )


def begun_together(session: Session) -> Iterator[Found]:
    """Give employers where many began on one day without having travelled together."""
    batch = aliased(PlacementEvent)
    rode = (
        select(batch.id)
        .where(
            batch.placement_id == Placement.id,
            batch.kind.in_((EventKind.BOARDED, EventKind.DEPARTED)),
            *counting(batch),
        )
        .exists()
    )
    rows = session.execute(
        select(Placement.employer_id, Placement.started_on, func.count().label("people"), *_HOMES)
        .where(*_COUNTS, Placement.started_on.is_not(None), ~rode)
        .group_by(Placement.employer_id, Placement.started_on)
        .having(func.count() >= SAME_DAY)
        .order_by(Placement.employer_id, Placement.started_on)
    )
    for row in rows:
        day = row.started_on.isoformat()
        told = {"count": str(row.people), "day": day}
        yield Found(Code.SAME_DAY, Subject.EMPLOYER, row.employer_id, _homes(row), day, told=told)


def above_headcount(session: Session) -> Iterator[Found]:
    """Give positions on which the employer confirms more people than it has posts."""
    said = said_by_employer(Word.ON_POST)
    rows = session.execute(
        select(Position.id, Position.headcount, func.count().label("people"), *_HOMES)
        .join(Placement, Placement.position_id == Position.id)
        .where(Placement.main, ~Placement.void, Placement.ended_on.is_(None), said)
        .group_by(Position.id, Position.headcount)
        .having(func.count() > Position.headcount)
        .order_by(Position.id)
    )
    for row in rows:
        told = {"count": str(row.people), "headcount": str(row.headcount)}
        yield Found(Code.ABOVE_HEADCOUNT, Subject.POSITION, row.id, _homes(row), told=told)
