"""Tables of offers: who holds which unit of headcount."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, one_of
from jobfair.offers.rules import Release

_LIVE = text("released_at IS NULL")
_ACCEPTED = text("accepted_at IS NOT NULL AND released_at IS NULL")


class Hold(Base):
    """占用: one unit of a position's headcount, held by a booth's lease or by an offer to a person.

    That no more units are held than the headcount is a rule of the database: a slot has one holder,
    lies within the headcount, and the headcount here is that of the fair, which cannot be lowered
    below a slot that is held.
    """

    __tablename__ = "hold"
    __table_args__ = (
        ForeignKeyConstraint(
            ["fair_id", "position_id", "headcount"],
            ["fair_position.fair_id", "fair_position.position_id", "fair_position.headcount"],
            onupdate="CASCADE",
        ),
        CheckConstraint("slot >= 1", name="slot_positive"),
        CheckConstraint("released_at IS NOT NULL OR slot <= headcount", name="within_headcount"),
        CheckConstraint(one_of("reason", Release), name="reason_known"),
        CheckConstraint("(released_at IS NULL) = (reason IS NULL)", name="released_for_a_reason"),
        CheckConstraint("(seeker_id IS NULL) = (offered_at IS NULL)", name="offered_to_somebody"),
        CheckConstraint("(offered_at IS NULL) = (expires_at IS NULL)", name="offer_has_an_end"),
        CheckConstraint("accepted_at IS NULL OR offered_at IS NOT NULL", name="accepted_an_offer"),
        CheckConstraint("station_id IS NOT NULL OR seeker_id IS NOT NULL", name="held_by_somebody"),
        Index(
            "uq_hold_slot",
            "fair_id",
            "position_id",
            "slot",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_hold_seeker",
            "fair_id",
            "position_id",
            "seeker_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        # Somebody accepts one post.
        Index(
            "uq_hold_accepted",
            "seeker_id",
            unique=True,
            sqlite_where=_ACCEPTED,
            postgresql_where=_ACCEPTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # made by whoever offers, before asking
    fair_id: Mapped[int]
    position_id: Mapped[int]
    headcount: Mapped[int]
    slot: Mapped[int]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    leased_until: Mapped[datetime | None]
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seeker.id"), index=True)
    offered_at: Mapped[datetime | None]
    offered_by: Mapped[int | None]
    expires_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(12))  # of the release


class LeaseOrder(Base):
    """预留: how many units of a position a booth shall have at hand, as the manager ordered it."""

    __tablename__ = "lease_order"
    __table_args__ = (CheckConstraint("units >= 0", name="units_not_negative"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), primary_key=True)
    units: Mapped[int]
    ordered_at: Mapped[datetime]
    ordered_by: Mapped[int | None]
