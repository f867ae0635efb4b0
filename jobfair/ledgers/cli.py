"""``jobfair import placements``."""

from pathlib import Path

import click

from jobfair.kit.crypto import content_digest
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.command import file_options, take_in
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.ledgers.rules.rows import CHANGES, WAGES
from jobfair.ledgers.services.taking_in import Incoming, ledger_spec
from jobfair.occupations.core.resolver import Occupations
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import places_of


@click.command("placements")
@file_options
@click.option("--division", help="Write only people of this division, for example 520502.")
@click.option(
    "--confirm",
    type=click.Choice([WAGES, CHANGES]),
    multiple=True,
    help="Take in rows with unusual wages, or record a second post as a change of employer.",
)
@pass_terminal
def placements_command(
    terminal: Terminal,
    file: Path,
    *,
    errors: Path | None,
    division: str | None,
    confirm: tuple[str, ...],
    dry_run: bool,
    batch: int,
    as_json: bool,
) -> None:
    """Take in a transfer ledger; the same file again changes nothing."""
    with terminal.database.reading() as session:
        digest = content_digest(file.read_bytes())
        incoming = Incoming(new_key(), file.name, Recorder(), digest, division, confirm)
        places = places_of(regions.gazetteer(session), Occupations(()), default=division)
        spec = ledger_spec(session, places, incoming)
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
