"""Tables in files: reading, headers, the import engine, writing."""
