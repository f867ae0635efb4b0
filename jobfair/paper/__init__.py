"""Sheets and slips to print for where no device is, and the way back of what was filled in."""
