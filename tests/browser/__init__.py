"""Journeys through the served program in a real browser."""
