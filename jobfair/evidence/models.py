"""Tables of files of evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.evidence.rules import FileKind
from jobfair.kit.db import Base, one_of


class EvidenceColumns:
    """证据: one file; its content goes when it is taken away, that it was here stays."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    size: Mapped[int]  # bytes, as kept
    digest: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of what is kept
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None]
    removed_why: Mapped[str] = mapped_column(String(300))


def _constraints(table: str, owner: str) -> tuple[Any, ...]:
    standing = text("removed_at IS NULL")
    return (
        CheckConstraint(one_of("kind", FileKind), name="kind_known"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("removed_at IS NULL OR removed_why <> ''", name="removed_with_reason"),
        Index(
            f"uq_{table}_once",
            owner,
            "digest",
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        ),
    )


class EvidenceContent(Base):
    """What is in a file, under the file's key; deleted when the file is taken away.

    Apart from what is said about the file, so that lists never read it, and as Base64, as sealed
    texts travel between servers.
    """

    __tablename__ = "evidence_content"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PlacementEvidence(EvidenceColumns, Base):
    """A file that proves an entry of a placement's line."""

    __tablename__ = "placement_evidence"
    __table_args__ = _constraints(__tablename__, "event_id")

    event_id: Mapped[int] = mapped_column(ForeignKey("placement_event.id"))


class ClaimEvidence(EvidenceColumns, Base):
    """A file that a subsidy claim stands on."""

    __tablename__ = "claim_evidence"
    __table_args__ = _constraints(__tablename__, "claim_id")

    claim_id: Mapped[int] = mapped_column(ForeignKey("subsidy_claim.id"))
