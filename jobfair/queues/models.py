"""Tables of what people at booths are told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.interviews.rules import LONGEST_NUMBER
from jobfair.kit.db import Base


class FreedPost(Base):
    """候补: a unit of headcount that came free, and who was told of it; each unit once."""

    __tablename__ = "freed_post"
    __table_args__ = (
        CheckConstraint("(seeker_id IS NULL) = (until IS NULL)", name="told_until"),
        CheckConstraint("seeker_id IS NOT NULL OR number = ''", name="number_of_somebody"),
    )

    hold_id: Mapped[int] = mapped_column(ForeignKey("hold.id"), primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seeker.id"), index=True)
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER))  # of the person in the queue
    noticed_at: Mapped[datetime]
    until: Mapped[datetime | None]
