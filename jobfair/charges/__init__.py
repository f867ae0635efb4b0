"""Whom an office has in its charge, and the phone screens of village collectors and liaisons."""
