"""What keeps a hall in step with the prefecture: calls it whenever there is a line.

The hall stands behind the venue's router, so it is always the one that calls.
"""

import http.client
import json
import logging
import random
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.stations.devices import REMEMBERED_SECONDS
from jobfair.uplink.queries.states import count_aside, halls_open, uplink_of
from jobfair.uplink.rules import Ending, check_address, pause
from jobfair.uplink.services import exchanging, linking

log = logging.getLogger(__name__)
_SECONDS = 30  # for a connection, and for each part of an answer
# For so long after a fair's day is run elsewhere a station may still be taken for one of ours.
_STATIONS_SECONDS = 2 * REMEMBERED_SECONDS
_MOST_BYTES = 8 * 1024 * 1024


class LineDown(Refusal):
    """The prefecture's server does not answer."""

    status = 503
    code = "line_down"
    message = N_("No line to %(address)s (%(fault)s). It is tried again by itself.")


class Declined(Refusal):
    """The prefecture's server says no."""

    code = "uplink_declined"
    message = N_("The prefecture's server says: %(sentence)s")


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to.

    Attributes:
        packs: exchanges that moved something.
        ended: whether the day is the prefecture's again.
    """

    packs: int
    ended: bool


def call(address: str, path: str, body: dict[str, Any], *, secret: str = "") -> Any:
    """Ask the prefecture's server for something and return its answer, decoded.

    Raises:
        AddressUnsafe: what is sent could be read on the way.
        LineDown: no answer, or none of ours.
        Declined: it refused.
    """
    parts = urlsplit(check_address(address))
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read(_MOST_BYTES)
        told = json.loads(text)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise LineDown(address=address, fault=type(fault).__name__) from fault
    finally:
        connection.close()
    if answer.status != http.client.OK:
        sentence = told.get("message", "") if isinstance(told, dict) else ""
        raise Declined(sentence=sentence or str(answer.status))
    return told


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=_SECONDS)


def pair(database: Database, address: str, code: str) -> int:
    """Take over the day of a fair by a one-time code; return the uplink.

    Raises:
        AddressUnsafe, LineDown, Declined: as for a call.
        CodeWrong: the answer is none of ours.
    """
    where = check_address(address)
    joined = linking.read_joined(call(where, "/uplink/pair", {"code": code}))
    with database.writing() as session:
        return linking.join(session, joined, address=where)


class Courier:
    """Keeps the halls of a database in step, one exchange after another."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()

    def run(self) -> None:
        """Sync for ever; after a failure less and less often."""
        audit.act_as(None, "uplink")
        failures = 0
        while True:
            began = time.monotonic()
            failures = failures + 1 if self._failed() else 0
            took = time.monotonic() - began
            time.sleep(pause(failures, random.random, took))

    def start(self) -> None:
        """Run beside the server; ends with the process."""
        threading.Thread(target=self.run, name="courier", daemon=True).start()

    def _failed(self) -> bool:
        with self._database.reading() as session:
            every = halls_open(session)
        failed = False
        for uplink_id in every:
            try:
                self.sync(uplink_id)
            except Refusal:  # it is noted, and told by the page
                failed = True
            except Exception:
                log.exception("a sync failed")  # the next one is tried all the same
                failed = True
        return failed

    def sync(self, uplink_id: int) -> Synced:
        """Exchange packs until neither side has anything for the other.

        Raises:
            AddressUnsafe, LineDown, Declined: as for a call; noted with the uplink.
        """
        with self._guard:
            try:
                packs = self._until_in_step(uplink_id)
                if self._handing_back(uplink_id):
                    time.sleep(_STATIONS_SECONDS)
                    packs += self._until_in_step(uplink_id)
                return Synced(packs, self._return(uplink_id))
            except Refusal as refusal:
                said = str(refusal.params.get("fault") or refusal.params.get("sentence") or "")
                with self._database.writing() as session:
                    exchanging.failed(exchanging.locked(session, uplink_id), said)
                raise

    def _until_in_step(self, uplink_id: int) -> int:
        """Exchange until nothing moves; return how many exchanges moved something."""
        packs = 0
        while self._exchange(uplink_id):
            packs += 1
        return packs

    def _handing_back(self, uplink_id: int) -> bool:
        with self._database.reading() as session:
            return uplink_of(session, uplink_id).handing_back

    def _exchange(self, uplink_id: int) -> bool:
        """Make one call; return whether it moved anything."""
        with self._database.reading() as session:
            uplink = uplink_of(session, uplink_id)
            if uplink.ended_at is not None:
                return False
            ready = uplink.began_at is not None and uplink.pending is None
            made = exchanging.look(session, uplink) if ready else None
        with self._database.writing() as session:
            uplink = exchanging.locked(session, uplink_id)
            exchanging.hold(session, uplink, made)
            body = {
                "up": exchanging.waiting_pack(uplink),
                "sent": uplink.sent,
                "got": uplink.received,
                "aside": count_aside(session, uplink_id),
                "head": exchanging.audit_head(session),
            }
            address, secret = uplink.address, linking.secret_of(uplink)
        answer = call(address, "/uplink/exchange", body, secret=secret)
        if not isinstance(answer, dict):
            raise LineDown(address=address, fault="answer")
        with self._database.writing() as session:
            return exchanging.told(session, exchanging.locked(session, uplink_id), answer)

    def _return(self, uplink_id: int) -> bool:
        """Hand the day back where that was asked for and everything is sent."""
        with self._database.reading() as session:
            uplink = uplink_of(session, uplink_id)
            if uplink.ended_at is not None:
                return True
            if not uplink.handing_back or not linking.all_sent(session, uplink):
                return False
            counted = linking.counts(session, uplink)
            address, secret = uplink.address, linking.secret_of(uplink)
        try:
            told = call(address, "/uplink/return", {"counts": counted}, secret=secret)
        except Declined as declined:
            with self._database.writing() as session:
                uplink = exchanging.locked(session, uplink_id)
                linking.give_up_return(session, uplink, str(declined))
            raise
        with self._database.writing() as session:
            linking.note_end(session, exchanging.locked(session, uplink_id), Ending(told["ended"]))
        return True
