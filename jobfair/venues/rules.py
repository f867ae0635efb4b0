"""Where booths stand: zones, places on a grid, numbers; how names fit on a map. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_

# A map that still prints on one sheet and is filled by no fair known to us.
COLUMNS, ROWS = 40, 60
LARGEST = 6  # cells a booth is wide or deep at most
LONGEST_NUMBER = 20
LONGEST_ZONE = 40
MARKS = 6  # looks of zones: each a colour and a shape of its own; the letter tells all apart
_LETTER = re.compile(r"[A-Z]{1,2}")
_DIGITS = re.compile(r"(\d+)")
# A landline with its area code, a mobile in groups, or seven digits or more: "4500-6500" is a wage.
_LONG_NUMBER = re.compile(
    r"\d{7,}[Xx]?|0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}|\d{3}[ -]?\d{4}[ -]?\d{4}", re.ASCII
)

Cell = tuple[int, int]


class LetterUnusable(Invalid):
    """A zone's letter is none."""

    code = "zone_letter_unusable"
    message = N_("A zone's letter is one or two capital letters, for example A.")


class PlaceOutside(Invalid):
    """A booth would stand outside the map, or be larger than any is."""

    code = "booth_outside_map"
    message = N_(
        "That is outside the map: it has 40 columns and 60 rows, and a booth at most 6 by 6 cells."
    )


class MapFull(Refusal):
    """The rows of the map do not suffice."""

    code = "map_full"
    message = N_("The map has no room for %(count)s more booths. Put more into a row.")


class ClashKind(StrEnum):
    """What two booths cannot share."""

    NUMBER = "number"
    CELL = "cell"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a booth stands on the map: its cell at the top left, counted from 1, and its size."""

    column: int
    row: int
    columns: int = 1
    rows: int = 1

    def cells(self) -> Iterator[Cell]:
        """Give every cell as row and column, the top left one first."""
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                yield row, column


@dataclass(frozen=True, slots=True)
class BoothPlan:
    """A booth as it is to stand."""

    id: int
    number: str
    zone_id: int
    place: Place
    employer_id: int | None


@dataclass(frozen=True, slots=True)
class Clash:
    """What a booth wants and another one has.

    Attributes:
        booth_id: the booth that was changed.
        other: number of the booth that has it.
    """

    booth_id: int
    kind: ClashKind
    other: str


def check_letter(letter: str) -> None:
    """Check that a text can be a zone's letter.

    Raises:
        LetterUnusable: it cannot.
    """
    if not _LETTER.fullmatch(letter):
        raise LetterUnusable


def mark_of(letter: str) -> int:
    """Return which look, 0 to ``MARKS`` - 1, the zone of a letter has; neighbours differ."""
    return (sum(map(ord, letter)) - ord("A")) % MARKS


def check_place(place: Place) -> None:
    """Check that a place lies on the map.

    Raises:
        PlaceOutside: it does not, or is too large.
    """
    fits = (
        place.column >= 1
        and place.row >= 1
        and place.column + place.columns - 1 <= COLUMNS
        and place.row + place.rows - 1 <= ROWS
    )
    if not fits or not 1 <= place.columns <= LARGEST or not 1 <= place.rows <= LARGEST:
        raise PlaceOutside


def _claims(booth: BoothPlan) -> Iterator[tuple[ClashKind, object]]:
    yield ClashKind.NUMBER, booth.number
    for cell in booth.place.cells():
        yield ClashKind.CELL, cell
    if booth.employer_id is not None:
        yield ClashKind.EMPLOYER, booth.employer_id


def clashes(booths: Sequence[BoothPlan], changed: Collection[int]) -> list[Clash]:
    """Return what booths of a fair would share, each kind once a booth; empty when all is well.

    Args:
        booths: all of the fair, as they are to stand.
        changed: ids of those that were changed; a clash is told of one of them.
    """
    had: dict[tuple[ClashKind, object], BoothPlan] = {}
    found: dict[tuple[int, ClashKind], Clash] = {}
    for booth in sorted(booths, key=lambda one: one.id in changed):
        for claim in _claims(booth):
            other = had.setdefault(claim, booth)
            if other is not booth:
                clash = Clash(booth.id, claim[0], other.number)
                found.setdefault((booth.id, claim[0]), clash)
    return list(found.values())


def natural(number: str) -> tuple[tuple[str, int], ...]:
    """Return by what booth numbers are ordered as people count: A2 before A10."""
    parts = _DIGITS.split(number)
    digits = [*parts[1::2], "0"]
    return tuple((text, int(digit)) for text, digit in zip(parts[::2], digits, strict=True))


def next_numbers(letter: str, taken: Collection[str], count: int) -> list[str]:
    """Return the next free numbers of a zone: its letter and two digits or more."""
    found: list[str] = []
    n = 0
    while len(found) < count:
        n += 1
        number = f"{letter}{n:02}"
        if number not in taken:
            found.append(number)
    return found


def lay_out(occupied: Collection[Cell], count: int, in_a_row: int) -> list[Place]:
    """Return places for new booths in rows below everything that stands, an aisle before each row.

    Args:
        occupied: cells in use, as row and column.
        count: how many booths.
        in_a_row: how many stand side by side, 1 to ``COLUMNS``.

    Raises:
        MapFull: the map has not so many rows.
    """
    lowest = max((row for row, _column in occupied), default=-1)
    places = [Place(n % in_a_row + 1, lowest + 2 * (n // in_a_row + 1)) for n in range(count)]
    if places and places[-1].row > ROWS:
        raise MapFull(count=count)
    return places


def _width(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def lines_of(text: str, width: int, most: int) -> list[str]:
    """Return a text in lines for a small place, cut with … where it does not fit.

    Args:
        text: any text.
        width: of a line, in halves of a Chinese sign.
        most: lines at most.
    """
    lines, used = [""], 0
    for sign in text:
        if used + _width(sign) > width:
            if len(lines) == most:
                lines[-1] = f"{lines[-1][:-1]}…"
                break
            lines.append("")
            used = 0
        lines[-1] += sign
        used += _width(sign)
    return lines


def without_numbers(text: str) -> str:
    """Return a text in which what may be a telephone or ID number is left out."""
    return _LONG_NUMBER.sub("…", text)
