"""Lines of events that are only ever added to: what placements and students have in common."""
