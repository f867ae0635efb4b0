"""A list as a file to take away, and instants for reading: what rooms' pages share."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from jobfair.kit.clock import BEIJING
from jobfair.kit.counting import rules_here
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.writing import Cell, Column, write_csv, write_sheets


def beijing(at: datetime) -> str:
    """Return an instant for reading, Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def yuan(fen: int | None) -> str:
    """Return an amount in yuan for reading; the fen only where there are some, empty for none."""
    return "" if fen is None else f"{fen / 100:,.2f}".removesuffix(".00")


def download(
    kind: str, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> Response:
    """Answer with a file of a list; a workbook says on a second sheet how people were counted.

    Csv is for programs, which would take a foot for a row.

    Raises:
        NotFound: neither xlsx nor csv.
    """
    target = BytesIO()
    if kind == "xlsx":
        write_sheets(target, [("", columns, rows), *counting_sheet()])
    elif kind == "csv":
        write_csv(target, columns, rows)
    else:
        raise NotFound
    target.seek(0)
    return send_file(target, as_attachment=True, download_name=f"{name}.{kind}")


def counting_sheet() -> list[tuple[str, list[Column], list[list[Cell]]]]:
    """Return the sheet that says how the list of this request counts; none for other lists."""
    rules = rules_here()
    if not rules:
        return []
    columns = [
        Column(translate(N_("Rule"))),
        Column(translate(N_("Name"))),
        Column(translate(N_("How it is counted")), width=100),
    ]
    lines: list[list[Cell]] = [[r.code, translate(r.name), translate(r.text)] for r in rules]
    return [(translate(N_("Counting rules")), columns, lines)]
