"""Booths: the queue of each, whom it talked to and what came of it, offers made apart included."""
