"""Agents for tests, by the real verbs."""

from datetime import date
from typing import Any

from jobfair.agents.rules import AgentDraft, AgentKind
from jobfair.agents.services import add_agent, arrange
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder


def make_agent(
    database: Database, name: str = "乌蒙劳务", *, division: str = "520502", **changes: Any
) -> int:
    """Add an agency and return its id."""
    said: dict[str, Any] = {
        "kind": AgentKind.AGENCY,
        "licence": "520500-001",
        "licence_until": date(2030, 1, 1),
    }
    draft = AgentDraft(name, **(said | changes))
    with database.writing() as session:
        return add_agent(session, draft, Recorder(), division=division)


def arranged_by(database: Database, placement: int, agent: int) -> None:
    """Note that an agent arranged a placement."""
    with database.writing() as session:
        arrange(session, placement, agent, "名单", Recorder())
