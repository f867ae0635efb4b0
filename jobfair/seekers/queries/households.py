"""What was on record of a person's household, and since when."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.seekers.models import HouseholdRecord, Seeker
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules.household import FACTS, Household, Recorded


def household_records(session: Session, seeker_id: int) -> list[Recorded]:
    """Return what was on record of somebody's household, in the order of recording."""
    rows = session.execute(
        select(HouseholdRecord)
        .where(HouseholdRecord.seeker_id == seeker_id)
        .order_by(HouseholdRecord.recorded_at, HouseholdRecord.id)
    ).scalars()
    return [Recorded(row.recorded_at, _household(row, sealed.HOUSEHOLD)) for row in rows]


def households_of(session: Session, ids: Iterable[int]) -> dict[int, Household]:
    """Return what is on record of people's households now, numbers in clear."""
    found: dict[int, Household] = {}
    names = [name for name in FACTS if name != "household_no"]
    columns = [getattr(Seeker, name) for name in ("id", "key", "household_no_sealed", *names)]
    for some in in_slices(set(ids)):
        for row in session.execute(select(*columns).where(Seeker.id.in_(some))):
            found[row.id] = _household(row, sealed.TABLE)
    return found


def _household(row: Any, table: str) -> Household:
    said = {name: getattr(row, name) for name in FACTS if name != "household_no"}
    number = row.household_no_sealed
    if number is not None:
        said["household_no"] = vault().open(
            number, table=table, column="household_no_sealed", row=row.key
        )
    return Household(**said)
