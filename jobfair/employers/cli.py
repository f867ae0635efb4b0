"""``jobfair import positions``."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from jobfair.employers import queries
from jobfair.employers.importing import (
    BATCH,
    SET_ASIDE_NOTICE,
    PositionsImport,
    positions_import,
)
from jobfair.employers.rules.identity import tidy_code
from jobfair.employers.rules.rows import SET_ASIDE
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.importing import ImportResult, run_import, write_errors
from jobfair.kit.terminal import Step, Terminal, answer, pass_terminal


class NoSuchEmployer(NotFound):
    """The credit code of ``--employer`` is not registered."""

    code = "no_such_employer"
    message = N_("No employer is registered under this credit code. Register it first.")


def import_positions(
    database: Database,
    file: Path,
    *,
    employer: str | None = None,
    dry_run: bool = False,
    step: Step | None = None,
) -> tuple[ImportResult, PositionsImport]:
    """Take in a vacancy file and return the result and what it tells row by row.

    Args:
        database: where to.
        file: xlsx, xls, ods or csv.
        employer: credit code of the one employer all rows belong to.
        dry_run: read and judge everything, store nothing.
        step: told (done, total).

    Raises:
        NoSuchEmployer: the code is not registered.
    """
    with database.reading() as session:
        found = queries.find_employer_by_code(session, tidy_code(employer)) if employer else None
        if employer and found is None:
            raise NoSuchEmployer
        made = positions_import(session, source=file.name, employer_id=found.id if found else None)
    result = run_import(database, made.spec, file, dry_run=dry_run, batch=BATCH, progress=step)
    return result, made


# database and a fair's code or id → what books the positions of a file, by employer and fingerprint
Book = Callable[[Database, str], Callable[[set[tuple[int, str]]], int]]


def positions_command_with(book: Book) -> click.Command:
    """Return the command; ``book`` comes from a room above, which knows the fairs."""

    @click.command("positions")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--employer", metavar="CODE", help="Credit code of the employer of all rows.")
    @click.option("--fair", metavar="F", help="Let the complete positions take part in this fair.")
    @click.option("--errors", type=click.Path(path_type=Path), help="Write refused rows here.")
    @click.option("--dry-run", is_flag=True, help="Read and judge, store nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @pass_terminal
    def command(
        terminal: Terminal,
        file: Path,
        *,
        employer: str | None,
        fair: str | None,
        errors: Path | None,
        dry_run: bool,
        as_json: bool,
    ) -> None:
        """Take in positions from xlsx, xls, ods or csv, whatever the layout."""
        take_up = book(terminal.database, fair) if fair and not dry_run else None
        with terminal.progress(file.name) as step:
            result, made = import_positions(
                terminal.database, file, employer=employer, dry_run=dry_run, step=step
            )
        if errors and result.refused:
            write_errors(errors, result, translate)
        more: dict[str, object] = {}
        if take_up:
            more["booked"] = take_up(made.marks)
        _answer(result, made, more, as_json=as_json)

    return command


def _answer(
    result: ImportResult, made: PositionsImport, more: dict[str, object], *, as_json: bool
) -> None:
    report = result.report
    aside = sorted({c.field for c in result.mapping if c.field in SET_ASIDE})
    lines = [
        translate(
            N_(
                "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
                "%(drafts)s drafts, %(refused)s refused."
            ),
            **{key: getattr(report, key) for key in _COUNTS},
        ),
        translate(
            N_("Pay was understood in %(parsed)s of %(rows)s rows that say one."),
            parsed=report.wage_parsed,
            rows=report.wage_rows,
        ),
    ]
    if "booked" in more:
        lines.append(translate(N_("Positions added to the fair: %(count)s."), count=more["booked"]))
    if aside:
        lines.append(translate(SET_ASIDE_NOTICE))
    lines += [f"{note.sheet}\t{note.number}\t{note.text}" for note in made.notes[:_NOTES_SHOWN]]
    payload = asdict(report) | more
    payload |= {
        "set_aside": aside,
        "missing": dict(made.missing),
        "row_notes": [asdict(note) for note in made.notes],
        "columns": [asdict(column) for column in result.mapping],
    }
    answer(payload, as_json=as_json, text="\n".join(lines))


_NOTES_SHOWN = 10
_COUNTS = ("rows", "created", "updated", "unchanged", "drafts", "refused")
