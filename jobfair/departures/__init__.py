"""Organised journeys to work: batches, their vehicles, rosters, boarding and arrival."""
