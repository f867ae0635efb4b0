"""Tables of transfer ledgers: files taken in, what their rows said, headers learnt."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, one_of
from jobfair.ledgers.rules.words import Did, State


class LedgerImport(Base):
    """One file that an office took in; it can be taken back as a whole."""

    __tablename__ = "ledger_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)  # keyed; of the file's content
    taken_in_at: Mapped[datetime]
    taken_in_by: Mapped[int | None]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undo_reason: Mapped[str] = mapped_column(String(200))
    kept: Mapped[int]  # lines that the undo had to leave, because later entries stand on them


class LedgerLine(Base):
    """台账行: what one office's ledger says of one person at one time at work, or out of work.

    What changes is a new line that replaces the old one, so that an import can be taken back. The
    person and the work are on record elsewhere; sealed here is what only the ledger says.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        CheckConstraint(one_of("state", State), name="state_known"),
        CheckConstraint(one_of("did", Did), name="did_known"),
        Index(
            "uq_ledger_line_current",
            "slot",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index("ix_ledger_line_overlap", "overlap", "home_division"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("ledger_import.id"), index=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    home_division: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20))
    did: Mapped[str] = mapped_column(String(20))  # what the row changed
    event_id: Mapped[int | None]  # the event that it appended to a placement on record
    slot: Mapped[str] = mapped_column(String(120))  # office, person and work, or file row
    overlap: Mapped[bool]  # the person's home belongs to another office
    planned_on: Mapped[date | None]  # a first day that still lay ahead
    told_sealed: Mapped[bytes | None]
    told_mark: Mapped[str] = mapped_column(String(64))  # keyed
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_line.id"))
    current: Mapped[bool]  # neither replaced nor taken back
    undone: Mapped[bool]
    created_at: Mapped[datetime]


class LedgerWord(Base):
    """A header that an office uses, and the field it said that it means."""

    __tablename__ = "ledger_word"
    __table_args__ = (UniqueConstraint("office_id", "header"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    header: Mapped[str] = mapped_column(String(100))  # without spaces and marks
    field: Mapped[str] = mapped_column(String(40))  # empty: the column is not used
