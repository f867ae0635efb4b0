"""The table of findings."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.findings.rules import FindingState, StopKind, Subject
from jobfair.kit.db import Base, one_of


class Finding(Base):
    """疑点: what a rule found in the records, and what the office that keeps them says to it."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("code", "subject", "subject_id", "mark"),
        CheckConstraint(one_of("subject", Subject), name="subject_known"),
        CheckConstraint(one_of("state", FindingState), name="state_known"),
        CheckConstraint("state <> 'explained' OR note <> ''", name="explained_in_words"),
        Index("ix_finding_work", "state", "code", "division"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int]
    mark: Mapped[str] = mapped_column(String(40))
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seeker.id"), index=True)
    division: Mapped[str] = mapped_column(String(12))  # whose office looks at it
    organisation_id: Mapped[int | None] = mapped_column(index=True)  # the school's, of students
    told: Mapped[dict[str, str]] = mapped_column(JSON)  # nothing personal
    state: Mapped[str] = mapped_column(String(10))
    found_at: Mapped[datetime]  # first, or again after it was gone
    fixed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(500))
    explained_by: Mapped[int | None]
    explained_at: Mapped[datetime | None]


class PaymentStop(Base):
    """停发: an entry of another office's list: nothing may be paid to a person for a time."""

    __tablename__ = "payment_stop"
    __table_args__ = (
        UniqueConstraint("person_index", "kind", "since"),
        CheckConstraint(one_of("kind", StopKind), name="kind_known"),
        CheckConstraint("until >= since", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_index: Mapped[bytes] = mapped_column(LargeBinary(32))  # as the register's
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]
