"""Labour stations for tests, made by the real verbs."""

from jobfair.accounts.rules import OrganisationKind
from jobfair.kit.db import Database
from jobfair.ownership.queries import HandOverFilter, list_hand_overs
from jobfair.ownership.rules import Standing
from jobfair.ownership.services import catch_up, serve_place
from tests.accounts.factory import make_organisation


def make_station(database: Database, *places: str, name: str = "驻深圳宝安劳务站") -> int:
    """Add a labour station that serves some divisions; return its id."""
    station = make_organisation(
        database, kind=OrganisationKind.LABOUR_STATION, division="440306", name=name
    )
    with database.writing() as session:
        for place in places:
            serve_place(session, station, place)
    return station


def settle(database: Database) -> None:
    """Bring all hand-overs up to date."""
    more = True
    while more:
        with database.writing() as session:
            more = catch_up(session)


def offered(database: Database, station: int | None = None) -> list[int]:
    """Return the ids of the offers that wait, the oldest first."""
    settle(database)
    wanted = HandOverFilter(station_id=station, standing=Standing.OFFERED)
    with database.reading() as session:
        return sorted(row.id for row in list_hand_overs(session, wanted))
