"""Reads of a table of events: the rules' events, the rows a page shows, what counts in SQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from jobfair.kit.events.models import EventColumns
from jobfair.kit.events.rules import Event, Grade, K, Line, Precision, S

Names = Mapping[int, str]
# Given user ids and organisation ids, returns the names of both.
NamesOf = Callable[[Session, Collection[int], Collection[int]], tuple[Names, Names]]


@dataclass(frozen=True, slots=True)
class EventRow(Generic[K]):
    """One event as shown.

    Attributes:
        owner_id: whose line it stands on.
        recorder: name of the user, empty for the system.
        office: name of the office, empty for none.
        reversal: the event that took this one back, None while it counts.
    """

    event: Event[K]
    owner_id: int
    recorder: str
    office: str
    evidence: str
    source: str
    reversal: Event[K] | None
    reversed_by: str


@dataclass(frozen=True, slots=True)
class EventTable(Generic[K, S]):
    """Where the events of one kind of line are kept.

    Attributes:
        model: the mapped table.
        owner: name of the column that says whose line it is.
        kinds: the enumeration of kinds.
        line: the rules.
        subject: the word for the owner in the audit chain.
    """

    model: type[EventColumns]
    owner: str
    kinds: type[K]
    line: Line[K, S]
    subject: str

    @property
    def _owner(self) -> Any:
        return getattr(self.model, self.owner)

    def lines(
        self, session: Session, owners: Collection[int] | Select[int]
    ) -> dict[int, list[Event[K]]]:
        """Return everything recorded on some lines, by owner; owners may be a query of ids."""
        model: Any = self.model
        found: dict[int, list[Event[K]]] = {}
        rows = session.execute(
            select(
                self._owner.label("owner_id"),
                model.id,
                model.kind,
                model.occurred_on,
                model.recorded_at,
                model.date_precision,
                model.evidence_grade,
                model.reverses_id,
                model.reason,
            ).where(self._owner.in_(owners))
        )
        for row in rows:
            found.setdefault(row.owner_id, []).append(self.event_of(row))
        return found

    def line_of(self, session: Session, owner_id: int) -> list[Event[K]]:
        """Return everything recorded on one line."""
        return self.lines(session, (owner_id,)).get(owner_id, [])

    def owner_of(self, session: Session, event_id: int) -> int | None:
        """Return whose line an event stands on, None for no such event."""
        owner: int | None = session.execute(
            select(self._owner).where(self.model.id == event_id)
        ).scalar_one_or_none()
        return owner

    def rows(
        self, session: Session, owners: Collection[int], names_of: NamesOf
    ) -> dict[int, tuple[EventRow[K], ...]]:
        """Return the events of some lines as shown, reversals included, in order."""
        kept = session.execute(select(self.model).where(self._owner.in_(owners))).scalars().all()
        users, offices = names_of(
            session,
            {row.recorded_by for row in kept if row.recorded_by is not None},
            {row.office_id for row in kept if row.office_id is not None},
        )
        taken_back = {row.reverses_id: row for row in kept if row.reverses_id is not None}
        found: dict[int, list[EventRow[K]]] = {}
        for row in kept:
            back = taken_back.get(row.id)
            shown = EventRow(
                event=self.event_of(row),
                owner_id=getattr(row, self.owner),
                recorder=users.get(row.recorded_by or 0, ""),
                office=offices.get(row.office_id or 0, ""),
                evidence=row.evidence_ref,
                source=row.source,
                reversal=self.event_of(back) if back else None,
                reversed_by=users.get(back.recorded_by or 0, "") if back else "",
            )
            found.setdefault(shown.owner_id, []).append(shown)
        return {
            owner: tuple(sorted(rows, key=lambda shown: self.line.order(shown.event)))
            for owner, rows in found.items()
        }

    def event_of(self, row: Any) -> Event[K]:
        """Return a stored event, mapped or as plain columns, as the rules know it."""
        return Event(
            row.id,
            self.kinds(row.kind),
            row.occurred_on,
            row.recorded_at,
            Precision(row.date_precision),
            Grade(row.evidence_grade),
            row.reverses_id,
            row.reason,
        )


def counting(
    event: type[EventColumns], *, as_of: date | None = None, known_at: datetime | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions under which an event counts, as `Line.visible` says it.

    Args:
        event: the mapped table or an alias of it; its reversals must be left out by kind.
        as_of: only what had happened by this day; None for all.
        known_at: only what had been recorded by then, reversals included; None for all.
    """
    reversal: Any = aliased(event)
    taken_back = exists().where(reversal.reverses_id == event.id)
    if known_at is not None:
        taken_back = taken_back.where(reversal.recorded_at <= known_at)
    found: list[ColumnElement[bool]] = [~taken_back]
    if as_of is not None:
        found.append(event.occurred_on <= as_of)
    if known_at is not None:
        found.append(event.recorded_at <= known_at)
    return found
