"""Taking in what the other server has: each row once, in any order, and nothing lost.

A row that cannot be applied is set aside with the reason while the rest goes on, and is tried again
with every later pack: what it waits for may have come.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobfair.cards.rules import RevokeReason
from jobfair.fairs.services import lock_headcount
from jobfair.kit import audit, clock
from jobfair.kit.changes import next_revision
from jobfair.kit.crypto import vault
from jobfair.kit.db import APPEND_ONLY
from jobfair.kit.errors import NotFound
from jobfair.seekers.queries.sealed import id_index
from jobfair.seekers.services.columns import keyed_columns
from jobfair.seekers.services.duplicates import note_near_duplicates
from jobfair.uplink.carried import DELETABLE, FROM_PREFECTURE, Carried, carried
from jobfair.uplink.models import UplinkAside, UplinkRow
from jobfair.uplink.queries.book import PART, Book, Known, changed_since, digests
from jobfair.uplink.queries.states import AsideRow, count_aside, list_aside
from jobfair.uplink.rules import Row, Settled, Why, settle

_TRIED_AGAIN = 200  # rows set aside that a pack gives another try
# People, what belongs to them, and adverts: a hall changes those that were handed to it.
_HANDED = frozenset(
    {
        "employer",
        "position",
        "seeker",
        "card",
        "placement",
        "placement_event",
        "placement_evidence",
        "evidence_content",
    }
)
# Of somebody met by the ID number, the record that is here keeps what tells of its own life.
_OWN_LIFE = frozenset({"source", "source_ref", "registered_at", "registered_by", "created_at"})
# Moved forward by every contact, at both.
_CLOCKWORK = frozenset({"updated_at", "expires_on"})
_COUNTED = frozenset({"employer", "position", "seeker"})  # have a revision
_PERSONAL = (
    "name_sealed",
    "id_number_sealed",
    "phone_sealed",
    "home_division",
    "household_no_sealed",
)
_DETAIL = 300

_Stored = dict[str, Any]
_Agreed = tuple[str, str, Known]  # table, name, and what is agreed on


class _NotNow(Exception):
    """A row cannot be applied."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(detail)
        self.why, self.detail = why, detail


def take_in(session: Session, book: Book, rows: Sequence[Row]) -> Counter[str]:
    """Apply the rows of a pack and those set aside before; return how many of each table.

    Two rows of one pack may each wait for the other, so they are gone over until none moves.
    """
    applied: Counter[str] = Counter()
    before = _set_aside_before(session, book)
    waiting = _laid_over(before, rows)
    book.look_up(waiting)
    for table in sorted({row.table for row in waiting} & _COUNTED):
        next_revision(session, table)  # here: what a row undoes must not undo the counting
    taking, faults = _Taking(session, book), dict[tuple[str, str], _NotNow]()
    while waiting:
        left = []
        for row in waiting:
            try:
                with session.begin_nested():
                    taking.apply(row)
            except _NotNow as fault:
                faults[row.table, row.name] = fault
                left.append(row)
            else:
                applied[row.table] += 1
                if (row.table, row.name) in before:
                    _settle(session, book, row)
        if len(left) == len(waiting):
            break
        waiting = left
    taking.write_down()
    for row in waiting:
        last = faults[row.table, row.name]
        set_aside(session, book, row, last.why, last.detail)
    if taking.fresh:
        fresh = taking.fresh
        note_near_duplicates(session, fresh=frozenset(fresh), blocks=set(fresh.values()))
    return applied


def _set_aside_before(session: Session, book: Book) -> dict[tuple[str, str], Row]:
    """Return the rows that wait for another try."""
    return {
        (one.table, one.name): Row(one.table, one.name, opened(one))
        for one in list_aside(session, book.side.uplink_id, limit=_TRIED_AGAIN)
        if not one.changed_at_both
    }


def _laid_over(before: Mapping[tuple[str, str], Row], rows: Sequence[Row]) -> list[Row]:
    """Return the rows to apply, those that wait first; a newer word of one is laid over it."""
    found = dict(before)
    for row in rows:
        waits = found.get((row.table, row.name))
        if waits is not None and waits.values is not None and row.values is not None:
            found[row.table, row.name] = Row(row.table, row.name, {**waits.values, **row.values})
        else:
            found[row.table, row.name] = row
    return list(found.values())


def opened(one: AsideRow) -> dict[str, Any] | None:
    """Return the values that were set aside; None where the row was to be deleted."""
    text = vault().open(one.content, table="uplink_aside", column="content", row=one.name)
    found: dict[str, Any] | None = json.loads(text)
    return found


def set_aside(session: Session, book: Book, row: Row, why: Why, detail: str) -> None:
    """Keep what was not applied, sealed, with the reason."""
    text = json.dumps(row.values, ensure_ascii=False)
    place = (book.side.uplink_id, row.table, row.name, why is Why.DIFFERS)
    made = session.get(UplinkAside, place)
    if made is None or made.settled_at is not None:
        made = made or UplinkAside()
        made.uplink_id, made.table_name, made.name, made.changed_at_both = place
        made.set_aside_at, made.settled_at = clock.now(), None
        session.add(made)
    made.why, made.detail = why, detail[:_DETAIL]
    made.content = vault().seal(text, table="uplink_aside", column="content", row=row.name)
    session.flush()


def _settle(session: Session, book: Book, row: Row) -> None:
    """Take note that a row that waited was applied."""
    session.execute(
        update(UplinkAside)
        .where(
            UplinkAside.uplink_id == book.side.uplink_id,
            UplinkAside.table_name == row.table,
            UplinkAside.name == row.name,
            ~UplinkAside.changed_at_both,
            UplinkAside.settled_at.is_(None),
        )
        .values(settled_at=clock.now())
    )


class _Taking:
    """Applies rows, one after another.

    Attributes:
        fresh: people who are new here: id → block of possible duplicates.
    """

    def __init__(self, session: Session, book: Book) -> None:
        self._session, self._book = session, book
        self._side = book.side
        self._new: list[_Agreed] = []
        self.fresh: dict[int, str] = {}

    def apply(self, row: Row) -> None:
        """Apply a row.

        Raises:
            _NotNow: it cannot be; whatever was written is to be undone.
        """
        spec = carried().get(row.table)
        if spec is None or (self._side.master and row.table in FROM_PREFECTURE):
            raise _NotNow(Why.REFUSED, "this table is not taken from there")
        try:
            if row.values is None:
                self._delete(spec, row.name)
            else:
                self._write(spec, row.name, row.values)
        except LookupError as fault:
            raise _NotNow(Why.MISSING, str(fault.args[0])) from fault
        except (ValueError, TypeError) as fault:
            raise _NotNow(Why.REFUSED, "a value is not of its column's kind") from fault
        except NotFound as fault:
            raise _NotNow(Why.MISSING, "fair_position") from fault
        except DBAPIError as fault:
            raise _NotNow(Why.REFUSED, _rule(fault)) from fault

    def _must_be_ours(self, spec: Carried, stored: Mapping[str, Any]) -> None:
        """Go on only with a row of this fair: a hall writes nothing of another."""
        if not self._side.master:
            return
        other = "fair_id" in spec.table.c and stored["fair_id"] != self._side.fair_id
        if other or (spec.name == "fair" and stored.get("id") != self._side.fair_id):
            raise _NotNow(Why.REFUSED, "it is of another fair")

    def _must_be_handed(self, spec: Carried, name: str) -> None:
        """Go on only with a person's row that this hall was given."""
        known = self._book.known(spec.name, name) is not None
        if self._side.master and not known and spec.name in _HANDED:
            raise _NotNow(Why.REFUSED, "it was not handed to this hall")

    def _delete(self, spec: Carried, name: str) -> None:
        if spec.name not in DELETABLE:
            raise _NotNow(Why.REFUSED, "rows of this table are never deleted")
        stored = self._book.find(spec, name)
        if stored is not None:
            self._must_be_ours(spec, stored)
            self._must_be_handed(spec, name)
            self._session.execute(delete(spec.table).where(*_itself(spec, stored)))
        forget(self._session, self._book, spec.name, name)

    def _write(self, spec: Carried, name: str, sent: Mapping[str, Any]) -> None:
        values = self._read(spec, sent)
        stored = self._book.find(spec, name)
        if stored is not None:
            self._must_be_ours(spec, stored)
            self._must_be_handed(spec, name)
        else:
            stored = self._met(spec, values)
            if stored is None:
                self._insert(spec, name, values)
                return
            sent = {column: v for column, v in sent.items() if _says_more(spec, column, v)}
        self._lay_over(
            spec, name, stored, {column: (sent[column], values[column]) for column in sent}
        )

    def _read(self, spec: Carried, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was sent as this server stores it; personal texts are still in clear."""
        values = {}
        for name, value in sent.items():
            column = spec.column(name)
            if column is None:
                raise _NotNow(Why.REFUSED, f"no column {name}")
            values[name] = self._book.read(column, value)
        return values

    def _met(self, spec: Carried, values: Mapping[str, Any]) -> _Stored | None:
        """Return who is here already under another key: a person by ID number, an employer."""
        here = spec.table
        if spec.name == "seeker" and values.get("id_number_sealed"):
            query = select(here).where(here.c.id_index == id_index(values["id_number_sealed"]))
        elif spec.name == "employer" and values.get("credit_code"):
            query = select(here).where(here.c.credit_code == values["credit_code"])
        else:
            return None
        found = self._session.execute(query).mappings().one_or_none()
        while found is not None and found.get("merged_into_id") is not None:
            kept = select(here).where(here.c.id == found["merged_into_id"])
            found = self._session.execute(kept).mappings().one()
        return None if found is None else dict(found)

    def _insert(self, spec: Carried, name: str, values: Mapping[str, Any]) -> None:
        self._must_be_ours(spec, values)
        ready = _sealed(spec, values, str(values.get(spec.own_key, "")))
        ready |= self._derived(spec, values)
        if spec.name == "card":
            ready |= self._one_in_force(spec, values)
        if spec.name == "hold":
            ready["headcount"] = lock_headcount(
                self._session, values["fair_id"], values["position_id"]
            )
        made = insert(spec.table).values(ready).returning(*spec.table.columns)
        stored = dict(self._session.execute(made).mappings().one())
        if spec.name == "seeker":
            self.fresh[stored["id"]] = stored["block"]
        same = {
            column for column in values if column not in ready or ready[column] == values[column]
        }
        sealed = {column.name for column in spec.columns if column.sealed}
        agreed = frozenset(same | (sealed & set(values)))
        row = self._agreed(spec, name, stored, Settled(frozenset(), frozenset(), agreed))
        self._new.append(row)
        self._book.note(*row)

    def _derived(self, spec: Carried, clear: Mapping[str, Any]) -> dict[str, Any]:
        """Return the columns that each server makes by itself."""
        found: dict[str, Any] = {}
        if spec.name in _COUNTED:
            found["revision"] = next_revision(self._session, spec.name)
        if spec.name == "seeker":
            name, number, phone, division, household = map(clear.get, _PERSONAL)
            found |= keyed_columns(
                name=str(name or ""),
                id_number=str(number or ""),
                phone=phone,
                home_division=str(division or ""),
                household_no=household,
            )
        return found

    def _one_in_force(self, spec: Carried, card: Mapping[str, Any]) -> dict[str, Any]:
        """Let the newer of two cards that both servers gave a person be the one in force.

        The other is void since the newer was issued: both servers say the same.
        """
        here = spec.table
        if card.get("revoked_at") is not None:
            return {}
        void = {"revoked_reason": RevokeReason.LOST.value}
        theirs = (here.c.seeker_id == card["seeker_id"]) & here.c.revoked_at.is_(None)
        older = here.c.issued_at < card["issued_at"]
        at = {"revoked_at": card["issued_at"]}
        self._session.execute(update(here).where(theirs, older).values(void | at))
        newer = self._session.execute(select(here.c.issued_at).where(theirs)).scalar_one_or_none()
        return void | {"revoked_at": newer} if newer else {}

    def _lay_over(
        self, spec: Carried, name: str, stored: _Stored, sent: Mapping[str, tuple[Any, Any]]
    ) -> None:
        """Write what was sent of a row that is here.

        Args:
            spec: its table.
            name: what both call it.
            stored: the row as it is.
            sent: column → what was sent, and what that is here.
        """
        columns = {column.name: column for column in spec.columns}
        here = {column: self._book.written(columns[column], stored) for column in sent}
        # Somebody met here keeps the own key: sealed values are bound to it.
        differs = [c for c, (told, _) in sent.items() if here[c] != told and c != spec.own_key]
        if differs and spec.name in APPEND_ONLY:
            raise _NotNow(Why.REFUSED, "another record has this name")
        known = self._book.known(spec.name, name)
        changed = [] if known is None else changed_since(spec, known.agreed, digests(spec, stored))
        settled = settle(
            sent, differs=differs, changed=[c.name for c in changed], master=self._side.master
        )
        lost = {c: sent[c][0] if self._side.master else here[c] for c in settled.lost - _CLOCKWORK}
        if lost:
            detail = ", ".join(sorted(lost))
            set_aside(self._session, self._book, Row(spec.name, name, lost), Why.DIFFERS, detail)
        if settled.take:
            self._update(spec, stored, {column: sent[column][1] for column in settled.take})
        query = select(spec.table).where(*_itself(spec, stored))
        again = dict(self._session.execute(query).mappings().one())
        keep(self._session, self._book, [self._agreed(spec, name, again, settled)])

    def _update(self, spec: Carried, stored: _Stored, values: dict[str, Any]) -> None:
        ready = _sealed(spec, values, str(stored.get(spec.own_key, "")))
        clear = {}
        if set(values) & set(_PERSONAL):
            columns = (column for column in spec.columns if column.name in _PERSONAL)
            clear = {column.name: self._book.written(column, stored) for column in columns}
            ready |= self._derived(spec, clear | values)
        elif spec.name in _COUNTED:
            ready["revision"] = next_revision(self._session, spec.name)
        self._session.execute(update(spec.table).where(*_itself(spec, stored)).values(ready))

    def _agreed(self, spec: Carried, name: str, stored: _Stored, settled: Settled) -> _Agreed:
        """Return what both servers say alike of a row; the rest is sent, whatever it was before."""
        now = digests(spec, stored)
        known = self._book.known(spec.name, name)
        was = known.agreed if known is not None and len(known.agreed) == len(now) else b""
        agreed = bytearray(was or bytes(len(now)))
        for place, column in enumerate(spec.columns, 1):
            at = slice(place * PART, (place + 1) * PART)
            if column.name in settled.agreed:
                agreed[at] = now[at]
            elif column.name in settled.lost:
                agreed[at] = bytes(PART)
        whole = agreed[PART:] == now[PART:]
        agreed[:PART] = now[:PART] if whole else bytes(PART)
        return spec.name, name, Known(spec.local_of(stored), bytes(agreed))

    def write_down(self) -> None:
        """Note the rows that are new here, all at once."""
        add_known(self._session, self._book, self._new)


def _itself(spec: Carried, stored: Mapping[str, Any]) -> list[Any]:
    """Return the conditions that a row is this one."""
    return [column == stored[column.name] for column in spec.table.primary_key.columns]


def _rule(fault: DBAPIError) -> str:
    """Return which rule of the database refused, without what was written."""
    diagnosis = getattr(fault.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or diagnosis.message_primary)
    return str(fault.orig)


def _says_more(spec: Carried, column: str, value: Any) -> bool:
    """Return whether what was sent of somebody who is here already is laid over the record."""
    own = spec.name != "seeker" or column in _OWN_LIFE
    return value not in (None, "", [], False) and column != spec.own_key and not own


def _sealed(spec: Carried, values: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return values with personal texts sealed by this server's keys."""
    found = dict(values)
    for column in spec.columns:
        text = values.get(column.name)
        if column.sealed and text is not None:
            found[column.name] = vault().seal(text, table=spec.name, column=column.name, row=place)
    return found


def add_known(session: Session, book: Book, rows: Sequence[_Agreed]) -> None:
    """Note what is agreed on of rows that both servers have from now on."""
    if rows:
        uplink = {"uplink_id": book.side.uplink_id}
        session.execute(
            insert(UplinkRow),
            [
                uplink
                | {"table_name": table, "name": name, "local": known.local, "agreed": known.agreed}
                for table, name, known in rows
            ],
        )


def keep(session: Session, book: Book, rows: Iterable[_Agreed]) -> None:
    """Note what is agreed on of some rows, under each name that a row has."""
    for table, name, known in rows:
        mine = (UplinkRow.uplink_id == book.side.uplink_id) & (UplinkRow.table_name == table)
        same = (UplinkRow.name == name) | (UplinkRow.local == known.local)
        if book.known(table, name) is not None:
            session.execute(update(UplinkRow).where(mine, same).values(agreed=known.agreed))
        else:
            add_known(session, book, [(table, name, known)])
        book.note(table, name, known)


def forget(session: Session, book: Book, table: str, name: str) -> None:
    """Take a row that is gone at both out of what both have."""
    session.execute(
        delete(UplinkRow).where(
            UplinkRow.uplink_id == book.side.uplink_id,
            UplinkRow.table_name == table,
            UplinkRow.name == name,
        )
    )
    book.note(table, name, None)


def note_pack(
    session: Session,
    book: Book,
    applied: Mapping[str, int],
    *,
    number: int,
    head: Mapping[str, Any] | None,
) -> None:
    """Record a pack, with the head of the other server's audit chain: it cannot be rewritten."""
    detail = {
        "pack": number,
        "rows": dict(applied),
        "aside": count_aside(session, book.side.uplink_id),
        "their_audit": dict(head or {}),
    }
    uplink = book.side.uplink_id
    audit.record(session, "uplink.receive", subject="uplink", subject_id=uplink, detail=detail)
