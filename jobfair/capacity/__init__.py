"""The capacity plan of a fair: can the expected people get in, be inside and be talked to?"""
