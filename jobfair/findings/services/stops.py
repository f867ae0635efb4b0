"""Taking in lists of people who must not be paid for a time: the dead, prisoners, soldiers."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.orm import Session

from jobfair.findings.models import PaymentStop
from jobfair.findings.rules import STOP_HEADERS, Stop, read_stop
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_rows
from jobfair.kit.crypto import vault
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.seekers.queries.sealed import id_index
from jobfair.seekers.rules.identity import id_number_fault, tidy_id_number

_TITLES = {
    "id_number": N_("ID number"),
    "kind": N_("Why nothing may be paid"),
    "since": N_("From"),
    "until": N_("Until"),
}
FIELDS = tuple(
    FieldSpec(name, _TITLES[name], aliases=headers) for name, headers in STOP_HEADERS.items()
)


def stops_spec(recorder: Recorder, source: str) -> ImportSpec[Stop]:
    """Return the import of one list.

    Args:
        recorder: who takes it in.
        source: name of the file.
    """

    def parse(row: SheetRow) -> Stop | list[RowError]:
        number = tidy_id_number(row.text("id_number"))
        fault = id_number_fault(number, today=clock.today())
        found = read_stop(number, *(row.text(name) for name in ("kind", "since", "until")))
        wrong = [("id_number", fault)] if fault else []
        wrong += found if isinstance(found, list) else []
        if wrong or isinstance(found, list):
            return [RowError(field, reason) for field, reason in wrong]
        return found

    def apply(session: Session, rows: list[Stop]) -> list[Outcome]:
        return keep_stops(session, rows, recorder, source)

    return ImportSpec("stops", FIELDS, parse, apply)


def keep_stops(
    session: Session, stops: Sequence[Stop], recorder: Recorder, source: str
) -> list[Outcome]:
    """Keep who must not be paid and when; an end told later closes what is on record.

    A person, a reason and a first day are one stop, in whichever list it stands.
    """
    keys = [(id_index(one.id_number), str(one.kind), one.since) for one in stops]
    there = _there(session, keys)
    outcomes: list[Outcome] = []
    new: dict[Any, dict[str, Any]] = {}
    ends: dict[int, dict[str, Any]] = {}
    for stop, key in zip(stops, keys, strict=True):
        known = there.get(key)
        if key in new or (known is not None and stop.until in {None, known.until}):
            outcomes.append(Outcome("unchanged"))
        elif known is not None:
            ends[known.id] = {"id": known.id, "until": stop.until}
            outcomes.append(Outcome("updated"))
        else:
            new[key] = _row(stop, key[0], recorder, source)
            outcomes.append(Outcome("created"))
    insert_rows(session, cast(Table, PaymentStop.__table__), list(new.values()))
    if ends:
        session.execute(update(PaymentStop), list(ends.values()))
    if new or ends:
        detail = {"new": len(new), "ended": len(ends)}
        audit.record(session, "payment_stop.import", subject="payment_stop", detail=detail)
    return outcomes


def _there(session: Session, keys: Sequence[tuple[bytes, str, Any]]) -> dict[Any, Any]:
    columns = (PaymentStop.person_index, PaymentStop.kind, PaymentStop.since)
    found = {}
    for some in in_slices(sorted(set(keys))):
        query = select(PaymentStop.id, PaymentStop.until, *columns)
        for row in session.execute(query.where(tuple_(*columns).in_(some))):
            found[bytes(row.person_index), row.kind, row.since] = row
    return found


def _row(stop: Stop, index: bytes, recorder: Recorder, source: str) -> dict[str, Any]:
    key = new_key()
    place = {"table": "payment_stop", "column": "number_sealed", "row": key}
    return {
        "key": key,
        "person_index": index,
        "number_sealed": vault().seal(stop.id_number, **place),
        "kind": stop.kind,
        "since": stop.since,
        "until": stop.until,
        "source": source[:200],
        "recorded_at": clock.now(),
        "recorded_by": recorder.user_id,
    }
