"""Reads of findings: the list, and what each rule finds in the records now."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from jobfair.findings.queries import (
    calls,
    employers,
    fairs,
    households,
    money,
    people,
    school,
    work,
)
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

# What each finds stands in the records; those of a day hang on it too.
_FINDERS: tuple[Callable[[Session], Iterable[Found]], ...] = (
    people.two_names,
    people.twins,
    people.shared_phones,
    work.overlapping,
    work.before_eligible,
    work.denied,
    work.never_boarded,
    work.no_departure,
    work.odd_wages,
    employers.contact_placed,
    employers.agents_contact_placed,
    employers.begun_together,
    employers.above_headcount,
    calls.hasty,
    fairs.no_check_in,
    fairs.at_work_and_at_a_fair,
    money.against_the_records,
    households.relations,
    households.contradictions,
    households.at_work,
    households.two_heads,
    households.no_head,
    school.paid_beyond,
    school.paid_to_others,
    school.not_there,
    school.unreported,
    school.two_schools,
)
_FINDERS_OF_A_DAY: tuple[Callable[[Session, date], Iterable[Found]], ...] = (
    people.stale_categories,
    work.no_contract,
    work.incomplete,
    work.students,
    money.in_spite_of_exemption,
    employers.leaving,
    employers.short_spells,
    calls.in_the_last_days,
    households.without_capacity,
    school.never_opened,
)


def found_now(session: Session, today: date) -> Iterator[Found]:
    """Give what every rule finds in the records as they are."""
    for finder in _FINDERS:
        yield from finder(session)
    for of_a_day in _FINDERS_OF_A_DAY:
        yield from of_a_day(session, today)
