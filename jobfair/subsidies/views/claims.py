"""One claim: what it stands on, its steps, the next one; applications."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow
from jobfair.kit.errors import Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db
from jobfair.seekers import queries as seekers
from jobfair.subsidies.forms import AccountForm, ApplicationForm
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.rules.claims import WITH_REASON, ClaimState, Step, steps_from
from jobfair.subsidies.services.claims import correct_account, take_application, take_step
from jobfair.subsidies.views.common import (
    Page,
    bp,
    claim_in_reach,
    place_names,
    recorder,
    said,
)

# Steps with a page or a file of their own.
_APART = frozenset({Step.APPLY, Step.ANNOUNCE, Step.SEND, Step.PAY, Step.RETURN, Step.CORRECT})


@bp.route("/claims/<int:claim_id>", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_READ)
def claim(claim_id: int) -> Page:
    """Show a claim; take a step that asks for nothing but perhaps a reason."""
    fault, status = "", 200
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_READ)
    if request.method == "POST":
        with db().reading() as session:
            claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)
        asked = request.form.get("step", "")
        try:
            with db().writing() as session:
                step = Step(asked) if asked in set(Step) - _APART else Step.PROPOSE
                take_step(session, claim_id, step, recorder(), request.form.get("reason", ""))
        except Refusal as refusal:
            fault, status = said(refusal), 422
        else:
            flash(_("Noted."))
            return redirect(url_for("subsidies.claim", claim_id=claim_id), 303)
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_READ)
        person = seekers.names_of(session, (found.row.seeker_id,))[found.row.seeker_id]
        labourer = labourers(session, found.terms, ids=(found.row.seeker_id,))
        names = place_names(session, found.row.home_division)
    works = labourer[found.row.seeker_id].works if found.row.seeker_id in labourer else ()
    page = render_template(
        "subsidies/claim.html",
        claim=found,
        person=person,
        works=works,
        names=names,
        steps=[s for s in steps_from(ClaimState(found.row.state)) if s not in _APART],
        with_reason=WITH_REASON,
        can_apply=Step.APPLY in steps_from(ClaimState(found.row.state)),
        can_correct=Step.CORRECT in steps_from(ClaimState(found.row.state)),
        fault=fault,
        reason=request.form.get("reason", ""),
    )
    return page, status


@bp.route("/claims/<int:claim_id>/application", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_WRITE)
def application(claim_id: int) -> Page:
    """Take an application."""
    form = ApplicationForm()
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)

    if carried_out(
        form, lambda session: take_application(session, claim_id, form.application(), recorder())
    ):
        flash(_("The application is taken."))
        return redirect(url_for("subsidies.claim", claim_id=claim_id), 303)
    page = render_template("subsidies/application.html", claim=found, form=form)
    return page, 422 if form.errors else 200


@bp.route("/claims/<int:claim_id>/account", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_WRITE)
def account(claim_id: int) -> Page:
    """Correct the account of a payment that came back."""
    form = AccountForm()
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)

    if carried_out(
        form,
        lambda session: correct_account(
            session, claim_id, form.account.data or "", form.bank.data or "", recorder()
        ),
    ):
        flash(_("The account is corrected; the payment can be sent again."))
        return redirect(url_for("subsidies.claim", claim_id=claim_id), 303)
    page = render_template("subsidies/account.html", claim=found, form=form)
    return page, 422 if form.errors else 200
