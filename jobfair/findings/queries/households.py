"""Doubtful records of households: relations, heads, the ability to work, the exit from poverty."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.findings.rules import Code, Found, Subject, common_division
from jobfair.kit.bulk import in_slices
from jobfair.kit.clock import add_months
from jobfair.ledgers.models import LedgerLine
from jobfair.ledgers.queries import open_told
from jobfair.placements.models import Placement
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.rules.drafts import SeekerStatus
from jobfair.seekers.rules.household import (
    CONTRADICTING,
    HEAD,
    RELATIONS,
    LabourCapacity,
    sex_of,
)

_ACTIVE = Seeker.status == SeekerStatus.ACTIVE
_YEAR = 12
_FROM, _TO = 16, 65


def _people(
    session: Session, code: Code, *conditions: ColumnElement[bool], told: dict[str, str]
) -> Iterator[Found]:
    rows = session.execute(
        select(Seeker.id, Seeker.home_division).where(_ACTIVE, *conditions).order_by(Seeker.id)
    )
    for row in rows:
        home = row.home_division
        yield Found(code, Subject.SEEKER, row.id, home, seeker_id=row.id, told=told)


def relations(session: Session) -> Iterator[Found]:
    """Give everybody whose relation to the head is one of the other sex."""
    of_sex = {sex: [one for one in RELATIONS if sex_of(one) == sex] for sex in ("1", "2")}
    wrong = or_(
        and_(Seeker.sex == "1", Seeker.relation.in_(of_sex["2"])),
        and_(Seeker.sex == "2", Seeker.relation.in_(of_sex["1"])),
    )
    yield from _people(session, Code.RELATION_SEX, wrong, told={})


def contradictions(session: Session) -> Iterator[Found]:
    """Give everybody whose household category and exit from poverty cannot both be right."""
    wrong = or_(
        *(
            and_(Seeker.household_category == category, Seeker.exit_state == state)
            for category, state in CONTRADICTING
        )
    )
    yield from _people(session, Code.EXIT_CONTRADICTS, wrong, told={})


def without_capacity(session: Session, today: date) -> Iterator[Found]:
    """Give everybody between 16 and 65 who is recorded as not able to work, anew each year."""
    yield from _people(
        session,
        Code.WITHOUT_CAPACITY,
        Seeker.labour_capacity == LabourCapacity.NONE,
        Seeker.birth_date <= add_months(today, -_FROM * _YEAR),
        Seeker.birth_date > add_months(today, -(_TO + 1) * _YEAR),
        told={"year": str(today.year)},
    )


def at_work(session: Session) -> Iterator[Found]:
    """Give the running work of people who are recorded as not able to work."""
    kept = aliased(Seeker)
    rows = session.execute(
        select(Placement.id, Placement.home_division, Placement.started_on, PERSON.label("person"))
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(kept, kept.id == PERSON)
        .where(
            Placement.main,
            ~Placement.void,
            Placement.started_on.is_not(None),
            Placement.ended_on.is_(None),
            kept.labour_capacity == LabourCapacity.NONE,
        )
        .order_by(Placement.id)
    )
    for row in rows:
        yield Found(
            Code.WORK_WITHOUT_CAPACITY,
            Subject.PLACEMENT,
            row.id,
            row.home_division,
            seeker_id=row.person,
            told={"since": row.started_on.isoformat()},
        )


def two_heads(session: Session) -> Iterator[Found]:
    """Give each head of a household that has several."""
    several = (
        select(Seeker.household_index, func.count().label("heads"))
        .where(_ACTIVE, Seeker.household_index.is_not(None), Seeker.relation == HEAD)
        .group_by(Seeker.household_index)
        .having(func.count() > 1)
        .subquery()
    )
    rows = session.execute(
        select(Seeker.id, Seeker.home_division, several.c.heads)
        .join(several, several.c.household_index == Seeker.household_index)
        .where(_ACTIVE, Seeker.relation == HEAD)
        .order_by(Seeker.id)
    )
    for row in rows:
        told = {"count": str(row.heads)}
        home = row.home_division
        yield Found(Code.TWO_HEADS, Subject.SEEKER, row.id, home, seeker_id=row.id, told=told)


def no_head(session: Session) -> Iterator[Found]:
    """Give households whose relations are kept and where nobody is, or names, the head.

    A head need not look for work: who is named by a ledger is enough.
    """
    head = func.max(Seeker.relation).filter(Seeker.relation == HEAD)
    households = session.execute(
        select(
            Seeker.household_index,
            func.min(Seeker.id).label("first"),
            func.count().label("people"),
            func.min(Seeker.home_division).label("low"),
            func.max(Seeker.home_division).label("high"),
        )
        .where(_ACTIVE, Seeker.household_index.is_not(None))
        .group_by(Seeker.household_index)
        .having(func.count(Seeker.relation) > 0, head.is_(None))
        .order_by(func.min(Seeker.id))
    ).all()
    named = _with_named_head(session, [row.household_index for row in households])
    for row in households:
        if bytes(row.household_index) not in named:
            yield Found(
                Code.NO_HEAD,
                Subject.SEEKER,
                row.first,
                common_division(row.low, row.high),
                seeker_id=row.first,
                told={"count": str(row.people)},
            )


def _with_named_head(session: Session, households: Collection[bytes]) -> set[bytes]:
    """Return the households of which a ledger's line names the head."""
    found: set[bytes] = set()
    for some in in_slices(households):
        rows = session.execute(
            select(Seeker.household_index, LedgerLine.told_sealed, LedgerLine.key)
            .join(LedgerLine, LedgerLine.seeker_id == Seeker.id)
            .where(
                Seeker.household_index.in_(some),
                LedgerLine.current,
                LedgerLine.told_sealed.is_not(None),
            )
        )
        for row in rows:
            told = open_told(row.told_sealed, row.key)
            if told.get("head_name") or told.get("head_id"):
                found.add(bytes(row.household_index))
    return found
