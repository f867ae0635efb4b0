"""Files that prove an entry of a placement's line."""

from flask import Response, url_for
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, may
from jobfair.evidence.pages import Page, Place, content_page, files_page, removal_page
from jobfair.evidence.queries import Of, find_file
from jobfair.evidence.services import Owner
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import day_text
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.placements import queries
from jobfair.placements.rules.words import KIND_NAMES
from jobfair.placements.views.common import bp, placement_in_reach, recorder


def _place(session: Session, event_id: int, permission: Permission) -> Place:
    """Return where the files of an entry belong.

    Raises:
        NotFound: no such entry, or another office's person.
    """
    placement_id = queries.placement_of_event(session, event_id)
    if placement_id is None:
        raise NotFound
    line, seeker = placement_in_reach(session, placement_id, permission)
    event = next(row.event for row in line.events if row.event.id == event_id)
    what = translate(KIND_NAMES[event.kind]), day_text(event.occurred_on, event.precision)
    writes = may(Permission.PLACEMENTS_WRITE)
    return Place(
        Owner(Of.EVENT, event_id, line.seeker_id),
        " · ".join((seeker.row.name, line.employer_name or line.workplace_text, *what)),
        url_for("placements.event_files", event_id=event_id),
        url_for("placements.person", seeker_id=seeker.row.id),
        (lambda i: url_for("placements.event_file", file_id=i))
        if may(Permission.EVIDENCE_READ)
        else None,
        (lambda i: url_for("placements.remove_event_file", file_id=i)) if writes else None,
        may_add=writes,
    )


def _of_file(session: Session, file_id: int, permission: Permission) -> Place:
    found = find_file(session, Of.EVENT, file_id)
    if found is None:
        raise NotFound
    return _place(session, found.owner_id, permission)


@bp.route("/events/<int:event_id>/files")
@allow(Permission.PLACEMENTS_READ)
def event_files(event_id: int) -> Page:
    """Show the files that prove an entry."""
    with db().reading() as session:
        place = _place(session, event_id, Permission.PLACEMENTS_READ)
    return files_page(place, recorder())


@bp.route("/events/<int:event_id>/files", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def add_event_file(event_id: int) -> Page:
    """Keep a file with an entry."""
    with db().reading() as session:
        place = _place(session, event_id, Permission.PLACEMENTS_WRITE)
    return files_page(place, recorder())


@bp.route("/files/<int:file_id>")
@allow(Permission.EVIDENCE_READ)
def event_file(file_id: int) -> Response:
    """Open a file; that it was opened is recorded."""
    with db().reading() as session:
        _of_file(session, file_id, Permission.EVIDENCE_READ)
    return content_page(Of.EVENT, file_id)


@bp.route("/files/<int:file_id>/remove", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def remove_event_file(file_id: int) -> Page:
    """Take a file away."""
    with db().reading() as session:
        place = _of_file(session, file_id, Permission.PLACEMENTS_WRITE)
    return removal_page(place, file_id, recorder())
