"""Files taken in: which, by whom, and taking one back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import background
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db
from jobfair.ledgers import queries
from jobfair.ledgers.services.undoing import UndoReasonMissing, undo_some
from jobfair.ledgers.views.common import Page, bp, recorder

# Seconds a page waits for an undo before it says that it goes on.
_PATIENCE = 3.0


@bp.route("/imports")
@allow(Permission.PLACEMENTS_IMPORT)
def imports() -> str:
    """List the files that were taken in, the latest first."""
    scope = division_filter(who(), Permission.PLACEMENTS_IMPORT)
    paging = asked_page()
    with db().reading() as session:
        total, rows = queries.list_imports(session, scope, limit=paging.size, offset=paging.offset)
    return render_template("ledgers/imports.html", rows=rows, total=total, paging=paging)


@bp.route("/imports/<int:taken_in_id>/undo", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def undo(taken_in_id: int) -> Page:
    """Take a whole file back, with the reason; what others built on since is left."""
    with db().reading() as session:
        found = queries.find_import(session, taken_in_id)
    if found is None:
        raise NotFound
    who().scope(Permission.PLACEMENTS_IMPORT).must_cover(division=found.division)
    fault, reason = "", request.form.get("reason", "").strip()
    if request.method == "POST" and not reason:
        fault = translate(UndoReasonMissing.message)
    elif request.method == "POST" and found.undone_at is None:
        by = recorder()
        work = background.start(
            f"undo-{taken_in_id}", "undo", lambda work: _undo(work, taken_in_id, reason, by)
        )
        flash(
            _("The file is taken back.")
            if work.wait(_PATIENCE)
            else _("The file is being taken back; this list shows how far it is.")
        )
        return redirect(url_for("ledgers.imports"), 303)
    page = render_template("ledgers/undo.html", row=found, fault=fault, reason=reason)
    return page, 422 if fault else 200


def _undo(work: background.Work, taken_in_id: int, reason: str, by: Recorder) -> None:
    below: int | None = None
    while True:
        with db().writing() as session:
            below = undo_some(session, taken_in_id, reason, by, below=below)
        if below is None or work.stopping:
            return
