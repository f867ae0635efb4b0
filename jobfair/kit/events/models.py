"""The columns and constraints that every table of events has."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from jobfair.kit.db import one_of
from jobfair.kit.events.rules import Grade, Precision


class EventColumns:
    """One thing that happened, with who says so; never changed, only reversed by another.

    The unique ``reverses_id`` is what holds an event to one reversal when the code is wrong.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    occurred_on: Mapped[date]
    date_precision: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]  # user id; None for the system itself
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    evidence_grade: Mapped[str] = mapped_column(String(1))
    evidence_ref: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(200))

    @declared_attr
    @classmethod
    def reverses_id(cls) -> Mapped[int | None]:
        """The event that this one takes back."""
        table: Any = cls
        return mapped_column(ForeignKey(f"{table.__tablename__}.id"), unique=True)


def event_constraints(table: str, kinds: Iterable[StrEnum]) -> tuple[CheckConstraint | Index, ...]:
    """Return what the database itself holds true of a table of events."""
    return (
        CheckConstraint(one_of("kind", kinds), name="kind_known"),
        CheckConstraint(one_of("date_precision", Precision), name="precision_known"),
        CheckConstraint(one_of("evidence_grade", Grade), name="grade_known"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names"),
        CheckConstraint("kind <> 'reversal' OR reason <> ''", name="reversal_has_reason"),
        Index(f"ix_{table}_kind_occurred", "kind", "occurred_on", "recorded_at"),
    )
