"""The hall on the day: its screen, the manager's console, announcements, and the close."""
