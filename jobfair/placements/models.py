"""Tables of placements and their events."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.kit.events.models import EventColumns, event_constraints
from jobfair.kit.events.rules import Grade
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EventKind


class Placement(Base):
    """就业安置: one person in one post, from acceptance to its end.

    ``started_on`` and ``ended_on`` repeat what the events say, so that the database itself can
    hold the rule of one open main placement per person.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel_known"),
        CheckConstraint(one_of("destination", Destination), name="destination_known"),
        CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        CheckConstraint("wage_fen > 0", name="wage_positive"),
        Index(
            "uq_placement_open_main",
            "seeker_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL AND main AND NOT void"),
            postgresql_where=text("ended_on IS NULL AND main AND NOT void"),
        ),
        # Agreed and not begun: few among many, and asked for whenever a journey is planned.
        Index(
            "ix_placement_waiting",
            "seeker_id",
            sqlite_where=text("started_on IS NULL AND ended_on IS NULL"),
            postgresql_where=text("started_on IS NULL AND ended_on IS NULL"),
        ),
        # Who came back lately is asked for by the first page.
        Index("ix_placement_ended", "ended_on", "seeker_id"),
        Index("ix_placement_home_started", "home_division", "started_on"),
        # Holds all that the headline of exported persons counts.
        Index("ix_placement_export_started", "export", "void", "started_on", "seeker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    employer_name: Mapped[str] = mapped_column(String(200))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    industry: Mapped[str] = mapped_column(String(100))
    workplace_division: Mapped[str | None] = mapped_column(String(12), index=True)
    workplace_text: Mapped[str] = mapped_column(String(300))
    home_division: Mapped[str] = mapped_column(String(12))  # at the start
    destination: Mapped[str] = mapped_column(String(20))
    export: Mapped[bool]  # workplace county is not the home county
    channel: Mapped[str] = mapped_column(String(20))
    household_category: Mapped[str | None] = mapped_column(String(30))  # at the start
    wage_fen: Mapped[int | None]  # per month
    main: Mapped[bool]
    void: Mapped[bool]  # every event was reversed
    started_on: Mapped[date | None]  # first day at work
    ended_on: Mapped[date | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class PlacementEvent(EventColumns, Base):
    """One thing that happened in a placement."""

    __tablename__ = "placement_event"
    __table_args__ = event_constraints(__tablename__, EventKind)

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)


append_only(PlacementEvent)


class PlacementClaim(Base):
    """Another office's word that it placed the person of a placement on record, from its list."""

    __tablename__ = "placement_claim"
    __table_args__ = (
        Index(
            "uq_placement_claim_standing",
            "placement_id",
            "office_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint(one_of("grade", Grade), name="grade_known"),
        CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_why <> ''", name="withdrawn_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    employer_name: Mapped[str] = mapped_column(String(200))
    started_on: Mapped[date]
    grade: Mapped[str] = mapped_column(String(1))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_why: Mapped[str] = mapped_column(String(300))
