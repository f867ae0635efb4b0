"""``jobfair import seekers``."""

from pathlib import Path

import click

from jobfair.kit.i18n import translate
from jobfair.kit.sheets.command import file_options, take_in
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.occupations.queries import occupations
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import places_of, seeker_spec


@click.command("seekers")
@file_options
@click.option("--division", help="Write only people of this division, for example 520502.")
@pass_terminal
def seekers_command(
    terminal: Terminal,
    file: Path,
    *,
    errors: Path | None,
    division: str | None,
    dry_run: bool,
    batch: int,
    as_json: bool,
) -> None:
    """Take in a labour ledger; the same file again changes nothing."""
    with terminal.database.reading() as session:
        gazetteer = regions.gazetteer(session)
        known = occupations(session)
    spec = seeker_spec(places_of(gazetteer, known, default=division), scope_division=division)
    take_in(
        terminal,
        spec,
        file,
        label=translate("Seekers"),
        errors=errors,
        dry_run=dry_run,
        batch=batch,
        as_json=as_json,
    )
