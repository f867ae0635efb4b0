"""What every ``jobfair import`` command does with its file: progress, refused rows, the answer."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.importing import (
    BATCH,
    ImportReport,
    ImportResult,
    ImportSpec,
    run_import,
    told,
    write_errors,
)
from jobfair.kit.terminal import Terminal, answer, peak_mb

_NOTES = 1_000
_NOTES_SHOWN = 10

COUNTED = N_(
    "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
    "%(drafts)s drafts, %(refused)s refused."
)
_WRITTEN = N_("The refused rows with their reasons are in %(path)s; mend them and import it again.")
_KEEP = N_("Add --errors FILE.xlsx to get the refused rows back with their reasons.")


def file_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the file and the options every import has."""
    for option in (
        click.option(
            "--batch",
            type=click.IntRange(1),
            default=BATCH,
            show_default=True,
            help="Rows of one transaction; others wait while one is written.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing."),
        click.option(
            "--errors",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write the refused rows with their reasons to this .xlsx or .csv.",
        ),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = option(command)
    return command


def take_in(
    terminal: Terminal,
    spec: ImportSpec[Any],
    file: Path,
    *,
    label: str,
    errors: Path | None,
    dry_run: bool,
    batch: int,
    as_json: bool,
) -> None:
    """Import a file with progress on standard error and print what became of it."""
    with terminal.progress(label) as step:
        result = run_import(
            terminal.database, spec, file, dry_run=dry_run, batch=batch, progress=step
        )
    if errors:
        write_errors(errors, result, translate)
    payload = asdict(result.report) | {"seconds": terminal.seconds(), "peak_mb": peak_mb()}
    payload["note_counts"] = {translate(n): c for n, c in result.report.note_counts.items()}
    payload["row_notes"] = row_notes(result)[:_NOTES]
    answer(payload, as_json=as_json, text=_text(result, errors))


def row_notes(result: ImportResult) -> list[dict[str, Any]]:
    """Return the notes on rows as sheet, number and translated text."""
    return [
        {"sheet": n.sheet, "number": n.number, "text": told(translate(text) for text in n.texts)}
        for n in result.row_notes
    ]


def _counts(report: ImportReport) -> dict[str, int]:
    keys = ("rows", "created", "updated", "unchanged", "drafts", "refused")
    return {key: getattr(report, key) for key in keys}


def _text(result: ImportResult, errors: Path | None) -> str:
    report = result.report
    lines = [translate(COUNTED, **_counts(report))]
    lines += [f"  {count} × {translate(note)}" for note, count in report.note_counts.items()]
    shown = row_notes(result)[:_NOTES_SHOWN]
    lines += ["\t".join((n["sheet"], str(n["number"]), n["text"])) for n in shown]
    if report.refused:
        lines.append(translate(_WRITTEN, path=errors) if errors else translate(_KEEP))
    return "\n".join(lines)
