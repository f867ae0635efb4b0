"""``jobfair import students``."""

from pathlib import Path

import click

from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.command import file_options, take_in
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.occupations.core.resolver import Occupations
from jobfair.regions import queries as regions
from jobfair.school.queries import only_school
from jobfair.school.services.intake_list import intake_spec
from jobfair.seekers.services.importing import places_of


@click.command("students")
@file_options
@click.option("--school", type=int, help="Organisation number of the school, if there are several.")
@click.option("--year", type=int, help="Intake year, where the file does not say it.")
@pass_terminal
def students_command(
    terminal: Terminal,
    file: Path,
    *,
    school: int | None,
    year: int | None,
    errors: Path | None,
    dry_run: bool,
    batch: int,
    as_json: bool,
) -> None:
    """Take in a school's intake list; the same file again changes nothing."""
    with terminal.database.reading() as session:
        gazetteer = regions.gazetteer(session)
        organisation_id = only_school(session, school)
    places = places_of(gazetteer, Occupations(()))
    recorder = Recorder(office_id=organisation_id)
    spec = intake_spec(places, organisation_id, recorder, year=year)
    take_in(
        terminal,
        spec,
        file,
        label=translate("Students"),
        errors=errors,
        dry_run=dry_run,
        batch=batch,
        as_json=as_json,
    )
