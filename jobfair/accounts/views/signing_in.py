"""Pages: signing in and out, the own account."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts import access, demo_links, forms, passwords, queries, services, signin
from jobfair.accounts.access import Permission, allow, visitor, who
from jobfair.accounts.rules import ROLE_NAMES
from jobfair.accounts.views.common import Page, bp, tell
from jobfair.kit.errors import TooMany
from jobfair.kit.web import db, settings


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
        tell(form.password, refusal)
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
        tell(form.present, refusal)
    except passwords.WeakPassword as refusal:
        tell(form.new, refusal)
    else:
        access.begin_session(token)
        flash(_("Your password is changed. You are signed out everywhere else."))
        return redirect(url_for("accounts.account"), 303)
    return render_template(
        "accounts/account.html", form=form, user=user, role_names=ROLE_NAMES
    ), 422
