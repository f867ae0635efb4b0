"""Pages: the accounts in reach, and what can be done with one."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts import forms, queries, services
from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.rules import GRANTABLE, KIND_NAMES, ROLE_NAMES, ROLES_OF_KIND, Role
from jobfair.accounts.views.common import (
    MOST_EXPORTED,
    Page,
    bp,
    kept,
    state_word,
)
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import Forbidden, NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db, hide_query, show_query


def _chosen_role() -> Role | None:
    asked = request.args.get("role", "")
    return Role(asked) if asked in set(Role) else None


def _chosen_state() -> bool | None:
    return {"open": True, "closed": False}.get(request.args.get("state", ""))


def _wanted_users() -> queries.UserFilter:
    return queries.UserFilter(
        text=show_query(request.args.get("find", "")),
        role=_chosen_role(),
        active=_chosen_state(),
        organisation_id=request.args.get("organisation", type=int),
    )


def _day(at: datetime | None) -> str:
    return beijing(at) if at else ""


@bp.route("/users/export/<file_format>")
@allow(Permission.ACCOUNTS_INVITE)
def export_users(file_format: str) -> Page:
    """Download the filtered list of accounts as xlsx or csv."""
    scope = who().scope(Permission.ACCOUNTS_INVITE)
    with db().reading() as session:
        rows = queries.list_users(session, scope, _wanted_users(), limit=MOST_EXPORTED)
    titles = (
        _("Name"),
        _("Login"),
        _("Role"),
        _("Organisation"),
        _("State"),
        _("Made on"),
        _("Last signed in"),
    )
    lines = [
        (
            row.display_name,
            row.login,
            translate(ROLE_NAMES[row.role]),
            row.organisation_name,
            state_word(active=row.active),
            _day(row.created_at),
            _day(row.last_sign_in_at),
        )
        for row in rows
    ]
    return download(file_format, "users", [Column(title, text=True) for title in titles], lines)


@bp.route("/users")
@allow(Permission.ACCOUNTS_INVITE)
def users() -> Page:
    """List the accounts in reach."""
    scope = who().scope(Permission.ACCOUNTS_INVITE)
    wanted = _wanted_users()
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
        kept=kept("find", "role", "state", "organisation"),
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
