"""Tables of plans: a plan with its seats, what was set by hand, and who was invited."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base


class Allocation(Base):
    """分配方案: who gets which post of a fair; never changed once made."""

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    objective: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    share: Mapped[int]  # per cent of the posts for registered-poor households, at least
    group_rule: Mapped[str] = mapped_column(String(20))
    profile: Mapped[str] = mapped_column(String(60))
    planned_for: Mapped[date]  # the day eligibility was judged for
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    posts: Mapped[int]
    filled: Mapped[int]
    total: Mapped[int]  # points, in millionths of a score
    bound: Mapped[int]
    rivals: Mapped[int]  # pairs who would both rather have each other
    groups_kept: Mapped[int]
    groups_apart: Mapped[int]
    groups_left: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class AllocationSeat(Base):
    """One person and the post planned for them."""

    __tablename__ = "allocation_seat"
    __table_args__ = (Index("ix_allocation_seat_position", "allocation_id", "position_id"),)

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    points: Mapped[int]
    pinned: Mapped[bool]


class AllocationPosition(Base):
    """One position in a plan: how many posts are filled, and why others are not."""

    __tablename__ = "allocation_position"
    __table_args__ = (
        CheckConstraint("filled <= headcount", name="within_headcount"),
        CheckConstraint("filled >= 0", name="filled_not_negative"),
    )

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    headcount: Mapped[int]
    filled: Mapped[int]
    eligible: Mapped[int]
    lack: Mapped[str | None] = mapped_column(String(20))


class AllocationRival(Base):
    """One pair who would both rather have each other than what the plan gives them."""

    __tablename__ = "allocation_rival"

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)


class AllocationEdit(Base):
    """A pair set by hand for every plan of a fair: pinned, or barred; until it is taken back."""

    __tablename__ = "allocation_edit"
    __table_args__ = (
        CheckConstraint("kind IN ('pinned', 'barred')", name="kind_known"),
        Index(
            "uq_allocation_edit_pair",
            "fair_id",
            "seeker_id",
            "position_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        # Nobody is pinned to two positions of a fair.
        Index(
            "uq_allocation_edit_pinned",
            "fair_id",
            "seeker_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND kind = 'pinned'"),
            postgresql_where=text("withdrawn_at IS NULL AND kind = 'pinned'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    kind: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]


class FairInvitation(Base):
    """邀请: somebody asked to a fair for one position, by a plan."""

    __tablename__ = "fair_invitation"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    invited_at: Mapped[datetime]
    invited_by: Mapped[int | None]
