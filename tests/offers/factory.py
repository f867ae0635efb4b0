"""Fairs with positions to offer, for tests."""

from jobfair.fairs.queries import find_fair
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.fairs.factory import make_fair


def make_offering(
    database: Database, headcounts: list[int], *, code: str = "2010-spring"
) -> tuple[int, list[int]]:
    """Open a fair of one employer with positions of these headcounts; return the ids."""
    employer = make_employer(database)
    positions = [
        make_position(database, employer, title=f"普工{n}", headcount=headcount)
        for n, headcount in enumerate(headcounts)
    ]
    make_fair(database, positions, code=code)
    with database.reading() as session:
        fair = find_fair(session, code)
    assert fair is not None
    return fair.id, positions
