"""Lists on pages: which page of how many, addresses of the other pages, tables that become cards.

A list's whole state stands in its query string, so any other page of it is the present address with
a few parameters changed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup, escape

SIZES = (20, 50, 100)
STANDARD_SIZE = 50
# How many pages are named on either side of the present one.
_AROUND = 2
_OPENING = re.compile(r"<(tr|td|th)\b([^>]*)>")
_BLANK = re.compile(r'(<td\b[^>]*?class=")([^"]*"[^>]*>\s*(?:–\s*)?</td>)')


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list stands: page ``number``, counted from 1, of ``size`` lines."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many lines come before this page."""
        return (self.number - 1) * self.size


def asked_page(total: int | None = None) -> Paging:
    """Return the page the query string asks for; with a total, never one behind the last."""
    number = max(1, request.args.get("page", 1, type=int))
    size = request.args.get("size", STANDARD_SIZE, type=int)
    size = size if size in SIZES else STANDARD_SIZE
    return Paging(number if total is None else min(number, last_page(total, size)), size)


def last_page(total: int, size: int) -> int:
    """Return the number of the last page; an empty list has one."""
    return max(1, -(-total // size))


def page_numbers(number: int, last: int) -> list[int | None]:
    """Return the pages to name: first, those around the present one, last; None is a gap."""
    around = range(max(1, number - _AROUND), min(last, number + _AROUND) + 1)
    named = sorted({1, *around, last})
    found: list[int | None] = []
    for before, page in zip([0, *named], named, strict=False):
        if page - before == 2:
            found.append(page - 1)  # a gap of one page is that page
        elif page - before > 2:
            found.append(None)
        found.append(page)
    return found


def list_url(**changed: Any) -> str:
    """Return the present list with some parameters of its address changed; None takes one out."""
    kept: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    return url_for(request.endpoint or "", **(kept | changed))


def page_url(number: int) -> str:
    """Return another page of the present list."""
    return list_url(page=number)


def sorted_head(label: str, key: str, sort: str) -> dict[str, str]:
    """Return a table's head that sorts its list by a key, the other way round at the second press.

    Args:
        label: the head's text.
        key: what ``sort`` in the query string becomes; with a leading minus for descending.
        sort: the present order.
    """
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    wanted = f"-{key}" if sort == key else key
    return {"label": label, "url": list_url(sort=wanted, page=None), "order": order}


def carded(rows: Markup, heads: Sequence[str | Mapping[str, str]], title: int = 0) -> Markup:
    """Return a table's rows ready to be shown as cards on a phone.

    Each cell says its column's head (``data-label``) and each part its role, which a browser would
    drop where the style sheet makes a table of blocks. Cells with nothing in them are marked.

    Args:
        rows: the rows as the template wrote them.
        heads: as given to the macro ``table``.
        title: the column that names the row and heads its card.
    """
    labels = [str(head["label"] if isinstance(head, Mapping) else head) for head in heads]
    column = 0

    def opened(found: re.Match[str]) -> str:
        nonlocal column
        name, rest = found.groups()
        if name == "tr":
            column = 0
            return f'<tr role="row"{rest}>'
        label = labels[column] if column < len(labels) else ""
        more = ' data-title=""' if column == title else ""
        column += 1
        role = "rowheader" if name == "th" else "cell"
        return f'<{name} role="{role}" data-label="{escape(label)}"{more}{rest}>'

    return Markup(_BLANK.sub(r"\1jf-blank \2", _OPENING.sub(opened, str(rows))))  # noqa: S704


def install(app: Flask) -> None:
    """Give the templates what lists need."""
    app.jinja_env.filters["carded"] = carded
    app.jinja_env.globals.update(
        list_url=list_url,
        page_url=page_url,
        page_numbers=page_numbers,
        last_page=last_page,
        page_sizes=SIZES,
        sorted_head=sorted_head,
    )
