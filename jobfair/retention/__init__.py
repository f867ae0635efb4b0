"""Who is still at work how long after the first day, from the events of placements."""
