"""Who did what, when: an append-only, hash-chained list of every write and every unmasked read.

A writing transaction that changed rows without recording an entry is refused at commit, so a verb
cannot forget. Entries carry ids, counts and field names, never personal values. A chain alone can
be rewritten by whoever owns the database: ``jobfair audit verify --digest`` compares it with a head
kept elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    String,
    Table,
    event,
    exists,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from jobfair.kit import clock
from jobfair.kit.db import Base, append_only

_GENESIS = "0" * 64
_VERIFY_BLOCK = 5_000


class AuditEntry(Base):
    """One thing that was done, chained to the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (CheckConstraint("seq > 0", name="seq_positive"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[int | None]  # user id; None for the system itself
    channel: Mapped[str] = mapped_column(String(20))  # web, cli, import, demo …
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


append_only(AuditEntry)
_ENTRIES = cast(Table, AuditEntry.__table__)


class UnauditedWrite(RuntimeError):
    """A transaction changed rows and recorded nothing: a bug in a verb."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who acts, through what."""

    actor: int | None
    channel: str


@dataclass(frozen=True, slots=True)
class _Pending:
    action: str
    subject: str
    subject_id: int | None
    detail: dict[str, Any]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found."""

    entries: int
    valid: bool
    head: str
    first_bad: int | None


_SYSTEM = Origin(None, "system")
_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def act_as(actor: int | None, channel: str) -> None:
    """Say who acts in this context from now on; the edge calls it once."""
    _origin.set(Origin(actor, channel))


def record(
    session: Session,
    action: str,
    *,
    subject: str,
    subject_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record one entry in this transaction.

    Args:
        session: the writing session; the entry stands or falls with it.
        action: what was done, in the words of the glossary: ``position.post``.
        subject: kind of record.
        subject_id: its id; None for a batch.
        detail: ids, counts, field names. Never a personal value.
    """
    pending = _Pending(action, subject, subject_id, dict(detail or {}), _origin.get() or _SYSTEM)
    session.info.setdefault("audit", []).append(pending)


# What an entry says; the digest covers it in this order.
_CONTENT = ("seq", "at", "actor", "channel", "action", "subject", "subject_id", "detail")


def _digest(entry: Mapping[Any, Any]) -> str:
    content = json.dumps(
        [entry[name].isoformat() if name == "at" else entry[name] for name in _CONTENT],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{entry['previous']}\n{content}".encode()).hexdigest()


def seal_chain(session: Session) -> None:
    """Append this transaction's entries to the chain; the last step before commit.

    Raises:
        UnauditedWrite: rows were changed and nothing was recorded.
    """
    pending: list[_Pending] = session.info.pop("audit", [])
    changed: set[str] = session.info.pop("changed_tables", set())
    if not pending:
        if changed:
            raise UnauditedWrite(f"no audit entry for a change of {', '.join(sorted(changed))}")
        return
    if session.get_bind().dialect.name == "postgresql":
        # One appender at a time; SQLite has only one writer anyway.
        session.execute(text("SELECT pg_advisory_xact_lock(20100306)"))
    seq, previous = head(session)
    at = clock.now()
    entries: list[dict[str, Any]] = []
    for item in pending:
        seq += 1
        entry = {
            "seq": seq,
            "at": at,
            "actor": item.origin.actor,
            "channel": item.origin.channel,
            "action": item.action,
            "subject": item.subject,
            "subject_id": item.subject_id,
            "detail": item.detail,
            "previous": previous,
        }
        entry["digest"] = previous = _digest(entry)
        entries.append(entry)
    session.execute(insert(_ENTRIES), entries)


def note_change(session: Session, table: Table | None) -> None:
    """Take note that a transaction changes a table by a statement the session does not see."""
    name = _audited_name(table)
    if name:
        session.info.setdefault("changed_tables", set()).add(name)


# The chain itself and the change counter follow from audited writes.
_SELF = frozenset({"audit_entry", "change_counter"})


def _audited_name(table: Any) -> str | None:
    """Return the table's name, or None when its rows need no entry (it says why in its info)."""
    if table is None or table.name in _SELF or table.info.get("unaudited"):
        return None
    return str(table.name)


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: object) -> None:
    changed = session.info.setdefault("changed_tables", set())
    for instance in (*session.new, *session.dirty, *session.deleted):
        name = _audited_name(type(instance).__table__)
        if name:
            changed.add(name)


@event.listens_for(Session, "do_orm_execute")
def _note_executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        note_change(state.session, getattr(state.statement, "table", None))


def verify(session: Session, *, kept_head: str | None = None) -> Verdict:
    """Walk the whole chain.

    Args:
        session: a reading session.
        kept_head: a digest kept elsewhere; the chain must still contain it, else it was rewritten.

    Returns:
        How many entries, whether every link holds, the head's digest, the first broken entry.
    """
    previous, count, after = _GENESIS, 0, 0
    met = kept_head in {None, _GENESIS}
    while True:
        rows = session.execute(
            select(_ENTRIES)
            .where(_ENTRIES.c.seq > after)
            .order_by(_ENTRIES.c.seq)
            .limit(_VERIFY_BLOCK)
        ).mappings()
        block = list(rows)
        if not block:
            return Verdict(count, valid=met, head=previous, first_bad=None if met else 1)
        for entry in block:
            count += 1
            linked = entry["seq"] == count and entry["previous"] == previous
            if not linked or _digest(entry) != entry["digest"]:
                return Verdict(count, valid=False, head=previous, first_bad=entry["seq"])
            previous, after = entry["digest"], entry["seq"]
            met = met or previous == kept_head


def head(session: Session) -> tuple[int, str]:
    """Return the number and the digest of the newest entry; 0 and the first link for none."""
    newest = select(AuditEntry.seq, AuditEntry.digest).order_by(AuditEntry.seq.desc()).limit(1)
    found = session.execute(newest).one_or_none()
    return (found.seq, found.digest) if found else (0, _GENESIS)


def newest_instant(session: Session) -> datetime | None:
    """Return when the newest entry was made, None when there is none."""
    newest = select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def has_acted(session: Session, channel: str) -> bool:
    """Return whether anything was ever done through a channel."""
    return session.execute(select(exists().where(AuditEntry.channel == channel))).scalar_one()


def count_entries(session: Session) -> int:
    """Return how many entries there are."""
    return session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()
