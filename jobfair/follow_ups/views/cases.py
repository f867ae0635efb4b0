"""Rights cases: the list, one case with its steps, the file."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.follow_ups.forms import (
    CASE_STANDINGS,
    NOBODY,
    CaseForm,
    ReopenForm,
    StepForm,
    read_case_filter,
)
from jobfair.follow_ups.queries import cases as queries
from jobfair.follow_ups.rules.cases import CASE_DAYS, CASE_OUTCOME_NAMES
from jobfair.follow_ups.rules.outcomes import PROBLEM_NAMES
from jobfair.follow_ups.services import cases as services
from jobfair.follow_ups.views.common import bp
from jobfair.follow_ups.views.work import EXPORT_ROWS, colleagues
from jobfair.kit import clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import Words, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.views.common import Page, placement_in_reach, recorder
from jobfair.regions import queries as regions

_TOWNSHIP = 9


def _asked() -> queries.CaseFilter:
    actor = who()
    scope = division_filter(actor, Permission.PLACEMENTS_READ)
    return read_case_filter(request.args, scope=scope, user_id=actor.user_id)


@bp.route("/rights-cases")
@allow(Permission.PLACEMENTS_READ)
def cases() -> Page:
    """List cases, open ones and the nearest deadline first."""
    wanted = _asked()
    with db().reading() as session:
        totals = queries.count_cases(session, wanted)
        paging = asked_page(totals.cases)
        rows = queries.list_cases(session, wanted, limit=paging.size, offset=paging.offset)
        names = regions.names_of(session, {row.home_division[:_TOWNSHIP] for row in rows})
        callers = colleagues(session)
        employers = queries.case_employers(session, wanted.scope)
    return render_template(
        "follow_ups/cases.html",
        employers=[(name, name) for name in employers],
        rows=rows,
        totals=totals,
        paging=paging,
        names=names,
        callers=callers,
        nobody=NOBODY,
        standings=Words(CASE_STANDINGS),
        kinds={kind: translate(PROBLEM_NAMES[kind]) for kind in CASE_DAYS},
        today=clock.today(),
        args=request.args,
    )


@bp.route("/rights-cases/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
def export_cases(kind: str) -> Page:
    """Download the list of cases, masked."""
    with db().reading() as session:
        rows = queries.list_cases(session, _asked(), limit=EXPORT_ROWS)
        names = regions.names_of(session, {row.home_division[:_TOWNSHIP] for row in rows})
    titles = (
        _("Home"),
        _("Name"),
        _("Employer"),
        _("Problem"),
        _("Owner"),
        _("Opened on"),
        _("Deadline"),
        _("Claimed, yuan"),
        _("Recovered, yuan"),
        _("Closed on"),
        _("Outcome"),
    )
    columns = [Column(str(title)) for title in titles]
    return download(kind, "rights-cases", columns, [_cells(row, names) for row in rows])


def _cells(row: queries.CaseRow, names: dict[str, str]) -> list[Cell]:
    township = row.home_division[:_TOWNSHIP]
    return [
        names.get(township, township),
        row.name,
        row.employer_name,
        translate(PROBLEM_NAMES[row.kind]),
        row.owner,
        row.opened_on.isoformat(),
        row.deadline.isoformat(),
        row.claimed_fen / 100 if row.claimed_fen else "",
        row.recovered_fen / 100,
        row.closed_on.isoformat() if row.closed_on else "",
        translate(CASE_OUTCOME_NAMES[row.outcome]) if row.outcome else "",
    ]


def _in_reach(session: Session, case_id: int, permission: Permission) -> queries.CaseRow:
    """Return a case.

    Raises:
        NotFound: none such, or of another office's person.
    """
    found = queries.find_case(session, case_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(division=found.home_division)
    return found


@bp.route("/placements/<int:placement_id>/rights-cases/new", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def new_case(placement_id: int) -> Page:
    """Open a case by hand."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
        owners = colleagues(session)
        standing = [row for row in queries.cases_of(session, placement_id) if not row.closed_on]
    form = CaseForm(owners, owner=str(who().user_id))
    opened: list[int] = []

    def verb(session: Session) -> None:
        opened.append(services.open_case(session, placement_id, form.draft(), recorder()))

    if carried_out(form, verb):
        flash(_("The case is open."))
        return redirect(url_for("follow_ups.case", case_id=opened[0]), 303)
    page = render_template(
        "follow_ups/case_form.html", form=form, line=line, seeker=seeker, standing=standing
    )
    return page, 422 if form.errors else 200


@bp.route("/rights-cases/<int:case_id>")
@allow(Permission.PLACEMENTS_READ)
def case(case_id: int) -> Page:
    """Show a case with all that was done about it."""
    return _page(case_id, _step_form(case_id), ReopenForm())


@bp.route("/rights-cases/<int:case_id>/steps", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def step(case_id: int) -> Page:
    """Add what was done about a case; it may close it."""
    form = _step_form(case_id)

    def add(session: Session) -> None:
        services.add_step(session, case_id, form.draft(), recorder())

    if carried_out(form, add):
        flash(_("The step is recorded."))
        return redirect(url_for("follow_ups.case", case_id=case_id), 303)
    return _page(case_id, form, ReopenForm(formdata=None)), 422


@bp.route("/rights-cases/<int:case_id>/reopen", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def reopen(case_id: int) -> Page:
    """Open a closed case again, with the reason."""
    shown, form = _step_form(case_id), ReopenForm()

    def open_again(session: Session) -> None:
        services.reopen_case(session, case_id, form.note.data or "", recorder())

    if carried_out(form, open_again):
        flash(_("The case is open again."))
        return redirect(url_for("follow_ups.case", case_id=case_id), 303)
    return _page(case_id, shown, form), 422


def _step_form(case_id: int) -> StepForm:
    with db().reading() as session:
        row = _in_reach(session, case_id, Permission.PLACEMENTS_READ)
        owners = colleagues(session)
    if row.owner_id is not None:
        owners.setdefault(row.owner_id, row.owner)
    return StepForm(
        owners,
        owner=str(row.owner_id or ""),
        deadline=row.deadline,
        claimed=row.claimed_fen / 100 if row.claimed_fen else None,
    )


def _page(case_id: int, form: StepForm, again: ReopenForm) -> str:
    with db().reading() as session:
        row = _in_reach(session, case_id, Permission.PLACEMENTS_READ)
        steps = queries.list_steps(session, case_id)
    return render_template(
        "follow_ups/case.html", row=row, steps=steps, form=form, again=again, today=clock.today()
    )
