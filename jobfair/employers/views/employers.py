"""Pages of employers: register, verify, change."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts import services as accounts
from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.rules import OrganisationKind
from jobfair.employers import places, queries, services
from jobfair.employers.forms import EmployerForm, RefusalForm, RegistrationForm
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.employers.views.common import (
    Page,
    bp,
    employer_in_reach,
    own_organisation,
)
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db

# An employer's page shows its newest positions; the list has all.
_SHOWN_POSITIONS = 50


@bp.route("/employers")
@allow(Permission.EMPLOYERS_READ)
def employers() -> Page:
    """List employers; a recruiter goes straight to its own."""
    own = own_organisation(Permission.EMPLOYERS_READ)
    text, status = request.args.get("q", ""), request.args.get("status", "")
    with db().reading() as session:
        if own is not None:
            employer = queries.find_employer_of_organisation(session, own)
            if employer is not None:
                return redirect(url_for("employers.employer", employer_id=employer.id))
        total = queries.count_employers(session, text=text, status=status, organisation_id=own)
        paging = asked_page(total)
        rows = queries.list_employers(
            session,
            text=text,
            status=status,
            organisation_id=own,
            limit=paging.size,
            offset=paging.offset,
        )
    return render_template(
        "employers/employers.html",
        rows=rows,
        total=total,
        paging=paging,
        text=text,
        status=status,
        statuses=list(EmployerStatus),
    )


@bp.route("/employers/verification")
@allow(Permission.EMPLOYERS_VERIFY)
def verification() -> Page:
    """List the employers that wait for the office."""
    with db().reading() as session:
        total = queries.count_employers(session, status=EmployerStatus.UNVERIFIED)
        paging = asked_page(total)
        rows = queries.list_employers(
            session,
            status=EmployerStatus.UNVERIFIED,
            limit=paging.size,
            offset=paging.offset,
        )
    return render_template(
        "employers/verification.html",
        rows=rows,
        total=total,
        paging=paging,
    )


def _place(form: EmployerForm, session: Session) -> str | None:
    """Return the division of what was typed, or put the error beside the field."""
    code = places.division_of(session, form.place.data or "")
    if code is None:
        form.place.errors = [
            _("No such place is known. Write city and district, e.g. 深圳市龙岗区")
        ]
    return code


@bp.route("/employers/register", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def register() -> Page:
    """Register an employer and its first recruiter; the office verifies it later."""
    form = RegistrationForm()
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                division = _place(form, session)
                if division is not None:
                    organisation_id, _user = accounts.register_organisation_with_user(
                        session,
                        accounts.OrganisationDraft(
                            OrganisationKind.EMPLOYER, form.name.data or "", division
                        ),
                        accounts.UserDraft(
                            form.login.data or "",
                            form.display_name.data or "",
                            form.password.data or "",
                        ),
                    )
                    services.register_employer(
                        session, form.draft(division), organisation_id=organisation_id
                    )
        except Refusal as refusal:
            form.form_errors.append(translate(refusal.message, **refusal.params))
        if not form.errors:
            flash(
                _(
                    "The employer is registered. Sign in and post positions; "
                    "the labour office verifies it meanwhile."
                )
            )
            return redirect(url_for("accounts.sign_in"))
    return render_template("employers/register.html", form=form), 422 if form.errors else 200


@bp.route("/employers/<int:employer_id>")
@allow(Permission.EMPLOYERS_READ)
def employer(employer_id: int) -> Page:
    """Show an employer and its positions."""
    with db().reading() as session:
        found = employer_in_reach(session, employer_id, Permission.EMPLOYERS_READ)
        narrowed = queries.PositionFilter(employer_id=employer_id)
        positions = queries.list_positions(session, narrowed, limit=_SHOWN_POSITIONS)
        totals = queries.count_positions(session, narrowed)
        place = places.name_of(session, found.division_code)
    return render_template(
        "employers/employer.html",
        employer=found,
        place=place,
        positions=positions,
        totals=totals,
        refusal=RefusalForm(),
        own=found.organisation_id == who().organisation_id,
    )


@bp.route("/employers/<int:employer_id>/edit", methods=["GET", "POST"])
@allow(Permission.EMPLOYERS_WRITE)
def edit_employer(employer_id: int) -> Page:
    """Change an employer."""
    with db().reading() as session:
        found = employer_in_reach(session, employer_id, Permission.EMPLOYERS_WRITE)
        form = EmployerForm(found, place=places.name_of(session, found.division_code))
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                division = _place(form, session)
                if division is not None:
                    services.edit_employer(session, employer_id, form.draft(division))
        except Refusal as refusal:
            form.form_errors.append(translate(refusal.message, **refusal.params))
        if not form.errors:
            flash(_("Saved. A new name or code must be verified again by the labour office."))
            return redirect(url_for("employers.employer", employer_id=employer_id))
    page = render_template("employers/edit_employer.html", form=form, employer=found)
    return page, 422 if form.errors else 200


@bp.route("/employers/<int:employer_id>/verify", methods=["POST"])
@allow(Permission.EMPLOYERS_VERIFY)
def verify_employer(employer_id: int) -> Page:
    """Verify an employer."""
    with db().writing() as session:
        employer_in_reach(session, employer_id, Permission.EMPLOYERS_VERIFY)
        services.verify_employer(session, employer_id, user_id=who().user_id)
    flash(_("The employer is verified; its complete positions are published."))
    return redirect(url_for("employers.employer", employer_id=employer_id))


@bp.route("/employers/<int:employer_id>/refuse", methods=["POST"])
@allow(Permission.EMPLOYERS_VERIFY)
def refuse_employer(employer_id: int) -> Page:
    """Refuse an employer with a reason."""
    form = RefusalForm()
    with db().writing() as session:
        employer_in_reach(session, employer_id, Permission.EMPLOYERS_VERIFY)
        services.refuse_employer(session, employer_id, reason=form.reason.data or "")
    flash(_("The employer is refused and can read the reason."), "warning")
    return redirect(url_for("employers.employer", employer_id=employer_id))
