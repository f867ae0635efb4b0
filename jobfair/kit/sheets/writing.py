"""Tables written: workbooks and csv that open well in Excel and are safe to open.

Text is always written as text, so no cell can become a formula. In csv, where a spreadsheet decides
by the first character, such cells get an apostrophe in front, which our reader takes off again.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.text_files import shield

Cell = str | int | float | date | datetime | bool | None

_LONGEST = 32_767
_TEMPLATE_ROWS = 5000
_SHEET_MARKS = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write.

    Attributes:
        title: ready text, already translated.
        text: cells stay text in Excel (ID numbers, phones).
        width: in characters; None takes it from the title.
        choices: what a template's cell may hold, as a drop-down.
        note: shown when a template's cell is chosen.
    """

    title: str
    text: bool = False
    width: int | None = None
    choices: tuple[str, ...] = ()
    note: str = ""


def write_table(
    target: Path | BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> int:
    """Write one sheet as a workbook, row by row in bounded memory; return the number of rows."""
    return write_sheets(target, [("", columns, rows)])


def write_sheets(
    target: Path | BinaryIO,
    sheets: Sequence[tuple[str, Sequence[Column], Iterable[Sequence[Cell]]]],
) -> int:
    """Write several sheets, each a name, columns and rows; return the number of rows."""
    written = 0
    with _workbook(target, constant_memory=True) as book:
        used: set[str] = set()
        for name, columns, rows in sheets:
            sheet = book.add_worksheet(_sheet_name(name, used))
            _head(book, sheet, columns)
            count = _body(book, sheet, columns, rows)
            sheet.autofilter(0, 0, max(count, 1), max(len(columns) - 1, 0))
            written += count
    return written


def _workbook(target: Path | BinaryIO, *, constant_memory: bool) -> Any:
    return Workbook(
        str(target) if isinstance(target, Path) else target,
        {"constant_memory": constant_memory, "default_date_format": "yyyy-mm-dd"},
    )


def _sheet_name(name: str, used: set[str]) -> str | None:
    if not name:
        return None
    base = name.translate(_SHEET_MARKS).strip()[:28] or "Sheet"
    unique, number = base, 2
    while unique.lower() in used:
        unique, number = f"{base} {number}", number + 1
    used.add(unique.lower())
    return unique


def _head(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    style = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "valign": "vcenter"})
    as_text = book.add_format({"num_format": "@"})
    for index, column in enumerate(columns):
        width = column.width or min(max(display_width(column.title) + 4, 10), 60)
        sheet.set_column(index, index, width, as_text if column.text else None)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.title[:_LONGEST], style)
    sheet.freeze_panes(1, 0)


def _body(book: Any, sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    as_text = book.add_format({"num_format": "@"})
    texts = [column.text for column in columns]
    count = 0
    for count, row in enumerate(rows, start=1):
        for index, cell in enumerate(row):
            _write(
                sheet, count, index, cell, as_text if index < len(texts) and texts[index] else None
            )
    return count


def _write(sheet: Any, row: int, column: int, cell: Cell, text_style: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str) or text_style is not None:
        sheet.write_string(row, column, str(cell)[:_LONGEST], text_style)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.replace(tzinfo=None))
    else:
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001


def display_width(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def write_csv(
    target: Path | BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> int:
    """Write csv in UTF-8 with BOM (Excel needs it for Chinese); return the number of rows."""
    if isinstance(target, Path):
        with target.open("wb") as stream:
            return write_csv(stream, columns, rows)
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([shield(column.title) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        count += 1
    text.detach()
    return count


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return shield(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell)


def write_template(
    target: Path | BinaryIO, columns: Sequence[Column], instructions: Sequence[str]
) -> None:
    """Write an empty form: drop-downs, text columns, and a sheet that says how to fill it in."""
    with _workbook(target, constant_memory=False) as book:
        sheet = book.add_worksheet(translate(N_("Fill in here")))
        _head(book, sheet, columns)
        help_sheet = book.add_worksheet(translate(N_("How to fill in")))
        help_sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for index, line in enumerate(instructions):
            help_sheet.write_string(index, 0, line)
        if any(column.choices for column in columns):
            _drop_downs(book, sheet, columns)


def _drop_downs(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """Drop-downs take their values from a hidden sheet: a list in the rule ends at 255 signs."""
    lists = book.add_worksheet("_lists")
    lists.very_hidden()
    for index, column in enumerate(columns):
        if not column.choices:
            continue
        for row, choice in enumerate(column.choices):
            lists.write_string(row, index, choice)
        rule = {
            "validate": "list",
            "source": f"=_lists!${_letters(index)}$1:${_letters(index)}${len(column.choices)}",
            "ignore_blank": True,
        }
        if column.note:
            rule |= {"input_title": column.title[:32], "input_message": column.note[:255]}
        sheet.data_validation(1, index, _TEMPLATE_ROWS, index, rule)


def _letters(index: int) -> str:
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
