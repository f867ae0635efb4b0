"""Devices of a fair: each paired to it for one job at one place."""
