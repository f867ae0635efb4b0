"""The table of cards. It says nothing of the person and holds no token in clear."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.cards.rules import CODE_LENGTH, DIGEST_BYTES, RevokeReason
from jobfair.kit.db import Base, one_of


class Card(Base):
    """求职卡: what a seeker shows to be recognised; at most one in force for each record."""

    __tablename__ = "card"
    __table_args__ = (
        CheckConstraint(one_of("revoked_reason", RevokeReason), name="reason_known"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_for_a_reason"
        ),
        Index(
            "uq_card_in_force",
            "seeker_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), unique=True)
    token_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # to show and print it again
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(20))


class BlankCard(Base):
    """空白卡: a card a desk holds ready; it is nobody's until the desk gives it away."""

    __tablename__ = "blank_card"
    __table_args__ = (
        {
            "info": {
                "unaudited": "opens nothing; giving it to somebody is audited as a card's issue"
            }
        },
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(DIGEST_BYTES), unique=True)
    token_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
