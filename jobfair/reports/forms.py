"""What is asked of a report in an address, and what in it could not be understood."""

from dataclasses import dataclass
from datetime import date, datetime

from werkzeug.datastructures import MultiDict

from jobfair.accounts.rules import Scope
from jobfair.kit import clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.i18n import N_
from jobfair.placements.queries.overlaps import OverlapFilter
from jobfair.reports.queries import DIMENSIONS, Question

_BAD_DAY = N_("The as-of date could not be read; the figures are as of today.")
_FUTURE_DAY = N_("The as-of date lies in the future; the figures are as of today.")
_BAD_TIME = N_("The known-at time could not be read; everything recorded until now counts.")
_EARLY = N_("Known-at lies before the as-of date: what was recorded later is left out.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what the reader must be told about it: message ids."""

    question: Question
    troubles: tuple[str, ...]


def read_question(code: str, args: MultiDict[str, str], scope: Scope) -> Asked:
    """Return what an address asks of a report; days are Beijing days, as is known-at.

    What cannot be read is left out and told; nobody gets an error page for a half-typed date.
    """
    troubles: list[str] = []
    as_of = _day(args.get("as-of", ""), troubles)
    known_at = _instant(args.get("known-at", ""), troubles)
    if known_at and clock.day_of(known_at) < (as_of or clock.today()):
        troubles.append(_EARLY)
    by = args.getlist("by")
    only = {name: args.getlist(name) for name in DIMENSIONS.get(code, ()) if args.get(name)}
    question = Question(
        by=tuple(filter(None, by)) if by else None,
        as_of=as_of,
        known_at=known_at,
        division=scope.division,
        organisation_id=scope.organisation_id,
        fair=args.get("fair") or None,
        year=args.get("year", None, int),
        only=only,
    )
    return Asked(question, tuple(troubles))


def _day(text: str, troubles: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        troubles.append(_BAD_DAY)
        return None
    if day > clock.today():
        troubles.append(_FUTURE_DAY)
        return None
    return day


def _instant(text: str, troubles: list[str]) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        troubles.append(_BAD_TIME)
        return None
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class AskedOverlaps:
    """What the list of overlaps is asked for, and what the reader must be told: message ids."""

    wanted: OverlapFilter
    year: int
    troubles: tuple[str, ...]


def read_overlaps(args: MultiDict[str, str], *, scope: str | None, office_id: int) -> AskedOverlaps:
    """Return which overlaps an address asks for: of a year, as of a day, known at a moment."""
    troubles: list[str] = []
    as_of = _day(args.get("as-of", ""), troubles) or clock.today()
    year = args.get("year", None, int) or as_of.year
    if not date.min.year < year < date.max.year:
        year = as_of.year
    wanted = OverlapFilter(
        since=date(year, 1, 1),
        until=min(as_of, date(year, 12, 31)),
        known_at=_instant(args.get("known-at", ""), troubles),
        scope=scope,
        office_id=office_id if args.get("mine") else None,
    )
    return AskedOverlaps(wanted, year, tuple(troubles))
