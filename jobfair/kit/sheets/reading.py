"""Tables of a file as rows of text: xlsx, xls, xlsb, ods and csv, with limits before parsing.

The kind is found by content, never by the name. A spreadsheet's directory is measured before
anything is unpacked, and its entries are then unpacked with a byte counter, because declared sizes
can lie. Numbers of 16 and more digits come out in scientific notation: a spreadsheet keeps only 15.
"""

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jobfair.kit.errors import Invalid
from jobfair.kit.messages import N_
from jobfair.kit.sheets.text_files import text_rows

_MB = 1024 * 1024
_CELL = 32 * 1024
_MERGED_ROWS = 2_000
# The stream a workbook with a password is packed in, as its directory names it (MS-OFFCRYPTO).
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_CELL_MARKS = (b"<c ", b"<c>", b"<si>", b"<table:table-cell")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold and cost; these defaults are for the command line.

    Attributes:
        file_bytes: of the file as it is.
        inflated_bytes: of everything packed in it.
        ratio: unpacked to packed, above ``ratio_floor`` bytes.
        cells: of all sheets.
        memory_bytes: address space of the process that opens it.
        seconds: for opening it, and for each block of rows.
    """

    file_bytes: int = 200 * _MB
    inflated_bytes: int = 1000 * _MB
    ratio: int = 200
    ratio_floor: int = 20 * _MB
    entries: int = 1000
    rows: int = 300_000
    columns: int = 500
    cells: int = 20_000_000
    memory_bytes: int = 4096 * _MB
    seconds: int = 900


WEB_LIMITS = Limits(
    file_bytes=20 * _MB,
    inflated_bytes=300 * _MB,
    rows=200_000,
    cells=3_000_000,
    memory_bytes=420 * _MB,
    seconds=300,
)


class UnreadableFile(Invalid):
    """The file is not a table that can be read."""

    code = "unreadable_file"
    message = N_("The file cannot be read as a table. Open it, save it as .xlsx and try again.")


class FileTooBig(UnreadableFile):
    """The file is beyond a limit."""

    code = "file_too_big"
    message = N_("The file is too big. Split it into parts of at most %(rows)s rows.")


class FileEmpty(UnreadableFile):
    """Nothing in the file."""

    code = "file_empty"
    message = N_("The file is empty.")


class FileHasMacros(UnreadableFile):
    """The workbook carries program code."""

    code = "file_has_macros"
    message = N_("The workbook contains macros. Save it as .xlsx without macros and try again.")


class FileHasPassword(UnreadableFile):
    """The workbook is locked."""

    code = "file_has_password"
    message = N_("The workbook has a password. Remove the password and try again.")


class FileIsWebPage(UnreadableFile):
    """A web page with a spreadsheet's name."""

    code = "file_is_web_page"
    message = N_("The file is a web page, not a workbook. Open it, save it as .xlsx and try again.")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet.

    Attributes:
        sheet: the sheet's name, empty for a text file.
        open_rows: gives the rows from the first, as (row number from 1, cells as text).
        row_count: number of rows, empty ones included.
    """

    sheet: str
    open_rows: Callable[[], Iterator[tuple[int, tuple[str, ...]]]] = field(repr=False)
    row_count: int

    @property
    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The rows from the first, as (row number from 1, cells as text)."""
        return self.open_rows()


def read_tables(path: Path, limits: Limits | None = None) -> list[Table]:
    """Open a file's tables; empty sheets are left out.

    Raises:
        UnreadableFile: the file is no table, is hostile, locked, or beyond a limit.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty
    if size > limits.file_bytes:
        raise FileTooBig(rows=limits.rows)
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"PK"):
        _check_archive(path, limits)
        return _workbook(path, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if _LOCKED in path.read_bytes():
            raise FileHasPassword
        return _workbook(path, limits)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<", b"%pdf", b"{\\rtf")):
        raise FileIsWebPage
    return _text_file(path, limits)


def _check_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries, limits)
            _unpack(archive, entries, limits)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile from error


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if (
        len(entries) > limits.entries
        or inflated > limits.inflated_bytes
        or inflated > max(limits.ratio_floor, packed * limits.ratio)
    ):
        raise FileTooBig(rows=limits.rows)
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileHasMacros
    if not names & {"[content_types].xml", "content.xml"}:
        raise UnreadableFile


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    left = limits.inflated_bytes
    rows, cells = limits.rows, limits.cells
    for entry in entries:
        with archive.open(entry) as stream:
            while chunk := stream.read(_MB):
                left -= len(chunk)
                # Counted before anything is built; a name cut by a chunk's end matters little.
                rows -= chunk.count(b"<row ") + chunk.count(b"<table:table-row")
                cells -= sum(map(chunk.count, _CELL_MARKS))
                if min(left, rows, cells) < 0:
                    raise FileTooBig(rows=limits.rows)


def _calamine(action: Callable[[], Any]) -> Any:
    """Run a call of the workbook reader; a panic is no Exception, yet means a bad file."""
    try:
        return action()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        if type(error).__name__ == "PasswordError":
            raise FileHasPassword from None
        raise UnreadableFile from None


def _workbook(path: Path, limits: Limits) -> list[Table]:
    book: CalamineWorkbook = _calamine(lambda: CalamineWorkbook.from_path(str(path)))
    tables = []
    cells = limits.cells
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
            continue
        sheet: CalamineSheet = _calamine(partial(book.get_sheet_by_name, meta.name))
        if sheet.height == 0:
            continue
        cells -= sheet.height * sheet.width
        if sheet.total_height > limits.rows or sheet.width > limits.columns or cells < 0:
            raise FileTooBig(rows=limits.rows)
        tables.append(_sheet_table(meta.name, sheet))
    if not tables:
        raise FileEmpty
    return tables


def _sheet_table(name: str, sheet: CalamineSheet) -> Table:
    merged = _merged_down(sheet)

    def rows() -> Iterator[tuple[int, tuple[str, ...]]]:
        above: dict[int, object] = {}
        for number, cells in enumerate(_rows_of(sheet), start=1):
            for column, first, last in merged.get(number, ()):
                if number == first:
                    above[column] = cells[column]
                elif number <= last and column in above:
                    cells[column] = above[column]
            yield number, tuple([cell if type(cell) is str else cell_text(cell) for cell in cells])

    return Table(name, rows, sheet.total_height)


def _merged_down(sheet: CalamineSheet) -> dict[int, list[tuple[int, int, int]]]:
    """Return, by row number, the (column, first row, last row) of cells merged over many rows.

    A spreadsheet keeps the text of such a cell in its first row only: an employer over its posts.
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        if 0 < last - first <= _MERGED_ROWS:
            for row in range(first, last + 1):
                found.setdefault(row + 1, []).append((column, first + 1, last + 1))
    return found


def _rows_of(sheet: CalamineSheet) -> Iterable[list[object]]:
    rows: Iterable[list[object]] = _calamine(sheet.iter_rows)
    return rows


def cell_text(cell: object) -> str:
    """Return a cell's value as people would type it."""
    if isinstance(cell, str):
        return cell if len(cell) <= _CELL else cell[:_CELL]
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None or isinstance(cell, timedelta) else str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= 1e15:
        return f"{number:.14E}"
    if number == int(number):
        return str(int(number))
    return repr(round(number, 10))


def _text_file(path: Path, limits: Limits) -> list[Table]:
    found = text_rows(path.read_bytes())
    if found is None:
        raise UnreadableFile
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for row in found:
            cells += len(row)
            if len(rows) == limits.rows or len(row) > limits.columns or cells > limits.cells:
                raise FileTooBig(rows=limits.rows)
            rows.append(tuple([cell[:_CELL] for cell in row]))
    except csv.Error as error:
        raise UnreadableFile from error
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise FileEmpty
    return [Table("", lambda: iter(enumerate(rows, start=1)), len(rows))]
