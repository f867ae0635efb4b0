"""Pages: new accounts and invitations."""

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts import access, forms, passwords, queries, services
from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.rules import (
    ROLE_NAMES,
    OrganisationKind,
    Role,
    RoleDoesNotFit,
    grantable_roles,
)
from jobfair.accounts.views.common import Page, bp, tell
from jobfair.kit import clock
from jobfair.kit.web import db, public_url

_MOST_CHOICES = 2_000


def _offered_organisations(session: Session) -> list[queries.OrganisationRow]:
    """Return the organisations the caller may add people to."""
    scope = who().scope(Permission.ACCOUNTS_INVITE)
    if scope.organisation_id is None:
        return queries.list_organisations(session, active=True, limit=_MOST_CHOICES)
    own = queries.find_organisation(session, scope.organisation_id)
    return [own] if own else []


def _offer(form: forms.InvitationForm | forms.NewUserForm) -> dict[int, OrganisationKind]:
    """Fill the choices of organisation and role; return the kinds of those organisations."""
    with db().reading() as session:
        rows = _offered_organisations(session)
    form.organisation.choices = forms.organisation_choices(rows)
    kinds = {row.id: row.kind for row in rows}
    possible = {r for kind in kinds.values() for r in grantable_roles(who().role, kind)}
    offered = forms.role_choices(role for role in Role if role in possible)
    # No role is chosen beforehand: the first in the list may do the most.
    form.role.choices = [("", _("Choose")), *offered] if len(offered) > 1 else offered
    return kinds


def _fits(
    form: forms.InvitationForm | forms.NewUserForm, kinds: dict[int, OrganisationKind]
) -> bool:
    """Return whether role and organisation go together, else say so beside the role."""
    if Role(form.role.data) in grantable_roles(who().role, kinds[form.organisation.data]):
        return True
    tell(form.role, RoleDoesNotFit())
    return False


@bp.route("/users/new", methods=["GET", "POST"])
@allow(Permission.ACCOUNTS_MANAGE)
def new_user() -> Page:
    """Make an account with a temporary password, shown once."""
    form = forms.NewUserForm(organisation=who().organisation_id)
    kinds = _offer(form)
    if not form.validate_on_submit() or not _fits(form, kinds):
        page = render_template("accounts/user_form.html", form=form, user=None)
        return page, 422 if form.errors else 200
    password = services.temporary_password()
    try:
        with db().writing() as session:
            user_id = services.create_user(
                session,
                form.draft(password),
                organisation_id=form.organisation.data,
                role=Role(form.role.data),
                must_change_password=True,
            )
            found = queries.find_user(session, user_id)
    except services.LoginTaken as refusal:
        tell(form.login, refusal)
        return render_template("accounts/user_form.html", form=form, user=None), 422
    page = render_template("accounts/issued_password.html", user=found, password=password)
    return page, 201


@bp.route("/invitations/new", methods=["GET", "POST"])
@allow(Permission.ACCOUNTS_INVITE)
def new_invitation() -> Page:
    """Invite a colleague; the link is shown once."""
    caller = who()
    form = forms.InvitationForm(organisation=caller.organisation_id)
    kinds = _offer(form)
    if not form.validate_on_submit() or not _fits(form, kinds):
        page = render_template("accounts/invitation_form.html", form=form)
        return page, 422 if form.errors else 200
    with db().writing() as session:
        issued = services.invite(
            session,
            organisation_id=form.organisation.data,
            role=form.chosen_role(),
            invited_by=caller.user_id,
        )
    link = public_url("accounts.accept_invitation", invitation_token=issued.secret)
    page = render_template(
        "accounts/invitation_link.html", link=link, days=services.INVITATION_DAYS
    )
    return page, 201


@bp.route("/invitations/<invitation_token>", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def accept_invitation(invitation_token: str) -> Page:
    """Make the account somebody was invited to."""
    token_hash = services.token_hash(invitation_token)
    with db().reading() as session:
        invitation = queries.find_invitation(session, token_hash, at=clock.now())
    if invitation is None:
        raise services.InvitationSpent
    form = forms.AcceptForm()
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                user_id = services.accept_invitation(session, invitation_token, form.draft())
                token = services.open_session(session, user_id)
        except services.LoginTaken as refusal:
            tell(form.login, refusal)
        except passwords.WeakPassword as refusal:
            tell(form.new, refusal)
        else:
            access.begin_session(token)
            flash(_("Your account is ready."))
            return redirect("/", 303)
    page = render_template(
        "accounts/accept_invitation.html", form=form, invitation=invitation, role_names=ROLE_NAMES
    )
    return page, 422 if form.errors else 200
