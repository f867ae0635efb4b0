"""Pages of rankings and of their weights."""

from jobfair.matching.views import ranking, weights
from jobfair.matching.views.common import bp

__all__ = ["bp", "ranking", "weights"]
