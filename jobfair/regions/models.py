"""Tables of divisions and pairs."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base

_SEED = {"info": {"unaudited": "a code list loaded from seed/; its loading is recorded once"}}


class Division(Base):
    """行政区划: a province, prefecture, county or township by its code without trailing zeros."""

    __tablename__ = "division"
    __table_args__ = (
        CheckConstraint(
            "level IN ('province', 'prefecture', 'county', 'township')", name="level_known"
        ),
        Index("ix_division_parent_code", "parent_code"),
        _SEED,
    )

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(12))
    parent_code: Mapped[str | None] = mapped_column(String(12))
    valid_from: Mapped[int | None]  # year
    valid_to: Mapped[int | None]  # year; None: today's
    successor_code: Mapped[str | None] = mapped_column(String(12))


class Twinning(Base):
    """结对: a place in Shenzhen paired with a place in Guizhou, over a period."""

    __tablename__ = "twinning"
    __table_args__ = (UniqueConstraint("host_code", "home_code", "valid_from"), _SEED)

    id: Mapped[int] = mapped_column(primary_key=True)
    host_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    home_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
