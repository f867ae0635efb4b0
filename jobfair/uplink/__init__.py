"""A fair run from its hall: one laptop has the day, and syncs both ways while a line exists."""
