"""Reads of uplinks."""
