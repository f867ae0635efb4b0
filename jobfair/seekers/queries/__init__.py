"""Reads: masked rows for pages, plain columns for matching, look-ups by keyed index."""

from jobfair.seekers.queries.duplicates import (
    DuplicateRow,
    MergeRow,
    count_duplicates,
    find_duplicate,
    list_duplicates,
    list_merges,
)
from jobfair.seekers.queries.facts import SeekerFacts, seeker_facts
from jobfair.seekers.queries.households import household_records, households_of
from jobfair.seekers.queries.people import (
    MaskedPerson,
    SeekerDetail,
    SeekerFilter,
    SeekerRow,
    Standing,
    count_seekers,
    find_by_id_numbers,
    find_seeker,
    find_standing,
    kept_record,
    list_seekers,
    names_of,
)

__all__ = [
    "DuplicateRow",
    "MaskedPerson",
    "MergeRow",
    "SeekerDetail",
    "SeekerFacts",
    "SeekerFilter",
    "SeekerRow",
    "Standing",
    "count_duplicates",
    "count_seekers",
    "find_by_id_numbers",
    "find_duplicate",
    "find_seeker",
    "find_standing",
    "household_records",
    "households_of",
    "kept_record",
    "list_duplicates",
    "list_merges",
    "list_seekers",
    "names_of",
    "seeker_facts",
]
