"""The first page and what every visitor needs."""

from jobfair.today.views.pages import bp

__all__ = ["bp"]
