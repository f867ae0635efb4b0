"""Forms of rankings: what narrows them, and the weights."""
