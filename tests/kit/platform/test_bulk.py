"""Rows written in bulk are stored as SQLAlchemy stores them, and count as a change."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.db import Base, Database
from jobfair.seekers.services.columns import new_row
from tests.seekers.factory import draft

_TABLE = Base.metadata.tables["seeker"]
# What an array's text would take for its own.
_ODD = ("", "NULL", '"', "\\", "{甲,乙}", "a\nb", " 村 ", "'); --", "\\N", "村")


def _rows(first: int, count: int) -> list[dict[str, Any]]:
    at = clock.now()
    rows = []
    for n in range(first, first + count):
        said = draft(n, skills=("缝纫", f"第{n}项") if n % 2 else None, village=_ODD[n % len(_ODD)])
        when = at + timedelta(hours=n % 4)
        rows.append(new_row(said, at=when, revision=n, registered_by=None, source="test"))
    return rows


def _stored(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        rows = session.execute(select(_TABLE).order_by(_TABLE.c.revision)).mappings()
        return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_what_is_stored_reads_as_what_was_given(database: Database) -> None:
    bulk, plain = _rows(1, 40), _rows(41, 40)
    with database.writing() as session:
        insert_rows(session, _TABLE, bulk)
        session.execute(insert(_TABLE), plain)
        audit.record(session, "test.write", subject="seeker")
    assert _stored(database) == bulk + plain


def test_no_rows_are_no_change(database: Database) -> None:
    with database.writing() as session:
        insert_rows(session, _TABLE, [])
    assert _stored(database) == []


def test_a_write_that_nobody_recorded_is_refused(database: Database) -> None:
    with pytest.raises(audit.UnauditedWrite), database.writing() as session:
        insert_rows(session, _TABLE, _rows(1, 2))
    assert _stored(database) == []


def test_a_row_the_database_refuses_takes_all_with_it(database: Database) -> None:
    rows = _rows(1, 3)
    rows[2] |= {"id_index": rows[0]["id_index"], "village": "某某村"}
    with pytest.raises(IntegrityError) as refused, database.writing() as session:
        insert_rows(session, _TABLE, rows)
    assert "某某村" not in str(refused.value), "an error does not carry what was typed"
    assert _stored(database) == []
