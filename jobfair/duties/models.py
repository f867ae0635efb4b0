"""The table of organisers' duties."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class OrganiserDuty(Base):
    """办会事项: a duty that was typed by hand, or what became of one that follows from the rules.

    What follows from the rules has a row only once somebody said that it is done: its day and its
    words are the rules', so they move with the fair.
    """

    __tablename__ = "organiser_duty"
    __table_args__ = (
        CheckConstraint("(code IS NULL) = (title IS NOT NULL)", name="own_has_title"),
        CheckConstraint("(code IS NULL) = (due_on IS NOT NULL)", name="own_has_day"),
        CheckConstraint("done_at IS NOT NULL OR done_by IS NULL", name="done_by_when_done"),
        UniqueConstraint("fair_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    code: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]
