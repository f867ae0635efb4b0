"""``jobfair report CODE``: the same figures as the page."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.reports import files
from jobfair.reports.queries import CODES, Question, build
from jobfair.reports.rules import Report


def _as_rows(report: Report) -> list[dict[str, str | int]]:
    return [
        {
            **dict(zip(report.names, report.labels(figure), strict=True)),
            "indicator": figure.indicator.code,
            "value": figure.value,
            "unit": figure.indicator.unit,
        }
        for figure in report.figures
    ]


def _filters(only: tuple[str, ...]) -> dict[str, list[str]]:
    """Return dimension → keys of ``DIM=KEY`` words.

    Raises:
        click.BadParameter: a word without an equals sign.
    """
    found: dict[str, list[str]] = {}
    for word in only:
        name, mark, key = word.partition("=")
        if not mark:
            raise click.BadParameter(word, param_hint="--only")
        found.setdefault(name, []).append(key)
    return found


@click.command("report")
@click.argument("code", metavar=f"[{'|'.join(CODES)}]")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="What had happened by this day.")
@click.option("--known-at", type=click.DateTime(), help="What had been recorded by then (UTC).")
@click.option("--by", help="Dimensions, separated by commas.")
@click.option("--year", type=int, help="The year, where a report has one.")
@click.option("--fair", help="Code of the fair.")
@click.option(
    "--only",
    metavar="DIM=KEY",
    multiple=True,
    help="Only this value of a dimension, by its code; may be repeated.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "csv", "xlsx"]),
    default="json",
    show_default=True,
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File.")
@pass_terminal
def report(
    terminal: Terminal,
    *,
    code: str,
    as_of: datetime | None,
    known_at: datetime | None,
    by: str | None,
    year: int | None,
    fair: str | None,
    only: tuple[str, ...],
    kind: str,
    output: Path | None,
) -> None:
    """Print or export a report."""
    day: date | None = as_of.date() if as_of else None
    known = known_at.replace(tzinfo=UTC) if known_at else None
    wanted = tuple(filter(None, by.split(","))) if by is not None else None
    question = Question(
        by=wanted, as_of=day, known_at=known, year=year, fair=fair, only=_filters(only)
    )
    with terminal.database.reading() as session:
        made = build(session, code, question, language=terminal.language)
    if kind == "json":
        payload = {
            "code": made.code,
            "as_of": made.as_of.isoformat(),
            "known_at": known.isoformat() if known else None,
            "rows": _as_rows(made),
            "digest": made.digest,
        }
        answer(payload, as_json=True, text="")
        return
    write: Callable[[Report], bytes] = files.as_xlsx if kind == "xlsx" else files.as_csv
    content = write(made)
    if output:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
