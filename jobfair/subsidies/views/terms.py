"""Terms of subsidies: read by whoever checks claims by them, added by an administrator."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db
from jobfair.seekers.rules.drafts import CATEGORY_NAMES
from jobfair.subsidies.forms import TermsForm
from jobfair.subsidies.queries.terms import examples, in_force, list_rules
from jobfair.subsidies.rules.terms import Terms
from jobfair.subsidies.services.terms import add_version
from jobfair.subsidies.views.common import Page, bp, known_rule, place_names, scope_of


@bp.route("/rules")
@allow(Permission.SUBSIDIES_READ)
def rules() -> Page:
    """List the terms in force, by year, and examples to begin from."""
    year, area = request.args.get("year", ""), request.args.get("area", "")
    scope = scope_of(Permission.SUBSIDIES_READ) or ""
    with db().reading() as session:
        every = in_force(session, place=scope)
        rows = [
            row
            for row in every
            if (not year or str(row.terms.year) == year)
            and (not area or row.terms.jurisdiction == area)
        ]
        offered = examples()
        codes = [row.terms.jurisdiction for row in every] + [one.jurisdiction for one in offered]
        names = place_names(session, *codes)
    known = {(row.terms.code, row.terms.year) for row in every}
    return render_template(
        "subsidies/rules.html",
        rows=rows,
        years=[(one, one) for one in sorted({row.terms.year for row in every}, reverse=True)],
        year=year,
        areas=sorted({(code, names[code]) for code in codes[: len(every)]}),
        area=area,
        names=names,
        examples=[one for one in offered if (one.code, one.year) not in known],
    )


@bp.route("/rules/<int:rule_id>")
@allow(Permission.SUBSIDIES_READ)
def rule(rule_id: int) -> Page:
    """Show one version of terms, with the others."""
    with db().reading() as session:
        found = known_rule(session, rule_id)
        versions = [
            row
            for row in list_rules(session, year=found.terms.year)
            if row.terms.code == found.terms.code
        ]
        names = place_names(session, found.terms.jurisdiction)
    return render_template(
        "subsidies/rule.html",
        rule=found,
        terms=found.terms,
        versions=versions,
        names=names,
        categories=CATEGORY_NAMES,
    )


@bp.route("/rules/new", methods=["GET", "POST"])
@allow(Permission.SUBSIDY_RULES_WRITE)
def new_rule() -> Page:
    """Add terms, or the next version of some; begin from an example or from a version."""
    form = TermsForm(_begun())
    added: list[int] = []
    if carried_out(
        form,
        lambda session: added.append(add_version(session, form.terms(), user_id=who().user_id)),
    ):
        flash(_("These terms are in force now. Claims opened before keep the version they have."))
        return redirect(url_for("subsidies.rule", rule_id=added[0]), 303)
    page = render_template("subsidies/rule_form.html", form=form)
    return page, 422 if form.errors else 200


def _begun() -> Terms | None:
    """Return the terms that the address says to begin from."""
    example = request.args.get("example", "")
    version = request.args.get("version", 0, type=int)
    if version:
        with db().reading() as session:
            return known_rule(session, version).terms
    return next((one for one in examples() if one.code == example), None)
