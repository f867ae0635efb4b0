"""Tables that lie on their side, or say in each cell what it is, stood upright."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from jobfair.kit.sheets.headers import Headers
from jobfair.kit.sheets.reading import Table

_LOOKED_AT = 40
_LEAST = 3
# Wider than this, a table on its side is no list that people keep by hand.
_MOST_ON_SIDE = 2_000
_LABEL = re.compile(
    r"(?:^|(?<=[\s;；,，|。【\[(（]))[【\[]?([\u4e00-\u9fffA-Za-z_]{2,12})[】\]]?\s*[:：]"
)

Pairs = list[tuple[str, str]]
Rows = Iterator[tuple[int, tuple[str, ...]]]


def upright(table: Table, headers: Headers) -> Table:
    """Return a table with its headers in a row, whichever way it was written.

    Understood are tables whose headers stand in the first column, rows of cells like
    ``职位:普工``, and texts with one such pair a line, a record after the other. Anything else
    comes back as it is.
    """
    rows = list(islice((row for row in table.rows if any(row[1])), _LOOKED_AT))
    if not rows or any(headers.meant(cells) >= _LEAST for _, cells in rows):
        return table
    if _on_its_side(rows, headers) and table.row_count <= _MOST_ON_SIDE:
        turned = zip_longest(*_cells(table), fillvalue="")
        return _made(table, list(enumerate(turned, start=1)))
    said = [_pairs(cells, headers) for _, cells in rows]
    # A line of a record can be a text: most lines must be pairs, not all.
    labels = {label for pairs in said for label, _ in pairs}
    if sum(map(bool, said)) * 5 >= len(said) * 3 and len(labels) >= _LEAST:
        return _spelt_out(table, headers)
    return table


def _cells(table: Table) -> Iterator[tuple[str, ...]]:
    return (cells for _, cells in table.rows if any(cells))


def _made(table: Table, rows: list[tuple[int, tuple[str, ...]]]) -> Table:
    return replace(table, open_rows=lambda: iter(rows), row_count=len(rows))


def _on_its_side(rows: Sequence[tuple[int, tuple[str, ...]]], headers: Headers) -> bool:
    first = [cells[0] for _, cells in rows if cells and cells[0].strip()]
    known = headers.meant(first)
    wide = max(len([cell for cell in cells if cell.strip()]) for _, cells in rows)
    return known >= _LEAST and known * 2 >= len(first) and wide > 1


def _pairs(cells: Sequence[str], headers: Headers) -> Pairs:
    """Return what the labelled cells of a row say, as (label, text)."""
    pairs: Pairs = []
    for cell in cells:
        marks = [found for found in _LABEL.finditer(cell) if headers.means(found.group(1))]
        if not marks or cell[: marks[0].start()].strip():
            continue
        ends = [*(found.start() for found in marks[1:]), len(cell)]
        pairs += [
            (found.group(1), cell[found.end() : end].strip(" \t\n;；,，|【["))
            for found, end in zip(marks, ends, strict=True)
        ]
    return pairs


def _spelt_out(table: Table, headers: Headers) -> Table:
    labels: dict[str, int] = {}
    records: list[tuple[int, dict[str, str]]] = []
    record: dict[str, str] = {}
    for number, cells in table.rows:
        pairs = _pairs(cells, headers)
        if not any(cells) or any(label in record for label, _ in pairs) or len(pairs) > 1:
            record = {}
        for label, text in pairs:
            labels.setdefault(label, len(labels))
            if not record:
                records.append((number + 1, record))
            record[label] = text
    made = [(1, tuple(labels))]
    made += [(number, tuple(r.get(label, "") for label in labels)) for number, r in records]
    return _made(table, made)
