"""The call by which stations deliver what they recorded."""

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


def _gate() -> Together[Upload, list[Answer]]:
    """Return what writes the records of many stations to a transaction."""
    found: Together[Upload, list[Answer]] | None
    found = current_app.extensions.get("jobfair.gate")
    if found is None:
        found = current_app.extensions.setdefault("jobfair.gate", Together(db(), take_in))
    return found


@calls.route("/records", methods=["POST"])
@allow(Permission.STATION)
def records() -> dict[str, Any]:
    """Take in records of a station; once this answers they are kept, and it may forget them."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Unreadable(place=0, part="{}")
    now = clock.now()
    upload = Upload(device(), read_facts(sent.get("records")), read_pulse(sent, now))
    answers = _gate().do(upload, rows=len(upload.facts))
    return {"now": clock.milliseconds(now), "answers": [_told(answer) for answer in answers]}


def _told(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": answer.id, "result": answer.result}
    if answer.first is not None:
        told |= {"at": clock.milliseconds(answer.first.at), "place": answer.first.place}
    return told
