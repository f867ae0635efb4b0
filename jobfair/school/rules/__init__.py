"""Who may enter the school and what a student's line is, without a database or a page."""
