"""What of a fair's rows the other server does not have yet, or not as it is here."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from jobfair.kit.db import APPEND_ONLY
from jobfair.uplink.carried import (
    DELETABLE,
    FROM_PREFECTURE,
    WRITTEN_ONCE,
    Carried,
    CarriedColumn,
    carried,
)
from jobfair.uplink.models import UplinkRow
from jobfair.uplink.queries.belonging import rows_of
from jobfair.uplink.queries.book import PART, Book, changed_since, digests, row_digest
from jobfair.uplink.rules import Row

_NAME, _AGREED = "uplink name", "uplink agreed"  # no column of ours has a blank in its name
# What only the day's server writes: at the end both must have the same rows.
DAY = (
    "station",
    "pairing",
    "gate_record",
    "walk_in",
    "booth_record",
    "booth_claim",
    "hold",
    "announcement",
    "tally_entry",
    "slip_batch",
    "result_signature",
    "fair_closing",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the other server does not have, or not as it is here.

    Attributes:
        stored: the row as it is stored here; None where it is gone.
        columns: those that changed.
        agreed: what is agreed on once the other has answered.
    """

    table: str
    name: str
    stored: Mapping[str, Any] | None
    columns: tuple[CarriedColumn, ...]
    agreed: bytes


@dataclass(frozen=True, slots=True)
class Counted:
    """A table's rows of a fair: how many, and digests of their names and of what they say."""

    rows: int
    names: str
    content: str


def list_differences(book: Book, *, at_most: int) -> list[Difference]:
    """Return some of a fair's rows that the other server does not have as they are here.

    Nothing notes changes: rows are compared with what was agreed on, so that none is missed
    whichever way it was written. New ones come first, each after those it refers to; they are
    looked for by their keys alone, so that a pack of them costs the same whatever was sent before.
    """
    return list(islice(_differences(book, at_most), at_most))


def _differences(book: Book, at_most: int) -> Iterator[Difference]:
    for spec in _sent(book):
        yield from _new(book, spec, at_most)
    for spec in _sent(book):
        if spec.name not in APPEND_ONLY and spec.name not in WRITTEN_ONCE:
            yield from _changed(book, spec)
        if spec.name in DELETABLE:
            yield from _gone(book, spec)


def count_differences(book: Book) -> int:
    """Return how many rows the other server does not have as they are here."""
    count = 0
    for spec in _sent(book):
        new = _new_rows(book, spec).order_by(None).subquery()
        count += book.session.execute(select(func.count()).select_from(new)).scalar_one()
        if spec.name not in APPEND_ONLY and spec.name not in WRITTEN_ONCE:
            count += sum(1 for _ in _changed(book, spec))
        if spec.name in DELETABLE:
            count += sum(1 for _ in _gone(book, spec))
    return count


def _sent(book: Book) -> list[Carried]:
    """Return the tables that this server sends, none where it has not the fair."""
    if book.side.fair_id is None:
        return []
    every = carried().values()
    return [one for one in every if book.side.master or one.name not in FROM_PREFECTURE]


def _shared(book: Book, spec: Carried) -> "ColumnElement[bool]":
    """Return the condition that a row of the table is the one a row of the uplink is about."""
    return and_(
        UplinkRow.uplink_id == book.side.uplink_id,
        UplinkRow.table_name == spec.name,
        UplinkRow.local == spec.local,
    )


def _new_rows(book: Book, spec: Carried) -> Select[Any]:
    return (
        rows_of(spec.name, book.side)
        .outerjoin(UplinkRow, _shared(book, spec))
        .add_columns(UplinkRow.name.label(_NAME))
        .where(UplinkRow.name.is_(None) | (func.length(UplinkRow.agreed) == 0))
    )


def _new(book: Book, spec: Carried, at_most: int) -> Iterator[Difference]:
    query = _new_rows(book, spec).limit(at_most)
    for stored in map(dict, book.session.execute(query).mappings()):
        name = stored[_NAME] or book.call(spec, stored)
        yield Difference(spec.name, name, stored, spec.columns, digests(spec, stored))


def _changed(book: Book, spec: Carried) -> Iterator[Difference]:
    query = (
        rows_of(spec.name, book.side)
        .join(UplinkRow, _shared(book, spec))
        .add_columns(UplinkRow.name.label(_NAME), UplinkRow.agreed.label(_AGREED))
        .where(func.length(UplinkRow.agreed) > 0)
    )
    met = set()
    for stored in map(dict, book.session.execute(query).mappings()):
        was, local = stored[_AGREED], spec.local_of(stored)
        if was[:PART] != row_digest(spec, stored) and local not in met:
            met.add(local)
            now = digests(spec, stored)
            columns = changed_since(spec, was, now)
            if columns:
                yield Difference(spec.name, stored[_NAME], stored, columns, now)


def _gone(book: Book, spec: Carried) -> Iterator[Difference]:
    there = rows_of(spec.name, book.side).where(_shared(book, spec)).order_by(None).exists()
    names = select(UplinkRow.name).where(
        UplinkRow.uplink_id == book.side.uplink_id, UplinkRow.table_name == spec.name, ~there
    )
    for name in book.session.execute(names).scalars():
        yield Difference(spec.name, name, None, (), b"")


def as_row(book: Book, found: Difference) -> Row:
    """Return a difference as it travels."""
    if found.stored is None:
        return Row(found.table, found.name, None)
    values = {column.name: book.written(column, found.stored) for column in found.columns}
    return Row(found.table, found.name, values)


def count_day(book: Book, *, besides: Mapping[str, Sequence[str]]) -> dict[str, Counted]:
    """Return the day's rows counted, table by table.

    Args:
        book: of this server's uplink.
        besides: table → names of rows that are not applied here, yet not lost.
    """
    found = {}
    for table in DAY:
        spec = carried()[table]
        told = {}
        for stored in map(dict, book.session.execute(rows_of(spec.name, book.side)).mappings()):
            name = book.name_of(table, spec.local_of(stored), stored)
            told[name or ""] = repr([book.written(column, stored) for column in spec.columns])
        told |= {name: "" for name in besides.get(table, ()) if name not in told}
        names = hashlib.sha256(repr(sorted(told)).encode()).hexdigest()
        content = hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()
        found[table] = Counted(len(told), names, content)
    return found
