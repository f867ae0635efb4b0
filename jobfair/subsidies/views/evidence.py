"""Files that a claim stands on."""

from flask import Response, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, may
from jobfair.evidence.pages import Page, Place, content_page, files_page, removal_page
from jobfair.evidence.queries import Of, find_file
from jobfair.evidence.services import Owner
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.seekers import queries as seekers
from jobfair.subsidies.views.common import bp, claim_in_reach, recorder


def _place(session: Session, claim_id: int, permission: Permission) -> Place:
    """Return where the files of a claim belong.

    Raises:
        NotFound: no such claim, or another office's person.
    """
    row = claim_in_reach(session, claim_id, permission).row
    person = seekers.names_of(session, (row.seeker_id,))[row.seeker_id]
    writes = may(Permission.SUBSIDIES_WRITE)
    return Place(
        Owner(Of.CLAIM, claim_id, row.seeker_id),
        f"{person.name} · {_('Claim %(n)s', n=claim_id)} · {row.year} {row.title}",
        url_for("subsidies.claim_files", claim_id=claim_id),
        url_for("subsidies.claim", claim_id=claim_id),
        (lambda i: url_for("subsidies.claim_file", claim_file_id=i))
        if may(Permission.EVIDENCE_READ)
        else None,
        (lambda i: url_for("subsidies.remove_claim_file", claim_file_id=i)) if writes else None,
        may_add=writes,
    )


def _of_file(session: Session, claim_file_id: int, permission: Permission) -> Place:
    found = find_file(session, Of.CLAIM, claim_file_id)
    if found is None:
        raise NotFound
    return _place(session, found.owner_id, permission)


@bp.route("/claims/<int:claim_id>/files")
@allow(Permission.SUBSIDIES_READ)
def claim_files(claim_id: int) -> Page:
    """Show the files a claim stands on."""
    with db().reading() as session:
        place = _place(session, claim_id, Permission.SUBSIDIES_READ)
    return files_page(place, recorder())


@bp.route("/claims/<int:claim_id>/files", methods=["POST"])
@allow(Permission.SUBSIDIES_WRITE)
def add_claim_file(claim_id: int) -> Page:
    """Keep a file with a claim."""
    with db().reading() as session:
        place = _place(session, claim_id, Permission.SUBSIDIES_WRITE)
    return files_page(place, recorder())


@bp.route("/files/<int:claim_file_id>")
@allow(Permission.EVIDENCE_READ)
def claim_file(claim_file_id: int) -> Response:
    """Open a file; that it was opened is recorded."""
    with db().reading() as session:
        _of_file(session, claim_file_id, Permission.EVIDENCE_READ)
    return content_page(Of.CLAIM, claim_file_id)


@bp.route("/files/<int:claim_file_id>/remove", methods=["POST"])
@allow(Permission.SUBSIDIES_WRITE)
def remove_claim_file(claim_file_id: int) -> Page:
    """Take a file away."""
    with db().reading() as session:
        place = _of_file(session, claim_file_id, Permission.SUBSIDIES_WRITE)
    return removal_page(place, claim_file_id, recorder())
