"""Who calls when a device does: it shows the secret it was given at its pairing."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from flask import Blueprint, current_app, g, jsonify, request
from werkzeug.wrappers import Response

from jobfair.fairs.services import RunElsewhere
from jobfair.kit import audit
from jobfair.kit.errors import Refusal, TooMany
from jobfair.kit.i18n import N_, translate
from jobfair.kit.web import db
from jobfair.stations.queries import Device, find_device

_SCHEME = "Bearer "
_LONGEST = 100
# A revoked station is refused within this time on every server.
REMEMBERED_SECONDS = 1.0
# In the time that a code is valid: of a hundred million codes that finds none, and a whole hall
# behind one address may mistype now and then.
_MOST_GUESSES = 30
_GUESSES_SECONDS = 15 * 60.0


class UnknownDevice(Refusal):
    """The secret is unknown, or its station was revoked."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unknown_device"
    message = N_("This device is not paired, or its station was revoked. Pair it again.")


class NotNow(RunElsewhere):
    """Another server runs the fair's day: a device keeps what it has, as when there is no line."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Devices:
    """The devices an application met a moment ago: not every scan asks the database who scans."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._met: dict[str, tuple[float, Device]] = {}

    def check(self) -> None:
        """Let the request through only from a device that may make it.

        Raises:
            UnknownDevice: it shows no secret, or one that opens nothing.
            NotNow: another server runs the fair's day.
        """
        shown = request.headers.get("Authorization", "")
        secret = shown.removeprefix(_SCHEME)
        found = None
        if shown.startswith(_SCHEME) and len(secret) <= _LONGEST:
            found = self._find(secret)
        if found is None:
            raise UnknownDevice
        if found.run_by is not None:
            raise NotNow(name=found.run_by)
        g.device = found
        audit.act_as(None, "station")

    def _find(self, secret: str) -> Device | None:
        now = time.monotonic()
        met = self._met.get(secret)
        if met is not None and now - met[0] < REMEMBERED_SECONDS:
            return met[1]
        with db().reading() as session:
            found = find_device(session, secret)
        with self._guard:
            self._met = {
                s: one for s, one in self._met.items() if now - one[0] < REMEMBERED_SECONDS
            }
            if found is not None:
                self._met[secret] = (now, found)
        return found


class Guesses:
    """Wrong pairing codes by where they came from: nobody tries all of them while one is valid."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._wrong: dict[str, list[float]] = {}

    def check(self, address: str) -> None:
        """Let an address try another code.

        Raises:
            TooMany: it was wrong thirty times in the last quarter of an hour.
        """
        with self._guard:
            if len(self._lately(address)) >= _MOST_GUESSES:
                raise TooMany(minutes=int(_GUESSES_SECONDS // 60))

    def note(self, address: str) -> None:
        """Count a wrong code."""
        with self._guard:
            self._wrong[address] = [*self._lately(address), time.monotonic()]

    @contextmanager
    def counted(self, address: str, wrong: type[Refusal]) -> Iterator[None]:
        """Let an address try a code, and count it when it is refused as wrong.

        Raises:
            TooMany: it was wrong thirty times in the last quarter of an hour.
        """
        self.check(address)
        try:
            yield
        except wrong:
            self.note(address)
            raise

    def _lately(self, address: str) -> list[float]:
        since = time.monotonic() - _GUESSES_SECONDS
        kept = {one: [at for at in times if at > since] for one, times in self._wrong.items()}
        self._wrong = {one: times for one, times in kept.items() if times}
        return self._wrong.get(address, [])


def guesses() -> Guesses:
    """Return the wrong codes of this application, whatever they were to pair."""
    known: Guesses | None = current_app.extensions.get("jobfair.pairing_guesses")
    return known or current_app.extensions.setdefault("jobfair.pairing_guesses", Guesses())


def device() -> Device:
    """Return the device that makes this request; only where the guard has let one through."""
    found: Device = g.device
    return found


def tell_refusals(calls: Blueprint) -> None:
    """Let the calls of a blueprint answer refusals as JSON: a code, and a sentence to show."""

    def told(refusal: Refusal) -> tuple[Response, int]:
        sentence = translate(refusal.message, **refusal.params)
        return jsonify({"error": refusal.code, "message": sentence}), refusal.status

    calls.register_error_handler(Refusal, told)
