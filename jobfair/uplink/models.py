"""Tables of uplinks: who runs a fair's day, what both servers agree on, what was set aside."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, one_of
from jobfair.uplink.rules import LONGEST_NAME, Ending, Why

_OPEN = text("ended_at IS NULL")
_WIRE = {"info": {"unaudited": "says what another server has; what it sends is recorded by pack"}}


class Uplink(Base):
    """上联: one fair's day, handed by the prefecture's server to a hall's.

    Both servers have a row. ``address`` is the prefecture's at the hall, and empty at the
    prefecture. Each side numbers the packs it sends and keeps the one that is not answered yet.
    """

    __tablename__ = "uplink"
    __table_args__ = (
        CheckConstraint(one_of("ending", Ending), name="ending_known"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_somehow"),
        Index(
            "uq_uplink_open", "fair_code", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        {"info": {"unaudited": "its verbs record themselves; the rest says when it was heard"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))  # of the other server
    address: Mapped[str] = mapped_column(String(200))
    secret_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    began_at: Mapped[datetime | None]
    handing_back: Mapped[bool]  # the hall is handing the day back
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(200))
    heard_at: Mapped[datetime | None]  # the last exchange that succeeded
    down_since: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(300))
    sent: Mapped[int]  # number of the last pack made here
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)  # that pack, until it is answered
    received: Mapped[int]  # number of the last pack taken in
    received_digest: Mapped[str | None] = mapped_column(String(64))
    aside_there: Mapped[int]  # rows that the other server set aside and nobody has settled


class UplinkRow(Base):
    """What both servers call a row, which row that is here, and what of it they agree on."""

    __tablename__ = "uplink_row"
    __table_args__ = (
        Index("ix_uplink_row_local", "uplink_id", "table_name", "local"),
        _WIRE,
    )

    uplink_id: Mapped[int] = mapped_column(ForeignKey("uplink.id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    local: Mapped[str] = mapped_column(String(100))  # its primary key here
    # Eight bytes of digest of the stored row and of each column, as they were last agreed on.
    agreed: Mapped[bytes] = mapped_column(LargeBinary)


class UplinkAside(Base):
    """搁置: a row, or what a column said, that was not applied; it waits for a try or a person."""

    __tablename__ = "uplink_aside"
    __table_args__ = (CheckConstraint(one_of("why", Why), name="why_known"), _WIRE)

    uplink_id: Mapped[int] = mapped_column(ForeignKey("uplink.id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    changed_at_both: Mapped[bool] = mapped_column(primary_key=True)  # the row stands, without this
    why: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(300))  # rule or columns; no values
    content: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    set_aside_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
