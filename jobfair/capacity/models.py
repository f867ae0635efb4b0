"""The table of capacity plans."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.capacity.core.sizing import Entry
from jobfair.kit.db import Base, one_of


class CapacityPlan(Base):
    """承载测算: what is expected of a fair and what it has; what follows is computed each time.

    The columns are the attributes of `Expectation`.
    """

    __tablename__ = "capacity_plan"
    __table_args__ = (
        CheckConstraint(one_of("entry", Entry), name="entry_known"),
        CheckConstraint("persons > 0 AND days > 0", name="somebody_some_day"),
        CheckConstraint("opens_at < closes_at", name="hours_are_a_range"),
    )

    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), primary_key=True)
    persons: Mapped[int]
    days: Mapped[int]
    opens_at: Mapped[int]
    closes_at: Mapped[int]
    entry: Mapped[str] = mapped_column(String(10))
    peak_percent: Mapped[int]
    card_percent: Mapped[int]
    card_seconds: Mapped[int]
    walk_in_seconds: Mapped[int]
    utilisation_percent: Mapped[int]
    lanes: Mapped[int]
    hall_capacity: Mapped[int]
    stay_minutes: Mapped[int]
    booths: Mapped[int]
    recruiters: Mapped[int]
    talk_minutes: Mapped[int]
    group_size: Mapped[int]
    posts: Mapped[int]
    staff: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]
