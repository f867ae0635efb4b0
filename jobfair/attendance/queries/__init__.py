"""Reads of arrivals: who came, what stations know offline, whom somebody at a gate may mean."""

from jobfair.attendance.queries.counting import (
    Attendance,
    Holder,
    count_attendance,
    count_records,
    first_entries,
    holders_of,
    people_inside,
)
from jobfair.attendance.queries.finding import Candidate, find_people
from jobfair.attendance.queries.news import GateEntry, GateNews, list_news

__all__ = [
    "Attendance",
    "Candidate",
    "GateEntry",
    "GateNews",
    "Holder",
    "count_attendance",
    "count_records",
    "find_people",
    "first_entries",
    "holders_of",
    "list_news",
    "people_inside",
]
