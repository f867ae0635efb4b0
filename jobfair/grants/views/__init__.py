"""Pages of grants."""

from jobfair.grants.views import months, payments, statements
from jobfair.grants.views.common import bp

__all__ = ["bp", "months", "payments", "statements"]
