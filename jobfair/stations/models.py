"""Tables of stations."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, one_of
from jobfair.stations.rules import Job

_PRESENT = text("ended_at IS NULL")


class Station(Base):
    """工作站: a phone or computer that works for a fair, at one place, until it is revoked."""

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint(one_of("job", Job), name="job_known"),
        CheckConstraint("(job = 'booth') = (employer_id IS NOT NULL)", name="booth_has_employer"),
        UniqueConstraint("fair_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"), index=True)
    name: Mapped[str] = mapped_column(
        String(60)
    )  # of the place: Gate B, Desk 3, the booth's number
    job: Mapped[str] = mapped_column(String(10))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]
    revoked_at: Mapped[datetime | None]


class Pairing(Base):
    """One device's time as a station; a later one ends it, but what it still holds is taken in."""

    __tablename__ = "pairing"
    __table_args__ = (
        Index(
            "uq_pairing_present",
            "station_id",
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class StationPulse(Base):
    """What a station said of itself when it was last heard."""

    __tablename__ = "station_pulse"
    __table_args__ = (
        {"info": {"unaudited": "says only when a device was heard, many times an hour"}},
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    seen_at: Mapped[datetime]
    waiting: Mapped[int]  # records not yet sent
    version: Mapped[str] = mapped_column(String(20))
    skew: Mapped[int]  # milliseconds its clock is ahead of ours
