"""``jobfair import students``."""

from dataclasses import asdict
from pathlib import Path

import click

from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import run_import, write_errors
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.regions import queries as regions
from jobfair.regions.occupations import Occupations
from jobfair.school.queries import only_school
from jobfair.school.services.intake_list import intake_spec
from jobfair.seekers.services.importing import places_of


@click.command("students")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", type=int, help="Organisation number of the school, if there are several.")
@click.option("--year", type=int, help="Intake year, where the file does not say it.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows with their reasons to this .xlsx or .csv.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def students_command(
    terminal: Terminal,
    file: Path,
    *,
    school: int | None,
    year: int | None,
    errors: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in a school's intake list; the same file again changes nothing."""
    with terminal.database.reading() as session:
        gazetteer = regions.gazetteer(session)
        organisation_id = only_school(session, school)
    places = places_of(gazetteer, Occupations(()))
    recorder = Recorder(office_id=organisation_id)
    spec = intake_spec(places, organisation_id, recorder, year=year)
    with terminal.progress(translate("Students")) as step:
        result = run_import(terminal.database, spec, file, dry_run=dry_run, progress=step)
    if errors:
        write_errors(errors, result, translate)
    report = asdict(result.report) | {"seconds": terminal.seconds(), "peak_mb": peak_mb()}
    keys = ("rows", "created", "updated", "unchanged", "drafts", "refused", "seconds", "peak_mb")
    text = "\n".join(f"{key}: {report[key]}" for key in keys if key in report)
    answer(report, as_json=as_json, text=text)
