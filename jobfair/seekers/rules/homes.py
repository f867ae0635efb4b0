"""Where somebody's home was on past days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Move:
    """One change of somebody's home.

    Attributes:
        before: division until the day before.
        after: division from the day on.
    """

    since: date
    before: str
    after: str
    recorded_at: datetime


def is_move(before: str, after: str) -> bool:
    """Return whether a home changed; a village where only the county was known is no move."""
    return not after.startswith(before)


def homes_since(
    present: str, moves: Sequence[Move], *, known_at: datetime | None = None
) -> list[tuple[date | None, str]]:
    """Return from which day on somebody's home was where, the first from the beginning.

    Args:
        present: the home on record now.
        moves: all of theirs, in the order of recording.
        known_at: as it was known then; None for now.
    """
    known = [one for one in moves if known_at is None or one.recorded_at <= known_at]
    later = moves[len(known) :]
    if not known:
        return [(None, later[0].before if later else present)]
    # Written down more exactly since the last move, it is the same home.
    last = later[0].before if later else present
    found: list[tuple[date | None, str]] = [(None, known[0].before)]
    for number, one in enumerate(known):
        following = known[number + 1].before if number + 1 < len(known) else last
        if found[-1][0] == one.since:
            found.pop()  # one home a day: the last of the day
        found.append((one.since, following))
    return found


def home_on(homes: Sequence[tuple[date | None, str]], day: date) -> str:
    """Return where somebody's home was on a day."""
    found = homes[0][1]
    for since, division in homes:
        if since is not None and since > day:
            break
        found = division
    return found
