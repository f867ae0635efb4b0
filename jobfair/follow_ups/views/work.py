"""The work list of an office and of one caller: filters, pages, export, sharing out."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts import queries as accounts
from jobfair.accounts.access import Permission, Role, Scope, allow, division_filter, who
from jobfair.follow_ups import services
from jobfair.follow_ups.forms import ANY_OWNER, NOBODY, read_filter
from jobfair.follow_ups.queries import work as queries
from jobfair.follow_ups.queries.work import OwnedBy
from jobfair.follow_ups.rules.checkpoints import CHECKPOINT_NAMES
from jobfair.follow_ups.views.common import SHOW_NAMES, bp
from jobfair.kit import audit, background, clock
from jobfair.kit.background import Work
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.ownership.views.common import settle_ownership
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions

EXPORT_ROWS = 200_000
_CALLERS = 200
# Seconds that a page waits for what has become due since last time.
_PATIENCE = 1.0
_CATCHING_UP = "follow-ups"
# A county's clerk chooses a township, a prefecture's a county.
_COUNTY, _TOWNSHIP = 6, 9


def bring_up_to_date() -> bool:
    """Make what has become due since last time; tell whether much of it is still being made."""
    settling = settle_ownership()
    with db().reading() as session:
        behind = queries.is_behind(session, clock.today())
    if not behind:
        return settling
    database = db()

    def task(_work: Work) -> None:
        more = True
        while more:
            with database.writing() as session:
                more = services.catch_up(session).more

    patience = current_app.config.get("IMPORT_PATIENCE", _PATIENCE)
    return not background.start(_CATCHING_UP, _CATCHING_UP, task).wait(patience) or settling


def _asked(permission: Permission) -> queries.WorkFilter:
    actor = who()
    scope = division_filter(actor, permission)
    return read_filter(request.args, scope=scope, user_id=actor.user_id)


def colleagues(session: Session) -> dict[int, str]:
    """Return who of the caller's office can call, by id."""
    own = Scope(organisation_id=who().organisation_id)
    users = accounts.list_users(session, own, accounts.UserFilter(active=True), limit=_CALLERS)
    return {one.id: one.display_name for one in users if one.role in {Role.CLERK, Role.ADMIN}}


@bp.route("/follow-ups")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Follow-ups"), "C1", "C9", "C12")
def work() -> Page:
    """List who is to be asked, what closes first at the top."""
    waiting = bring_up_to_date()
    wanted = _asked(Permission.PLACEMENTS_READ)
    digits = _TOWNSHIP if len(wanted.scope or "") >= _COUNTY else _COUNTY
    with db().reading() as session:
        counts = queries.count_work(session, wanted)
        total = queries.count_listed(session, wanted)
        paging = asked_page(total)
        rows = queries.list_work(session, wanted, limit=paging.size, offset=paging.offset)
        places = queries.home_places(session, wanted, digits)
        codes = {*places, *(row.home_division[:_TOWNSHIP] for row in rows)}
        names = regions.names_of(session, codes)
        callers = colleagues(session)
    return render_template(
        "follow_ups/work.html",
        rows=rows,
        counts=counts,
        total=total,
        paging=paging,
        places={place: names.get(place, place) for place in places},
        names=names,
        callers=callers,
        nobody=NOBODY,
        owners={
            OwnedBy.STATION.value: _("A labour station"),
            ANY_OWNER: _("Any owner"),
        },
        args=request.args,
        waiting=waiting,
    )


@bp.route("/follow-ups/share", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def share() -> Page:
    """Give the listed work that nobody has to colleagues of the caller's office, evenly."""
    wanted = _asked(Permission.PLACEMENTS_WRITE)
    with db().writing() as session:
        own = colleagues(session)
        chosen = [user for user in request.form.getlist("user", type=int) if user in own]
        given = services.share_work(session, wanted, chosen) if chosen else 0
    if chosen:
        flash(_("Follow-ups given to callers: %(n)s", n=given))
    else:
        flash(_("Choose at least one colleague."), "warning")
    kept: dict[str, Any] = request.args.to_dict()
    return redirect(url_for("follow_ups.work", **kept), 303)


@bp.route("/follow-ups/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Follow-ups"), "C1", "C9", "C12")
def export(kind: str) -> Page:
    """Download the list, masked; that it was taken is recorded."""
    bring_up_to_date()
    wanted = _asked(Permission.PLACEMENTS_READ)
    with db().reading() as session:
        rows = queries.list_work(session, wanted, limit=EXPORT_ROWS)
        names = regions.names_of(session, {row.home_division[:_TOWNSHIP] for row in rows})
    answer = download(kind, "follow-ups", _columns(), [_cells(row, names) for row in rows])
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(session, "follow_up.download", subject="follow_up_due", detail=detail)
    return answer


def _columns() -> list[Column]:
    titles = (
        _("Home"),
        _("Name"),
        _("Employer"),
        _("Post or kind of work"),
        _("Checkpoint"),
        _("Due on"),
        _("Window closes on"),
        _("State"),
        _("Failed attempts"),
        _("Caller"),
    )
    return [Column(str(title)) for title in titles]


def _cells(row: queries.WorkRow, names: dict[str, str]) -> list[Cell]:
    township = row.home_division[:_TOWNSHIP]
    shown = "overdue" if row.overdue else "due"
    return [
        names.get(township, township),
        row.name,
        row.employer_name,
        row.title,
        translate(CHECKPOINT_NAMES[row.checkpoint]),
        row.due_on.isoformat(),
        row.closes_on.isoformat(),
        translate(SHOW_NAMES[shown]),
        row.attempts,
        row.caller,
    ]
