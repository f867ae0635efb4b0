"""Reads of duties, promises and differences."""
