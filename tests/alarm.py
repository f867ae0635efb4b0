"""The personal-data alarm: on for the whole run, it looks into logs, URLs, files and databases."""

import base64
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.engine import Engine

from tests.planted import NAME_MARK, PHONE_MARK, holds_personal_data, person

_NAMES = tuple(person(n).name for n in range(200))
# The mark and the character after it: a few bytes alone turn up in sealed columns by chance.
_MARKED = tuple(sorted({name[1:] for name in _NAMES}))
_Encoding = Callable[[str], bytes]
_ENCODINGS: tuple[_Encoding, ...] = (
    str.encode,
    lambda text: text.encode("ascii", "backslashreplace"),
    lambda text: quote(text).encode(),
    lambda text: quote(text).lower().encode(),
    lambda text: text.encode().hex().encode(),
    lambda text: text.encode().hex().upper().encode(),
)
# Four bytes would still be too few: here only whole names count.
_SHORT_ENCODINGS: tuple[_Encoding, ...] = (
    lambda text: text.encode("utf-16-le"),
    lambda text: text.encode("gb18030"),
)
# The bytes of the mark itself → every form that holds them: only around them need one look.
_NAME_FORMS: dict[bytes, tuple[bytes, ...]] = {
    encode(NAME_MARK): tuple(map(encode, _MARKED)) for encode in _ENCODINGS
} | {encode(NAME_MARK): tuple(map(encode, _NAMES)) for encode in _SHORT_ENCODINGS}
_LONGEST = max(len(form) for forms in _NAME_FORMS.values() for form in forms)
# Digits become 0 and the rest a space: a run of seventeen is found at once where there is one.
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
_RUN = b"0" * 17
_SEALED = re.compile(rb"\\x((?:[0-9a-f]{2})+)")
_PHONE_FORMS = (
    PHONE_MARK.encode(),
    PHONE_MARK.encode("utf-16-le"),
    PHONE_MARK.encode().hex().encode(),
    base64.b64encode(PHONE_MARK.encode())[:8],
)


class PersonalDataLeaked(AssertionError):
    """A planted value turned up where it must not be."""


class Listener(logging.Handler):
    """Keeps the kind and origin of every leak in a log; the text itself is not repeated."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        values = [record.getMessage(), *(str(v) for v in vars(record).values())]
        if record.exc_info and record.exc_info[1]:
            values.append(str(record.exc_info[1]))
        kind = next(filter(None, map(holds_personal_data, values)), None)
        if kind:
            self.leaks.append(f"{kind} in a log line of {record.name}:{record.lineno}")


def _holds_name(content: bytes) -> bool:
    for mark, forms in _NAME_FORMS.items():
        at = content.find(mark)
        while at >= 0:
            near = content[max(0, at - _LONGEST) : at + _LONGEST]
            if any(form in near for form in forms):
                return True
            at = content.find(mark, at + 1)
    return False


def _long_runs(content: bytes) -> Iterator[str]:
    """Give each run of digits that is as long as an ID number's, with its neighbours."""
    digits = content.translate(_DIGITS)
    at = digits.find(_RUN)
    while at >= 0:
        end = digits.find(b" ", at)
        end = end if end >= 0 else len(digits)
        yield content[max(0, at - 1) : end + 2].decode("latin-1")
        at = digits.find(_RUN, end)


def look_into_bytes(content: bytes, where: str) -> list[str]:
    """Return a line for each kind of personal value in some bytes, plain or plainly encoded."""
    leaks = [f"name in {where}"] if _holds_name(content) else []
    leaks += [f"phone in {where}" for form in _PHONE_FORMS if form in content]
    if any(holds_personal_data(run) == "ID number" for run in _long_runs(content)):
        leaks.append(f"ID number in {where}")
    return leaks


def look_into_folder(folder: Path) -> list[str]:
    """Return the leaks in every file below a folder."""
    leaks = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            leaks += look_into_bytes(path.read_bytes(), path.name)
    return leaks


def look_into_database(engine: Engine, tables: list[str]) -> list[str]:
    """Return the leaks in every row of a PostgreSQL database."""
    leaks = []
    with engine.connect() as connection:
        for table in tables:
            query = text(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own table names
            rows = connection.execute(query).scalars()
            # Sealed bytes are read as bytes: their hex digits hold phone numbers by chance.
            content = _SEALED.sub(
                lambda found: bytes.fromhex(found.group(1).decode()), "\n".join(rows).encode()
            )
            leaks += look_into_bytes(content, f"table {table}")
    return leaks
