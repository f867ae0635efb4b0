"""Which column is which field: the header row, its words, and the content where words fail."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from jobfair.kit.sheets.reading import Table
from jobfair.kit.values.kinds import Kind, likelihood
from jobfair.kit.values.reading import simplified, tidy

_LOOK_FOR_HEADER = 20
_SAMPLE = 200
_SIMILAR = 84
_LIKE = 0.8
# A header in other words is short; a sentence that holds such a word is none.
_SHORT = 14
_LEAST_LIKE = 3
# What a cell says of a vacancy, never a header: 无经验, 学历不限, 13薪.
_VALUE = re.compile(r"\d|不限|^无|面议|及?以[上下]|五险|包[吃住]")
_LABELLED = re.compile(r"[:：]\s*\S")
# How sure content must be: where there is no header, and where there is one nobody knows.
_LIKELY = 0.5
_LIKELY_LOOSE = 0.35
_LIKELY_NAMED = 0.8
_LOOSE = frozenset({Kind.TITLE, Kind.COMPANY, Kind.CITY})
_TELLING = frozenset({Kind.WAGE, Kind.EDUCATION, Kind.EXPERIENCE, Kind.ID_NUMBER, Kind.PHONE})
_SHARED = frozenset({Kind.EDUCATION, Kind.EXPERIENCE})
_UNUSABLE = re.compile(
    r"\d{0,3}|unnamed:?\s*\d*|(?:column|field|col|列|字段|第)\s*\d+列?", re.IGNORECASE
)
_MARKS = re.compile(r"[\s*:_\-/、,.;|'\"\u3000]+")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field a file may bring.

    Attributes:
        title: msgid of the field's name.
        aliases: headers that mean it, Chinese, English and MOHRSS item codes.
        kind: what its cells look like, to find it without a header.
        like: pattern of headers in other words (用工企业, salaryDesc), matched without spaces and
            marks, in lower case and simplified characters.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: Kind | None = None
    like: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column taken for one field.

    Attributes:
        how: exact, alias, similar or content.
        confidence: 0 to 1.
    """

    sheet: str
    column: int
    header: str
    field: str
    how: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the data of a table start and what its columns are.

    Attributes:
        header_row: row number of the header, 0 when there is none.
        first_row: row number of the first row of data.
    """

    header_row: int
    first_row: int
    headers: tuple[str, ...]
    mapping: tuple[Mapped, ...]

    @property
    def columns(self) -> dict[str, int]:
        """Field name → column index."""
        return {entry.field: entry.column for entry in self.mapping}


@lru_cache(maxsize=20_000)
def plain_header(text: str) -> str:
    """Return a header without case, spaces, marks and stars."""
    return _MARKS.sub("", simplified(tidy(text)).lower())


def _bare(text: str) -> str:
    return plain_header(_BRACKETS.sub("", tidy(text)))


class Headers:
    """The words of a set of fields."""

    def __init__(self, fields: Sequence[FieldSpec]) -> None:
        self.fields = tuple(fields)
        self._exact: dict[str, list[str]] = {}
        self._alias: dict[str, list[str]] = {}
        self._like = [(spec.name, re.compile(spec.like)) for spec in fields if spec.like]
        for spec in fields:
            for word in (spec.name, spec.title):
                self._exact.setdefault(plain_header(word), []).append(spec.name)
            for word in spec.aliases:
                self._alias.setdefault(plain_header(word), []).append(spec.name)

    def find(self, header: str) -> list[tuple[str, str, float]]:
        """Return the fields a header means: (field, how, confidence)."""
        for word, sure in ((plain_header(header), 1.0), (_bare(header), 0.95)):
            if not word:
                continue
            found = [(name, "exact", sure) for name in self._exact.get(word, ())]
            found += [(name, "alias", sure) for name in self._alias.get(word, ())]
            if found:
                return found
        return []

    def similar(self, header: str) -> tuple[str, str, float] | None:
        """Return the field whose words are most like a header, when one is like enough."""
        word = _bare(header) or plain_header(header)
        if len(word) < 2 or len(word) > 24:
            return None
        best, name = 0.0, ""
        for words in (self._exact, self._alias) if len(word) > 2 else ():
            for known, names in words.items():
                score = fuzz.ratio(word, known, score_cutoff=_SIMILAR)
                if score > best:
                    best, name = score, names[0]
        if best:
            return (name, "similar", round(best / 100, 2))
        return next(((n, "similar", _LIKE) for n, like in self._like if like.search(word)), None)

    def means(self, cell: str) -> bool:
        """Tell whether a short text is the header of a field, by its own or by other words."""
        if not cell or len(cell) > 40 or _LABELLED.search(cell):
            return False
        if self.find(cell):
            return True
        word = _bare(cell)
        return 0 < len(word) <= _SHORT and not _VALUE.search(word) and self._is_like(word)

    def _is_like(self, word: str) -> bool:
        return any(like.search(word) for _, like in self._like)

    def known(self, cells: Iterable[str]) -> int:
        """Return how many cells are headers of a field by their own words."""
        return sum(1 for cell in cells if 0 < len(cell) <= 40 and self.find(cell))

    def meant(self, cells: Iterable[str]) -> int:
        """Return how many cells are headers of a field by their own or by other words."""
        return sum(map(self.means, cells))

    def is_header(self, cells: Sequence[str]) -> bool:
        """Tell whether a row among the data is a header line again."""
        head = [cell for cell in cells if cell][:3]
        if not any(len(cell) <= 40 and self.find(cell) for cell in head):
            return False
        filled = [cell for cell in cells if cell.strip()]
        hits = self.known(filled)
        return hits >= 2 and hits * 2 >= len(filled)


def lay_out(table: Table, headers: Headers) -> Layout | None:
    """Find the header row and the fields of a table; None when it has no row of data."""
    rows = _first_rows(table)
    if not rows:
        return None
    header_at = _header_index(rows, headers)
    strange = header_at is None and _strange_header(table.sheet, rows, headers)
    if strange:
        header_at = 0
    names = _names(rows[header_at][1]) if header_at is not None else ()
    data = rows[header_at + 1 :] if header_at is not None else rows
    if not data:
        return None
    cells_below = [cells for _, cells in data]
    mapping = map_columns(table.sheet, () if strange else names, cells_below, headers)
    if strange:
        mapping = tuple(replace(entry, header=names[entry.column]) for entry in mapping)
    return Layout(
        header_row=rows[header_at][0] if header_at is not None else 0,
        first_row=data[0][0],
        headers=names,
        mapping=mapping,
    )


def _first_rows(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    rows = []
    for number, cells in table.rows:
        if any(cell.strip() for cell in cells):
            rows.append((number, cells))
        if len(rows) == _SAMPLE:
            break
    return rows


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(tidy(cell) for cell in cells)


def _header_index(rows: Sequence[tuple[int, tuple[str, ...]]], headers: Headers) -> int | None:
    head = rows[:_LOOK_FOR_HEADER]
    hits = [headers.known(cells) for _, cells in head]
    best = max(hits)
    if best >= min(2, len(headers.fields)):
        return hits.index(best)
    other_words = _header_in_other_words(head, headers)
    if other_words is not None:
        return other_words
    for index, (_, cells) in enumerate(head):
        filled = [tidy(cell) for cell in cells if tidy(cell)]
        numbers = [int(cell) for cell in filled if cell.isascii() and cell.isdecimal()]
        if len(filled) > 1 and numbers in (
            list(range(len(filled))),
            list(range(1, len(filled) + 1)),
        ):
            return index
    return None


def _header_in_other_words(
    head: Sequence[tuple[int, tuple[str, ...]]], headers: Headers
) -> int | None:
    """Find the row whose cells are headers in other words; rows of data say such words as often."""
    meant = [headers.meant(cells) for _, cells in head]
    best = max(meant)
    index = meant.index(best)
    filled = sum(1 for cell in head[index][1] if cell.strip())
    others = [count for row, count in enumerate(meant) if row != index]
    clear = best >= _LEAST_LIKE and best * 2 > filled and 2 * max(others, default=0) <= best
    return index if clear else None


def _strange_header(
    sheet: str, rows: Sequence[tuple[int, tuple[str, ...]]], headers: Headers
) -> bool:
    """The first row is a header in unknown words when the columns' kinds are not in its cells."""
    first = rows[0][1]
    mapping = map_columns(sheet, (), [cells for _, cells in rows[1:]], headers)
    kinds = {spec.name: spec.kind for spec in headers.fields}
    if len(mapping) < 2 or len(rows) < 3 or max(entry.column for entry in mapping) >= len(first):
        return False
    return not any(
        likelihood(kind, [first[entry.column]])
        for entry in mapping
        if (kind := kinds[entry.field]) is not None
    )


def map_columns(
    sheet: str, names: Sequence[str], data: Sequence[Sequence[str]], headers: Headers
) -> tuple[Mapped, ...]:
    """Map columns to fields by words first, then by content."""
    width = max([len(names), *(len(cells) for cells in data[:_SAMPLE])], default=0)
    columns = [[cells[i] for cells in data[:_SAMPLE] if i < len(cells)] for i in range(width)]
    labels = [names[i] if i < len(names) else "" for i in range(width)]
    taken: dict[str, Mapped] = {}
    _by_words(sheet, labels, columns, headers, taken)
    _by_content(sheet, labels, columns, headers, taken)
    _shared(sheet, labels, columns, headers, taken)
    return tuple(sorted(taken.values(), key=lambda entry: (entry.column, entry.field)))


def _by_words(
    sheet: str,
    labels: Sequence[str],
    columns: Sequence[Sequence[str]],
    headers: Headers,
    taken: dict[str, Mapped],
) -> None:
    found: list[tuple[float, int, Mapped]] = []
    for column, label in enumerate(labels):
        if not label:
            continue
        fields = headers.find(label)
        if not fields and not _UNUSABLE.fullmatch(label):
            near = headers.similar(label)
            fields = [near] if near else []
        filled = sum(1 for cell in columns[column] if cell.strip())
        for name, how, sure in fields:
            entry = Mapped(sheet, column, label, name, how, sure)
            found.append((sure + (0.001 if filled else 0), -column, entry))
    for _, _, entry in sorted(found, key=lambda item: item[:2], reverse=True):
        taken.setdefault(entry.field, entry)


def _by_content(
    sheet: str,
    labels: Sequence[str],
    columns: Sequence[Sequence[str]],
    headers: Headers,
    taken: dict[str, Mapped],
) -> None:
    used = {entry.column for entry in taken.values()}
    found: list[tuple[float, int, str]] = []
    for spec in headers.fields:
        if spec.kind is None or spec.name in taken or _otherwise_said(spec, taken):
            continue
        for column, label in enumerate(labels):
            if column in used:
                continue
            sure = likelihood(spec.kind, columns[column])
            if sure >= _threshold(spec.kind, label):
                found.append((sure, -column, spec.name))
    for sure, column, name in sorted(found, reverse=True):
        if name not in taken and -column not in used:
            used.add(-column)
            taken[name] = Mapped(sheet, -column, labels[-column], name, "content", round(sure, 2))


def _otherwise_said(spec: FieldSpec, taken: dict[str, Mapped]) -> bool:
    """A wage already found as a least and a most needs no other column."""
    return spec.kind is Kind.WAGE and "wage_low" in taken


def _threshold(kind: Kind, label: str) -> float:
    if not _UNUSABLE.fullmatch(label):
        return _LIKELY_NAMED if kind in _TELLING else 2.0
    return _LIKELY_LOOSE if kind in _LOOSE else _LIKELY


def _shared(
    sheet: str,
    labels: Sequence[str],
    columns: Sequence[Sequence[str]],
    headers: Headers,
    taken: dict[str, Mapped],
) -> None:
    """One column may serve schooling and experience (``3-5年本科``)."""
    served = {entry.column for entry in taken.values()}
    kinds = {spec.name: spec.kind for spec in headers.fields}
    short = {e.column for e in taken.values() if kinds[e.field] in _SHARED}
    for spec in headers.fields:
        if spec.kind is None or spec.kind not in _SHARED or spec.name in taken:
            continue
        for column in sorted(short & served):
            sure = likelihood(spec.kind, columns[column])
            if sure >= _LIKELY:
                label = labels[column]
                taken[spec.name] = Mapped(
                    sheet, column, label, spec.name, "content", round(sure, 2)
                )
                break
