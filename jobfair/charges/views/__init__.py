"""Pages of people in charge, and of collectors and liaisons."""

from jobfair.charges.views import liaison, listing, village
from jobfair.charges.views.common import bp

__all__ = ["bp", "liaison", "listing", "village"]
