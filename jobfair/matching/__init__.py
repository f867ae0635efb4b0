"""Who fits which position, and why."""
