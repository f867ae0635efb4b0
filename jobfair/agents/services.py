"""Verbs of agents: add, edit, end, say whom one placed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.agents.models import Agent, ArrangedPlacement
from jobfair.agents.rules import AgentDraft, AgentEnded, SameAgent
from jobfair.kit import audit, clock
from jobfair.kit.crypto import vault
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.placements.models import Placement
from jobfair.seekers.queries.sealed import phone_index

_SEALED = ("contact_name", "contact_phone")


def add_agent(session: Session, draft: AgentDraft, recorder: Recorder, *, division: str) -> int:
    """Add an agent of a division; return the id.

    Raises:
        SameAgent: the division has one of this name.
    """
    agent = Agent(key=new_key(), division=division, added_at=clock.now(), added_by=recorder.user_id)
    _write(session, agent, draft)
    session.add(agent)
    session.flush()
    audit.record(session, "agent.add", subject="agent", subject_id=agent.id)
    return agent.id


def edit_agent(session: Session, agent_id: int, draft: AgentDraft) -> None:
    """Write an agent anew.

    Raises:
        NotFound: no such agent.
        SameAgent: the division has another one of this name.
    """
    _write(session, _agent(session, agent_id), draft)
    audit.record(session, "agent.edit", subject="agent", subject_id=agent_id)


def end_agent(session: Session, agent_id: int, *, ended: bool) -> None:
    """Say that an agent places nobody any more, or does so again; what it did stays.

    Raises:
        NotFound: no such agent.
    """
    _agent(session, agent_id).ended_on = clock.today() if ended else None
    verb = "agent.end" if ended else "agent.resume"
    audit.record(session, verb, subject="agent", subject_id=agent_id)


def arrange(
    session: Session,
    placement_id: int,
    agent_id: int | None,
    evidence: str,
    recorder: Recorder,
) -> None:
    """Say which agent arranged a placement; None for nobody.

    Raises:
        NotFound: no such placement or agent.
        AgentEnded: the agent had ended.
    """
    if session.get(Placement, placement_id, with_for_update=True) is None:
        raise NotFound
    row = session.get(ArrangedPlacement, placement_id)
    if agent_id is None:
        if row is not None:
            session.delete(row)
    else:
        agent = _agent(session, agent_id)
        if agent.ended_on is not None and (row is None or row.agent_id != agent_id):
            raise AgentEnded
        row = row or ArrangedPlacement(placement_id=placement_id)
        row.agent_id, row.evidence = agent_id, evidence.strip()[:200]
        row.noted_at, row.noted_by = clock.now(), recorder.user_id
        session.add(row)
    detail = {"agent": agent_id}
    audit.record(
        session, "agent.arrange", subject="placement", subject_id=placement_id, detail=detail
    )


def _agent(session: Session, agent_id: int) -> Agent:
    found = session.get(Agent, agent_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _write(session: Session, agent: Agent, draft: AgentDraft) -> None:
    same = select(Agent.id).where(Agent.division == agent.division, Agent.name == draft.name)
    with session.no_autoflush:
        other = session.execute(same).scalar_one_or_none()
    if other is not None and other != agent.id:
        raise SameAgent
    agent.name, agent.kind = draft.name, draft.kind
    agent.licence, agent.licence_until = draft.licence, draft.licence_until
    for name in _SEALED:
        value: str = getattr(draft, name)
        place: dict[str, Any] = {"table": "agent", "column": name, "row": agent.key}
        setattr(agent, name, vault().seal(value, **place) if value else None)
    agent.phone_index = phone_index(draft.contact_phone) if draft.contact_phone else None
