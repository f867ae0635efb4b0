"""What people at booths are told: whose turn it is when a post comes free, where it is quicker."""
