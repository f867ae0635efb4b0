"""Tables of the paper pack: slips given out, rows of sheets taken in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base
from jobfair.paper.rules import LONGEST_SHEET


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


class PaperRow(Base):
    """纸表行: which row of a filled sheet a record came from, and by which import."""

    __tablename__ = "paper_row"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (employer_id IS NULL)", name="outcome_at_booth"),
        Index("ix_paper_row_import", "fair_id", "import_id"),
    )

    record_id: Mapped[str] = mapped_column(String(32), primary_key=True)  # at a gate or a booth
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    import_id: Mapped[str] = mapped_column(String(32))
    sheet: Mapped[str] = mapped_column(String(LONGEST_SHEET))
    row: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))  # None for an arrival
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    taken_in_at: Mapped[datetime]
    taken_in_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
