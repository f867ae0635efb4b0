"""The manager's list of what was taken back."""

from flask import Blueprint, render_template, request, url_for

from jobfair.accounts.access import Permission, allow
from jobfair.attendance.rules import Kind as GateKind
from jobfair.corrections import queries
from jobfair.corrections.rules import REASON_NAMES
from jobfair.fairs.views.common import found, managed
from jobfair.interviews.rules import OUTCOME_NAMES, Kind
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import N_, Words
from jobfair.kit.web import db, language

bp = Blueprint("corrections", __name__)
PAGE_SIZE = 50
_KIND_NAMES: dict[str, str] = {
    **OUTCOME_NAMES,
    GateKind.IN: N_("Entry"),
    GateKind.OUT: N_("Going out"),
    Kind.JOIN: N_("Into the queue"),
    Kind.CALL: N_("Called"),
    Kind.AWAY: N_("Called, not there"),
    Kind.BACK: N_("Is back"),
    Kind.LEAVE: N_("Left the queue"),
    "": N_("Not arrived yet"),
}


@bp.route("/fairs/<fair_code>/corrections")
@allow(Permission.STATIONS_MANAGE)
def corrections(fair_code: str) -> str:
    """Show what gates, desks, booths and sheets recorded and took back, and why."""
    fair = managed(found(fair_code))
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        total = queries.count_corrections(session, fair.id)
        rows = queries.list_corrections(
            session, fair.id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
    return render_template(
        "corrections/corrections.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        kinds=Words(_KIND_NAMES),
        reasons=Words(REASON_NAMES),
        number=number,
        size=PAGE_SIZE,
        total=total,
        page_url=lambda n: url_for("corrections.corrections", fair_code=fair.code, page=n),
        beijing=beijing,
    )
