"""Reads of arrivals: who came, what stations know offline, whom somebody at a gate may mean."""

from jobfair.attendance.queries.counting import (
    Attendance,
    Holder,
    Said,
    count_attendance,
    count_records,
    entry_times,
    find_facts,
    first_entries,
    holders_of,
    last_sequence,
    people_inside,
    people_seen,
)
from jobfair.attendance.queries.finding import Candidate, find_people
from jobfair.attendance.queries.news import GateEntry, GateNews, list_news

__all__ = [
    "Attendance",
    "Candidate",
    "GateEntry",
    "GateNews",
    "Holder",
    "Said",
    "count_attendance",
    "count_records",
    "entry_times",
    "find_facts",
    "find_people",
    "first_entries",
    "holders_of",
    "last_sequence",
    "list_news",
    "people_inside",
    "people_seen",
]
