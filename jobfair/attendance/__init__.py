"""Arrivals at a fair: what the gates record, applied once and in any order."""
