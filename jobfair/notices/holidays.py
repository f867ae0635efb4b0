"""The public holidays of the years for which the State Council's notice is on file."""

import csv
from datetime import date
from functools import cache

from jobfair.kit.resources import folder
from jobfair.notices.rules import Holiday


@cache
def holidays() -> tuple[Holiday, ...]:
    """Return every day of public holiday on file, in order."""
    path = folder("seed") / "codes" / "public_holidays.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Holiday(date.fromisoformat(row["day"]), row["name"], row["source"]) for row in rows
    )


def is_known(year: int) -> bool:
    """Return whether the holidays of a year are on file."""
    return any(one.day.year == year for one in holidays())
