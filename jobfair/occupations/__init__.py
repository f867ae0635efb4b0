"""Occupations: what work a title means, and what people have corrected."""
