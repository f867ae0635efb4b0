"""Figures whose every number opens into the people behind it."""
