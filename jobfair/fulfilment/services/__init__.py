"""Verbs of duties and differences."""

from jobfair.fulfilment.services.answering import answer_duty
from jobfair.fulfilment.services.chasing import excuse, remind, remind_together, take_excuse_back
from jobfair.fulfilment.services.planning import catch_up
from jobfair.fulfilment.services.settling import explain_silence, settle_mismatch

__all__ = [
    "answer_duty",
    "catch_up",
    "excuse",
    "explain_silence",
    "remind",
    "remind_together",
    "settle_mismatch",
    "take_excuse_back",
]
