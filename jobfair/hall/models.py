"""Tables of the hall."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class Announcement(Base):
    """广播: what the hall's screens and the stations say to everybody, until it is over."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    text_zh: Mapped[str] = mapped_column(String(120))
    text_en: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    until: Mapped[datetime]


class FairClosing(Base):
    """闭场: the figures of a fair as they stood when it closed; nothing changes them later."""

    __tablename__ = "fair_closing"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[int | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class ResultSignature(Base):
    """签字: that an employer signed the list of its results on paper."""

    __tablename__ = "result_signature"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    signed_at: Mapped[datetime]
    noted_by: Mapped[int | None]
