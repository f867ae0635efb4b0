"""Tables of walk-ins."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class WalkIn(Base):
    """现场登记: somebody registered at a fair's desk; what is wrong waits for the office."""

    __tablename__ = "walk_in"
    __table_args__ = (
        CheckConstraint("(seeker_id IS NULL) = (said_sealed IS NOT NULL)", name="kept_until_done"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # made on the device
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"), index=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    card: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seeker.id"), index=True)
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    faults: Mapped[str | None] = mapped_column(Text)  # messages, a line each
