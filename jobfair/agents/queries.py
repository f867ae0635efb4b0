"""Reads of agents: the list, one, and which arranged a placement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from jobfair.agents.models import Agent, ArrangedPlacement
from jobfair.kit.crypto import vault
from jobfair.kit.masking import mask_name, mask_phone
from jobfair.placements.models import Placement
from jobfair.regions.rules import and_above


@dataclass(frozen=True, slots=True)
class AgentFilter:
    """What the list is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division: agents of it, of what lies in it and of what it lies in.
        active: only agents that have not ended.
        licensed_on: only those whose licence, if they have one, holds on this day.
    """

    scope: str | None = None
    kind: str = ""
    text: str = ""
    active: bool = False
    licensed_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent; the contact is masked unless it is asked for in full."""

    id: int
    division: str
    name: str
    kind: str
    licence: str
    licence_until: date | None
    contact_name: str
    contact_phone: str
    ended_on: date | None
    placed: int


def list_agents(
    session: Session, wanted: AgentFilter, *, limit: int = 50, offset: int = 0
) -> list[AgentRow]:
    """Return a page of agents by name, with how many placements each arranged."""
    query = select(Agent).where(*_conditions(wanted)).order_by(Agent.name, Agent.id)
    return _rows(session, query.limit(limit).offset(offset), unmasked=False)


def count_agents(session: Session, wanted: AgentFilter) -> int:
    """Return how many agents a filter finds."""
    query = select(func.count()).select_from(Agent).where(*_conditions(wanted))
    return session.execute(query).scalar_one()


def find_agent(session: Session, agent_id: int, *, unmasked: bool = False) -> AgentRow | None:
    """Return one agent."""
    query = select(Agent).where(Agent.id == agent_id)
    return next(iter(_rows(session, query, unmasked=unmasked)), None)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Which agent arranged a placement, and what says so."""

    agent_id: int
    name: str
    evidence: str


def arranged(session: Session, placement_ids: Collection[int]) -> dict[int, Arranged]:
    """Return the agents of some placements, by placement."""
    rows = session.execute(
        select(ArrangedPlacement.placement_id, Agent.id, Agent.name, ArrangedPlacement.evidence)
        .join(Agent, Agent.id == ArrangedPlacement.agent_id)
        .where(ArrangedPlacement.placement_id.in_(placement_ids))
    )
    return {row.placement_id: Arranged(row.id, row.name, row.evidence) for row in rows}


def _rows(session: Session, query: object, *, unmasked: bool) -> list[AgentRow]:
    agents = list(session.execute(query).scalars())  # type: ignore[call-overload]
    counted = session.execute(
        select(ArrangedPlacement.agent_id, func.count())
        .join(Placement, Placement.id == ArrangedPlacement.placement_id)
        .where(~Placement.void, ArrangedPlacement.agent_id.in_([one.id for one in agents]))
        .group_by(ArrangedPlacement.agent_id)
    )
    placed: dict[int, int] = {row[0]: row[1] for row in counted}
    return [_row(one, placed.get(one.id, 0), unmasked=unmasked) for one in agents]


def _row(agent: Agent, placed: int, *, unmasked: bool) -> AgentRow:
    def opened(name: str) -> str:
        sealed: bytes | None = getattr(agent, name)
        if sealed is None:
            return ""
        return vault().open(sealed, table="agent", column=name, row=agent.key)

    name, phone = opened("contact_name"), opened("contact_phone")
    if not unmasked:
        name, phone = mask_name(name) if name else "", mask_phone(phone) if phone else ""
    return AgentRow(
        agent.id,
        agent.division,
        agent.name,
        agent.kind,
        agent.licence,
        agent.licence_until,
        name,
        phone,
        agent.ended_on,
        placed,
    )


def _conditions(wanted: AgentFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.scope:
        found.append(
            or_(
                Agent.division.startswith(wanted.scope, autoescape=True),
                Agent.division.in_(and_above(wanted.scope)),
            )
        )
    if wanted.kind:
        found.append(Agent.kind == wanted.kind)
    if wanted.text:
        found.append(Agent.name.icontains(wanted.text, autoescape=True))
    if wanted.active:
        found.append(Agent.ended_on.is_(None))
    if wanted.licensed_on:
        found.append(or_(Agent.licence_until.is_(None), Agent.licence_until >= wanted.licensed_on))
    return found
