"""The database: reading cannot write, writing commits once, audited, or not at all."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.kit import audit, changes
from jobfair.kit.audit import AuditEntry, UnauditedWrite
from jobfair.kit.db import Database
from jobfair.placements.models import PlacementEvent
from jobfair.regions.models import Division
from tests.factories import Make
from tests.kit.platform.writers import write_many
from tests.placements.factory import make_placement


class _Stop(Exception):
    """Thrown by a test inside a transaction."""


def _division(code: str = "999999") -> Division:
    return Division(code=code, name="测试县", level="county", parent_code="9999", valid_from=2020)


def _kept(database: Database, code: str = "999999") -> bool:
    with database.reading() as session:
        return session.get(Division, code) is not None


def _remove(database: Database) -> None:
    """Take the division out again: code lists are kept between tests."""
    with database.writing() as session:
        session.execute(delete(Division).where(Division.code == "999999"))
        audit.record(session, "division.remove", subject="division")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO change_counter (kind, value) VALUES ('test', 1)",
        "UPDATE division SET name = 'x'",
        "DELETE FROM twinning",
        "CREATE TABLE more (id INTEGER)",
    ],
)
def test_reading_cannot_write(database: Database, statement: str) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match=r"read.?only"):
        session.execute(text(statement))


def test_reading_cannot_write_through_the_orm(database: Database) -> None:
    with database.reading() as session:
        session.add(_division())
        with pytest.raises(DBAPIError, match=r"read.?only"):
            session.flush()
    assert not _kept(database)


def test_reading_sees_one_moment(database: Database) -> None:
    with database.reading() as session:
        before = audit.count_entries(session)
    with database.writing() as session:
        audit.record(session, "test.write", subject="test")
        with database.reading() as other:
            assert audit.count_entries(other) == before
    with database.reading() as session:
        assert audit.count_entries(session) == before + 1


def test_writing_commits_at_the_end(database: Database) -> None:
    with database.writing() as session:
        session.add(_division())
        session.flush()
        assert not _kept(database)
        audit.record(session, "division.add", subject="division")
    assert _kept(database)
    _remove(database)


def _add_and_stop(database: Database) -> None:
    with database.writing() as session:
        session.add(_division())
        audit.record(session, "division.add", subject="division")
        session.flush()
        raise _Stop


def test_a_failure_takes_everything_back(database: Database) -> None:
    with pytest.raises(_Stop):
        _add_and_stop(database)
    assert not _kept(database)
    with database.reading() as session:
        assert "division.add" not in session.execute(select(AuditEntry.action)).scalars().all()
    with database.writing() as session:  # and the lock is free again
        audit.record(session, "test.write", subject="test")


def test_a_failed_last_step_takes_everything_back(database: Database) -> None:
    def refuse(session: Session) -> None:
        raise _Stop(session.info)

    refusing = Database(database.url, before_commit=(refuse,))
    with pytest.raises(_Stop), refusing.writing() as session:
        session.add(_division())
    refusing.close()
    assert not _kept(database)


def test_writing_inside_writing_is_refused(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(RuntimeError, match="inside another one"), database.writing():
            pytest.fail("a second transaction was opened")
        audit.record(session, "test.outer", subject="test")
    with database.reading() as session:
        assert "test.outer" in session.execute(select(AuditEntry.action)).scalars().all()


def test_threads_may_write_one_after_another(database: Database) -> None:
    threads = [
        threading.Thread(target=write_many, args=(database.url, n, 5), name=f"writer {n}")
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert changes.current_revision(session, "test") == 20
        assert audit.verify(session).valid


_SCHOOL = {"kind": "school", "name": "测试学校", "active": True}


def _add(session: Session) -> None:
    session.add(Organisation(**_SCHOOL))


def _change(session: Session) -> None:
    session.execute(select(Organisation)).scalars().one().name = "x"


def _forget(database: Database, way: Callable[[Session], object]) -> None:
    with database.writing() as session:
        way(session)


@pytest.mark.parametrize(
    "way",
    [
        _add,
        _change,
        lambda session: session.execute(insert(Organisation).values(_SCHOOL)),
        lambda session: session.execute(insert(Organisation), [_SCHOOL, _SCHOOL]),
        lambda session: session.execute(update(Organisation).values(name="x")),
        lambda session: session.execute(delete(Organisation)),
    ],
)
def test_a_verb_that_forgets_the_audit_is_refused(
    database: Database, make: Make, way: Callable[[Session], object]
) -> None:
    make.office("520502")
    with pytest.raises(UnauditedWrite, match="organisation"):
        _forget(database, way)
    with database.reading() as session:
        assert session.execute(select(Organisation.name)).scalars().all() == ["520502劳动部门"]


def _event(database: Database, make: Make) -> int:
    make_placement(database, make.seeker())
    with database.reading() as session:
        return session.execute(select(func.min(PlacementEvent.id))).scalar_one()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE placement_event SET source = 'x'",
        "DELETE FROM placement_event",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
    ],
)
def test_what_must_stand_is_refused_by_the_database(
    database: Database, make: Make, statement: str
) -> None:
    _event(database, make)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert session.execute(select(func.count(PlacementEvent.id))).scalar_one() == 1
        assert audit.verify(session).valid


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_processes_write_side_by_side_and_lose_nothing(database: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write_many, args=(database.url, n, 25)) for n in range(1, 5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    with database.reading() as session:
        assert changes.current_revision(session, "test") == 100
        rows = session.execute(
            select(AuditEntry.actor, AuditEntry.subject_id)
            .where(AuditEntry.action == "test.write")
            .order_by(AuditEntry.seq)
        ).all()
        assert Counter(row.actor for row in rows) == {1: 25, 2: 25, 3: 25, 4: 25}
        assert [row.subject_id for row in rows] == list(range(1, 101))
        assert audit.verify(session).valid
