"""Tables of what people at booths are told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
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


class Proposal(Base):
    """分流建议: that somebody in a long queue was proposed another booth; each booth once."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("from_employer_id <> to_employer_id", name="to_another"),
        UniqueConstraint("fair_id", "seeker_id", "to_employer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    from_employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    to_employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    wait_here: Mapped[int]  # minutes, as it was
    wait_there: Mapped[int]
    made_at: Mapped[datetime]
    until: Mapped[datetime]
