"""Transfer ledgers: an office's own lists of who works where, taken in and given out again."""
