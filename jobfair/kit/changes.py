"""A change counter per kind of row, so that whoever holds a copy knows what to read again.

Rows carry the ``revision`` of the transaction that last touched them. Taking a number locks the
counter until commit, so revisions become visible in order and "everything after N" misses nothing.
"""

from sqlalchemy import String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from jobfair.kit.db import Base


class ChangeCounter(Base):
    """The last revision given out for one kind of row."""

    __tablename__ = "change_counter"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def next_revision(session: Session, kind: str) -> int:
    """Return this transaction's revision for a kind; the same number when asked again."""
    taken: dict[str, int] = session.info.setdefault("revisions", {})
    if kind not in taken:
        # One statement, so that two who ask for the first number at once queue as well.
        insert = postgresql.insert if _on_postgresql(session) else sqlite.insert
        step = (
            insert(ChangeCounter)
            .values(kind=kind, value=1)
            .on_conflict_do_update(
                index_elements=[ChangeCounter.kind], set_={"value": ChangeCounter.value + 1}
            )
            .returning(ChangeCounter.value)
        )
        taken[kind] = session.execute(step).scalar_one()
    return taken[kind]


def current_revision(session: Session, kind: str) -> int:
    """Return the last committed revision of a kind, 0 when there was none."""
    found = session.execute(select(ChangeCounter.value).where(ChangeCounter.kind == kind))
    return found.scalar_one_or_none() or 0
