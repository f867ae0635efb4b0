"""Pages: organisations and their place in the tree."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts import forms, queries, services
from jobfair.accounts.access import Permission, allow
from jobfair.accounts.rules import KIND_NAMES, OrganisationKind
from jobfair.accounts.views.common import (
    MOST_EXPORTED,
    Page,
    bp,
    kept,
    state_word,
    tell,
)
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db, hide_query, show_query

_MOST_CHOICES = 2_000


def _chosen_kind() -> OrganisationKind | None:
    asked = request.args.get("kind", "")
    return OrganisationKind(asked) if asked in set(OrganisationKind) else None


@bp.route("/organisations")
@allow(Permission.ACCOUNTS_MANAGE)
def organisations() -> Page:
    """List organisations, offices with the one above them."""
    kind, text = _chosen_kind(), show_query(request.args.get("find", ""))
    with db().reading() as session:
        total = queries.count_organisations(session, kind=kind, text=text)
        paging = asked_page(total)
        rows = queries.list_organisations(
            session, kind=kind, text=text, offset=paging.offset, limit=paging.size
        )
    return render_template(
        "accounts/organisations.html",
        rows=rows,
        paging=paging,
        total=total,
        kind=kind,
        text=text,
        kinds=forms.kind_choices(),
        kind_names=KIND_NAMES,
        kept=kept("find", "kind"),
    )


@bp.route("/organisations/export/<file_format>")
@allow(Permission.ACCOUNTS_MANAGE)
def export_organisations(file_format: str) -> Page:
    """Download the filtered list of organisations as xlsx or csv."""
    kind, text = _chosen_kind(), show_query(request.args.get("find", ""))
    with db().reading() as session:
        rows = queries.list_organisations(session, kind=kind, text=text, limit=MOST_EXPORTED)
    titles = (_("Organisation name"), _("Kind"), _("Division code"), _("Office above"), _("State"))
    lines = [
        (
            row.name,
            translate(KIND_NAMES[row.kind]),
            row.division_code or "",
            row.parent_name or "",
            state_word(active=row.active),
        )
        for row in rows
    ]
    return download(
        file_format, "organisations", [Column(title, text=True) for title in titles], lines
    )


@bp.route("/organisations/search", methods=["POST"])
@allow(Permission.ACCOUNTS_MANAGE)
def search_organisations() -> Page:
    """Turn typed text into an address that does not show it."""
    typed = request.form.get("find", "").strip()
    find = hide_query(typed) if typed else None
    kind = request.form.get("kind") or None
    return redirect(url_for("accounts.organisations", find=find, kind=kind), 303)


def _organisation_form(row: queries.OrganisationRow | None) -> forms.OrganisationForm:
    if row is None:
        form = forms.OrganisationForm(active=True)
    else:
        form = forms.OrganisationForm(obj=row, parent=row.parent_id)
    with db().reading() as session:
        offices = queries.list_organisations(
            session, kind=OrganisationKind.LABOUR_OFFICE, limit=_MOST_CHOICES
        )
    above = [office for office in offices if row is None or office.id != row.id]
    form.parent.choices = [("", _("No office above")), *forms.organisation_choices(above)]
    kinds = forms.kind_choices()
    form.kind.choices = kinds if row is None else [k for k in kinds if k[0] == row.kind.value]
    return form


def _save_organisation(form: forms.OrganisationForm, row: queries.OrganisationRow | None) -> bool:
    """Store what was typed; return False and say why beside the field when it is refused."""
    try:
        with db().writing() as session:
            if row is None:
                services.create_organisation(session, form.draft())
            else:
                services.edit_organisation(session, row.id, form.draft())
    except services.OfficeNeedsDivision as refusal:
        tell(form.division_code, refusal)
    except services.WrongParent as refusal:
        tell(form.parent, refusal)
    else:
        flash(_("The organisation is saved."))
        return True
    return False


@bp.route("/organisations/new", methods=["GET", "POST"])
@allow(Permission.ACCOUNTS_MANAGE)
def new_organisation() -> Page:
    """Add an organisation."""
    form = _organisation_form(None)
    if form.validate_on_submit() and _save_organisation(form, None):
        return redirect(url_for("accounts.organisations"), 303)
    page = render_template("accounts/organisation_form.html", form=form, row=None)
    return page, 422 if form.errors else 200


@bp.route("/organisations/<int:organisation_id>", methods=["GET", "POST"])
@allow(Permission.ACCOUNTS_MANAGE)
def edit_organisation(organisation_id: int) -> Page:
    """Change an organisation."""
    with db().reading() as session:
        row = queries.find_organisation(session, organisation_id)
    if row is None:
        raise NotFound
    form = _organisation_form(row)
    if form.validate_on_submit() and _save_organisation(form, row):
        return redirect(url_for("accounts.organisations"), 303)
    page = render_template("accounts/organisation_form.html", form=form, row=row)
    return page, 422 if form.errors else 200
