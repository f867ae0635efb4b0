"""What a seeker is, without a database or a page."""
