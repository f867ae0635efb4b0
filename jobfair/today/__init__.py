"""Where everybody starts: what is to be done today, by role; language and health."""
