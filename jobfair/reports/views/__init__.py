"""Pages of reports."""

from jobfair.reports.views import lines, pages, people
from jobfair.reports.views.common import bp

__all__ = ["bp", "lines", "pages", "people"]
