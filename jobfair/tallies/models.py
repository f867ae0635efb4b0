"""The table of service tallies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.tallies.rules import LONGEST_NAME, Service


class TallyEntry(Base):
    """服务计数: so many more of a service, on a day at a place; never changed.

    A wrong entry is taken back by one of the opposite number. Totals are sums over entries.
    """

    __tablename__ = "tally_entry"
    __table_args__ = (
        CheckConstraint(one_of("service", Service), name="service_known"),
        CheckConstraint("(service = 'other') = (name <> '')", name="other_has_name"),
        CheckConstraint("(number < 0) = (reverses_id IS NOT NULL)", name="less_only_in_reverse"),
        CheckConstraint("number <> 0", name="number_counts"),
        Index("ix_tally_entry_fair", "fair_id", "service", "name", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # of the form: sent twice, it counts once
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    service: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))  # of something else
    number: Mapped[int]
    day: Mapped[date]
    place: Mapped[str] = mapped_column(String(60))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("tally_entry.id"), unique=True)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None]


append_only(TallyEntry)
