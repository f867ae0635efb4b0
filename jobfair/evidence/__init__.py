"""Files that prove what was recorded: photos and documents, sealed where they are stored."""
