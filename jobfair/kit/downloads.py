"""A list as a file to take away, and instants for reading: what rooms' pages share."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from jobfair.kit.clock import BEIJING
from jobfair.kit.errors import NotFound
from jobfair.kit.sheets.writing import Cell, Column, write_csv, write_table


def beijing(at: datetime) -> str:
    """Return an instant for reading, Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def download(
    kind: str, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> Response:
    """Answer with a file of a list.

    Raises:
        NotFound: neither xlsx nor csv.
    """
    target = BytesIO()
    if kind == "xlsx":
        write_table(target, columns, rows)
    elif kind == "csv":
        write_csv(target, columns, rows)
    else:
        raise NotFound
    target.seek(0)
    return send_file(target, as_attachment=True, download_name=f"{name}.{kind}")
