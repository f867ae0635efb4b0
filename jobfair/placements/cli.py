"""``jobfair import placements``."""

from dataclasses import asdict
from pathlib import Path

import click

from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import run_import, write_errors
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.placements.services.ledger import ledger_spec
from jobfair.regions import queries as regions
from jobfair.regions.occupations import Occupations
from jobfair.seekers.services.importing import places_of


@click.command("placements")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows with their reasons to this .xlsx or .csv.",
)
@click.option("--division", help="Write only people of this division, for example 520502.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def placements_command(
    terminal: Terminal,
    file: Path,
    *,
    errors: Path | None,
    division: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in a transfer ledger; the same file again changes nothing."""
    with terminal.database.reading() as session:
        gazetteer = regions.gazetteer(session)
    places = places_of(gazetteer, Occupations(()), default=division)
    spec = ledger_spec(places, Recorder(), scope_division=division)
    with terminal.progress(translate("Placements")) as step:
        result = run_import(terminal.database, spec, file, dry_run=dry_run, progress=step)
    if errors:
        write_errors(errors, result, translate)
    report = asdict(result.report) | {"seconds": terminal.seconds(), "peak_mb": peak_mb()}
    keys = ("rows", "created", "updated", "unchanged", "drafts", "refused", "seconds", "peak_mb")
    text = "\n".join(f"{key}: {report[key]}" for key in keys if key in report)
    answer(report, as_json=as_json, text=text)
