"""Rules of follow-ups. Pure."""
