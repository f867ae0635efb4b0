"""Text tables: which encoding, which separator, the rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from charset_normalizer import from_bytes

_SEPARATORS = (",", "\t", ";", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_SHIELDED = frozenset((*_FORMULA_MARKS, "'"))
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
# Far more than any table's columns; the cells of a line are all made at once.
_SEPARATORS_AT_MOST = 100_000
# The longest field csv may meet before the 32 kB cut; above it the quoting is broken.
csv.field_size_limit(8 * 1024 * 1024)


def text_rows(data: bytes) -> Iterator[tuple[str, ...]] | None:
    """Give the rows of a text table one by one, or return None when the bytes are no text.

    Raises:
        csv.Error: while rows are read: the quoting is broken, or a line is no line of a table.
    """
    text = decode(data)
    return None if text is None else _rows(text.replace("\x00", ""))


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    separator = separator_of(text)
    for row in csv.reader(_lines(text, separator), delimiter=separator):
        yield tuple([unshield(cell) for cell in row])


def _lines(text: str, separator: str) -> Iterator[str]:
    for found in _LINE.finditer(text):
        line = found[0]
        if line.count(separator) > _SEPARATORS_AT_MOST:
            raise csv.Error("too many separators in a line")
        if line:
            yield line


def shield(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith((*_FORMULA_MARKS, "'")) else text


def unshield(text: str) -> str:
    """Take off the apostrophe that ``shield`` put there."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _SHIELDED else text


def decode(data: bytes) -> str | None:
    """Return the text of bytes in UTF-8, UTF-16 or GB18030, or what is likeliest else."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    zeros = data[:4096].count(0)
    if zeros > len(data[:4096]) // 8:
        return _wide(data)
    if sum(byte < 9 for byte in data[:4096]) > 40:
        return None
    return _strict(data, "utf-8") or _chinese(data) or _by_lines(data) or _guess(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chinese(data: bytes) -> str | None:
    """GB18030 gives nearly any bytes a meaning; Big5 read as GB18030 is full of private signs."""
    text = _strict(data, "gb18030")
    if text and len(_PRIVATE.findall(text[:4096])) * 50 > len(text[:4096]):
        return _strict(data, "big5hkscs") or text
    return text


def _by_lines(data: bytes) -> str | None:
    """Files of two offices pasted together: each line is in one encoding or the other."""
    lines = [_strict(line, "utf-8") or _strict(line, "gb18030") for line in data.split(b"\n")]
    found = [line or "" for line in lines]
    return "\n".join(found) if None not in lines else None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: the zero bytes stand at odd places when it is little-endian."""
    odd, even = data[1:4096:2].count(0), data[0:4096:2].count(0)
    if min(odd, even) * 4 > max(odd, even):
        return None
    return data.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")


def _guess(data: bytes) -> str | None:
    # One broken byte in a Chinese file must not lose the rest.
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") * 200 < len(text):
            return text
    best = from_bytes(data[:65536]).best()
    return data.decode(best.encoding, errors="replace") if best else None


def separator_of(text: str) -> str:
    """Return the separator that cuts the first rows into the most equal number of cells."""
    head = text[:65536]

    def score(separator: str) -> tuple[float, int]:
        rows = _head_rows(head, separator)
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            return 0.0, 0
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        return (count / sum(widths.values()) if width > 1 else 0.0), width

    return max(_SEPARATORS, key=score)


def _head_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == 30:
                break
    except csv.Error:
        return []
    return rows
