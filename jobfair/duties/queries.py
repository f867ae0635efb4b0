"""Reads of organisers' duties: the rules', with what became of them, and those added by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.capacity.queries import persons_a_day
from jobfair.duties.models import OrganiserDuty
from jobfair.duties.rules import Due, FairFacts, duties_of, presses
from jobfair.fairs.queries import FairRow, list_fairs

# What was left undone longer ago is history: it stays on the fair's own page.
_LOOKED_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty in a list.

    Attributes:
        key: what names it in addresses: the rule's code, or the id of one's own.
        own_id: id of a duty typed by hand; None for one of the rules.
        title: of one's own; empty for one of the rules.
        rule: what the rules say; None for one's own.
        done_by: name of who said that it is done.
    """

    key: str
    own_id: int | None
    title: str
    rule: Due | None
    due_on: date | None
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """A duty typed by hand."""

    id: int
    fair_id: int
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Pressing:
    """Duties of one fair that are due within a week or overdue, the first due first."""

    fair: FairRow
    duties: tuple[DutyRow, ...]


def list_duties(session: Session, fair: FairRow) -> list[DutyRow]:
    """Return the duties of a fair: first what is open, by due day, then what is done."""
    return _duties(session, [fair])[fair.id]


def pressing(session: Session, today: date) -> list[Pressing]:
    """Return what is due within a week or overdue, of fairs to come and those just past."""
    fairs = [fair for fair in list_fairs(session) if fair.ends_on >= today - _LOOKED_BACK]
    rows = _duties(session, fairs)
    found = [
        Pressing(
            fair,
            tuple(r for r in rows[fair.id] if r.done_at is None and presses(r.due_on, today)),
        )
        for fair in fairs
    ]
    return [one for one in found if one.duties]


def _duties(session: Session, fairs: Sequence[FairRow]) -> dict[int, list[DutyRow]]:
    ids = [fair.id for fair in fairs]
    kept = list(
        session.execute(select(OrganiserDuty).where(OrganiserDuty.fair_id.in_(ids))).scalars()
    )
    names, _ = recorder_names(session, {row.done_by for row in kept if row.done_by}, ())
    expected = persons_a_day(session, ids)
    done = {(row.fair_id, row.code): row for row in kept if row.code}
    found: dict[int, list[DutyRow]] = {}
    for fair in fairs:
        facts = FairFacts(fair.starts_on, fair.ends_on, fair.division_code, expected.get(fair.id))
        rows = [
            _row(due.duty, due.due_on, done.get((fair.id, due.duty)), names, rule=due)
            for due in duties_of(facts)
        ]
        rows += [
            _row(str(own.id), own.due_on, own, names)
            for own in kept
            if own.fair_id == fair.id and own.code is None
        ]
        found[fair.id] = sorted(
            rows, key=lambda row: (row.done_at is not None, row.due_on or date.max, row.key)
        )
    return found


def _row(
    key: str,
    due_on: date | None,
    kept: OrganiserDuty | None,
    names: dict[int, str],
    *,
    rule: Due | None = None,
) -> DutyRow:
    return DutyRow(
        key,
        None if rule or kept is None else kept.id,
        (kept.title if kept else None) or "",
        rule,
        due_on,
        kept.done_at if kept else None,
        names.get(kept.done_by or 0, "") if kept else "",
    )


def find_own(session: Session, duty_id: int) -> OwnDuty | None:
    """Return a duty typed by hand; None when there is none of this id."""
    row = session.get(OrganiserDuty, duty_id)
    if row is None or row.title is None or row.due_on is None:
        return None
    return OwnDuty(row.id, row.fair_id, row.title, row.due_on)
