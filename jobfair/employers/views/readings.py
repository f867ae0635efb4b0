"""What was read from the text of a position: shown with its words, taken out, added to."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow
from jobfair.employers import services
from jobfair.employers.forms import EDUCATION_LABELS
from jobfair.employers.rules.readings import STATE_LABELS, Reading, State
from jobfair.employers.rules.requirements import LABELS, SEVERAL, YES, Kind
from jobfair.employers.views.common import Page, bp, position_in_reach
from jobfair.kit.i18n import N_, Words, translate
from jobfair.kit.web import db

_LONGEST_NAME = 40
PLACE_LABELS = {
    "title": N_("Job title"),
    "requirements": N_("Requirements"),
    "description": N_("The work and what is offered"),
}
_STATE_LOOKS = {State.USED: "good", State.TYPED: "good", State.OVERRULED: "warn"}


def reading_value(one: Reading) -> str:
    """Return what was read, in the reader's language."""
    kind = Kind(one.kind)
    if kind is Kind.EDUCATION:
        return translate(EDUCATION_LABELS.get(one.value, N_("Not limited")))
    if kind is Kind.EXPERIENCE and one.value == "0":
        return str(_("Not limited"))
    if kind in SEVERAL or one.value.isdigit():
        return one.value
    return str(_("Yes")) if one.value == YES else str(_("No"))


_WORDS = {
    "reading_kinds": Words({str(kind): label for kind, label in LABELS.items()}),
    "reading_states": Words({str(state): label for state, label in STATE_LABELS.items()}),
    "reading_looks": {str(state): look for state, look in _STATE_LOOKS.items()},
    "reading_places": Words(PLACE_LABELS),
    "reading_value": reading_value,
}


@bp.app_context_processor
def _words() -> dict[str, object]:
    """Give the templates their words for readings."""
    return _WORDS


@bp.route("/positions/<int:position_id>/readings", methods=["POST"])
@allow(Permission.POSITIONS_WRITE)
def set_reading(position_id: int) -> Page:
    """Take a demand that was read out, or let it hold again."""
    holds = request.form.get("holds") == "yes"
    with db().writing() as session:
        position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
        services.set_reading(session, position_id, request.form.get("key", ""), holds=holds)
    flash(
        _("It holds again.") if holds else _("Taken out. It stays out when the text is read again.")
    )
    return redirect(url_for("employers.position", position_id=position_id, _anchor="read"))


@bp.route("/positions/<int:position_id>/demands", methods=["POST"])
@allow(Permission.POSITIONS_WRITE)
def add_demand(position_id: int) -> Page:
    """Add a certificate or a skill the text does not name."""
    name = request.form.get("name", "").strip()[:_LONGEST_NAME]
    kind = Kind.CERTIFICATE if request.form.get("kind") == Kind.CERTIFICATE else Kind.SKILL
    with db().writing() as session:
        position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
        if name:
            services.add_demand(session, position_id, kind, name)
    if name:
        flash(_("Added: %(name)s.", name=name))
    else:
        flash(_("Write the name of the certificate or skill."), "warning")
    return redirect(url_for("employers.position", position_id=position_id, _anchor="read"))
