"""Pages of fairs."""

from jobfair.fairs.views import booking, confirming, editing, importing, listing
from jobfair.fairs.views.common import bp

__all__ = ["booking", "bp", "confirming", "editing", "importing", "listing"]
