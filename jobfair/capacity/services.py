"""Verbs of capacity plans."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from jobfair.capacity.core.sizing import Expectation
from jobfair.capacity.models import CapacityPlan
from jobfair.kit import audit, clock


def keep_expectation(
    session: Session, fair_id: int, expected: Expectation, *, user_id: int | None
) -> None:
    """Keep what is expected of a fair in place of what was; the same again changes nothing."""
    plan = session.get(CapacityPlan, fair_id)
    wanted = asdict(expected)
    if plan is None:
        plan = CapacityPlan(fair_id=fair_id)
        session.add(plan)
        changed = wanted
    else:
        changed = {name: value for name, value in wanted.items() if getattr(plan, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(plan, name, value)
    plan.changed_at, plan.changed_by = clock.now(), user_id
    audit.record(session, "capacity.keep", subject="fair", subject_id=fair_id, detail=changed)
