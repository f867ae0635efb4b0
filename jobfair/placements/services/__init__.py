"""Verbs on placements."""

from jobfair.placements.services.line import (
    append_event,
    change_employer,
    reverse_event,
    reverse_placement,
)
from jobfair.placements.services.recording import record_placement, record_placements

__all__ = [
    "append_event",
    "change_employer",
    "record_placement",
    "record_placements",
    "reverse_event",
    "reverse_placement",
]
