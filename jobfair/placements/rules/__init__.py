"""What a placement is and may become, without a database or a page."""
