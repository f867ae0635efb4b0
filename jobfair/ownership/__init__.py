"""Who owns a person's record on each day: the home township, or the station where the work is."""
