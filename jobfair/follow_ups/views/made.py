"""The follow-ups that were made: a month at a time, filters, export."""

from flask import render_template, request
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.follow_ups.forms import MONTHS_BACK, TOLD_NAMES, read_made_filter
from jobfair.follow_ups.queries import made as queries
from jobfair.follow_ups.rules.checkpoints import CHECKPOINT_NAMES
from jobfair.follow_ups.rules.outcomes import OUTCOME_NAMES, PROBLEM_NAMES, WAY_NAMES
from jobfair.follow_ups.views.common import answers, bp
from jobfair.follow_ups.views.work import EXPORT_ROWS
from jobfair.kit import audit, clock
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.rules.words import GRADE_NAMES
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions

_TOWNSHIP = 9


def _wanted() -> queries.MadeFilter:
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    return read_made_filter(request.args, scope=scope)


@bp.route("/follow-ups/made")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Follow-ups made"), "C1")
def made() -> Page:
    """List who was asked in a month, and what was found."""
    wanted = _wanted()
    with db().reading() as session:
        total, people = queries.count_made(session, wanted)
        paging = asked_page(total)
        rows = queries.list_made(session, wanted, limit=paging.size, offset=paging.offset)
        names = regions.names_of(session, {row.home_division[:_TOWNSHIP] for row in rows})
    this_month = clock.today().replace(day=1)
    months = [clock.add_months(this_month, -back) for back in range(MONTHS_BACK)]
    return render_template(
        "follow_ups/made.html",
        rows=rows,
        total=total,
        people=people,
        paging=paging,
        names=names,
        months=[(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in months],
        month=f"{wanted.month:%Y-%m}",
        contact=queries.CONTACT,
        told={name: translate(text) for name, text in TOLD_NAMES.items()},
        args=request.args,
    )


@bp.route("/follow-ups/made/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Follow-ups made"), "C1")
def export_made(kind: str) -> Page:
    """Download the list, masked; that it was taken is recorded."""
    wanted = _wanted()
    with db().reading() as session:
        rows = queries.list_made(session, wanted, limit=EXPORT_ROWS)
        names = regions.names_of(session, {row.home_division[:_TOWNSHIP] for row in rows})
        cells = [_cells(row, names) for row in rows]
    answer = download(kind, "follow-ups-made", _columns(), cells)
    with db().writing() as session:
        detail = {"follow_ups": len(rows), "kind": kind, "month": f"{wanted.month:%Y-%m}"}
        audit.record(session, "follow_up.download", subject="follow_up", detail=detail)
    return answer


def _columns() -> list[Column]:
    titles = (
        _("Home"),
        _("Name"),
        _("Employer"),
        _("Post or kind of work"),
        _("Asked on"),
        _("Checkpoint"),
        _("What was found"),
        _("Asked by which way"),
        _("Evidence grade"),
        _("Pay promised, yuan a month"),
        _("Pay found, yuan a month"),
        _("What was answered"),
        _("Problems"),
        _("Note"),
        _("Recorded by"),
        _("Office"),
    )
    return [Column(str(title)) for title in titles]


def _cells(row: queries.MadeRow, names: dict[str, str]) -> list[Cell]:
    township = row.home_division[:_TOWNSHIP]
    return [
        names.get(township, township),
        row.name,
        row.employer_name,
        row.title,
        row.happened_on,
        translate(CHECKPOINT_NAMES[row.checkpoint]) if row.checkpoint else _("contact"),
        translate(OUTCOME_NAMES[row.outcome]),
        translate(WAY_NAMES[row.way]),
        translate(GRADE_NAMES[row.grade]),
        row.promised_fen / 100 if row.promised_fen else "",
        row.wage_fen / 100 if row.wage_fen else "",
        "; ".join(answers(row.terms)),
        "; ".join(translate(PROBLEM_NAMES[problem]) for problem in row.problems),
        row.note,
        row.recorder,
        row.office,
    ]
