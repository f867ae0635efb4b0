"""The database: two kinds of session, one commit in the whole program.

``Database.writing()`` is the edge's transaction: it commits once at the end or not at all. On
SQLite it begins IMMEDIATE under a fair lock, so a command and the server live together and nobody
starves, and only the lock's holder checkpoints (SQLite up to 3.51.2 can lose commits when two
connections checkpoint at once). ``Database.reading()`` cannot write: the file is opened read-only,
or the transaction is READ ONLY on PostgreSQL.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import quote

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.schema import DDL

from jobfair.kit.fairlock import FairLock

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps no zone, so it is added on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone; use kit.clock")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's base; constraint names are the same on both databases."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 - SQLAlchemy reads the plain dict


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the condition of a check that a column holds one of some words."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


# Rows that must stand for ever: an UPDATE or DELETE is refused by the database itself.
APPEND_ONLY: dict[str, tuple[str, ...]] = {}

_SQLITE_TRIGGER = """
CREATE TRIGGER {table}_{verb}_refused BEFORE {verb_sql} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
_POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_change_refused BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()"""


def append_only_ddl(table: str, dialect: str) -> tuple[str, ...]:
    """Return the statements that make a table append-only, for create-all and for migrations."""
    if dialect == "sqlite":
        return tuple(
            _SQLITE_TRIGGER.format(table=table, verb=verb, verb_sql=verb.upper()).strip()
            for verb in ("update", "delete")
        )
    return (
        _POSTGRES_FUNCTION.format(table=table).strip(),
        _POSTGRES_TRIGGER.format(table=table).strip(),
    )


def append_only(model: type[Base]) -> None:
    """Let the database refuse every UPDATE and DELETE of a table's rows."""
    table = cast(Table, model.__table__)
    APPEND_ONLY[table.name] = ("sqlite", "postgresql")
    for dialect in APPEND_ONLY[table.name]:
        for statement in append_only_ddl(table.name, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def go_by_indexes(session: Session) -> None:
    """Have the statements of this transaction find their rows by indexes.

    PostgreSQL keeps the plan of a statement that comes often. One made in a day's first minutes,
    when a table of records is nearly empty and reading all of it is cheapest, is still followed
    when there are thousands: measured 195 ms for a statement that takes 4. SQLite goes by indexes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")


@lru_cache(maxsize=50_000)
def _words_as_json(words: tuple[str, ...]) -> str:
    return json.dumps(words)


def _as_json(value: Any) -> str:
    """Return the stored text of a JSON column; lists of words repeat over thousands of rows."""
    if isinstance(value, list) and all(type(one) is str for one in value):
        return _words_as_json(tuple(value))
    return json.dumps(value)


class BeforeCommit(Protocol):
    """Something that must happen inside each writing transaction, last."""

    def __call__(self, session: Session) -> None:
        """Add what is due, or raise to roll back."""


def _on_connect(*, writer: bool) -> Callable[[sqlite3.Connection, object], None]:
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA recursive_triggers=ON")  # or REPLACE deletes past the triggers
        cursor.execute("PRAGMA busy_timeout=10000")  # for accidents; the lock does the queueing
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA mmap_size=268435456")
        if writer:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return prepare


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL, or None for another database."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


class Database:
    """One database and its two kinds of session."""

    def __init__(self, url: str, *, before_commit: tuple[BeforeCommit, ...] = ()) -> None:
        self.url = url
        self.path = sqlite_path(url)
        self._before_commit = before_commit
        self._inside = threading.local()
        if self.path is None:
            self._lock = None
            self._writer = create_engine(
                url,
                pool_size=20,
                max_overflow=20,
                pool_pre_ping=True,
                hide_parameters=True,
                json_serializer=_as_json,
            )
            self._reader: Engine = self._writer.execution_options(postgresql_readonly=True)
        else:
            self._lock = FairLock(self.path)
            self._writer = self._sqlite_engine("rwc", writer=True)
            self._reader = self._sqlite_engine("ro", writer=False)
            with self._lock.held(), self._writer.connect():
                pass  # the file and its write-ahead log exist before the first reader comes

    def _sqlite_engine(self, mode: str, *, writer: bool) -> Engine:
        location = f"file:{quote(str(self.path))}?mode={mode}"
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(location, uri=True, check_same_thread=False),
            poolclass=StaticPool if writer else QueuePool,
            hide_parameters=True,  # an error text must not carry what was typed
            json_serializer=_as_json,
            **({} if writer else {"pool_size": 16, "max_overflow": 32}),
        )
        event.listen(engine, "connect", _on_connect(writer=writer))
        event.listen(engine, "begin", _begin("BEGIN IMMEDIATE" if writer else "BEGIN"))
        return engine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._writer.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment and cannot write."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Refuse a transaction inside another: PostgreSQL would commit the inner one by itself."""
        if getattr(self._inside, "writing", False):
            raise RuntimeError("a writing transaction was opened inside another one")
        self._inside.writing = True
        try:
            yield
        finally:
            self._inside.writing = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits once at the end, or not at all.

        Raises:
            RuntimeError: this thread is already inside one.
        """
        with (
            self._only_one(),
            self._lock.held() if self._lock else nullcontext(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            session.flush()
            for step in self._before_commit:
                step(session)

    @contextmanager
    def schema(self) -> Iterator[Connection]:
        """Give a connection for creating or migrating tables; commits at the end.

        Foreign keys are off on SQLite meanwhile: a batch migration recreates tables.
        """
        with self._lock.held() if self._lock else nullcontext(), self._writer.connect() as held:
            if self._lock:
                cast(Any, held.connection.dbapi_connection).execute("PRAGMA foreign_keys=OFF")
            try:
                with held.begin():
                    yield held
            finally:
                if self._lock:
                    cast(Any, held.connection.dbapi_connection).execute("PRAGMA foreign_keys=ON")

    def sync_level(self) -> int | None:
        """Return SQLite's synchronous level of the writer (2 is FULL), None on another database."""
        if self._lock is None:
            return None
        with self._lock.held(), self._writer.connect() as held:
            return int(held.exec_driver_sql("PRAGMA synchronous").scalar_one())

    def close(self) -> None:
        """Give all connections back; closing the writer may checkpoint, so it holds the lock."""
        self._reader.dispose()
        with self._lock.held() if self._lock else nullcontext():
            self._writer.dispose()
