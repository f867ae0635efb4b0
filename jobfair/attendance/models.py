"""Tables of arrivals."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.attendance.rules import How, Kind
from jobfair.kit.db import Base, append_only, one_of


class GateRecord(Base):
    """到场记录: what a station recorded once; never changed, taken back only by another record.

    Whose card it was is asked of the cards each time: a walk-in's may arrive after the entry.
    """

    __tablename__ = "gate_record"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind_known"),
        CheckConstraint(one_of("how", How), name="how_known"),
        CheckConstraint("sequence >= 1", name="sequence_positive"),
        CheckConstraint("(kind = 'undo') = (target IS NOT NULL)", name="undo_has_target"),
        CheckConstraint("(kind = 'undo') = (card IS NULL)", name="others_have_card"),
        UniqueConstraint("pairing_id", "sequence"),
        Index("ix_gate_record_card", "card", "fair_id", "kind", "at", "id"),  # the first is found
        Index(
            "ix_gate_record_target",
            "target",
            sqlite_where=text("target IS NOT NULL"),
            postgresql_where=text("target IS NOT NULL"),
        ),
        Index("ix_gate_record_received", "fair_id", "received_at"),  # for the other stations
        {"info": {"unaudited": "is itself the record of who saw whom, where and when"}},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    sequence: Mapped[int]
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    kind: Mapped[str] = mapped_column(String(4))
    how: Mapped[str] = mapped_column(String(6))
    card: Mapped[bytes | None] = mapped_column(LargeBinary(16))  # may be known only later
    target: Mapped[str | None] = mapped_column(String(32))  # may come after its undo
    instead: Mapped[str | None] = mapped_column(String(32))  # of an undo: the right one's record
    place: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    skew: Mapped[int]  # milliseconds taken from the device's clock
    received_at: Mapped[datetime]


append_only(GateRecord)
