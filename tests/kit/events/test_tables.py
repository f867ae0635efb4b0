"""What the database itself holds true of events, on both databases, whatever the code does."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Executable, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements import services
from jobfair.placements.models import PlacementEvent
from jobfair.school.models import StudentEventRecord
from tests.accounts.factory import make_organisation
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.school.factory import make_student


@pytest.fixture
def filled(database: Database, make: Make) -> Database:
    make_placement(database, make.seeker(1), ended_on=date(2010, 12, 1))
    school = make_organisation(database, kind="school", division="4403", name="某技工学校")
    make_student(database, school, 2)
    return database


def run(database: Database, statement: Executable) -> None:
    with database.writing() as session:
        session.execute(statement)


def changes(table: Any, column: str, dialect: str) -> list[Executable]:
    """Return every way to change or remove a row of a table."""
    (key,) = table.primary_key.columns
    first = select(table).where(key == 1)
    names = [c.name for c in table.columns]
    if dialect == "sqlite":  # removes the row that stands there, unless triggers recurse
        over: Executable = insert(table).prefix_with("OR REPLACE").from_select(names, first)
    else:
        copied = postgresql.insert(table).from_select(names, first)
        over = copied.on_conflict_do_update(index_elements=[key], set_={column: "x"})
    return [
        update(table).values({column: "x"}),
        update(table).values({column: table.c[column]}),
        delete(table),
        delete(table).where(key == 1),
        over,
    ]


@pytest.mark.parametrize(
    ("model", "column"),
    [(PlacementEvent, "source"), (StudentEventRecord, "source"), (AuditEntry, "action")],
)
def test_no_row_is_changed_or_removed(filled: Database, model: Any, column: str) -> None:
    def rows() -> int:
        with filled.reading() as session:
            return int(session.execute(select(func.count()).select_from(model)).scalar_one())

    before = rows()
    assert before > 0
    for statement in changes(model.__table__, column, filled.dialect):
        with pytest.raises(DBAPIError, match="append-only"):
            run(filled, statement)
    assert rows() == before


def test_an_event_has_one_reversal_and_a_reversal_a_reason(filled: Database) -> None:
    with filled.reading() as session:
        last = session.execute(select(func.max(PlacementEvent.id))).scalar_one()
    with filled.writing() as session:
        services.reverse_event(session, last, "another person", Recorder())
    with filled.reading() as session:
        event = session.get_one(PlacementEvent, last)
        names = [c.name for c in PlacementEvent.__table__.columns if c.name != "id"]
        told = {name: getattr(event, name) for name in names}

    def again(kind: str, reverses: int | None, reason: str) -> Executable:
        row = told | {"key": "k", "kind": kind, "reverses_id": reverses, "reason": reason}
        return insert(PlacementEvent).values(row)

    for statement in (
        again("reversal", last, "twice"),
        again("reversal", None, "of nothing"),
        again("reversal", last - 1, ""),
        again("follow_up", last - 1, "a follow-up takes nothing back"),
    ):
        with pytest.raises(IntegrityError):
            run(filled, statement)
