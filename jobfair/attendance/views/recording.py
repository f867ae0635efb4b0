"""The call by which stations deliver what they recorded."""

import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request

from jobfair.accounts.access import Permission, allow
from jobfair.attendance.rules import Unreadable, read_facts
from jobfair.attendance.services import Answer, Upload, take_in
from jobfair.attendance.views.common import calls
from jobfair.kit import clock
from jobfair.kit.together import Together
from jobfair.kit.web import db
from jobfair.stations.devices import device
from jobfair.stations.rules import read_pulse

# What a station kept comes in by fifties of about nine thousand bytes, a scan just made in two
# hundred. Two large messages are worked at while the others wait before they are read: that is
# enough to keep the writer busy, and thirty threads at once would leave a gate no turn (p99 of its
# scans 87-141 ms with thirty, 21-28 with two, at the same rate of records).
_LARGE_BYTES = 4096
_LARGE_AT_ONCE = 2


@dataclass(slots=True)
class _Gate:
    """What all stations of an application go through with their records."""

    records: Together[Upload, list[Answer]]
    large: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_LARGE_AT_ONCE)
    )


def _gate() -> _Gate:
    """Return what writes the records of many stations to a transaction."""
    found: _Gate | None = current_app.extensions.get("jobfair.gate")
    if found is None:
        made = _Gate(Together(db(), take_in))
        found = current_app.extensions.setdefault("jobfair.gate", made)
    return found


@calls.route("/records", methods=["POST"])
@allow(Permission.STATION)
def records() -> dict[str, Any]:
    """Take in records of a station; once this answers they are kept, and it may forget them."""
    gate = _gate()
    large = (request.content_length or 0) > _LARGE_BYTES
    with gate.large if large else nullcontext():
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict):
            raise Unreadable(place=0, part="{}")
        now = clock.now()
        upload = Upload(device(), read_facts(sent.get("records")), read_pulse(sent, now))
        answers = gate.records.do(upload, rows=len(upload.facts))
    return {"now": clock.milliseconds(now), "answers": [_told(answer) for answer in answers]}


def _told(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": answer.id, "result": answer.result}
    if answer.first is not None:
        told |= {"at": clock.milliseconds(answer.first.at), "place": answer.first.place}
    return told
