"""The table of titles whose occupation people have corrected."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, one_of
from jobfair.occupations.rules import AliasStatus

_ACCEPTED = text("status = 'accepted'")


class OccupationAlias(Base):
    """别名: a title and the occupation people say it means; in use while it is accepted.

    One row for each pair of title and occupation; who corrects the same again is counted.
    """

    __tablename__ = "occupation_alias"
    __table_args__ = (
        UniqueConstraint("key", "code"),
        CheckConstraint(one_of("status", AliasStatus), name="status_known"),
        CheckConstraint("times > 0", name="times_positive"),
        CheckConstraint("length(key) > 0", name="key_given"),
        # A title means one occupation.
        Index(
            "uq_occupation_alias_accepted",
            "key",
            unique=True,
            sqlite_where=_ACCEPTED,
            postgresql_where=_ACCEPTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))  # as first typed
    key: Mapped[str] = mapped_column(String(200))
    from_code: Mapped[str | None] = mapped_column(String(20))  # what was corrected, last
    code: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), index=True)
    times: Mapped[int]
    proposed_by: Mapped[list[int]] = mapped_column(JSON)  # user ids, each once, the latest last
    proposed_at: Mapped[datetime]  # last
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None]
