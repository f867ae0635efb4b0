"""The sizing of a fair day. Pure: numbers in, numbers out."""
