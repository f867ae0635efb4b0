"""Tables of grants paid, of students' months, and of statements that were opened."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.grants.rules.entitlement import GrantKind
from jobfair.kit.db import Base, append_only, one_of


class GrantPayment(Base):
    """助学金发放: what was paid to a student, as the paying office or the bank tells it."""

    __tablename__ = "grant_payment"
    __table_args__ = (
        Index(
            "uq_grant_payment_once",
            "student_id",
            "kind",
            "school_year",
            "paid_on",
            "amount_fen",
            "reference",
            "turn",
            unique=True,
        ),
        CheckConstraint(one_of("kind", GrantKind), name="kind_known"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        Index("ix_grant_payment_day", "paid_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    kind: Mapped[str] = mapped_column(String(10))
    school_year: Mapped[int]  # in which it begins
    amount_fen: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(60))  # the bank's; empty when it gives none
    turn: Mapped[int]  # of payments alike in all of this: the first is 0
    # Whether the card bears the student's own name; unknown where the list names no holder.
    own_card: Mapped[bool | None]
    card_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    card_last4: Mapped[str] = mapped_column(String(4))
    source: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]


append_only(GrantPayment)


class GrantReversal(Base):
    """A payment that was recorded wrongly, with the reason; it stays to be seen."""

    __tablename__ = "grant_reversal"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    payment_id: Mapped[int] = mapped_column(ForeignKey("grant_payment.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    reversed_at: Mapped[datetime]
    reversed_by: Mapped[int | None]


append_only(GrantReversal)


class StudentMonth(Base):
    """在校月报: a student's days of one month, and the bed."""

    __tablename__ = "student_month"
    __table_args__ = (
        UniqueConstraint("student_id", "month"),
        CheckConstraint(
            "days_present >= 0 AND days_present <= days_due AND days_due <= 31",
            name="days_possible",
        ),
        Index("ix_student_month_month", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    month: Mapped[date]  # its first day
    days_due: Mapped[int]
    days_present: Mapped[int]
    room: Mapped[str] = mapped_column(String(30))  # of the dormitory; empty for none
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]


class StatementOpening(Base):
    """The day on which a student first said to have looked at the own statement."""

    __tablename__ = "statement_opening"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    opened_on: Mapped[date]
