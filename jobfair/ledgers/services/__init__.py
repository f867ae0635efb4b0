"""Verbs on ledgers."""
