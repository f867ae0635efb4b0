"""Verbs of uplinks."""
