"""Pages: signing in, the own account, users, invitations, organisations."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from jobfair.accounts import access, demo_links, forms, passwords, queries, services, signin
from jobfair.accounts.access import Permission, allow, visitor, who
from jobfair.accounts.rules import (
    GRANTABLE,
    KIND_NAMES,
    ROLE_NAMES,
    ROLES_OF_KIND,
    OrganisationKind,
    Role,
    RoleDoesNotFit,
    grantable_roles,
)
from jobfair.kit import clock
from jobfair.kit.errors import Forbidden, NotFound, Refusal, TooMany
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db, hide_query, settings, show_query

bp = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | BaseResponse

_MOST_CHOICES = 2_000


def _tell(field: Field, refusal: Refusal) -> None:
    """Show a refusal beside a field."""
    field.errors = [*field.errors, translate(refusal.message, **refusal.params)]


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def sign_in() -> Page:
    """Sign in."""
    target = access.safe_next(request.args.get("next"))
    if request.method == "GET" and visitor() is not None:
        return redirect(target)
    form = forms.SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    try:
        token = signin.sign_in(
            db(),
            login=form.login.data or "",
            password=form.password.data or "",
            address=request.remote_addr or "-",
        )
    except (signin.NotRecognised, TooMany) as refusal:
        _tell(form.password, refusal)
        return render_template("accounts/sign_in.html", form=form), refusal.status
    access.begin_session(token)
    return redirect(target)


@bp.route("/sign-in/demo/<demo_token>")
@allow(Permission.PUBLIC)
def demo_sign_in(demo_token: str) -> Page:
    """Sign in as somebody invented; only a demonstration home has such links."""
    user_id = demo_links.user_of_link(settings(), demo_token)
    _leave()
    with db().writing() as session:
        token = services.open_session(session, user_id)
    access.begin_session(token)
    return redirect("/")


def _leave() -> None:
    token_hash = access.current_token_hash()
    if token_hash is None:
        return
    with db().writing() as session:
        services.close_session(session, token_hash)
    access.end_session()


@bp.route("/sign-out", methods=["POST"])
@allow(Permission.PUBLIC)
def sign_out() -> Page:
    """Sign out here; a session that has already ended is no reason to complain."""
    _leave()
    answer = redirect(url_for("accounts.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.route("/account", methods=["GET", "POST"])
@allow(Permission.ACCOUNT_SELF)
def account() -> Page:
    """Show the own account and change its password."""
    user_id = who().user_id
    form = forms.PasswordForm()
    with db().reading() as session:
        user = queries.find_user(session, user_id)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template(
            "accounts/account.html", form=form, user=user, role_names=ROLE_NAMES
        ), status
    try:
        with db().writing() as session:
            services.change_password(
                session, user_id, present=form.present.data or "", new=form.new.data or ""
            )
            token = services.open_session(session, user_id)
    except services.WrongPassword as refusal:
        _tell(form.present, refusal)
    except passwords.WeakPassword as refusal:
        _tell(form.new, refusal)
    else:
        access.begin_session(token)
        flash(_("Your password is changed. You are signed out everywhere else."))
        return redirect(url_for("accounts.account"), 303)
    return render_template(
        "accounts/account.html", form=form, user=user, role_names=ROLE_NAMES
    ), 422


def _chosen_role() -> Role | None:
    asked = request.args.get("role", "")
    return Role(asked) if asked in set(Role) else None


def _chosen_state() -> bool | None:
    return {"open": True, "closed": False}.get(request.args.get("state", ""))


@bp.route("/users")
@allow(Permission.ACCOUNTS_INVITE)
def users() -> Page:
    """List the accounts in reach."""
    scope = who().scope(Permission.ACCOUNTS_INVITE)
    wanted = queries.UserFilter(
        text=show_query(request.args.get("find", "")),
        role=_chosen_role(),
        active=_chosen_state(),
        organisation_id=request.args.get("organisation", type=int),
    )
    with db().reading() as session:
        total = queries.count_users(session, scope, wanted)
        paging = asked_page(total)
        rows = queries.list_users(session, scope, wanted, offset=paging.offset, limit=paging.size)
    return render_template(
        "accounts/users.html",
        rows=rows,
        paging=paging,
        total=total,
        wanted=wanted,
        roles=forms.role_choices(Role),
        role_names=ROLE_NAMES,
    )


@bp.route("/users/search", methods=["POST"])
@allow(Permission.ACCOUNTS_INVITE)
def search_users() -> Page:
    """Turn a typed name into an address that does not show it."""
    typed = request.form.get("find", "").strip()
    target = url_for(
        "accounts.users",
        find=hide_query(typed) if typed else None,
        role=request.form.get("role") or None,
        state=request.form.get("state") or None,
    )
    return redirect(target, 303)


def _user_in_reach(session: Session, user_id: int, permission: Permission) -> queries.UserRow:
    found = queries.find_user(session, user_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(organisation_id=found.organisation_id)
    return found


@bp.route("/users/<int:user_id>")
@allow(Permission.ACCOUNTS_INVITE)
def user(user_id: int) -> Page:
    """Show an account and what can be done with it."""
    with db().reading() as session:
        found = _user_in_reach(session, user_id, Permission.ACCOUNTS_INVITE)
    return render_template(
        "accounts/user.html",
        user=found,
        role_names=ROLE_NAMES,
        kind_names=KIND_NAMES,
        changeable=_may_change(found),
    )


def _may_change(user: queries.UserRow) -> bool:
    """Return whether the caller may close or reset this account: others it could have invited."""
    caller = who()
    return user.id != caller.user_id and user.role in GRANTABLE.get(caller.role, ())


def _changeable(session: Session, user_id: int) -> queries.UserRow:
    found = _user_in_reach(session, user_id, Permission.ACCOUNTS_INVITE)
    if not _may_change(found):
        raise Forbidden
    return found


@bp.route("/users/<int:user_id>/deactivate", methods=["POST"])
@allow(Permission.ACCOUNTS_INVITE)
def deactivate_user(user_id: int) -> Page:
    """Close an account."""
    with db().writing() as session:
        _changeable(session, user_id)
        services.deactivate_user(session, user_id)
    flash(_("The account is closed. Its open sessions end with their next page."))
    return redirect(url_for("accounts.user", user_id=user_id), 303)


@bp.route("/users/<int:user_id>/activate", methods=["POST"])
@allow(Permission.ACCOUNTS_INVITE)
def activate_user(user_id: int) -> Page:
    """Open a closed account again."""
    with db().writing() as session:
        _changeable(session, user_id)
        services.activate_user(session, user_id)
    flash(_("The account is open again."))
    return redirect(url_for("accounts.user", user_id=user_id), 303)


@bp.route("/users/<int:user_id>/reset-password", methods=["POST"])
@allow(Permission.ACCOUNTS_INVITE)
def reset_password(user_id: int) -> Page:
    """Give an account a temporary password and show it once."""
    with db().writing() as session:
        found = _changeable(session, user_id)
        issued = services.reset_password(session, user_id)
    return render_template("accounts/issued_password.html", user=found, password=issued.secret)


@bp.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@allow(Permission.ACCOUNTS_MANAGE)
def edit_user(user_id: int) -> Page:
    """Change an account's name and role."""
    with db().reading() as session:
        found = _user_in_reach(session, user_id, Permission.ACCOUNTS_MANAGE)
    form = forms.EditUserForm(display_name=found.display_name, role=found.role.value)
    form.role.choices = forms.role_choices(ROLES_OF_KIND[found.organisation_kind])
    if not form.validate_on_submit():
        page = render_template("accounts/user_form.html", form=form, user=found)
        return page, 422 if form.errors else 200
    with db().writing() as session:
        services.edit_user(
            session, user_id, display_name=form.display_name.data or "", role=Role(form.role.data)
        )
    flash(_("The account is changed."))
    return redirect(url_for("accounts.user", user_id=user_id), 303)


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
    form.role.choices = forms.role_choices(role for role in Role if role in possible)
    return kinds


def _fits(
    form: forms.InvitationForm | forms.NewUserForm, kinds: dict[int, OrganisationKind]
) -> bool:
    """Return whether role and organisation go together, else say so beside the role."""
    if Role(form.role.data) in grantable_roles(who().role, kinds[form.organisation.data]):
        return True
    _tell(form.role, RoleDoesNotFit())
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
        _tell(form.login, refusal)
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
    link = url_for("accounts.accept_invitation", invitation_token=issued.secret, _external=True)
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
            _tell(form.login, refusal)
        except passwords.WeakPassword as refusal:
            _tell(form.new, refusal)
        else:
            access.begin_session(token)
            flash(_("Your account is ready."))
            return redirect("/", 303)
    page = render_template(
        "accounts/accept_invitation.html", form=form, invitation=invitation, role_names=ROLE_NAMES
    )
    return page, 422 if form.errors else 200


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
        _tell(form.division_code, refusal)
    except services.WrongParent as refusal:
        _tell(form.parent, refusal)
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
