"""What an employer and a vacancy are and what the law lets a vacancy say; pure."""
