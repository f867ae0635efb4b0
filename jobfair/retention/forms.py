"""What an address asks of retention, and what in it could not be understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from werkzeug.datastructures import MultiDict

from jobfair.kit import clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.i18n import N_
from jobfair.placements.rules.counting import CHANNEL_NAMES
from jobfair.retention.queries import Asked
from jobfair.retention.rules.courses import Endpoint

_YEAR = timedelta(days=364)
_BAD_DAY = N_("A date could not be read and was left out: %(text)s.")
_SWAPPED = N_("The period began after its end; the two days were exchanged.")
_FUTURE = N_("The as-of date lies in the future; the figures are as of today.")
_LATE = N_("The period ends after the as-of date; nothing can be due later.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, the period of due days, and what the reader must be told: message and values."""

    asked: Asked
    since: date
    until: date
    troubles: tuple[tuple[str, Mapping[str, str]], ...]


def read_wanted(args: MultiDict[str, str], *, scope: str | None) -> Wanted:
    """Return what an address asks; what cannot be read is left out and told."""
    troubles: list[tuple[str, Mapping[str, str]]] = []

    def day(name: str) -> date | None:
        text = args.get(name, "").strip()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            troubles.append((_BAD_DAY, {"text": text}))
            return None

    as_of = day("as-of") or clock.today()
    if as_of > clock.today():
        troubles.append((_FUTURE, {}))
        as_of = clock.today()
    until = day("until") or as_of
    since = day("since") or until - _YEAR
    if since > until:
        troubles.append((_SWAPPED, {}))
        since, until = until, since
    if until > as_of:
        troubles.append((_LATE, {}))
        until = as_of
    endpoint = args.get("endpoint", "")
    asked = Asked(
        Endpoint(endpoint) if endpoint in set(Endpoint) else Endpoint.SAME_EMPLOYER,
        as_of,
        _instant(args.get("known-at", ""), troubles),
        scope,
        _number(args.get("county", "")),
        int(_number(args.get("employer", "")) or 0) or None,
        args.get("category") or None,
        args["channel"] if args.get("channel") in CHANNEL_NAMES else None,
    )
    return Wanted(asked, since, until, tuple(troubles))


def _number(text: str) -> str | None:
    return text if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _instant(text: str, troubles: list[tuple[str, Mapping[str, str]]]) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        troubles.append((_BAD_DAY, {"text": text}))
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=BEIJING)
