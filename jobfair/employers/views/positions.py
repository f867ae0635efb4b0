"""Pages of positions: list, post, change, close, reopen."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers import places, queries, services
from jobfair.employers.forms import PositionForm
from jobfair.employers.rules.drafts import MISSING_LABELS, PositionDraft, PositionStatus
from jobfair.employers.rules.readings import PLACES, marked
from jobfair.employers.rules.vacancy import Finding, check_draft, stops
from jobfair.employers.views.common import (
    Page,
    bp,
    employer_in_reach,
    own_organisation,
    position_in_reach,
)
from jobfair.kit import clock
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db
from jobfair.occupations.queries import occupations
from jobfair.occupations.rules import standing


def position_filter(permission: Permission = Permission.POSITIONS_READ) -> queries.PositionFilter:
    """Return the filter of the query string, held to what the caller may see."""
    return queries.PositionFilter(
        text=request.args.get("q", ""),
        status=request.args.get("status", ""),
        division=request.args.get("division", ""),
        employer_id=request.args.get("employer_id", type=int),
        organisation_id=own_organisation(permission),
    )


@bp.route("/positions")
@allow(Permission.POSITIONS_READ)
def positions() -> Page:
    """List positions."""
    narrowed = position_filter()
    sort = request.args.get("sort", "newest")
    with db().reading() as session:
        totals = queries.count_positions(session, narrowed)
        paging = asked_page(totals.positions)
        rows = queries.list_positions(
            session, narrowed, sort=sort, limit=paging.size, offset=paging.offset
        )
        own = own_organisation(Permission.POSITIONS_READ)
        mine = queries.find_employer_of_organisation(session, own) if own else None
    kept: dict[str, Any] = {
        "q": narrowed.text,
        "status": narrowed.status,
        "division": narrowed.division,
    }
    kept["employer_id"] = str(narrowed.employer_id or "")
    return render_template(
        "positions/positions.html",
        rows=rows,
        totals=totals,
        paging=paging,
        narrowed=narrowed,
        sort=sort,
        kept=kept,
        mine=mine,
        statuses=list(PositionStatus),
    )


@bp.route("/positions/<int:position_id>")
@allow(Permission.POSITIONS_READ)
def position(position_id: int) -> Page:
    """Show a position with what it lacks and what breaks a rule."""
    with db().reading() as session:
        row = position_in_reach(session, position_id, Permission.POSITIONS_READ)
        findings = _findings(session, row.draft())
        place = places.name_of(session, row.workplace_division)
        occupation = places.occupation_name(row.occupation_code)
        known = occupations(session)
    return render_template(
        "positions/position.html",
        row=row,
        findings=findings,
        place=place,
        occupation=occupation,
        parts={place: marked(getattr(row, place), place, row.read) for place in PLACES},
        standing=standing(known, row.title, row.occupation_code),
        candidates_url=_candidates_url(position_id),
    )


def _candidates_url(position_id: int) -> str:
    """Return the page of ranked candidates; a room above this one has it."""
    known = "matching.candidates" in current_app.view_functions
    return url_for("matching.candidates", position_id=position_id) if known else ""


def _findings(session: Session, draft: PositionDraft) -> tuple[Finding, ...]:
    return check_draft(draft, on=clock.today(), minimum=places.minimum_wage)


def _told(status: str, missing: list[str]) -> None:
    """Say where a saved position stands."""
    if status == PositionStatus.OPEN:
        flash(_("The position is published."))
        return
    lacks = ", ".join(translate(MISSING_LABELS[code]) for code in missing)
    if lacks:
        flash(_("Saved as a draft. Still missing: %(what)s.", what=lacks), "warning")
    else:
        flash(_("Saved as a draft."))


def _form_page(
    form: PositionForm, employer: queries.EmployerDetail, findings: tuple[Finding, ...], row: object
) -> tuple[str, int]:
    page = render_template(
        "positions/position_form.html",
        form=form,
        employer=employer,
        findings=findings,
        stopped=stops(findings),
        row=row,
    )
    return page, 422 if form.errors or stops(findings) else 200


def _workplace(form: PositionForm, session: Session) -> str | None:
    typed = form.workplace.data or ""
    code = places.division_of(session, typed) if typed else None
    if typed and code is None:
        form.workplace.errors = [
            _("No such place is known. Write city and district, e.g. 深圳市龙岗区")
        ]
    return code


@bp.route("/employers/<int:employer_id>/positions/new", methods=["GET", "POST"])
@allow(Permission.POSITIONS_WRITE)
def new_position(employer_id: int) -> Page:
    """Post a position; ``copy`` fills the form from another one of the employer."""
    with db().reading() as session:
        found = employer_in_reach(session, employer_id, Permission.POSITIONS_WRITE)
        source_id = request.args.get("copy", type=int)
        source = (
            position_in_reach(session, source_id, Permission.POSITIONS_READ) if source_id else None
        )
    form = PositionForm(source)
    findings: tuple[Finding, ...] = ()
    if form.validate_on_submit():
        publish = "publish" in request.form
        with db().writing() as session:
            draft = places.with_occupation(session, form.draft(_workplace(form, session)))
            findings = _findings(session, draft) if publish else ()
            if not form.errors and not stops(findings):
                made = services.post_position(
                    session,
                    employer_id,
                    draft,
                    publish=publish,
                    created_by=who().user_id,
                    minimum=places.minimum_wage,
                )
                _told(made.status, made.missing)
                return redirect(url_for("employers.position", position_id=made.id))
    return _form_page(form, found, findings, None)


@bp.route("/positions/<int:position_id>/edit", methods=["GET", "POST"])
@allow(Permission.POSITIONS_WRITE)
def edit_position(position_id: int) -> Page:
    """Change a position."""
    with db().reading() as session:
        row = position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
        found = employer_in_reach(session, row.employer_id, Permission.EMPLOYERS_READ)
        findings = _findings(session, row.draft()) if request.method == "GET" else ()
    form = PositionForm(row)
    if form.validate_on_submit():
        publish = "publish" in request.form
        with db().writing() as session:
            draft = places.with_occupation(session, form.draft(_workplace(form, session)), row)
            findings = _findings(session, draft) if publish else ()
            if not form.errors and not stops(findings):
                status = services.edit_position(
                    session,
                    position_id,
                    draft,
                    publish=publish,
                    minimum=places.minimum_wage,
                )
                saved = queries.find_position(session, position_id)
                _told(status, saved.missing if saved else [])
                return redirect(url_for("employers.position", position_id=position_id))
    page, status_code = _form_page(form, found, findings, row)
    return page, status_code if request.method == "POST" else 200


@bp.route("/positions/<int:position_id>/close", methods=["POST"])
@allow(Permission.POSITIONS_WRITE)
def close_position(position_id: int) -> Page:
    """Close a position."""
    with db().writing() as session:
        position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
        services.close_position(session, position_id)
    flash(_("The position is closed and leaves the rankings."))
    return redirect(url_for("employers.position", position_id=position_id))


@bp.route("/positions/<int:position_id>/reopen", methods=["POST"])
@allow(Permission.POSITIONS_WRITE)
def reopen_position(position_id: int) -> Page:
    """Reopen a closed position."""
    with db().writing() as session:
        position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
        status = services.reopen_position(session, position_id, minimum=places.minimum_wage)
        row = queries.find_position(session, position_id)
        _told(status, row.missing if row else [])
    return redirect(url_for("employers.position", position_id=position_id))
