"""Tables of booths' records."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.interviews.rules import LONGEST_NUMBER, Kind, Reason
from jobfair.kit.db import Base, append_only, one_of


class BoothRecord(Base):
    """展位记录: what a booth recorded of a person; taken back only by another record."""

    __tablename__ = "booth_record"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind_known"),
        CheckConstraint(one_of("reason", Reason), name="reason_known"),
        CheckConstraint("(kind = 'undo') = (card IS NULL)", name="others_have_card"),
        CheckConstraint("(kind = 'unsuitable') = (reason IS NOT NULL)", name="unsuitable_says_why"),
        CheckConstraint(
            "(kind IN ('undo', 'accept', 'refuse')) = (target IS NOT NULL)",
            name="answers_have_target",
        ),
        UniqueConstraint("pairing_id", "sequence"),
        Index("ix_booth_record_booth", "fair_id", "employer_id", "card"),
        {"info": {"unaudited": "is itself the record of who met whom, when, and what came of it"}},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    sequence: Mapped[int]
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    card: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    position_id: Mapped[int | None] = mapped_column(index=True)  # as the device said
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER))
    reason: Mapped[str | None] = mapped_column(String(12))
    lease: Mapped[str | None] = mapped_column(String(32))
    target: Mapped[str | None] = mapped_column(String(32), index=True)
    instead: Mapped[str | None] = mapped_column(String(32))  # of an undo: the right one's record
    at: Mapped[datetime]
    skew: Mapped[int]
    received_at: Mapped[datetime]


append_only(BoothRecord)


class BoothClaim(Base):
    """待处理: a booth's offer or answer that could not be carried out; a person settles it."""

    __tablename__ = "booth_claim"

    record_id: Mapped[str] = mapped_column(ForeignKey("booth_record.id"), primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    promised: Mapped[bool]  # the person was told yes, from a lease or by accepting
    refusal: Mapped[str] = mapped_column(String(40))  # code of the refusal
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_how: Mapped[str | None] = mapped_column(String(12))
