"""Placements for tests, made by the real verbs."""

from dataclasses import replace
from datetime import date
from typing import Any

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements import services
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft

DRAFT = PlacementDraft(
    employer_name="深圳某电子厂",
    channel=Channel.ORGANISED,
    started_on=date(2010, 3, 8),
    title="普工",
    workplace_division="440306",
    workplace_text="深圳市宝安区",
    wage_fen=180_000,
)


def make_placement(database: Database, seeker_id: int, **changes: Any) -> int:
    """Record a placement and return its id."""
    with database.writing() as session:
        return services.record_placement(session, seeker_id, replace(DRAFT, **changes), Recorder())
