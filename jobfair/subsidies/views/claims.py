"""One claim: what it stands on, its steps, the next one; applications."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.evidence.queries import Of, count_files
from jobfair.kit.errors import Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db
from jobfair.seekers import queries as seekers
from jobfair.subsidies.forms import AccountForm, ApplicationForm
from jobfair.subsidies.queries.claims import ClaimDetail
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.rules.claims import WITH_REASON, ClaimState, Step, steps_from
from jobfair.subsidies.rules.entitlement import with_payee
from jobfair.subsidies.services.claims import (
    Answer,
    correct_account,
    take_application,
    take_payees_application,
    take_step,
)
from jobfair.subsidies.views.common import (
    Page,
    bp,
    claim_in_reach,
    place_names,
    recorder,
    said,
    scope_of,
)

# Steps with a page or a file of their own.
_APART = frozenset({Step.APPLY, Step.ANNOUNCE, Step.SEND, Step.PAY, Step.RETURN, Step.CORRECT})


@bp.route("/claims/<int:claim_id>")
@allow(Permission.SUBSIDIES_READ)
def claim(claim_id: int) -> Page:
    """Show a claim, what it stands on and what can be done next."""
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_READ)
    return _page(found)


@bp.route("/claims/<int:claim_id>/steps", methods=["POST"])
@allow(Permission.SUBSIDIES_WRITE)
def take(claim_id: int) -> Page:
    """Take a step that asks for nothing but perhaps a reason."""
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)
    asked = request.form.get("step", "")
    try:
        with db().writing() as session:
            # What cannot be taken from anywhere is refused with where the claim stands.
            step = Step(asked) if asked in set(Step) - _APART else Step.PROPOSE
            take_step(session, claim_id, step, recorder(), request.form.get("reason", ""))
    except Refusal as refusal:
        with db().reading() as session:
            found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)
        return _page(found, said(refusal)), 422
    flash(_("Noted."))
    return redirect(url_for("subsidies.claim", claim_id=claim_id), 303)


def _page(found: ClaimDetail, fault: str = "") -> str:
    seeker_id = found.row.seeker_id
    with db().reading() as session:
        person = seekers.names_of(session, (seeker_id,))[seeker_id]
        kept = seekers.kept_record(session, seeker_id)
        who = labourers(session, found.terms, ids=(kept,))[kept]
        works = with_payee(who, found.terms.payee, found.row.payee_id).works
        names = place_names(session, found.row.home_division)
        files = count_files(session, Of.CLAIM, (found.row.id,)).get(found.row.id, 0)
    possible = steps_from(ClaimState(found.row.state))
    return render_template(
        "subsidies/claim.html",
        claim=found,
        person=person,
        works=works,
        files=files,
        names=names,
        steps=[step for step in possible if step not in _APART],
        with_reason=WITH_REASON,
        can_apply=Step.APPLY in possible,
        can_correct=Step.CORRECT in possible,
        fault=fault,
        reason=request.form.get("reason", ""),
    )


@bp.route("/claims/<int:claim_id>/application", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_WRITE)
def application(claim_id: int) -> Page:
    """Take an application."""
    with db().reading() as session:
        found = claim_in_reach(session, claim_id, Permission.SUBSIDIES_WRITE)
    form = ApplicationForm(of_firm=bool(found.row.payee))
    answers: list[Answer] = []

    def take_it(session: Session) -> None:
        brought = form.application()
        if found.row.payee:
            scope = scope_of(Permission.SUBSIDIES_WRITE)
            answers.extend(
                take_payees_application(session, claim_id, brought, recorder(), scope=scope)
            )
        else:
            take_application(session, claim_id, brought, recorder())

    if carried_out(form, take_it):
        _say_taken(answers)
        return redirect(url_for("subsidies.claim", claim_id=claim_id), 303)
    page = render_template("subsidies/application.html", claim=found, form=form)
    return page, 422 if form.errors else 200


def _say_taken(answers: list[Answer]) -> None:
    """Say what an application did; an employer's or agent's is of several people."""
    if not answers:
        flash(_("The application is taken."))
        return
    refused = [answer for answer in answers if answer.refusal]
    flash(_("The application is taken for %(n)s people.", n=len(answers) - len(refused)))
    for answer in refused[:1]:
        if answer.refusal:
            flash(
                _(
                    "%(n)s claims stay as they were. Claim %(claim)s: %(why)s",
                    n=len(refused),
                    claim=answer.claim_id,
                    why=said(answer.refusal),
                ),
                "warning",
            )


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
