"""Terms of subsidies: read by whoever checks claims by them, added by an administrator."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.downloads import download
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.seekers.rules.drafts import CATEGORY_NAMES
from jobfair.subsidies.forms import TermsForm
from jobfair.subsidies.queries.terms import RuleRow, examples, in_force, list_rules
from jobfair.subsidies.rules.terms import (
    BEYOND_NAMES,
    CONTINUITY_NAMES,
    FAMILY_NAMES,
    PAYEE_NAMES,
    Terms,
)
from jobfair.subsidies.services.terms import add_version
from jobfair.subsidies.views.common import Page, bp, known_rule, place_names, scope_of


def _asked(every: Sequence[RuleRow]) -> list[RuleRow]:
    """Return the terms that the address narrows the list to."""
    year, area = request.args.get("year", ""), request.args.get("area", "")
    return [
        row
        for row in every
        if (not year or str(row.terms.year) == year)
        and (not area or row.terms.jurisdiction == area)
    ]


@bp.route("/rules/export/<kind>")
@allow(Permission.SUBSIDIES_READ)
def export_rules(kind: str) -> Response:
    """Download the terms in force: who gets how much for what."""
    with db().reading() as session:
        rows = _asked(in_force(session, place=scope_of(Permission.SUBSIDIES_READ) or ""))
        names = place_names(session, *(row.terms.jurisdiction for row in rows))
    titles = (
        _("Subsidy"),
        _("Short name"),
        _("Version"),
        _("Area"),
        _("Year"),
        _("What it is for"),
        _("Who gets the money"),
        _("Amount in yuan"),
        _("Most for one person in yuan"),
        _("Most for one employer or agent in yuan"),
        _("Least months of work"),
        _("How months are counted"),
        _("Least evidence of the work"),
        _("First day for applications"),
        _("Last day for applications"),
        _("Claims"),
        _("Source"),
    )
    columns = [Column(str(title)) for title in titles]
    return download(kind, "subsidy-terms", columns, [_cells(row, names) for row in rows])


def _cells(row: RuleRow, names: Mapping[str, str]) -> list[Cell]:
    terms = row.terms
    rates = "; ".join(
        f"{translate(BEYOND_NAMES[rate.beyond])} {rate.amount_fen / 100:g}" for rate in terms.rates
    )
    return [
        terms.title,
        terms.code,
        row.version,
        names[terms.jurisdiction],
        terms.year,
        translate(FAMILY_NAMES[terms.family]),
        translate(PAYEE_NAMES[terms.payee]),
        rates,
        terms.cap_fen / 100,
        terms.payee_cap_fen / 100 if terms.payee_cap_fen else "",
        terms.min_months,
        translate(CONTINUITY_NAMES[terms.continuity]),
        str(terms.grade),
        terms.opens_on.isoformat(),
        terms.closes_on.isoformat(),
        row.claims,
        terms.source,
    ]


@bp.route("/rules")
@allow(Permission.SUBSIDIES_READ)
def rules() -> Page:
    """List the terms in force, by year, and examples to begin from."""
    year, area = request.args.get("year", ""), request.args.get("area", "")
    scope = scope_of(Permission.SUBSIDIES_READ) or ""
    with db().reading() as session:
        every = in_force(session, place=scope)
        rows = _asked(every)
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
