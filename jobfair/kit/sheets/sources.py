"""Which sheets of a file hold data, and their rows with header lines left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from jobfair.kit.i18n import N_
from jobfair.kit.sheets.headers import Headers, Layout, Mapped, lay_out, map_columns
from jobfair.kit.sheets.reading import Table
from jobfair.kit.sheets.rows import SheetRow
from jobfair.kit.sheets.shapes import upright
from jobfair.kit.values.reading import tidy

NO_COLUMNS = N_("The sheet has no columns that are known; it was left out.")
PIVOT = N_("The sheet is a pivot table; it was left out.")
REPEATED = N_("The sheet repeats another one; it was left out.")
NO_ROWS = N_("The sheet has no rows; it was left out.")

_COMPARED = 40
_PIVOT_MARKS = ("行标签", "计数项", "求和项", "平均值项", "Row Labels", "Count of", "Sum of")


@dataclass(frozen=True, slots=True)
class Source:
    """A sheet to take in."""

    table: Table
    layout: Layout


def sources_of(
    tables: Sequence[Table], headers: Headers
) -> tuple[list[Source], list[tuple[str, str]]]:
    """Return the sheets with data and, for each other one, its name and why it is left out."""
    sources: list[Source] = []
    notes: list[tuple[str, str]] = []
    for table in (upright(table, headers) for table in tables):
        layout = lay_out(table, headers)
        why = _why_not(table, layout, headers)
        if why is None and layout is not None:
            _add(Source(table, layout), sources, notes)
        elif why is not None:
            notes.append((table.sheet, why))
    return sources, notes


def _why_not(table: Table, layout: Layout | None, headers: Headers) -> str | None:
    head = [cell for _, cells in islice(table.rows, 5) for cell in cells[:3]]
    if any(cell.startswith(_PIVOT_MARKS) for cell in head):
        return PIVOT
    if layout is None:
        return NO_ROWS
    least = min(2, len(headers.fields))
    return None if len(layout.columns) >= least else NO_COLUMNS


def _add(source: Source, sources: list[Source], notes: list[tuple[str, str]]) -> None:
    """Add a sheet; of two that are the same the one with more known columns stays."""
    for index, other in enumerate(sources):
        if not _same(source, other):
            continue
        if len(source.layout.columns) > len(other.layout.columns):
            sources[index], source = source, other
        notes.append((source.table.sheet, REPEATED))
        return
    sources.append(source)


def _same(one: Source, other: Source) -> bool:
    if abs(one.table.row_count - other.table.row_count) > one.table.row_count // 20:
        return False
    alike = 0
    pairs = list(zip(_sample(one), _sample(other), strict=False))
    for left, right in pairs:
        alike += len(left & right) * 10 >= min(len(left), len(right)) * 9
    return bool(pairs) and alike * 10 >= len(pairs) * 9


def _sample(source: Source) -> list[set[str]]:
    rows = (
        {text for cell in cells if (text := tidy(cell))}
        for number, cells in source.table.rows
        if number >= source.layout.first_row
    )
    return list(islice((row for row in rows if row), _COMPARED))


def _head(cells: Sequence[str]) -> list[str]:
    return list(islice(filter(None, cells), 3))


def rows_of(source: Source, headers: Headers, mapping: list[Mapped]) -> Iterator[SheetRow]:
    """Give the rows of data; a header line among them is left out, and obeyed when it is another.

    Every mapping that comes into force is added to ``mapping``.
    """
    layout = source.layout
    names, columns = layout.headers, layout.columns
    header_word = lru_cache(maxsize=10_000)(
        lambda cell: not cell.isdecimal() and headers.known((cell,)) > 0
    )
    mapping.extend(layout.mapping)
    for number, cells in source.table.rows:
        if number < layout.first_row or not any(cell and not cell.isspace() for cell in cells):
            continue
        # The first cells tell most rows apart, and repeat from row to row.
        if any(map(header_word, _head(cells))) and headers.is_header(cells):
            again = tuple(tidy(cell) for cell in cells)
            if again != names:
                names = again
                changed = map_columns(source.table.sheet, names, (), headers)
                columns = {entry.field: entry.column for entry in changed}
                mapping.extend(changed)
            continue
        yield SheetRow(source.table.sheet, number, cells, columns, names)
