"""Offers at a fair: each holds one unit of headcount until it is accepted, declined or expired."""
