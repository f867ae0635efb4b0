"""Verbs on students."""

from jobfair.school.services.admission import admit_students
from jobfair.school.services.line import append_event, note_unmasked_read, reverse_event

__all__ = ["admit_students", "append_event", "note_unmasked_read", "reverse_event"]
