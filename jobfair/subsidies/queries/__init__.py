"""Reads of subsidies."""
