"""What a recruiter's process does: many threads ask for posts at once, and say what they got.

Run with the database's URL, the key file, how many threads, and a way of asking. Each line read is
a round: fair, position, people. Each line written says how many of them were granted.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jobfair.fairs.queries import headcounts_of
from jobfair.kit import audit, clock, crypto
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.ids import new_key
from jobfair.migrations import tables  # noqa: F401 - a session asks for every table's model
from jobfair.offers.models import Hold
from jobfair.offers.rules import OFFER_VALID, free_slots
from jobfair.offers.services import offer


def properly(database: Database, fair: int, position: int, person: int) -> None:
    """Ask as the pages do."""
    with database.writing() as session:
        offer(session, fair, position, person, key=new_key())


def naively(database: Database, fair: int, position: int, person: int) -> None:
    """Look first and write afterwards, with nothing held meanwhile."""
    with database.reading() as session:
        headcount = headcounts_of(session, fair)[position]
        held = select(Hold.slot).where(Hold.position_id == position, Hold.released_at.is_(None))
        slots = free_slots(set(session.execute(held).scalars()), headcount, 1)
    if not slots:
        raise Refusal
    now = clock.now()
    with database.writing() as session:
        hold = Hold(key=new_key(), fair_id=fair, position_id=position, headcount=headcount)
        hold.slot, hold.seeker_id, hold.offered_at = slots[0], person, now
        hold.expires_at = now + OFFER_VALID
        session.add(hold)
        audit.record(session, "offer.make", subject="hold")


def main() -> None:
    """Answer rounds until there are no more lines."""
    url, keys, threads, way = sys.argv[1:]
    crypto.use_vault(crypto.open_vault(Path(keys)))
    database = Database(url, before_commit=(audit.seal_chain,))
    ask = {"properly": properly, "naively": naively}[way]
    start = threading.Barrier(int(threads))  # the first asks of a round begin together

    def one(fair: int, position: int, person: int, *, wait: bool) -> bool:
        if wait:
            start.wait()
        try:
            ask(database, fair, position, person)
        except (Refusal, IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(start.parties) as pool:
        for line in sys.stdin:
            fair, position, *people = map(int, line.split())
            asks = [
                pool.submit(one, fair, position, person, wait=place < start.parties)
                for place, person in enumerate(people)
            ]
            print(sum(done.result() for done in asks), flush=True)  # noqa: T201
    database.close()


if __name__ == "__main__":
    main()
