"""What a phone of a batch asks of the server: to be paired, the roster, to take in its records."""

from typing import Any

from flask import request

from jobfair.accounts.access import Permission, allow
from jobfair.attendance.rules import Unreadable
from jobfair.departures.devices import batch_device
from jobfair.departures.queries import batches, roster
from jobfair.departures.queries.printing import cards_of
from jobfair.departures.queries.roster import RiderRow
from jobfair.departures.queries.stations import BatchDevice, find_device
from jobfair.departures.rules.scans import read_scans
from jobfair.departures.services.recording import Answer, take_in
from jobfair.departures.services.stations import pair as pair_phone
from jobfair.departures.views.common import calls
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.placements.rules.kinds import OffBatch
from jobfair.stations.devices import UnknownDevice, guesses
from jobfair.stations.services import CodeWrong


@calls.route("/pair", methods=["POST"])
@allow(Permission.PUBLIC)
def pair() -> dict[str, Any]:
    """Pair the calling phone by a one-time code; its secret is told this once."""
    sent = request.get_json(silent=True)
    code = sent.get("code", "") if isinstance(sent, dict) else ""
    with guesses().counted(request.remote_addr or "", CodeWrong), db().writing() as session:
        secret = pair_phone(session, str(code))
        mine = find_device(session, secret)
    if mine is None:
        raise UnknownDevice
    return {"secret": secret} | _identity(mine)


def _identity(mine: BatchDevice) -> dict[str, Any]:
    # Of its own kind, so that the page never takes it for a fair's station of the same number.
    return {
        "fair": f"batch {mine.batch_id}",
        "station": f"batch {mine.station_id}",
        "name": mine.name,
        "job": mine.job,
        "employer": None,
        "present": True,
    }


@calls.route("/roster")
@allow(Permission.BATCH_STATION)
def riders() -> dict[str, Any]:
    """Tell who is on the roster, masked, with cards, seats and who was seen already."""
    with db().reading() as session:
        found = batches.find_batch(session, batch_device().batch_id)
        if found is None:
            raise NotFound
        every = roster.list_riders(session, found)
        going = [one for one in every if one.left in {None, OffBatch.NO_SHOW}]
        cards = cards_of(session, going)
    return {
        "batch": f"{found.number} {found.origin} – {found.destination}",
        "gone": found.departed_on is not None,
        "reached": found.arrived_on is not None,
        "riders": [_told(one, cards.get(one.id, [])) for one in going],
    }


def _told(one: RiderRow, cards: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.person.name,
        "seat": f"{one.plate} {one.seat}" if one.seat else "",
        "stop": f"{one.stop.leaves_at} {one.stop.place}" if one.stop else "",
        "group": one.group,
        "employer": one.employer,
        "cards": cards,
        "seen": {kind.value: clock.milliseconds(seen.at) for kind, seen in one.seen.items()},
    }


@calls.route("/records", methods=["POST"])
@allow(Permission.BATCH_STATION)
def records() -> dict[str, Any]:
    """Take in records of a phone; once this answers they are kept, and it may forget them."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Unreadable(place=0, part="{}")
    scans = read_scans(sent.get("records"))
    with db().writing() as session:
        answers = take_in(session, batch_device(), scans)
    return {"now": clock.milliseconds(clock.now()), "answers": [_answer(one) for one in answers]}


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": answer.id, "result": answer.result}
    if answer.first is not None:
        told["at"] = clock.milliseconds(answer.first.at)
    return told
