"""Doubtful records: named rules, whose list each finding stands on, and what became of it."""
