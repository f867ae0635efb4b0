"""Fairs at which an employer took people, for tests, made by the real verbs."""

from dataclasses import dataclass
from datetime import timedelta

from jobfair.fairs.queries import find_fair
from jobfair.fulfilment.queries.duties import DutyFilter, DutyRow, list_duties
from jobfair.fulfilment.services import catch_up
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.offers.rules import PLACEMENT_MARK
from jobfair.offers.services import accept, offer
from jobfair.placements.queries import find_by_fingerprint
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair

TODAY = clock.today()


@dataclass(frozen=True, slots=True)
class Exhibited:
    """An employer with an account that was at a fair, and the placements of whom it took."""

    fair_code: str
    organisation: int
    employer: int
    placements: list[int]


def make_exhibited(
    database: Database,
    make: Make,
    *,
    ended: int,
    people: int = 2,
    code: str = "autumn",
    first: int = 1,
) -> Exhibited:
    """Hold a fair that ended some days ago, at which people accepted posts of one employer."""
    own = make_organisation(database, kind="employer", name=f"龙岗电子{code}")
    employer = make_employer(database, name=f"龙岗电子厂{code}", organisation_id=own)
    position = make_position(
        database, employer, headcount=9, hours_per_day=8, days_per_week=6, lodging=True
    )
    day = TODAY - timedelta(days=ended)
    make_fair(database, [position], code=code, starts_on=day, ends_on=day)
    takers = [make.seeker(first + n) for n in range(people)]
    with database.writing() as session:
        fair = find_fair(session, code)
        assert fair
        found = []
        for seeker in takers:
            key = offer(session, fair.id, position, seeker, key=new_key()).key
            accept(session, key)
            placement = find_by_fingerprint(session, PLACEMENT_MARK + key)
            assert placement
            found.append(placement)
    return Exhibited(code, own, employer, found)


def duties(database: Database, **narrowed: object) -> list[DutyRow]:
    """Return the duties as they stand now."""
    with database.writing() as session:
        catch_up(session)
        return list_duties(session, DutyFilter(TODAY, **narrowed))  # type: ignore[arg-type]
