"""A file of evidence passes the line between two servers, and its removal too."""

from io import BytesIO

from PIL import Image
from sqlalchemy import text

from jobfair.evidence.queries import Of
from jobfair.evidence.services import Owner, keep_file, remove_file, reveal_file
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.offers.services import accept, offer
from jobfair.placements.queries import person_lines
from tests.evidence.factory import photo
from tests.factories import Make
from tests.uplink.hall import Line

KEPT = "SELECT id, digest FROM placement_evidence WHERE removed_at IS NULL"


def _placed_at_the_fair(database: Database, seeker: int, fair: int) -> Owner:
    """Let a person accept a post of the fair; return the entry on their line."""
    with database.writing() as session:
        [position] = session.execute(
            text("SELECT position_id FROM fair_position ORDER BY position_id LIMIT 1")
        ).scalars()
        accept(session, offer(session, fair, position, seeker, key=new_key()).key)
    with database.reading() as session:
        [found] = person_lines(session, seeker)
    return Owner(Of.EVENT, found.events[-1].event.id, seeker)


def test_a_photo_passes_the_line_to_the_hall_and_opens_there(line: Line, make: Make) -> None:
    with line.prefecture.at_work() as database:
        owner = _placed_at_the_fair(database, make.seeker(1), line.prefecture.fair)
        with database.writing() as session:
            file_id = keep_file(session, owner, photo(), Recorder(), most_mb=4)
    line.pair()
    line.sync()
    [(there, digest)] = line.hall.rows(KEPT)
    assert line.prefecture.rows(KEPT) == [(file_id, digest)]
    with line.hall.at_work() as database, database.writing() as session:
        opened = reveal_file(session, Of.EVENT, there)
    assert Image.open(BytesIO(opened.content)).size == (48, 32)
    with line.prefecture.at_work() as database, database.writing() as session:
        remove_file(session, Of.EVENT, file_id, "传错了人", Recorder())
    line.sync()
    assert line.hall.rows(KEPT) == []
    assert line.hall.count("evidence_content") == 0
