"""Reads of ledgers: the lines, the files taken in, the headers learnt, what is to be done."""

from jobfair.ledgers.queries.files import (
    ImportRow,
    find_import,
    find_taken_in,
    list_imports,
    words_of,
)
from jobfair.ledgers.queries.lines import (
    LedgerFilter,
    OverlapRow,
    Total,
    WorkRow,
    count_overlaps,
    count_vague_places,
    count_work,
    find_overlap,
    list_idle,
    list_overlaps,
    list_work,
    totals,
)
from jobfair.ledgers.queries.sealed import TABLE, TOLD, open_told

__all__ = [
    "TABLE",
    "TOLD",
    "ImportRow",
    "LedgerFilter",
    "OverlapRow",
    "Total",
    "WorkRow",
    "count_overlaps",
    "count_vague_places",
    "count_work",
    "find_import",
    "find_overlap",
    "find_taken_in",
    "list_idle",
    "list_imports",
    "list_overlaps",
    "list_work",
    "open_told",
    "totals",
    "words_of",
]
