"""Pages of employers and positions."""

from jobfair.employers.views import employers, positions
from jobfair.employers.views.common import bp

__all__ = ["bp", "employers", "positions"]
