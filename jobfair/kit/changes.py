"""A change counter per kind of row, so that whoever holds a copy knows what to read again.

Rows carry the ``revision`` of the transaction that last touched them. Taking a number locks the
counter until commit, so revisions become visible in order and "everything after N" misses nothing.
"""

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from jobfair.kit.db import Base


class ChangeCounter(Base):
    """The last revision given out for one kind of row."""

    __tablename__ = "change_counter"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


def next_revision(session: Session, kind: str) -> int:
    """Return this transaction's revision for a kind; the same number when asked again."""
    taken: dict[str, int] = session.info.setdefault("revisions", {})
    if kind not in taken:
        step = (
            update(ChangeCounter)
            .where(ChangeCounter.kind == kind)
            .values(value=ChangeCounter.value + 1)
            .returning(ChangeCounter.value)
        )
        value = session.execute(step).scalar_one_or_none()
        if value is None:
            session.add(ChangeCounter(kind=kind, value=1))
            session.flush()
            value = 1
        taken[kind] = value
    return taken[kind]


def current_revision(session: Session, kind: str) -> int:
    """Return the last committed revision of a kind, 0 when there was none."""
    found = session.execute(select(ChangeCounter.value).where(ChangeCounter.kind == kind))
    return found.scalar_one_or_none() or 0
