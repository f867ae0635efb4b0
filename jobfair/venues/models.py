"""Tables of venues: zones and booths of a fair, and the cells of its map."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base
from jobfair.venues.rules import COLUMNS, LONGEST_NUMBER, LONGEST_ZONE, ROWS


class Zone(Base):
    """展区: a part of a fair's venue, told apart by its letter."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("fair_id", "letter"),
        UniqueConstraint("fair_id", "id"),  # what a booth refers to
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    letter: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(LONGEST_ZONE))


class Booth(Base):
    """展位: an employer's place at a fair; where it stands is what its cells say."""

    __tablename__ = "booth"
    __table_args__ = (
        UniqueConstraint("fair_id", "number"),
        UniqueConstraint("fair_id", "employer_id"),
        UniqueConstraint("fair_id", "id"),  # what a cell refers to
        ForeignKeyConstraint(["fair_id", "zone_id"], ["zone.fair_id", "zone.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    zone_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)


class BoothCell(Base):
    """One cell of a fair's map and the only booth that stands on it."""

    __tablename__ = "booth_cell"
    __table_args__ = (
        CheckConstraint(f'"row" BETWEEN 1 AND {ROWS}', name="row_on_map"),
        CheckConstraint(f'"column" BETWEEN 1 AND {COLUMNS}', name="column_on_map"),
        ForeignKeyConstraint(["fair_id", "booth_id"], ["booth.fair_id", "booth.id"]),
    )

    fair_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    column: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booth_id: Mapped[int] = mapped_column(index=True)
