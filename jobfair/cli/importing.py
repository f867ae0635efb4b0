"""``jobfair import``: one command for each kind of file."""

from collections.abc import Callable

import click

from jobfair.employers.cli import positions_command_with
from jobfair.employers.queries import bookable_ids
from jobfair.fairs.queries import find_fair
from jobfair.fairs.services import add_positions
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound
from jobfair.ledgers.cli import placements_command
from jobfair.school.cli import students_command
from jobfair.seekers.cli import seekers_command


@click.group("import")
def import_group() -> None:
    """Take in positions, seekers, transfer ledgers and intake lists from xlsx, xls, ods or csv."""


def _booker(database: Database, fair: str) -> Callable[[set[tuple[int, str]]], int]:
    """Return what lets the complete positions of a file take part in a fair.

    Raises:
        NotFound: there is no such fair.
    """
    with database.reading() as session:
        found = find_fair(session, fair)
    if found is None:
        raise NotFound
    fair_id = found.id

    def book(marks: set[tuple[int, str]]) -> int:
        with database.writing() as session:
            return add_positions(session, fair_id, bookable_ids(session, marks))

    return book


import_group.add_command(positions_command_with(_booker), "positions")
import_group.add_command(seekers_command, "seekers")
import_group.add_command(placements_command, "placements")
import_group.add_command(students_command, "students")
