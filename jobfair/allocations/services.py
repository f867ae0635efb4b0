"""Verbs of plans: keep one, set a pair by hand, take that back, invite everybody planned for."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from jobfair.allocations import queries
from jobfair.allocations.models import (
    Allocation,
    AllocationEdit,
    AllocationPosition,
    AllocationRival,
    AllocationSeat,
    FairInvitation,
)
from jobfair.allocations.rules import (
    EditKind,
    NoPostLeft,
    NoSuchPlan,
    NotInFair,
    PinnedElsewhere,
    SetAlready,
)
from jobfair.fairs.queries import headcounts_of
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.errors import NotFound
from jobfair.matching.plans import FairOrder, FairPlan

_SEATS = cast(Table, AllocationSeat.__table__)
_POSITIONS = cast(Table, AllocationPosition.__table__)
_RIVALS = cast(Table, AllocationRival.__table__)
_INVITATIONS = cast(Table, FairInvitation.__table__)
# So many pairs who would rather have each other are kept one by one; all are counted.
_RIVALS_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Invited:
    """How many people were invited now, and how many had been before."""

    fresh: int
    before: int


def keep_plan(
    session: Session, fair_id: int, order: FairOrder, plan: FairPlan, *, user_id: int | None
) -> int:
    """Keep a plan as it was made; return its number."""
    stored = Allocation(
        fair_id=fair_id,
        objective=order.objective,
        seed=order.seed,
        share=round(order.share * 100),
        group_rule=order.groups.value,
        profile=plan.profile,
        planned_for=order.day,
        made_at=clock.now(),
        made_by=user_id,
        posts=plan.posts,
        filled=plan.filled,
        total=plan.total,
        bound=plan.bound,
        rivals=len(plan.rivals),
        groups_kept=plan.groups_kept,
        groups_apart=plan.groups_apart,
        groups_left=plan.groups_left,
        digest=plan.digest,
    )
    session.add(stored)
    session.flush()
    own = {"allocation_id": stored.id}
    insert_rows(
        session,
        _SEATS,
        [
            own
            | {
                "seeker_id": one.seeker_id,
                "position_id": one.position_id,
                "points": one.points,
                "pinned": one.pinned,
            }
            for one in plan.seats
        ],
    )
    insert_rows(
        session,
        _POSITIONS,
        [
            own
            | {
                "position_id": one.position_id,
                "headcount": one.headcount,
                "filled": one.filled,
                "eligible": one.eligible,
                "lack": one.lack.value if one.lack else None,
            }
            for one in plan.positions
        ],
    )
    insert_rows(
        session,
        _RIVALS,
        [
            own | {"seeker_id": seeker, "position_id": position}
            for seeker, position in plan.rivals[:_RIVALS_KEPT]
        ],
    )
    detail = {"fair": fair_id, "objective": order.objective, "filled": plan.filled}
    audit.record(
        session, "allocation.make", subject="allocation", subject_id=stored.id, detail=detail
    )
    return stored.id


def set_by_hand(
    session: Session,
    fair_id: int,
    kind: EditKind,
    *,
    seeker_id: int,
    position_id: int,
    user_id: int | None,
) -> int:
    """Pin somebody to a position of a fair, or bar the pair; return the number of the edit.

    It holds for every plan made from now on, until it is taken back.

    Raises:
        NotInFair: the position does not take part.
        SetAlready: the pair is pinned or barred.
        PinnedElsewhere: the person is pinned to another position.
        NoPostLeft: as many people are pinned to the position as it takes.
    """
    headcount = headcounts_of(session, fair_id).get(position_id)
    if headcount is None:
        raise NotInFair
    standing = queries.list_edits(session, fair_id)
    if any((one.seeker_id, one.position_id) == (seeker_id, position_id) for one in standing):
        raise SetAlready
    if kind is EditKind.PINNED:
        pins = queries.pins(standing)
        if seeker_id in pins:
            raise PinnedElsewhere
        if sum(one == position_id for one in pins.values()) >= headcount:
            raise NoPostLeft(headcount=headcount)
    made = AllocationEdit(
        fair_id=fair_id,
        seeker_id=seeker_id,
        position_id=position_id,
        kind=kind.value,
        made_at=clock.now(),
        made_by=user_id,
    )
    session.add(made)
    session.flush()
    detail = {"fair": fair_id, "position": position_id, "kind": kind.value}
    audit.record(session, "allocation.set", subject="seeker", subject_id=seeker_id, detail=detail)
    return made.id


def take_back(session: Session, edit_id: int, *, user_id: int | None) -> None:
    """Take back what was set by hand; nothing happens when it was already.

    Raises:
        NotFound: there is no such edit.
    """
    found = session.get(AllocationEdit, edit_id)
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at, found.withdrawn_by = clock.now(), user_id
    detail = {"fair": found.fair_id, "position": found.position_id, "kind": found.kind}
    audit.record(
        session,
        "allocation.take_back",
        subject="seeker",
        subject_id=found.seeker_id,
        detail=detail,
    )


def invite(session: Session, allocation_id: int, *, user_id: int | None) -> Invited:
    """Invite everybody a plan has a post for; who is invited for it already stays so.

    Raises:
        NoSuchPlan: there is no such plan.
    """
    plan = queries.find_allocation(session, allocation_id)
    if plan is None:
        raise NoSuchPlan
    fresh = queries.uninvited(session, plan.id)
    now = clock.now()
    insert_rows(
        session,
        _INVITATIONS,
        [
            {
                "fair_id": plan.fair_id,
                "seeker_id": seeker,
                "position_id": position,
                "allocation_id": allocation_id,
                "invited_at": now,
                "invited_by": user_id,
            }
            for seeker, position in fresh
        ],
    )
    detail = {"fair": plan.fair_id, "invited": len(fresh)}
    audit.record(
        session,
        "allocation.invite",
        subject="allocation",
        subject_id=allocation_id,
        detail=detail,
    )
    return Invited(len(fresh), plan.filled - len(fresh))
