"""Commands that look at a home."""
