"""Reads of capacity plans."""

from dataclasses import fields

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
