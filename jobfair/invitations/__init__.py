"""What people invited to a fair answer, and who of them came."""
