"""Subsidies: rules as data, who is entitled by the events of placements, claims until the money."""
