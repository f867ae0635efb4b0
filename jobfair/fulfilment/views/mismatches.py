"""Where office and employer differ: the list that the home's office works off, and settling."""

from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.fulfilment import services
from jobfair.fulfilment.forms import SettlingForm, SilenceForm
from jobfair.fulfilment.queries import mismatches as queries
from jobfair.fulfilment.rules.mismatches import (
    KIND_NAMES,
    SETTLING_NAMES,
    STATE_NAMES,
    Kind,
    TaskState,
)
from jobfair.fulfilment.views.common import EXPORT_ROWS, bp, bring_up_to_date
from jobfair.kit import audit
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.queries import find_placement
from jobfair.placements.views.common import Page, recorder
from jobfair.regions import queries as regions

_COUNTY = 6


def _wanted() -> queries.TaskFilter:
    kind, state = request.args.get("differs", ""), request.args.get("state", TaskState.OPEN)
    county = request.args.get("county", "")
    return queries.TaskFilter(
        scope=division_filter(who(), Permission.PLACEMENTS_READ),
        kind=kind if kind in KIND_NAMES else "",
        county=county if county.isascii() and county.isdigit() and len(county) <= 12 else "",
        state=state if state in STATE_NAMES else "",
        employer_id=request.args.get("employer", type=int),
        month=_month(request.args.get("month", "")),
    )


def _month(typed: str) -> date | None:
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None


@bp.route("/mismatches")
@allow(Permission.PLACEMENTS_READ)
def mismatches() -> Page:
    """List where the two sides differ, the oldest first."""
    bring_up_to_date()
    return _page(_wanted(), SilenceForm())


def _page(wanted: queries.TaskFilter, form: SilenceForm) -> Page:
    """Show differences; people whom an employer has not spoken of are one line a month."""
    silence = wanted.kind == Kind.EMPLOYER_SILENT
    opened = silence and wanted.employer_id is not None and wanted.month is not None
    shown = replace(wanted, together=not opened)
    with db().reading() as session:
        silent = [] if opened else queries.list_silent(session, wanted)
        total = queries.count_tasks(session, shown)
        paging = asked_page(total)
        rows = queries.list_tasks(session, shown, limit=paging.size, offset=paging.offset)
        places = regions.names_of(session, {row.home_division[:_COUNTY] for row in rows})
    page = render_template(
        "fulfilment/mismatches.html",
        rows=rows,
        silent=silent,
        opened=opened,
        form=form,
        total=total,
        paging=paging,
        wanted=wanted,
        places=places,
        args=request.args,
    )
    return page, 422 if form.errors else 200


@bp.route("/mismatches/silent", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def explain_silence() -> Page:
    """Settle by one note that an employer has not spoken of its people in a month."""
    scope = division_filter(who(), Permission.PLACEMENTS_WRITE)
    wanted = replace(_wanted(), scope=scope, kind=Kind.EMPLOYER_SILENT, state=TaskState.OPEN)
    form = SilenceForm()
    settled: list[int] = []

    def settle(session: Session) -> None:
        employer, month = wanted.employer_id or 0, wanted.month or date.min
        note = form.note.data or ""
        found = services.explain_silence(session, employer, month, note, recorder(), scope=scope)
        settled.append(found)

    if wanted.employer_id is None or wanted.month is None:
        flash(_("Choose an employer and a month from the list."), "warning")
        return redirect(url_for("fulfilment.mismatches"), 303)
    if carried_out(form, settle):
        flash(_("Settled for %(n)s people. Both words stay to be seen.", n=settled[0]))
        return redirect(url_for("fulfilment.mismatches"), 303)
    return _page(wanted, form)


@bp.route("/mismatches/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
def export_mismatches(kind: str) -> Page:
    """Download the filtered list, masked; that it was taken is recorded."""
    bring_up_to_date()
    with db().reading() as session:
        rows = queries.list_tasks(session, _wanted(), limit=EXPORT_ROWS)
        places = regions.names_of(session, {row.home_division[:_COUNTY] for row in rows})
    titles = (
        _("Name"),
        _("Home"),
        _("Employer"),
        _("Post or kind of work"),
        _("What differs"),
        _("By the office"),
        _("By the employer"),
        _("State"),
        _("Since"),
        _("How it was settled"),
        _("What was found out"),
    )
    cells = [_cells(row, places) for row in rows]
    answer = download(kind, "mismatches", [Column(str(title)) for title in titles], cells)
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(session, "mismatch.download", subject="word_mismatch", detail=detail)
    return answer


def _cells(row: queries.TaskRow, places: dict[str, str]) -> list[Cell]:
    county = row.home_division[:_COUNTY]
    return [
        row.name,
        places.get(county, county),
        row.employer,
        row.title,
        translate(KIND_NAMES[row.kind]),
        row.office_on.isoformat() if row.office_on else "",
        row.employer_on.isoformat() if row.employer_on else "",
        translate(STATE_NAMES[row.state]),
        row.opened_on.isoformat(),
        translate(SETTLING_NAMES[row.how]) if row.how else "",
        row.note,
    ]


@bp.route("/mismatches/<int:mismatch_id>", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def mismatch(mismatch_id: int) -> Page:
    """Show both sides' words, and settle which stands."""
    with db().reading() as session:
        row = queries.find_task(session, mismatch_id)
        if row is None:
            raise NotFound
        who().scope(Permission.PLACEMENTS_WRITE).must_cover(division=row.home_division)
        line = find_placement(session, row.placement_id)
    form = SettlingForm(row.kind)
    if carried_out(
        form,
        lambda session: services.settle_mismatch(
            session, mismatch_id, form.chosen(), form.note.data or "", recorder()
        ),
    ):
        flash(_("It is settled. Both words stay to be seen on the line."))
        return redirect(url_for("fulfilment.mismatches"), 303)
    page = render_template("fulfilment/mismatch.html", row=row, line=line, form=form)
    return page, 422 if form.errors else 200
