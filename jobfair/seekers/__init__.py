"""People who look for work: registration, identity, duplicates, consent."""
