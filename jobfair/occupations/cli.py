"""``jobfair occupation resolve`` and ``jobfair occupation learn``."""

import re
from pathlib import Path

import click

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.reading import read_tables
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.occupations import classification
from jobfair.occupations.core.library import Library
from jobfair.occupations.core.resolver import Candidate, Occupations, learn
from jobfair.occupations.core.text import LONGEST
from jobfair.occupations.queries import occupations

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
# What Python makes of an argument's bytes that are no text; it cannot be written out again.
_LONE = re.compile("[\ud800-\udfff]")


class NoSuchColumn(Refusal):
    """A file has no column of this name."""

    status = 422
    code = "no_such_column"
    message = N_("The file has no column %(column)s.")


class NoTitles(Refusal):
    """Neither titles nor a file were given."""

    status = 422
    code = "no_titles"
    message = N_("Give at least one title, or a file and its column.")


@click.group("occupation")
def occupation_group() -> None:
    """Find the occupation a title means."""


@occupation_group.command("resolve")
@click.argument("titles", nargs=-1)
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", default="title", show_default=True, help="Column with the titles.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(1, 50))
@_JSON
@pass_terminal
def resolve(
    terminal: Terminal,
    titles: tuple[str, ...],
    file: Path | None,
    column: str,
    top: int,
    *,
    as_json: bool,
) -> None:
    """Print what work each title means, likeliest first, with the aliases this home has learnt."""
    asked = [
        _LONE.sub("\ufffd", one) for one in (*titles, *(_column(file, column) if file else ()))
    ]
    if not asked:
        raise NoTitles
    known = _known(terminal)
    items = []
    lines = []
    for title, found in zip(asked, known.resolve_many(asked, top=top), strict=True):
        items.append(
            {
                "title": title,
                "candidates": [
                    {"code": one.code, "name": one.name, "confidence": one.confidence}
                    for one in found
                ],
                "sure": known.is_sure(found),
            }
        )
        lines += _lines(title, found, sure=known.is_sure(found))
    answer({"items": items}, as_json=as_json, text="\n".join(lines))


def _known(terminal: Terminal) -> Occupations:
    if terminal.stored is None:
        return classification.occupations()
    with terminal.stored.reading() as session:
        return occupations(session)


def _lines(title: str, found: tuple[Candidate, ...], *, sure: bool) -> list[str]:
    if not found:
        return [f"{_shown(title)}\t{translate('no occupation is alike')}"]
    word = translate("sure") if sure else translate("please check")
    rows = [f"\t{one.code}\t{one.confidence:.2f}\t{one.name}" for one in found]
    return [f"{_shown(title)}\t{word}", *rows]


def _shown(title: str) -> str:
    """Return what is read of a title, on one line and with nothing that moves a terminal."""
    plain = "".join(sign if sign.isprintable() else " " for sign in title[:LONGEST])
    return " ".join(plain.split()) + ("…" if len(title) > LONGEST else "")


def _column(file: Path, column: str) -> list[str]:
    for table in read_tables(file):
        rows = (cells for _, cells in table.rows if any(cells))
        header = [name.strip() for name in next(rows, ())]
        if column in header:
            at = header.index(column)
            return [cells[at] if at < len(cells) else "" for cells in rows]
    raise NoSuchColumn(column=column)


@occupation_group.command("learn")
def learn_weighing() -> None:
    """Weigh the signs anew from the labelled titles in seed/; for those who change them."""
    titles = classification.labelled_titles()
    everyday = classification.everyday_titles()
    library = Library(classification.entries(), (*titles, *everyday))
    click.echo(str(classification.write_weighing(learn(library, titles))))
