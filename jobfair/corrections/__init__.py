"""What stations and sheets said wrongly and was taken back, for the manager to see and to do."""
