"""What people type into cells, read: wages, dates, schooling, numbers of people and of papers."""
