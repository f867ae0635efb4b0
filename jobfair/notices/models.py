"""Tables of public notices: lists, lines, objections and what was decided."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.notices.rules import NoticeKind, Way


class Notice(Base):
    """公示: one list as it was published; its lines are numbered from 1."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind_known"),
        CheckConstraint("days > 0", name="days_positive"),
        Index("ix_notice_place_published", "place", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(12))
    days: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]
    last_day: Mapped[date]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the lines as published


class NoticeLine(Base):
    """One line; masked as it is shown. A line taken off makes room for a new one."""

    __tablename__ = "notice_line"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind_known"),
        Index("uq_notice_line_number", "notice_id", "number", unique=True),
        Index(
            "uq_notice_line_standing",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(index=True)
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    # Keyed digest of the name and the last four of the ID number.
    person_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    removed_at: Mapped[datetime | None]


class NoticeApprover(Base):
    """Who put a line forward or approved it, and so may not decide about an objection to it."""

    __tablename__ = "notice_approver"

    line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Objection(Base):
    """异议: what somebody says against a line; who it is need not be told."""

    __tablename__ = "objection"
    __table_args__ = (CheckConstraint(one_of("way", Way), name="way_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("notice_line.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    recorded_by: Mapped[int | None]


class ObjectionDecision(Base):
    """What was decided about an objection; upheld takes its line off the list."""

    __tablename__ = "objection_decision"

    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    upheld: Mapped[bool]
    answer: Mapped[str] = mapped_column(String(1000))
    decided_at: Mapped[datetime]
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class NoticeCall(Base):
    """One question or objection from an address that can no longer be read."""

    __tablename__ = "notice_call"
    __table_args__ = (
        Index("ix_notice_call_address_at", "address_index", "at"),
        {"info": {"unaudited": "counts calls for a few minutes"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    question: Mapped[bool]  # else an objection
    at: Mapped[datetime]


append_only(Objection)
append_only(ObjectionDecision)
