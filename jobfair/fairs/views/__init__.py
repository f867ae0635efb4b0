"""Pages of fairs."""

from jobfair.fairs.views import booking, editing, importing, listing
from jobfair.fairs.views.common import bp

__all__ = ["booking", "bp", "editing", "importing", "listing"]
