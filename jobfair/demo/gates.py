"""A fair with paired stations and people with cards, for the bench of check-ins."""

import socket
from contextlib import ExitStack
from itertools import islice

from sqlalchemy.orm import Session

from jobfair.cards.queries import digests_in_force
from jobfair.cards.services import issue_cards
from jobfair.demo.fair import demo_fair
from jobfair.demo.loading import load_fair, load_seekers
from jobfair.demo.people import seekers
from jobfair.kit.db import Database
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair


def open_gates(database: Database, gates: int, people: int) -> tuple[list[str], list[bytes]]:
    """Open a fair with gates; return the secret of each station and the digests of all cards."""
    with database.writing() as session:
        fair = load_fair(session, demo_fair())
        ids = load_seekers(session, list(islice(seekers(people), people)), registered_by=None)
        issue_cards(session, ids)
        secrets = [_gate(session, fair.fair_id, number) for number in range(1, gates + 1)]
    with database.reading() as session:
        return secrets, digests_in_force(session)


def _gate(session: Session, fair_id: int, number: int) -> str:
    station = add_station(session, fair_id, f"Gate {number}", Job.GATE)
    return pair(session, offer_pairing(session, station)).secret


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on at this moment."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
