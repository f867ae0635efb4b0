"""Reads of departure batches."""
