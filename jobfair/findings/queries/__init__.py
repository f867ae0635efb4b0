"""Reads of findings: the list, and what each rule finds in the records now."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from jobfair.findings.queries import calls, employers, fairs, people, work
from jobfair.findings.queries.listing import (
    FindingFilter,
    FindingRow,
    count_findings,
    find_finding,
    list_findings,
    open_by_rule,
)
from jobfair.findings.rules import Found

__all__ = [
    "FindingFilter",
    "FindingRow",
    "count_findings",
    "find_finding",
    "found_now",
    "list_findings",
    "open_by_rule",
]

_Finder = Callable[[Session, date], Iterable[Found]]
# What finds for which rules; a finder may find for two.
_FINDERS: tuple[_Finder, ...] = (
    lambda session, _today: people.twins(session),
    lambda session, _today: people.shared_phones(session),
    people.stale_categories,
    lambda session, _today: work.overlapping(session),
    lambda session, _today: work.before_eligible(session),
    lambda session, _today: work.denied(session),
    lambda session, _today: work.never_boarded(session),
    lambda session, _today: work.no_departure(session),
    work.no_contract,
    lambda session, _today: work.odd_wages(session),
    employers.leaving,
    lambda session, _today: employers.begun_together(session),
    lambda session, _today: employers.above_headcount(session),
    lambda session, _today: calls.hasty(session),
    lambda session, _today: fairs.no_check_in(session),
    lambda session, _today: fairs.at_work_and_at_a_fair(session),
)


def found_now(session: Session, today: date) -> Iterator[Found]:
    """Give what every rule finds in the records as they are."""
    for finder in _FINDERS:
        yield from finder(session, today)
