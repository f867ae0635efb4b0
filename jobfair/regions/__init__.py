"""Divisions with the years they were valid, twinning, and the code lists of the standards."""
