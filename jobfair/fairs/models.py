"""Tables of fairs."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class Fair(Base):
    """招聘会: an event where employers meet seekers."""

    __tablename__ = "fair"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="days_are_a_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    venue: Mapped[str] = mapped_column(String(200))
    division_code: Mapped[str] = mapped_column(String(12))
    synthetic: Mapped[bool] = mapped_column(default=False)  # invented people: marked everywhere
    gates: Mapped[list[str]] = mapped_column(JSON, default=list)  # their names, as people say them
    published_at: Mapped[datetime | None]  # since when anybody may see its positions
    run_by: Mapped[str | None] = mapped_column(String(60))  # the other server that runs its day
    created_at: Mapped[datetime]


class FairPosition(Base):
    """A position offered at a fair, with the headcount confirmed for it."""

    __tablename__ = "fair_position"
    __table_args__ = (
        CheckConstraint("headcount > 0", name="headcount_positive"),
        # Holds refer to the headcount, too, so that none lies outside it.
        Index("uq_fair_position_headcount", "fair_id", "position_id", "headcount", unique=True),
    )

    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    headcount: Mapped[int]
    confirmed_at: Mapped[datetime | None]  # by the employer; None until then
    confirmed_by: Mapped[int | None]  # the user who said so: the employer's, or who telephoned


class FairRanking(Base):
    """One ranking of a whole fair: with which weights, how much, and its digest."""

    __tablename__ = "fair_ranking"

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    profile: Mapped[str] = mapped_column(String(60))
    ranked_on: Mapped[date]  # the day eligibility was judged for
    ranked_at: Mapped[datetime]
    seekers: Mapped[int]
    pairs: Mapped[int]
    eligible: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class FairRankingPosition(Base):
    """How many people were eligible for one position in one ranking."""

    __tablename__ = "fair_ranking_position"

    ranking_id: Mapped[int] = mapped_column(ForeignKey("fair_ranking.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    eligible: Mapped[int]
