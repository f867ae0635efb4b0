"""The seeker's card: a signed random token as a QR code, with a short code for eye and voice."""
