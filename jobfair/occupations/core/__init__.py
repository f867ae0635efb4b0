"""Titles to occupations: text, features, ranking, confidence. Pure: no web, no tables."""
