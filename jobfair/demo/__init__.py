"""The demonstration: an invented fair, invented people, the same every time."""
