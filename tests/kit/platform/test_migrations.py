"""Migrations lead an empty database to exactly the models, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import IntegrityError

from jobfair.kit.db import APPEND_ONLY, Database
from jobfair.migrations import schema

# Two fairs: a second device at a booth, a revoked one, a gate and a booth that nobody numbered so
# long bring no booth of their own.
_EMPLOYER = (
    "INSERT INTO employer (id, key, name, name_key, status, source, created_at, revision) "
    "VALUES ({n}, 'k{n}', 'e{n}', 'e{n}', 'unverified', '', '2010-03-01', 1)"
)
_FAIR = (
    "INSERT INTO fair (id, code, name, name_en, starts_on, ends_on, venue, division_code, "
    "synthetic, created_at) VALUES ({n}, 'f{n}', 'f', '', '2010-03-06', '2010-03-07', '', '5205', "
    "false, '2010-03-01')"
)
_STATION = (
    "INSERT INTO station (id, fair_id, name, job, employer_id, added_at, revoked_at) VALUES "
    "({id}, {fair}, '{name}', '{job}', {employer}, '2010-03-01', {revoked})"
)
_STATIONS = (
    *(_EMPLOYER.format(n=n) for n in (1, 2, 3)),
    *(_FAIR.format(n=n) for n in (1, 2)),
    *(
        _STATION.format(id=id_, fair=fair, name=name, job=job, employer=employer, revoked=revoked)
        for id_, fair, name, job, employer, revoked in (
            (1, 1, "old", "booth", 1, "'2010-03-02'"),
            (2, 1, "12", "booth", 1, "NULL"),
            (3, 1, "12, second", "booth", 1, "NULL"),
            (4, 1, "East gate", "gate", "NULL", "NULL"),
            (5, 1, "B-7", "booth", 2, "NULL"),
            (6, 1, "behind the stage, on the left", "booth", 3, "NULL"),
            (7, 2, "12", "booth", 2, "NULL"),
        )
    ),
)


@pytest.fixture
def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without tables, of this test's own."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"jobfair_empty_{request.getfixturevalue('worker_id')}"
    root = create_engine(server, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield database
    database.close()
    with root.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    root.dispose()


def _tables(database: Database) -> set[str]:
    with database.schema() as connection:
        return set(inspect(connection).get_table_names())


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.schema() as connection:
        return set(connection.execute(text(query)).scalars())


def test_up_down_and_up_again(empty: Database) -> None:
    assert schema.current(empty) is None
    assert schema.upgrade(empty) == schema.newest_revision()
    assert schema.differences(empty) == []
    assert schema.current(empty) == schema.newest_revision()
    schema.downgrade(empty, "base")
    assert _tables(empty) == {"alembic_version"}
    schema.upgrade(empty)
    assert schema.differences(empty) == []


def test_creating_and_migrating_make_the_same_triggers(empty: Database) -> None:
    schema.upgrade(empty)
    migrated = _triggers(empty)
    schema.downgrade(empty, "base")
    assert _triggers(empty) == set()
    with empty.schema() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    schema.create(empty)
    assert _triggers(empty) == migrated
    for table in APPEND_ONLY:
        assert any(name.startswith(table) for name in migrated), table
    assert schema.differences(empty) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE extra (id INTEGER PRIMARY KEY)", "remove_table"),
        ("ALTER TABLE organisation ADD COLUMN extra INTEGER", "remove_column"),
        ("DROP INDEX ix_audit_entry_action", "add_index"),
    ],
)
def test_a_difference_is_reported(empty: Database, statement: str, said: str) -> None:
    schema.upgrade(empty)
    with empty.schema() as connection:
        connection.execute(text(statement))
    assert [said in line for line in schema.differences(empty)] == [True]


def test_numbers_of_booths_that_stations_had_are_kept(empty: Database) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "0009")
    with empty.schema() as connection:
        for statement in _STATIONS:
            connection.execute(text(statement))
    schema.upgrade(empty)
    with empty.schema() as connection:
        booths = connection.execute(
            text(
                'SELECT number, booth.fair_id, employer_id, letter, "row", "column" FROM booth '
                "JOIN zone ON zone.id = zone_id JOIN booth_cell ON booth_id = booth.id "
                "ORDER BY booth.id"
            )
        )
        assert [tuple(row) for row in booths] == [
            ("12", 1, 1, "A", 1, 1),
            ("B-7", 1, 2, "A", 1, 2),
            ("12", 2, 2, "A", 1, 1),
        ]
        added = "INSERT INTO booth (fair_id, zone_id, number) VALUES (1, 1, 'new')"
        connection.execute(text(added))
    assert schema.differences(empty) == []


_BOOTH_RECORD = (
    "INSERT INTO booth_record (id, pairing_id, sequence, fair_id, employer_id, kind, card, "
    "position_id, number, at, skew, received_at) VALUES ('{kind}', 1, {n}, 1, 1, '{kind}', "
    "{card}, 1, '', '2010-03-06', 0, '2010-03-06')"
)


def test_a_booth_may_say_that_it_talked_once_its_table_was_migrated(empty: Database) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "0014")
    card = "X'00'" if empty.dialect == "sqlite" else "'x'::bytea"
    pairing = (
        "INSERT INTO pairing (id, station_id, secret_digest, began_at) "
        "VALUES (1, 2, 'd', '2010-03-06')"
    )
    with empty.schema() as connection:
        for statement in (*_STATIONS, pairing):
            connection.execute(text(statement))
        connection.execute(text(_BOOTH_RECORD.format(n=1, kind="second", card=card)))
    schema.upgrade(empty)
    with empty.schema() as connection:
        connection.execute(text(_BOOTH_RECORD.format(n=2, kind="talk", card=card)))
    with pytest.raises(IntegrityError), empty.schema() as connection:
        connection.execute(text(_BOOTH_RECORD.format(n=3, kind="dance", card=card)))
    with empty.schema() as connection:
        kinds = connection.execute(text("SELECT kind FROM booth_record ORDER BY sequence"))
        assert list(kinds.scalars()) == ["second", "talk"]
