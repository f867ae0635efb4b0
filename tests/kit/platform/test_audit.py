"""The audit chain: it verifies, and whatever was altered, taken out or rewritten is found."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.kit.audit import AuditEntry, Verdict
from jobfair.kit.db import Database


def _write(database: Database, times: int = 5) -> None:
    for n in range(times):
        with database.writing() as session:
            audit.record(session, "test.write", subject="test", subject_id=n, detail={"rows": n})
            audit.record(session, "test.note", subject="test", detail={"fields": ["name", "中"]})


def _verdict(database: Database, kept_head: str | None = None) -> Verdict:
    with database.reading() as session:
        return audit.verify(session, kept_head=kept_head)


def _seq(database: Database, back: int = 0) -> int:
    """Return the number of an entry, counted from the last."""
    with database.reading() as session:
        return audit.count_entries(session) - back


def _unguard(session: Session) -> None:
    """Take the triggers away, as the owner of a database can."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER audit_entry_update_refused"))
        session.execute(text("DROP TRIGGER audit_entry_delete_refused"))
    else:  # for this transaction only: the database is shared with other tests
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))


def _guard(session: Session) -> None:
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


def test_an_untouched_chain_holds(database: Database) -> None:
    _write(database)
    found = _verdict(database)
    assert found.valid
    assert found.first_bad is None
    assert found.entries == _seq(database)
    assert _verdict(database, kept_head=found.head).valid


def test_a_head_kept_earlier_is_still_in_the_chain(database: Database) -> None:
    _write(database)
    head = _verdict(database).head
    _write(database)
    assert _verdict(database, kept_head=head).valid


def test_an_unknown_head_is_not(database: Database) -> None:
    _write(database)
    assert not _verdict(database, kept_head="f" * 64).valid


@pytest.mark.parametrize(
    "change", ["action = 'x'", "actor = 77", "subject_id = 99", "channel = 'x'", "detail = '{}'"]
)
def test_an_altered_entry_is_found(database: Database, change: str) -> None:
    _write(database)
    bad = _seq(database, back=3)
    with database.writing() as session:
        _unguard(session)
        session.execute(text(f"UPDATE audit_entry SET {change} WHERE seq = {bad}"))  # noqa: S608
        _guard(session)
    found = _verdict(database)
    assert (found.valid, found.first_bad) == (False, bad)


def test_an_entry_taken_out_is_found(database: Database) -> None:
    _write(database)
    gone = _seq(database, back=3)
    with database.writing() as session:
        _unguard(session)
        session.execute(delete(AuditEntry).where(AuditEntry.seq == gone))
        _guard(session)
    found = _verdict(database)
    assert (found.valid, found.first_bad) == (False, gone + 1)


def test_a_rewritten_chain_is_caught_by_the_kept_head(database: Database) -> None:
    _write(database)
    head = _verdict(database).head
    with database.writing() as session:
        _unguard(session)
        previous = "0" * 64
        entries = select(AuditEntry.__table__).order_by(AuditEntry.seq)
        for entry in session.execute(entries).mappings().all():
            changed = {"actor": 77, "previous": previous}
            previous = changed["digest"] = audit._digest({**entry, **changed})
            at = AuditEntry.seq == entry["seq"]
            session.execute(update(AuditEntry).where(at).values(changed))
        _guard(session)
    assert _verdict(database).valid  # the chain alone cannot tell
    assert not _verdict(database, kept_head=head).valid


def test_a_chain_cut_short_is_caught_by_the_kept_head(database: Database) -> None:
    _write(database)
    head, last = _verdict(database).head, _seq(database)
    with database.writing() as session:
        _unguard(session)
        session.execute(delete(AuditEntry).where(AuditEntry.seq == last))
        _guard(session)
    assert _verdict(database).valid
    assert not _verdict(database, kept_head=head).valid


def test_entries_say_who_and_through_what(database: Database) -> None:
    audit.act_as(42, "web")
    _write(database, times=1)
    with database.reading() as session:
        last = session.get_one(AuditEntry, audit.count_entries(session))
        assert (last.actor, last.channel, last.action) == (42, "web", "test.note")
        assert last.detail == {"fields": ["name", "中"]}
