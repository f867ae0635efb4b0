"""Verbs of departure batches."""
