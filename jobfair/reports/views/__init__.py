"""Pages of reports."""

from jobfair.reports.views import counting, lines, pages, people
from jobfair.reports.views.common import bp

__all__ = ["bp", "counting", "lines", "pages", "people"]
