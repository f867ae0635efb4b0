"""Pages of employers and positions."""

from jobfair.employers.views import employers, importing, occupation, positions, readings
from jobfair.employers.views.common import bp

__all__ = ["bp", "employers", "importing", "occupation", "positions", "readings"]
