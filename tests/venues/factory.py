"""Zones and booths for tests, laid out by the real verbs."""

from jobfair.fairs.queries import find_fair
from jobfair.kit.db import Database
from jobfair.venues import queries, services
from jobfair.venues.services import ZoneDraft


def fair_id_of(database: Database, code: str) -> int:
    """Return the id of a fair."""
    with database.reading() as session:
        fair = find_fair(session, code)
    assert fair is not None
    return fair.id


def make_booths(
    database: Database, fair: str, count: int = 2, *, letter: str = "A", fill: bool = False
) -> list[queries.BoothRow]:
    """Add a zone with booths to a fair, five in a row; ``fill`` gives them to its employers."""
    fair_id = fair_id_of(database, fair)
    with database.writing() as session:
        zone_id = services.add_zone(session, fair_id, ZoneDraft(letter, "机械"))
        services.lay_out_booths(session, fair_id, {zone_id: count}, in_a_row=5)
        if fill:
            services.fill_booths(session, fair_id)
    return booths_of(database, fair)


def booths_of(database: Database, fair: str) -> list[queries.BoothRow]:
    """Return the booths of a fair."""
    with database.reading() as session:
        return queries.list_booths(session, fair_id_of(database, fair))
