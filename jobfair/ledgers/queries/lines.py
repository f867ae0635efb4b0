"""An office's people at work and out of work: lists, and totals that never mix the units."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from jobfair.accounts.models import Organisation
from jobfair.kit.bulk import in_slices
from jobfair.ledgers.models import LedgerLine
from jobfair.ledgers.rules.words import State
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.counting import Spell, moves
from jobfair.placements.rules.kinds import EndReason, EventKind
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

_PROVINCE = 2


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What a ledger is narrowed to; None or empty is no limit.

    Attributes:
        scope: only people whose home at the start begins with it.
        state: whether somebody works for others, for themselves, or not.
        started_from, started_to: the first day at work.
        at_work_on: only who was at work on this day.
        vague: only work under way whose place is known no better than by its province.
    """

    scope: str | None = None
    county: str | None = None
    state: State | None = State.EMPLOYED
    channel: str | None = None
    destination: str | None = None
    started_from: date | None = None
    started_to: date | None = None
    at_work_on: date | None = None
    vague: bool = False


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the list: a placement, or somebody without one.

    Attributes:
        placement_id: None for who works for themselves or not at all.
        planned_on: a first day that lay ahead when the ledger was written.
    """

    seeker_id: int
    state: State
    home_division: str
    placement_id: int | None = None
    employer_name: str = ""
    title: str = ""
    workplace_division: str | None = None
    workplace_text: str = ""
    destination: str = ""
    channel: str = ""
    wage_fen: int | None = None
    started_on: date | None = None
    ended_on: date | None = None
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many people and moves one channel has; the channels are never added.

    Attributes:
        persons: 人, distinct people.
        moves: 人次, times that somebody set out; going on with another employer is no new one.
        by_destination: distinct people by where they work.
    """

    channel: str
    persons: int
    moves: int
    by_destination: dict[str, int]


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A row of another office's ledger about one of our people.

    Attributes:
        office: whose ledger it is.
        placement_id: the work on record that it tells of; None when none is.
    """

    id: int
    seeker_id: int
    home_division: str
    office: str
    placement_id: int | None
    employer_name: str
    started_on: date | None


def _work(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [~Placement.void]
    prefixes: Iterable[str | None] = (wanted.scope, wanted.county)
    found += [Placement.home_division.startswith(p, autoescape=True) for p in prefixes if p]
    if wanted.channel:
        found.append(Placement.channel == wanted.channel)
    if wanted.destination:
        found.append(Placement.destination == wanted.destination)
    if wanted.started_from:
        found.append(Placement.started_on >= wanted.started_from)
    if wanted.started_to:
        found.append(Placement.started_on <= wanted.started_to)
    if wanted.at_work_on:
        found.append(Placement.started_on <= wanted.at_work_on)
        found.append(or_(Placement.ended_on.is_(None), Placement.ended_on > wanted.at_work_on))
    if wanted.vague:
        found += _vague()
    return found


def _vague() -> list[ColumnElement[bool]]:
    return [
        func.length(func.coalesce(Placement.workplace_division, "")) <= _PROVINCE,
        Placement.ended_on.is_(None),
        Placement.started_on.is_not(None),
    ]


def count_work(session: Session, wanted: LedgerFilter) -> tuple[int, int]:
    """Return how many lines have work, and how many are of people without; no state is both."""
    work = idle = 0
    if wanted.state in {State.EMPLOYED, None}:
        counted = select(func.count(Placement.id)).where(*_work(wanted))
        work = session.execute(counted).scalar_one()
    if wanted.state is not State.EMPLOYED:
        idle = session.execute(
            select(func.count()).select_from(_idle(wanted).subquery())
        ).scalar_one()
    return work, idle


def list_work(
    session: Session, wanted: LedgerFilter, *, limit: int, offset: int = 0
) -> list[WorkRow]:
    """Return a page of people at work, the latest first day first."""
    rows = session.execute(
        select(Placement, PERSON.label("person"))
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(*_work(wanted))
        .order_by(Placement.started_on.is_(None), Placement.started_on.desc(), Placement.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    planned = _planned(session, [row.Placement.id for row in rows if not row.Placement.started_on])
    return [
        WorkRow(
            row.person,
            State.EMPLOYED,
            row.Placement.home_division,
            row.Placement.id,
            row.Placement.employer_name,
            row.Placement.title,
            row.Placement.workplace_division,
            row.Placement.workplace_text,
            row.Placement.destination,
            row.Placement.channel,
            row.Placement.wage_fen,
            row.Placement.started_on,
            row.Placement.ended_on,
            planned.get(row.Placement.id),
        )
        for row in rows
    ]


def _planned(session: Session, placements: Iterable[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for some in in_slices(placements):
        lines = select(LedgerLine.placement_id, LedgerLine.planned_on).where(
            LedgerLine.placement_id.in_(some),
            LedgerLine.current,
            LedgerLine.planned_on.is_not(None),
        )
        found |= {row.placement_id: row.planned_on for row in session.execute(lines)}
    return found


def _idle(wanted: LedgerFilter) -> Select[*tuple[Any, ...]]:
    """Return the question for the newest word about people without work for others."""
    newest = (
        select(func.max(LedgerLine.id))
        .join(Seeker, Seeker.id == LedgerLine.seeker_id)
        .where(
            LedgerLine.current,
            ~LedgerLine.overlap,
            LedgerLine.state != State.EMPLOYED,
            Seeker.employed_since.is_(None),
            Seeker.merged_into_id.is_(None),
            Seeker.erased_at.is_(None),
        )
        .group_by(LedgerLine.seeker_id)
    )
    statement = select(LedgerLine).where(LedgerLine.id.in_(newest))
    if wanted.state is not None:
        statement = statement.where(LedgerLine.state == wanted.state)
    for prefix in filter(None, (wanted.scope, wanted.county)):
        statement = statement.where(LedgerLine.home_division.startswith(prefix, autoescape=True))
    return statement


def list_idle(
    session: Session, wanted: LedgerFilter, *, limit: int, offset: int = 0
) -> list[WorkRow]:
    """Return a page of people who work for themselves or not at all, as a ledger said last."""
    rows = session.execute(
        _idle(wanted).order_by(LedgerLine.id.desc()).limit(limit).offset(offset)
    ).scalars()
    return [WorkRow(row.seeker_id, State(row.state), row.home_division) for row in rows]


def totals(session: Session, wanted: LedgerFilter) -> list[Total]:
    """Return the people and moves of each channel, organised and self-arranged apart."""
    began = (*_work(wanted), Placement.started_on.is_not(None))
    persons, placements = func.count(PERSON.distinct()), func.count()

    def counted(*by: InstrumentedAttribute[str]) -> Sequence[Any]:
        columns = select(*by, persons.label("persons"), placements.label("placements"))
        joined = columns.join_from(Placement, Seeker, Seeker.id == Placement.seeker_id)
        return session.execute(joined.where(*began).group_by(*by).order_by(*by)).all()

    places: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counted(Placement.channel, Placement.destination):
        places[row.channel][row.destination] = row.persons
    going_on = _going_on(session, wanted)
    return [
        Total(row.channel, row.persons, row.placements - going_on[row.channel], places[row.channel])
        for row in counted(Placement.channel)
    ]


def _going_on(session: Session, wanted: LedgerFilter) -> Counter[str]:
    """Return by channel how many placements go on with a move of their person begun before.

    Only who has several placements can go on with one.
    """
    every = LedgerFilter(scope=wanted.scope, county=wanted.county)
    began = (*_work(every), Placement.started_on.is_not(None))
    several = (
        select(PERSON)
        .join_from(Placement, Seeker, Seeker.id == Placement.seeker_id)
        .where(*began)
        .group_by(PERSON)
        .having(func.count() > 1)
    )
    seasonal = (
        select(PlacementEvent.placement_id)
        .where(
            PlacementEvent.kind == EventKind.RETURNED_HOME,
            PlacementEvent.reason == EndReason.SEASONAL,
        )
        .scalar_subquery()
    )
    spells: dict[int, list[Spell]] = defaultdict(list)
    found = (
        select(
            PERSON.label("person"),
            Placement.id,
            Placement.started_on,
            Placement.ended_on,
            Placement.id.in_(seasonal).label("seasonal"),
        )
        .join_from(Placement, Seeker, Seeker.id == Placement.seeker_id)
        .where(*began, PERSON.in_(several))
    )
    for row in session.execute(found):
        spell = Spell(row.id, row.started_on, row.ended_on, row.seasonal)
        spells[row.person].append(spell)
    opening = {placement for own in spells.values() for placement in moves(own)}
    asked = (
        select(Placement.id, Placement.channel)
        .join_from(Placement, Seeker, Seeker.id == Placement.seeker_id)
        .where(*_work(wanted), Placement.started_on.is_not(None), PERSON.in_(several))
    )
    return Counter(row.channel for row in session.execute(asked) if row.id not in opening)


def count_vague_places(session: Session, scope: str | None) -> int:
    """Return how many placements under way are known by their province only."""
    wanted = LedgerFilter(scope=scope, vague=True)
    counted = select(func.count(Placement.id)).where(*_work(wanted))
    return session.execute(counted).scalar_one()


def _overlaps(scope: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        LedgerLine.overlap.is_(True),
        LedgerLine.current.is_(True),
    ]
    if scope:
        found.append(LedgerLine.home_division.startswith(scope, autoescape=True))
    return found


def count_overlaps(session: Session, scope: str | None) -> int:
    """Return how many rows of others' ledgers tell of work that is not on record here."""
    counted = select(func.count(LedgerLine.id))
    return session.execute(
        counted.where(*_overlaps(scope), LedgerLine.placement_id.is_(None))
    ).scalar_one()


def list_overlaps(
    session: Session, scope: str | None, *, limit: int, offset: int = 0
) -> tuple[int, list[OverlapRow]]:
    """Return how many people two offices name, and a page of them, the open ones first."""
    total = session.execute(select(func.count(LedgerLine.id)).where(*_overlaps(scope))).scalar_one()
    rows = session.execute(
        _overlapping()
        .where(*_overlaps(scope))
        .order_by(LedgerLine.placement_id.is_not(None), LedgerLine.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return total, [_overlap(row) for row in rows]


def find_overlap(session: Session, line_id: int) -> OverlapRow | None:
    """Return a row of another office's ledger."""
    row = session.execute(
        _overlapping().where(LedgerLine.id == line_id, LedgerLine.overlap)
    ).one_or_none()
    return _overlap(row) if row else None


def _overlapping() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LedgerLine.id,
            LedgerLine.seeker_id,
            LedgerLine.home_division,
            Organisation.name.label("office"),
            LedgerLine.placement_id,
            Placement.employer_name,
            Placement.started_on,
        )
        .outerjoin(Organisation, Organisation.id == LedgerLine.office_id)
        .outerjoin(Placement, Placement.id == LedgerLine.placement_id)
    )


def _overlap(row: Any) -> OverlapRow:
    return OverlapRow(
        row.id,
        row.seeker_id,
        row.home_division,
        row.office or "",
        row.placement_id,
        row.employer_name or "",
        row.started_on,
    )


def told_lines(session: Session, placements: Iterable[int]) -> dict[int, tuple[bytes, str]]:
    """Return the sealed words of placements' newest lines, with the key that opens each."""
    found: dict[int, tuple[bytes, str]] = {}
    for some in in_slices(placements):
        rows = session.execute(
            select(LedgerLine.placement_id, LedgerLine.told_sealed, LedgerLine.key)
            .where(
                LedgerLine.placement_id.in_(some),
                LedgerLine.current,
                LedgerLine.told_sealed.is_not(None),
                ~LedgerLine.overlap,
            )
            .order_by(LedgerLine.id)
        )
        found |= {row.placement_id: (row.told_sealed, row.key) for row in rows}
    return found
