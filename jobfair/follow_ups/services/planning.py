"""Making due follow-ups by themselves, and giving them to callers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, Table, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from jobfair.follow_ups.models import FollowUpDue, FollowUpMark, RightsCase
from jobfair.follow_ups.queries.work import WorkFilter, count_loads, unshared
from jobfair.follow_ups.rules.checkpoints import (
    OVERDUE_DAYS,
    Checkpoint,
    DueState,
    oldest_asked,
    standing,
    window_of,
)
from jobfair.follow_ups.rules.sharing import share_out
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_new
from jobfair.kit.changes import current_revision
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.seekers.models import Seeker

# Placements of one transaction: some 50,000 rows, which others wait a second or two for.
_AT_ONCE = 10_000
# On PostgreSQL an event may be committed after one with a higher id; the daily sweep finds the
# rest.
_LOOK_BACK = 200
_DUES = cast(Table, FollowUpDue.__table__)
_MARKS = cast(Table, FollowUpMark.__table__)
_COUNTY = 6


@dataclass(frozen=True, slots=True)
class Caught:
    """What catching up did; ``more`` when placements are left for another transaction."""

    made: int
    changed: int
    more: bool


def catch_up(session: Session) -> Caught:
    """Make due follow-ups agree with the placements; done again, it changes nothing.

    Placements with events since last time are looked at, and once a day all that differ: new first
    days, changed ones, reversed ones, ends; checkpoints that the next one has overtaken. Who has
    moved is asked by the office of the new home.
    """
    today = clock.today()
    empty = {"id": 1, "event_id": 0, "seeker_revision": 0, "swept_on": None}
    insert_new(session, _MARKS, [empty])
    mark = session.get_one(FollowUpMark, 1, with_for_update=True)
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    sweeps = mark.swept_on != today
    if sweeps:
        overtaken = _overtake(session, today)
        ids = _differing(session, today)
        more = len(ids) == _AT_ONCE
    else:
        overtaken, more = 0, False
        ids = _changed_since(session, mark.event_id - _LOOK_BACK)
    made, changed = settle(session, ids)
    revision = current_revision(session, "seeker")
    changed += overtaken + _move_home(session, mark.seeker_revision)
    mark.seeker_revision = revision
    if not more:
        mark.event_id, mark.swept_on = newest, today
    if made or changed or sweeps:  # a sweep writes, though it may find nothing to write to
        detail = {"made": made, "changed": changed}
        audit.record(session, "follow_up.plan", subject="follow_up_due", detail=detail)
    return Caught(made, changed, more)


def settle(session: Session, placement_ids: Collection[int]) -> tuple[int, int]:
    """Make the due follow-ups of some placements what the placements say.

    Returns:
        How many were made, and how many changed.
    """
    today = clock.today()
    new: list[dict[str, Any]] = []
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for block in in_slices(sorted(placement_ids)):
        dues = {
            (due.placement_id, due.checkpoint): due
            for due in session.execute(
                select(
                    FollowUpDue.id,
                    FollowUpDue.placement_id,
                    FollowUpDue.checkpoint,
                    FollowUpDue.first_on,
                    FollowUpDue.state,
                ).where(FollowUpDue.placement_id.in_(block))
            )
        }
        for placement in session.execute(_facts().where(Placement.id.in_(block))):
            for checkpoint in Checkpoint:
                due = dues.get((placement.id, checkpoint))
                differs = _difference(placement, checkpoint, due, today)
                if differs is None:
                    continue
                if due is None:
                    new.append(_new(placement, checkpoint) | differs)
                else:
                    changed[tuple(differs)].append({"id": due.id} | differs)
    # Somebody who records a follow-up at this moment makes the same rows.
    made = insert_new(session, _DUES, new)
    for rows in changed.values():
        session.execute(update(FollowUpDue), rows)
    return made, sum(map(len, changed.values()))


def share_work(session: Session, wanted: WorkFilter, user_ids: Sequence[int]) -> int:
    """Give the work that nobody has to some callers, evenly; return how much was given.

    A person stays with who asked before; a township goes to one caller after the other.
    """
    given = share_out(unshared(session, wanted), count_loads(session, user_ids, wanted.today))
    if given:
        session.execute(
            update(FollowUpDue),
            [{"id": due_id, "caller_id": user} for due_id, user in sorted(given.items())],
        )
        detail = {"count": len(given), "callers": len(user_ids)}
        audit.record(session, "follow_up.share", subject="follow_up_due", detail=detail)
    return len(given)


def _facts() -> Any:
    return (
        select(
            Placement.id,
            Placement.seeker_id,
            _PERSON.home_division,
            Placement.started_on,
            _RUNS.label("runs"),
        )
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(_PERSON, _IS_PERSON)
    )


# Whose a record is: the kept one, where it was merged into another.
_PERSON = aliased(Seeker)
_IS_PERSON = _PERSON.id == func.coalesce(Seeker.merged_into_id, Seeker.id)

_RUNS = (
    Placement.main
    & ~Placement.void
    & Placement.started_on.is_not(None)
    & Placement.ended_on.is_(None)
)


def _difference(
    placement: Row[Any], checkpoint: Checkpoint, due: Any, today: date
) -> dict[str, Any] | None:
    """Return the columns in which a checkpoint's row differs from its placement; None for none."""
    if not placement.runs:
        dropped = due is not None and due.state == DueState.OPEN
        return {"state": DueState.DROPPED} if dropped else None
    if due is None and placement.started_on < oldest_asked(today):
        return None
    state = standing(placement.started_on, checkpoint, today)
    if due is not None and due.state == DueState.DONE:
        state = DueState.DONE
    if due is not None and due.first_on == placement.started_on:
        return {"state": state} if due.state != state else None
    window = window_of(placement.started_on, checkpoint)
    return {
        "state": state,
        "first_on": placement.started_on,
        "due_on": window.due_on,
        "opens_on": window.opens_on,
        "closes_on": window.closes_on,
    }


def _new(placement: Row[Any], checkpoint: Checkpoint) -> dict[str, Any]:
    """Return the columns of a new row that no later look changes."""
    return {
        "placement_id": placement.id,
        "seeker_id": placement.seeker_id,
        "county": placement.home_division[:_COUNTY],
        "home_division": placement.home_division,
        "checkpoint": checkpoint,
        "caller_id": None,
        "attempts": 0,
        "follow_up_id": None,
    }


def _move_home(session: Session, revision: int) -> int:
    """Give what is due, and open rights cases, to the offices of people's present homes.

    Args:
        session: the writing session.
        revision: only people whose records changed after it.

    Returns:
        How many rows changed.
    """
    count = 0
    for table, more in ((FollowUpDue, True), (RightsCase, False)):
        row: Any = table
        moved = session.execute(
            select(row.id, _PERSON.home_division)
            .join(Seeker, Seeker.id == row.seeker_id)
            .join(_PERSON, _IS_PERSON)
            .where(
                or_(Seeker.revision > revision, _PERSON.revision > revision),
                row.home_division != _PERSON.home_division,
            )
        ).all()
        count += len(moved)
        changes = [
            {"id": one.id, "home_division": one.home_division}
            | ({"county": one.home_division[:_COUNTY]} if more else {})
            for one in moved
        ]
        if changes:
            session.execute(update(table), changes)
    return count


def _changed_since(session: Session, event_id: int) -> list[int]:
    changed = select(PlacementEvent.placement_id).where(PlacementEvent.id > event_id).distinct()
    return list(session.execute(changed).scalars())


def _differing(session: Session, today: date) -> list[int]:
    """Return placements, a transaction's worth at most, whose due follow-ups are not theirs."""
    of_placement = FollowUpDue.placement_id == Placement.id
    last = exists().where(
        of_placement,
        FollowUpDue.checkpoint == Checkpoint.MONTH_12,
        FollowUpDue.first_on == Placement.started_on,
        FollowUpDue.state != DueState.DROPPED,
    )
    asked = Placement.started_on >= oldest_asked(today)
    lacking = select(Placement.id).where(_RUNS, asked, ~last)
    over = (
        select(FollowUpDue.placement_id)
        .join(Placement, of_placement)
        .where(FollowUpDue.state == DueState.OPEN, ~_RUNS)
        .distinct()
    )
    found: set[int] = set()
    for statement in (lacking, over):
        found |= set(session.execute(statement.limit(_AT_ONCE - len(found))).scalars())
    return sorted(found)


def _overtake(session: Session, today: date) -> int:
    """Close what the next checkpoint has overtaken, and what has been overdue too long."""
    later = aliased(FollowUpDue)
    overtaken = exists().where(
        later.placement_id == FollowUpDue.placement_id,
        later.opens_on > FollowUpDue.opens_on,
        later.opens_on <= today,
    )
    steps = (
        (DueState.PASSED, overtaken),
        (DueState.MISSED, FollowUpDue.closes_on < today - OVERDUE_DAYS),
    )
    counts = 0
    for state, condition in steps:
        done: Any = session.execute(
            update(FollowUpDue)
            .where(FollowUpDue.state == DueState.OPEN, FollowUpDue.opens_on <= today, condition)
            .values(state=state)
            .execution_options(synchronize_session=False)
        )
        counts += done.rowcount
    return counts
