"""What a ledger's row says, and whether it tells of work that is on record."""
