"""Saying what the columns of an upload are; the office's words are remembered."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit import imports
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.ledgers.rules.rows import FIELDS
from jobfair.ledgers.services.words import teach_words
from jobfair.ledgers.views.common import Page, bp

_UNUSED = "-"
_TITLES = {spec.name: spec.title for spec in FIELDS}


@bp.route("/import/<string:import_id>/columns", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def columns(import_id: str) -> Page:
    """Show what each column was taken for, and let it be said otherwise."""
    found = imports.columns_of(import_id)
    if request.method == "POST":
        said = {
            column.header: "" if chosen == _UNUSED else chosen
            for place, column in enumerate(found)
            if (chosen := request.form.get(f"column-{place}", "")) in {*_TITLES, _UNUSED}
            and chosen != (column.field or _UNUSED)
        }
        twice = _twice([said.get(c.header, c.field) for c in found])
        if not twice:
            with db().writing() as session:
                count = teach_words(session, who().organisation_id, said)
            imports.look_again(import_id)
            if count:
                flash(_("Your office's words are remembered for the next file."))
            return redirect(url_for("ledgers.import_preview", import_id=import_id))
        fault = _("Two columns cannot both be: %(field)s", field=translate(_TITLES[twice]))
    else:
        fault = ""
    page = render_template(
        "ledgers/columns.html",
        import_id=import_id,
        columns=found,
        titles={name: translate(title) for name, title in _TITLES.items()},
        unused=_UNUSED,
        chosen=request.form,
        fault=fault,
    )
    return page, 422 if fault else 200


def _twice(fields: list[str]) -> str | None:
    """Return a field that two columns would be."""
    named = [name for name in fields if name in _TITLES]
    return next((name for name in named if named.count(name) > 1), None)
