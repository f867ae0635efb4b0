"""Tables of labour stations, hand-overs and what stations hold now."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.ownership.rules import AnswerKind

_OF_STATION = text("kind IN ('accepted', 'declined')")


class StationPlace(Base):
    """A division whose workplaces a labour station (驻外劳务站) serves; each is served by one."""

    __tablename__ = "station_place"
    __table_args__ = (CheckConstraint("length(division) >= 2", name="place_named"),)

    division: Mapped[str] = mapped_column(String(12), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)


class StationEmployer(Base):
    """An employer whose people a labour station serves, wherever they work."""

    __tablename__ = "station_employer"

    employer_id: Mapped[int] = mapped_column(
        ForeignKey("employer.id"), primary_key=True, autoincrement=False
    )
    station_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)


class HandOverOffer(Base):
    """移交: a person's record offered to a labour station because of one placement."""

    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_station", "station_id", "offered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    from_division: Mapped[str] = mapped_column(String(12))  # the home that owned, or owns again
    from_station_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    offered_at: Mapped[datetime]
    offered_by: Mapped[int | None]  # user id; None for the system itself


append_only(HandOverOffer)


class HandOverAnswer(Base):
    """What became of an offer: accepted, declined, taken back; each at most once."""

    __tablename__ = "hand_over_answer"
    __table_args__ = (
        CheckConstraint(one_of("kind", AnswerKind), name="kind_known"),
        CheckConstraint("kind = 'accepted' OR reason <> ''", name="has_reason"),
        Index("uq_hand_over_answer_kind", "hand_over_id", "kind", unique=True),
        Index(
            "uq_hand_over_answer_station",
            "hand_over_id",
            unique=True,
            sqlite_where=_OF_STATION,
            postgresql_where=_OF_STATION,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    by: Mapped[int | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


append_only(HandOverAnswer)


class Held(Base):
    """Whom a station owns now: what the facts add up to, kept so that lists read an index."""

    __tablename__ = "held"
    __table_args__ = (
        Index("ix_held_station", "station_id", "since"),
        {"info": {"unaudited": "repeats what hand-overs and placements say"}},
    )

    seeker_id: Mapped[int] = mapped_column(
        ForeignKey("seeker.id"), primary_key=True, autoincrement=False
    )
    station_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))  # of the hand-over
    since: Mapped[date]


class OwnershipMark(Base):
    """How far placements and people have been turned into hand-overs; one row."""

    __tablename__ = "ownership_mark"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"unaudited": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    seeker_revision: Mapped[int]
    swept_on: Mapped[date | None]
