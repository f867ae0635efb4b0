"""Verbs of agents: add, edit, end, say whom one placed."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.agents.models import Agent, ArrangedPlacement
from jobfair.agents.rules import AgentDraft, AgentEnded, FoundAlone, SameAgent
from jobfair.kit import audit, clock
from jobfair.kit.crypto import vault
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.placements.models import Placement
from jobfair.placements.rules.counting import Channel
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
    """Write an agent anew; a contact that is left empty stays.

    Raises:
        NotFound: no such agent.
        SameAgent: the division has another one of this name.
    """
    _write(session, _agent(session, agent_id), draft, keep_contact=True)
    audit.record(session, "agent.edit", subject="agent", subject_id=agent_id)


def note_contact_read(session: Session, agent_id: int) -> None:
    """Note that somebody saw an agent's contact in clear."""
    audit.record(session, "agent.contact", subject="agent", subject_id=agent_id)


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
        FoundAlone: the person found the work without anybody.
        AgentEnded: the agent had ended, or its licence had run out.
    """
    placement = session.get(Placement, placement_id, with_for_update=True)
    if placement is None:
        raise NotFound
    row = session.get(ArrangedPlacement, placement_id)
    before = row.agent_id if row else None
    if agent_id is None:
        if row is not None:
            session.delete(row)
    else:
        agent = _agent(session, agent_id)
        if placement.channel == Channel.SELF_ARRANGED:
            raise FoundAlone
        run_out = agent.licence_until is not None and agent.licence_until < clock.today()
        if (agent.ended_on is not None or run_out) and before != agent_id:
            raise AgentEnded
        row = row or ArrangedPlacement(placement_id=placement_id)
        row.agent_id, row.evidence = agent_id, evidence.strip()[:200]
        row.noted_at, row.noted_by = clock.now(), recorder.user_id
        session.add(row)
    detail = {"agent": agent_id, "before": before}
    audit.record(
        session, "agent.arrange", subject="placement", subject_id=placement_id, detail=detail
    )


def _agent(session: Session, agent_id: int) -> Agent:
    found = session.get(Agent, agent_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _write(
    session: Session, agent: Agent, draft: AgentDraft, *, keep_contact: bool = False
) -> None:
    same = select(Agent.id).where(Agent.division == agent.division, Agent.name == draft.name)
    with session.no_autoflush:
        other = session.execute(same).scalar_one_or_none()
    if other is not None and other != agent.id:
        raise SameAgent
    agent.name, agent.kind = draft.name, draft.kind
    agent.licence, agent.licence_until = draft.licence, draft.licence_until
    for name in _SEALED:
        value: str = getattr(draft, name)
        if keep_contact and not value:
            continue
        place: dict[str, Any] = {"table": "agent", "column": name, "row": agent.key}
        setattr(agent, name, vault().seal(value, **place) if value else None)
    if draft.contact_phone:
        agent.phone_index = phone_index(draft.contact_phone)
