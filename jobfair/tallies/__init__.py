"""Services rendered at a fair, counted by dated entries: leaflets, cards, consultations."""
