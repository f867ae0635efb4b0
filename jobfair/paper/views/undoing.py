"""What was taken in from paper, file by file; a file or a row is taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs.views.common import found
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import Words
from jobfair.kit.web import db, language
from jobfair.paper import queries, services
from jobfair.paper.rules import OUTCOME_NAMES
from jobfair.paper.views.common import bp

_PAGE_SIZE = 50


@bp.route("/fairs/<fair_code>/paper/taken-in")
@allow(Permission.PAPER_WRITE)
def taken_in(fair_code: str) -> str:
    """Show the files that were taken in, or the rows of one."""
    fair, chosen = found(fair_code), request.args.get("file", "")
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        files = queries.list_imports(session, fair.id)
        rows = queries.list_taken_in(
            session, fair.id, chosen, limit=_PAGE_SIZE, offset=(number - 1) * _PAGE_SIZE
        )
    return render_template(
        "paper/taken_in.html",
        fair=fair,
        title=fair.title(language()),
        files=files,
        chosen=next((one for one in files if one.import_id == chosen), None),
        rows=rows,
        outcomes=Words(OUTCOME_NAMES),
        number=number,
        size=_PAGE_SIZE,
        page_url=lambda n: url_for("paper.taken_in", fair_code=fair.code, file=chosen, page=n),
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/paper/taken-in", methods=["POST"])
@allow(Permission.PAPER_WRITE)
def take_back(fair_code: str) -> Response:
    """Take back a file's rows, or one row."""
    fair = found(fair_code)
    chosen, record = request.form.get("file", ""), request.form.get("record")
    with db().writing() as session:
        count = services.take_back(session, fair.id, chosen, record, user_id=who().user_id)
    if count:
        flash(_("%(n)s rows are taken back and count no more.", n=count))
    else:
        flash(_("Nothing of this stands any more."), "warning")
    file = chosen if record else None
    return redirect(url_for("paper.taken_in", fair_code=fair.code, file=file), 303)
