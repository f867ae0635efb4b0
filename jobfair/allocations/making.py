"""Makes a plan of a fair and keeps it."""

from dataclasses import dataclass

from jobfair.allocations import queries, services
from jobfair.allocations.rules import NothingToPlan
from jobfair.fairs.queries import FairRow, headcounts_of
from jobfair.kit.db import Database
from jobfair.matching.planning import plan_fair
from jobfair.matching.plans import FairOrder, FairPlan, GroupRule
from jobfair.matching.pool import Pool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of a plan; the share in per cent."""

    objective: str
    seed: int = 0
    share: int = 0
    groups: GroupRule = GroupRule.TOGETHER


def make_and_keep(
    database: Database, pool: Pool, fair: FairRow, wanted: Wanted, *, user_id: int | None
) -> tuple[int, FairPlan]:
    """Plan a fair as of its first day, keep the plan, and return its number beside it.

    Raises:
        NothingToPlan: no position takes part.
    """
    with database.reading() as session:
        headcounts = headcounts_of(session, fair.id)
        edits = queries.list_edits(session, fair.id)
    if not headcounts:
        raise NothingToPlan
    order = FairOrder(
        headcounts=headcounts,
        day=fair.starts_on,
        objective=wanted.objective,
        seed=wanted.seed,
        share=wanted.share / 100,
        groups=wanted.groups,
        pinned=queries.pins(edits),
        barred=queries.bars(edits),
    )
    plan = plan_fair(pool, order)
    with database.writing() as session:
        number = services.keep_plan(session, fair.id, order, plan, user_id=user_id)
    return number, plan
