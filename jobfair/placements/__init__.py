"""就业安置: what became of people after a fair, as appended events."""
