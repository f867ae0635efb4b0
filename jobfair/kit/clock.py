"""The only source of time: instants are aware UTC, days are Beijing dates."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

# China has used one zone without daylight saving since 1992.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_AHEAD: ContextVar[timedelta] = ContextVar("ahead", default=timedelta())


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC) + _AHEAD.get()  # noqa: TID251 - the one permitted call


@contextmanager
def ahead(by: timedelta) -> Iterator[None]:
    """Let a simulation live some time ahead for as long as the block lasts; behind, if negative.

    What is recorded within it lies in the future afterwards, so it is for databases that are
    thrown away.
    """
    before = _AHEAD.set(_AHEAD.get() + by)
    try:
        yield
    finally:
        _AHEAD.reset(before)


def milliseconds(instant: datetime) -> int:
    """Return an aware instant as browsers count: milliseconds since 1970."""
    return round(instant.timestamp() * 1000)


def today() -> date:
    """Return today's date in Beijing."""
    return now().astimezone(BEIJING).date()


def day_of(instant: datetime) -> date:
    """Return the Beijing date of an aware instant."""
    return instant.astimezone(BEIJING).date()


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a month that lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
