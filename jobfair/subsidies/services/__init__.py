"""Verbs of subsidies."""
