"""The lines of a fair, read once for all who ask within seconds; proposals of quicker booths."""

import threading
import time
from collections.abc import Mapping

from flask import current_app

from jobfair.interviews.fitting import booths_that_fit
from jobfair.interviews.queries import Line, read_lines
from jobfair.kit import clock
from jobfair.kit.web import db
from jobfair.matching.views.common import pool
from jobfair.offers.queries import people_placed, posts_left
from jobfair.queues import queries, services
from jobfair.queues.rules import too_long

_FRESH_SECONDS = 5.0
# People a booth is asked about at once: each is ranked, and a booth asks every quarter minute.
_AT_ONCE = 5
_AGAIN_SECONDS = 300.0  # before somebody is looked at again whom nothing could be proposed


class Steering:
    """What this server knows of the lines of its fairs, and whom it looked at lately."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._lines: dict[int, tuple[float, dict[int, Line]]] = {}
        self._looked: dict[tuple[int, int], float] = {}

    def lines(self, fair_id: int) -> dict[int, Line]:
        """Return the lines of a fair by employer, at most five seconds old.

        Whoever asks, for a booth, a screen or a person's phone, makes it noticed what came free.
        """
        with self._guard:
            at, known = self._lines.get(fair_id, (0.0, None))
            if known is None or time.monotonic() - at > _FRESH_SECONDS:
                services.tell_all(db(), fair_id, clock.now())
                with db().reading() as session:
                    known = read_lines(session, fair_id)
                self._lines[fair_id] = (time.monotonic(), known)
            return known

    def look_at(self, fair_id: int, waits: Mapping[int, object]) -> list[int]:
        """Return some of the people who were not looked at lately, and note that they are now."""
        now = time.monotonic()
        with self._guard:
            self._looked = {k: at for k, at in self._looked.items() if now - at < _AGAIN_SECONDS}
            some = [one for one in waits if (fair_id, one) not in self._looked][:_AT_ONCE]
            self._looked |= {(fair_id, one): now for one in some}
        return some


def steering() -> Steering:
    """Return what this application knows."""
    known: Steering | None = current_app.extensions.get("jobfair.steering")
    return known or current_app.extensions.setdefault("jobfair.steering", Steering())


def propose_elsewhere(fair_id: int, employer_id: int) -> None:
    """Propose some of those who wait too long at a booth another one, each by their own fit."""
    lines = steering().lines(fair_id)
    line = lines.get(employer_id)
    late = too_long(len(line.waiting), line.pace) if line else {}
    if line is None or not late:
        return
    now = clock.now()
    with db().reading() as session:
        have = {one.seeker_id for one in queries.list_better(session, fair_id, now, lines)}
        out = have | people_placed(session, fair_id)
        left = posts_left(session, fair_id, now)
    found = ((line.waiting[place].seeker_id, wait) for place, wait in late.items())
    waits = {one: wait for one, wait in found if one is not None and one not in out}
    some = steering().look_at(fair_id, waits)
    if not some:
        return
    ranked = pool()
    ranked.refresh()
    waiters = [
        services.Waiter(one, waits[one], list(booths_that_fit(ranked, one, left, but=employer_id)))
        for one in some
    ]
    with db().writing() as session:
        services.propose(session, fair_id, employer_id, waiters, lines=lines, now=now)
