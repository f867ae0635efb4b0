"""The page of a fair's capacity plan."""

from jobfair.capacity.views.plan import bp

__all__ = ["bp"]
