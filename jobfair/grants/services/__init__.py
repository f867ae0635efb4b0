"""Verbs of grants."""
