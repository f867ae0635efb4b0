"""``jobfair import placements``."""

from pathlib import Path

import click

from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.command import file_options, take_in
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.occupations.core.resolver import Occupations
from jobfair.placements.services.ledger import ledger_spec
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import places_of


@click.command("placements")
@file_options
@click.option("--division", help="Write only people of this division, for example 520502.")
@pass_terminal
def placements_command(
    terminal: Terminal,
    file: Path,
    *,
    errors: Path | None,
    division: str | None,
    dry_run: bool,
    batch: int,
    as_json: bool,
) -> None:
    """Take in a transfer ledger; the same file again changes nothing."""
    with terminal.database.reading() as session:
        gazetteer = regions.gazetteer(session)
    places = places_of(gazetteer, Occupations(()), default=division)
    spec = ledger_spec(places, Recorder(), scope_division=division)
    take_in(
        terminal,
        spec,
        file,
        label=translate("Placements"),
        errors=errors,
        dry_run=dry_run,
        batch=batch,
        as_json=as_json,
    )
