"""Reads of placements."""

from jobfair.placements.queries.exports import ExportedRow, exported_rows
from jobfair.placements.queries.lines import (
    EventRow,
    PlacementLine,
    find_event,
    find_placement,
    person_lines,
)
from jobfair.placements.queries.listing import (
    PlacementFilter,
    PlacementRow,
    PlacementTotals,
    Standing,
    count_placements,
    home_counties,
    list_placements,
)

__all__ = [
    "EventRow",
    "ExportedRow",
    "PlacementFilter",
    "PlacementLine",
    "PlacementRow",
    "PlacementTotals",
    "Standing",
    "count_placements",
    "exported_rows",
    "find_event",
    "find_placement",
    "home_counties",
    "list_placements",
    "person_lines",
]
