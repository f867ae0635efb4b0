"""A fair with paired stations and people with cards, for the bench and the simulated day."""

import socket
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from jobfair.cards.queries import digests_in_force
from jobfair.cards.services import issue_cards
from jobfair.demo.day import BoothPlan
from jobfair.demo.fair import demo_fair
from jobfair.demo.loading import load_fair, load_seekers
from jobfair.demo.people import seekers
from jobfair.fairs.queries import FairFilter, list_fair_positions
from jobfair.kit.db import Database
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair

_BLOCK = 5_000


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


@dataclass(frozen=True, slots=True)
class OpenFair:
    """A fair ready for its day.

    Attributes:
        gates: secrets of the gates' stations.
        cards: digests of everybody's card, in hex.
    """

    fair_id: int
    gates: list[str]
    booths: list[BoothPlan]
    cards: list[str]


def open_day(database: Database, gates: int, people: int) -> OpenFair:
    """Load the fair of the demonstration with a booth for each employer, gates and people."""
    with database.writing() as session:
        fair = load_fair(session, demo_fair())
    ids: list[int] = []
    everybody = iter(seekers(people))
    while block := list(islice(everybody, _BLOCK)):
        with database.writing() as session:
            ids += load_seekers(session, block, registered_by=None)
    with database.writing() as session:
        issue_cards(session, ids)
    with database.writing() as session:
        secrets = [_gate(session, fair.fair_id, number) for number in range(1, gates + 1)]
        headcounts: dict[int, dict[int, int]] = {}
        for post in list_fair_positions(session, fair.fair_id, FairFilter()):
            headcounts.setdefault(post.employer_id, {})[post.position_id] = post.headcount
        booths = [
            BoothPlan(employer, _booth(session, fair.fair_id, employer), posts)
            for employer, posts in headcounts.items()
        ]
    with database.reading() as session:
        cards = [digest.hex() for digest in digests_in_force(session)]
    return OpenFair(fair.fair_id, secrets, booths, cards)


def _booth(session: Session, fair_id: int, employer_id: int) -> str:
    station = add_station(
        session, fair_id, f"Booth {employer_id}", Job.BOOTH, employer_id=employer_id
    )
    return pair(session, offer_pairing(session, station)).secret
