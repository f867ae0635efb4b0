"""Whether employers do what they owe: reports after a fair, promises kept, both sides' words."""
