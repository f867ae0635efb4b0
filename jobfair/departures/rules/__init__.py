"""What holds of a departure batch. Pure."""
