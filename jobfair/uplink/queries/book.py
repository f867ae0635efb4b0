"""What two servers call a row, which row that is here, and what of it they agree on."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, LargeBinary, select
from sqlalchemy.orm import Session

from jobfair.kit.crypto import vault
from jobfair.kit.db import Base, Instant
from jobfair.uplink.carried import FROM_PREFECTURE, Carried, CarriedColumn, carried
from jobfair.uplink.models import Uplink, UplinkRow
from jobfair.uplink.rules import Row, row_name

PART = 8  # bytes of digest of a row, and of each of its columns


@dataclass(frozen=True, slots=True)
class Side:
    """Whose uplink this is.

    Attributes:
        fair_id: the fair here; None at a hall before it arrived.
        master: whether this is the prefecture's server.
    """

    uplink_id: int
    fair_code: str
    fair_id: int | None
    master: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A row that both servers have: its primary key here, and what of it they agree on."""

    local: str
    agreed: bytes


def side_of(session: Session, uplink: Uplink) -> Side:
    """Return whose uplink a row of the table is, and which fair it is about here."""
    fair = Base.metadata.tables["fair"]
    found = session.execute(select(fair.c.id).where(fair.c.code == uplink.fair_code))
    return Side(uplink.id, uplink.fair_code, found.scalar_one_or_none(), not uplink.address)


class Book:
    """What the rows of one uplink are called; each is asked for once."""

    def __init__(self, session: Session, side: Side) -> None:
        self.session, self.side = session, side
        self._known: dict[tuple[str, str], Known | None] = {}
        self._names: dict[tuple[str, str], str | None] = {}

    def known(self, table: str, name: str) -> Known | None:
        """Return what is agreed on of a row by its name; None where one of both has it not."""
        if (table, name) not in self._known:
            found = self.session.execute(
                select(UplinkRow.local, UplinkRow.agreed).where(
                    UplinkRow.uplink_id == self.side.uplink_id,
                    UplinkRow.table_name == table,
                    UplinkRow.name == name,
                )
            ).one_or_none()
            self._known[table, name] = found and Known(found.local, found.agreed)
        return self._known[table, name]

    def look_up(self, rows: Iterable[Row]) -> None:
        """Ask for what is agreed on of many rows at once."""
        names: dict[str, list[str]] = {}
        for row in rows:
            names.setdefault(row.table, []).append(row.name)
        for table, some in names.items():
            found = self.session.execute(
                select(UplinkRow.name, UplinkRow.local, UplinkRow.agreed).where(
                    UplinkRow.uplink_id == self.side.uplink_id,
                    UplinkRow.table_name == table,
                    UplinkRow.name.in_(some),
                )
            )
            self._known |= dict.fromkeys((table, name) for name in some)
            for one in found:
                self._known[table, one.name] = Known(one.local, one.agreed)

    def note(self, table: str, name: str, known: Known | None) -> None:
        """Take note of what was just written of a row."""
        self._known[table, name] = known
        if known is not None:
            self._names[table, known.local] = name

    def name_of(
        self, table: str, local: str, stored: Mapping[str, Any] | None = None
    ) -> str | None:
        """Return what a row is called; None where there is none, or the other may not have it.

        Args:
            table: its table.
            local: its primary key here.
            stored: the row, where the caller has it.
        """
        if (table, local) not in self._names:
            shared = select(UplinkRow.name).where(
                UplinkRow.uplink_id == self.side.uplink_id,
                UplinkRow.table_name == table,
                UplinkRow.local == local,
            )
            name = self.session.execute(shared.order_by(UplinkRow.name).limit(1)).scalar()
            if name is None and (self.side.master or table not in FROM_PREFECTURE):
                spec = carried()[table]
                stored = stored or self._stored(spec, spec.itself(local))
                name = None if stored is None else self.call(spec, stored)
            self._names[table, local] = name
        return self._names[table, local]

    def _stored(self, spec: Carried, which: Sequence[Any]) -> dict[str, Any] | None:
        found = self.session.execute(select(spec.table).where(*which)).mappings().one_or_none()
        return None if found is None else dict(found)

    def call(self, spec: Carried, stored: Mapping[str, Any]) -> str:
        """Return what a row that both servers do not know yet is called."""
        if spec.named_plainly:
            return str(stored[spec.named_by[0]])
        columns = [spec.column(one) for one in spec.named_by]
        return row_name([self.written(one, stored) for one in columns if one is not None])

    def written(self, column: CarriedColumn, stored: Mapping[str, Any]) -> Any:
        """Return a column of a stored row as it travels."""
        value = stored[column.name]
        if value is None:
            return None
        if column.target:
            return self.name_of(column.target, str(value))
        if column.sealed:
            spec = carried()[column.column.table.name]
            place = stored[spec.own_key]
            return vault().open(value, table=spec.name, column=column.name, row=place)
        if isinstance(value, datetime | date):
            return value.isoformat()
        return value.hex() if isinstance(value, bytes) else value

    def local_of(self, table: str, name: str) -> int | None:
        """Return the id here of a row that both servers have; None for any other."""
        known = self.known(table, name)
        return None if known is None else int(known.local)

    def find(self, spec: Carried, name: str) -> dict[str, Any] | None:
        """Return a stored row by its name.

        Raises:
            ValueError: it is no name of a row of this table.
        """
        known = self.known(spec.name, name)
        if known is not None:
            return self._stored(spec, spec.itself(known.local))
        which = []
        for column, part in zip(spec.named_by, spec.parts_of(name), strict=True):
            carries = spec.column(column)
            value = None if carries is None else self.read(carries, part)
            if carries is None or value is None:
                return None
            which.append(carries.column == value)
        return self._stored(spec, which)

    def read(self, column: CarriedColumn, sent: Any) -> Any:
        """Return the value of a column that travelled; sealed texts stay in clear.

        Raises:
            LookupError: it refers to a row that is not here.
            ValueError: it is not of the column's kind.
        """
        if sent is None:
            return None
        if column.target:
            local = self.local_of(column.target, sent) if isinstance(sent, str) else None
            if local is None and not column.loose:
                raise LookupError(column.target)
            return local
        if column.sealed:
            return _checked(sent, str)
        return _value(column.column, sent)


def _value(column: "Column[Any]", sent: Any) -> Any:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(_checked(sent, str))
    if isinstance(column.type, Date):
        return date.fromisoformat(_checked(sent, str))
    if isinstance(column.type, LargeBinary):
        return bytes.fromhex(_checked(sent, str))
    kind = column.type.python_type
    return _checked(sent, (dict, list) if kind is dict else (int, float) if kind is float else kind)


def _checked(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError("not of the column's kind")
    return value


def _digest(value: Any) -> bytes:
    return hashlib.blake2b(repr(value).encode(), digest_size=PART).digest()


def row_digest(spec: Carried, stored: Mapping[str, Any]) -> bytes:
    """Return the digest of all columns of a stored row that travel."""
    return _digest([stored[column.name] for column in spec.columns])


def digests(spec: Carried, stored: Mapping[str, Any]) -> bytes:
    """Return the digest of a stored row and of each of its columns that travel."""
    each = (_digest(stored[column.name]) for column in spec.columns)
    return row_digest(spec, stored) + b"".join(each)


def changed_since(spec: Carried, agreed: bytes, now: bytes) -> tuple[CarriedColumn, ...]:
    """Return the columns whose digests differ; all of them where the table had other columns."""
    if len(agreed) != len(now):
        return spec.columns
    places = range(PART, len(now), PART)
    pairs = zip(spec.columns, places, strict=True)
    return tuple(c for c, at in pairs if agreed[at : at + PART] != now[at : at + PART])
