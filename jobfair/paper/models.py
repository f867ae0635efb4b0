"""The table of walk-in slips."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class SlipBatch(Base):
    """现场登记单: numbers given out for slips of a fair, so that no two slips have the same."""

    __tablename__ = "slip_batch"
    __table_args__ = (
        CheckConstraint("first > 0 AND count > 0", name="numbers_are_a_range"),
        UniqueConstraint("fair_id", "first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    first: Mapped[int]
    count: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
