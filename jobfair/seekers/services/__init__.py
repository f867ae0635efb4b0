"""Verbs that change seekers."""

from jobfair.seekers.services.bulk import Outcome, bulk_upsert, note_households
from jobfair.seekers.services.merging import keep_apart, merge_seekers, unmerge
from jobfair.seekers.services.registering import (
    ConsentMissing,
    IdNumberTaken,
    NotWithdrawn,
    Registered,
    RegisteredElsewhere,
    WithdrawnBefore,
    correct_phone,
    correct_wish,
    edit_seeker,
    erase_seeker,
    mark_available,
    mark_employed,
    note_refusal,
    register_seeker,
    renew_registration,
    reveal_seeker,
    withdraw_consent,
)

__all__ = [
    "ConsentMissing",
    "IdNumberTaken",
    "NotWithdrawn",
    "Outcome",
    "Registered",
    "RegisteredElsewhere",
    "WithdrawnBefore",
    "bulk_upsert",
    "correct_phone",
    "correct_wish",
    "edit_seeker",
    "erase_seeker",
    "keep_apart",
    "mark_available",
    "mark_employed",
    "merge_seekers",
    "note_households",
    "note_refusal",
    "register_seeker",
    "renew_registration",
    "reveal_seeker",
    "unmerge",
    "withdraw_consent",
]
