"""Reads of capacity plans."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.capacity.core.sizing import Entry, Expectation
from jobfair.capacity.models import CapacityPlan

_NUMBERS = tuple(field.name for field in fields(Expectation) if field.name != "entry")


def find_expectation(session: Session, fair_id: int) -> Expectation | None:
    """Return what is expected of a fair; None before anybody said."""
    plan = session.get(CapacityPlan, fair_id)
    if plan is None:
        return None
    numbers = {name: getattr(plan, name) for name in _NUMBERS}
    return Expectation(**numbers, entry=Entry(plan.entry))


def persons_a_day(session: Session, fair_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people are expected on the fullest day, of those fairs that have a plan."""
    plan = select(CapacityPlan.fair_id, CapacityPlan.persons, CapacityPlan.days)
    rows = session.execute(plan.where(CapacityPlan.fair_id.in_(fair_ids)))
    return {row.fair_id: -(-row.persons // row.days) for row in rows}
