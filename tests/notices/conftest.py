"""Notices of claims stand on the day of the claims."""

from tests.subsidies.conftest import june

__all__ = ["june"]
