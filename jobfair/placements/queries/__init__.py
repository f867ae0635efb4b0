"""Reads of placements."""

from jobfair.placements.queries.exports import ExportedRow, exported_rows
from jobfair.placements.queries.lines import (
    PlacementLine,
    find_by_fingerprint,
    find_placement,
    person_lines,
    placement_of_event,
)
from jobfair.placements.queries.listing import (
    SORTS,
    PlacementFilter,
    PlacementRow,
    PlacementTotals,
    Standing,
    count_placements,
    home_counties,
    list_placements,
)

__all__ = [
    "SORTS",
    "ExportedRow",
    "PlacementFilter",
    "PlacementLine",
    "PlacementRow",
    "PlacementTotals",
    "Standing",
    "count_placements",
    "exported_rows",
    "find_by_fingerprint",
    "find_placement",
    "home_counties",
    "list_placements",
    "person_lines",
    "placement_of_event",
]
