"""Verbs on placements."""

from jobfair.placements.services.line import (
    Appended,
    append_event,
    append_events,
    change_employer,
    correct_event,
    fill_industries,
    forget_sources,
    reverse_event,
    reverse_placement,
    wait_for_first_day,
)
from jobfair.placements.services.recording import record_placement, record_placements

__all__ = [
    "Appended",
    "append_event",
    "append_events",
    "change_employer",
    "correct_event",
    "fill_industries",
    "forget_sources",
    "record_placement",
    "record_placements",
    "reverse_event",
    "reverse_placement",
    "wait_for_first_day",
]
