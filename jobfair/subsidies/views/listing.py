"""The list of claims: filters, export, one step with many; who is due and who is told."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit import clock
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_, Words, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.seekers import queries as seekers
from jobfair.subsidies.forms import read_filter
from jobfair.subsidies.queries import claims as queries
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.queries.terms import RuleRow, in_force, list_rules
from jobfair.subsidies.rules.claims import STATE_NAMES, ClaimState, Step
from jobfair.subsidies.rules.entitlement import (
    STANDING_NAMES,
    Labourer,
    Standing,
    Verdict,
    judge_payee,
)
from jobfair.subsidies.services.claims import Answer, propose, take_steps
from jobfair.subsidies.views.common import (
    Page,
    bp,
    known_rule,
    place_names,
    recorder,
    said,
    scope_of,
    why,
)

EXPORT_ROWS = 100_000
# What may be done with all claims that are ticked, by the state the list is narrowed to.
TOGETHER = {
    ClaimState.ENTITLED: Step.TELL,
    ClaimState.ANNOUNCED: Step.CHECK,
    ClaimState.CHECKED: Step.APPROVE,
}


@bp.route("/")
@allow(Permission.SUBSIDIES_READ)
@counted_by(N_("Subsidies"), "C1", "C8", "C9")
def claims() -> Page:
    """List claims."""
    scope = scope_of(Permission.SUBSIDIES_READ)
    wanted = read_filter(request.args, scope)
    with db().reading() as session:
        totals = queries.count_claims(session, wanted)
        paging = asked_page(totals.claims)
        rows = queries.list_claims(session, wanted, limit=paging.size, offset=paging.offset)
        counties = queries.places(session, scope)
        names = place_names(session, *counties, *(row.home_division for row in rows))
        rules = list_rules(session, place=scope or "")
        counts = queries.count_states(session, queries.ClaimFilter(scope=scope))
    return render_template(
        "subsidies/claims.html",
        rows=rows,
        totals=totals,
        paging=paging,
        names=names,
        counties=[(code, names[code]) for code in counties],
        rules=[(rule.id, label(rule)) for rule in rules],
        counts=counts,
        args=request.args,
        step=TOGETHER.get(wanted.state) if wanted.state else None,
    )


def label(rule: RuleRow) -> str:
    """Return how terms are called in a list."""
    return f"{rule.terms.year} {rule.terms.title} · {rule.terms.code} v{rule.version}"


@bp.route("/export/<kind>")
@allow(Permission.SUBSIDIES_READ)
@counted_by(N_("Subsidies"), "C1", "C8", "C9")
def export(kind: str) -> Response:
    """Download the claims the address asks for, masked."""
    wanted = read_filter(request.args, scope_of(Permission.SUBSIDIES_READ))
    with db().reading() as session:
        rows = queries.list_claims(session, wanted, limit=EXPORT_ROWS)
        names = place_names(session, *(row.home_division for row in rows))
    titles = (
        _("Number of the claim"),
        _("Name"),
        _("ID number"),
        _("Home"),
        _("Employer or agent who gets the money"),
        _("Subsidy"),
        _("Year"),
        _("State"),
        _("Entitled since"),
        _("Amount in yuan"),
        _("Applied on"),
    )
    columns = [Column(title, text=place == 2) for place, title in enumerate(titles)]
    cells: list[list[Cell]] = [
        [
            row.id,
            row.name,
            row.id_number,
            names[row.home_division],
            row.payee,
            row.title,
            row.year,
            translate(STATE_NAMES[row.state]),
            row.since.isoformat(),
            row.amount_fen / 100,
            row.applied_on.isoformat() if row.applied_on else "",
        ]
        for row in rows
    ]
    return download(kind, "subsidies", columns, cells)


@bp.route("/together", methods=["POST"])
@allow(Permission.SUBSIDIES_WRITE)
def together() -> Page:
    """Take one step with all claims that were ticked."""
    state = request.form.get("state", "")
    step = TOGETHER.get(ClaimState(state)) if state in set(ClaimState) else None
    asked = request.form.getlist("claim", type=int)
    if step is None or not asked:
        flash(_("Tick the claims this is about."), "warning")
    else:
        with db().writing() as session:
            answers = take_steps(session, _in_reach(session, asked), step, recorder())
        _tell(answers)
    kept: dict[str, Any] = {name: request.form.get(name) or None for name in ("rule", "place")}
    return redirect(url_for("subsidies.claims", state=state or None, **kept), 303)


def _in_reach(session: Session, asked: Iterable[int]) -> list[int]:
    scope = who().scope(Permission.SUBSIDIES_WRITE)
    homes = {claim_id: queries.home_of_claim(session, claim_id) for claim_id in set(asked)}
    return [claim_id for claim_id, home in homes.items() if home and scope.covers(division=home)]


def _tell(answers: list[Answer]) -> None:
    """Say how many claims went on, and of the others why the first did not."""
    refused = [answer for answer in answers if answer.refusal]
    flash(_("%(n)s claims went on.", n=len(answers) - len(refused)))
    if refused and refused[0].refusal:
        flash(
            _(
                "%(n)s claims stay as they were. Claim %(claim)s: %(why)s",
                n=len(refused),
                claim=refused[0].claim_id,
                why=said(refused[0].refusal),
            ),
            "warning",
        )


@bp.route("/due", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_WRITE)
@counted_by(N_("Subsidies"), "C1", "C8", "C9")
def due() -> Page:
    """Show who is entitled by some terms and who will be; open the claims that are due."""
    scope = scope_of(Permission.SUBSIDIES_WRITE)
    asked = request.values.get("rule", 0, type=int)
    with db().reading() as session:
        rules = in_force(session, place=scope or "")
        rule = known_rule(session, asked) if asked else None
        found = _judged(session, rule, scope) if rule else []
        paging = asked_page(len(found))
        shown = found[paging.offset : paging.offset + paging.size]
        people = seekers.names_of(session, {person for person, _l, _v in shown})
        names = place_names(session, *(labourer.home for _p, labourer, _v in shown))
    if request.method == "POST" and rule is not None:
        try:
            with db().writing() as session:
                opened = propose(session, rule.id, recorder(), scope=scope)
        except Refusal as refusal:
            flash(said(refusal), "warning")
            return redirect(url_for("subsidies.due", rule=rule.id), 303)
        flash(_("%(n)s claims were opened. Tell these people.", n=opened))
        told = url_for("subsidies.claims", rule=rule.id, state=ClaimState.ENTITLED.value)
        return redirect(told, 303)
    standings = [verdict.standing for _p, _l, verdict in found]
    return render_template(
        "subsidies/due.html",
        rules=[(one.id, label(one)) for one in rules],
        rule=rule,
        rows=shown,
        total=len(found),
        paging=paging,
        people=people,
        names=names,
        counts={standing: standings.count(standing) for standing in Standing},
        standings=Words(STANDING_NAMES),
        today=clock.today(),
        args=request.args,
        why=why,
    )


@bp.route("/due/export/<kind>")
@allow(Permission.SUBSIDIES_WRITE)
@counted_by(N_("Subsidies"), "C1", "C8", "C9")
def export_due(kind: str) -> Response:
    """Download who is entitled by some terms, who will be and when, and who is not and why."""
    scope = scope_of(Permission.SUBSIDIES_WRITE)
    asked = request.args.get("rule", 0, type=int)
    with db().reading() as session:
        rule = known_rule(session, asked) if asked else None
        found = _judged(session, rule, scope) if rule else []
        people = seekers.names_of(session, {person for person, _l, _v in found})
        names = place_names(session, *(labourer.home for _p, labourer, _v in found))
    titles = (
        _("Name"),
        _("ID number"),
        _("Phone"),
        _("Home"),
        _("Entitlement"),
        _("Entitled since"),
        _("Amount in yuan"),
        _("Reasons"),
    )
    columns = [Column(title, text=place in {1, 2}) for place, title in enumerate(titles)]
    cells: list[list[Cell]] = [
        [
            people[person].name,
            people[person].id_number,
            people[person].phone,
            names[labourer.home],
            translate(STANDING_NAMES[verdict.standing]),
            verdict.since.isoformat() if verdict.since else "",
            verdict.amount_fen / 100,
            " ".join(why(reason) for reason in verdict.reasons),
        ]
        for person, labourer, verdict in found
    ]
    return download(kind, "entitled", columns, cells)


def _judged(
    session: Session, rule: RuleRow, scope: str | None
) -> list[tuple[int, Labourer, Verdict]]:
    """Return everybody with work in the year of some terms: entitled, entitled later, others."""
    today = clock.today()
    found = [
        (person, labourer, judge_payee(rule.terms, labourer, today)[1])
        for person, labourer in labourers(session, rule.terms, scope=scope).items()
    ]
    order = list(Standing)
    wanted = request.args.get("standing", "")
    return sorted(
        (one for one in found if not wanted or one[2].standing == wanted),
        key=lambda one: (order.index(one[2].standing), one[2].since or today, one[0]),
    )
