"""What the organiser of a fair owes and by when; employers' duties after a fair are others."""
