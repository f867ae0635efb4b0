"""Pages of the paper pack: what to print, and the way back."""

from jobfair.paper.views import importing, printing, undoing
from jobfair.paper.views.common import bp

__all__ = ["bp", "importing", "printing", "undoing"]
