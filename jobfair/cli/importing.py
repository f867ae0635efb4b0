"""``jobfair import``: one command for each kind of file."""

import click

from jobfair.employers.cli import positions_command
from jobfair.placements.cli import placements_command
from jobfair.school.cli import students_command
from jobfair.seekers.cli import seekers_command


@click.group("import")
def import_group() -> None:
    """Take in positions, seekers, transfer ledgers and intake lists from xlsx, xls, ods or csv."""


import_group.add_command(positions_command, "positions")
import_group.add_command(seekers_command, "seekers")
import_group.add_command(placements_command, "placements")
import_group.add_command(students_command, "students")
