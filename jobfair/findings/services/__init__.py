"""Verbs of findings: look through the records, explain, take in lists of who must not be paid."""

from jobfair.findings.services.looking import Looked, explain, look, reopen

__all__ = ["Looked", "explain", "look", "reopen"]
