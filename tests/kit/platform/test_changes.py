"""Revisions become visible in order, also when two transactions ask for the first at once."""

import threading

import pytest

from jobfair.accounts.models import Organisation
from jobfair.kit import audit, changes
from jobfair.kit.db import Database


def _take(database: Database, kind: str) -> int:
    with database.writing() as session:
        number = changes.next_revision(session, kind)
        audit.record(session, "test.write", subject="test")
    return number


def _forget(database: Database) -> None:
    with database.writing() as session:
        assert changes.next_revision(session, "a") == 2
        session.add(Organisation(kind="school", name="测试学校"))


def test_one_revision_per_transaction_and_kind(database: Database) -> None:
    with database.writing() as session:
        assert changes.next_revision(session, "a") == 1
        assert changes.next_revision(session, "a") == 1
        assert changes.next_revision(session, "b") == 1
        audit.record(session, "test.write", subject="test")
    assert [_take(database, "a") for _ in range(3)] == [2, 3, 4]
    with database.reading() as session:
        assert changes.current_revision(session, "a") == 4
        assert changes.current_revision(session, "b") == 1
        assert changes.current_revision(session, "never") == 0


def test_a_transaction_that_fails_takes_no_revision(database: Database) -> None:
    _take(database, "a")
    with pytest.raises(audit.UnauditedWrite):
        _forget(database)
    assert _take(database, "a") == 2


def test_two_first_revisions_at_once(database: Database) -> None:
    """The second waits for the first and comes after it; neither fails."""
    order: list[tuple[str, int]] = []
    asked = threading.Event()

    def second() -> None:
        asked.set()
        order.append(("second", _take(database, "a")))

    thread = threading.Thread(target=second)
    with database.writing() as session:
        order.append(("first", changes.next_revision(session, "a")))
        audit.record(session, "test.write", subject="test")
        thread.start()
        assert asked.wait(10)
        thread.join(0.5)
        assert thread.is_alive()  # it waits for our commit
    thread.join(30)
    assert order == [("first", 1), ("second", 2)]
