"""What somebody sees of their fair day on their own phone, by the secret link of their card."""
