"""Job fairs: what takes part in them, and their ranking."""
