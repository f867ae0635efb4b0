"""Small fairs near home: a few booths, one phone, set up by one form."""
