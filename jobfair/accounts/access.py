"""The guard before every view: who calls, may they, is the session still good. Default deny.

A view says what it needs with ``@allow(Permission.X)`` directly under its route. The guard runs
before every request and refuses a view that says nothing, so forgetting is not a hole.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.wrappers import Response

from jobfair.accounts import passwords, queries, services
from jobfair.accounts.rules import (
    Actor,
    Permission,
    Reach,
    Role,
    Scope,
    division_filter,
    organisation_filter,
)
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.web import db, settings

__all__ = [
    "Actor",
    "Permission",
    "Reach",
    "Role",
    "Scope",
    "allow",
    "division_filter",
    "install",
    "may",
    "organisation_filter",
    "safe_next",
    "visitor",
    "who",
]

Guards = Mapping[Permission, Callable[[], None]]
_View = TypeVar("_View", bound=Callable[..., Any])
_LONGEST_SESSION = timedelta(hours=12)  # however busy: a working day
_LONGEST_NEXT = 500
# The cookie is written anew at most this often while a session is used.
_TOUCH_SECONDS = 30


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed sessions; a device sends no cookie, and none is then unsigned."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request."""
        if "Cookie" not in request.headers:
            return self.session_class()
        return super().open_session(app, request)


class NotSignedIn(Refusal):
    """The caller must sign in first."""

    status = 401
    code = "not_signed_in"
    message = N_("Sign in first.")


def allow(permission: Permission) -> Callable[[_View], _View]:
    """Declare the permission a view needs; stands directly under its route."""

    def declare(view: _View) -> _View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """Return what a view declared, None when it declared nothing."""
    return getattr(view, "permission", None)


def visitor() -> Actor | None:
    """Return the signed-in user, None for a stranger; read once per request."""
    if "actor" not in g:
        g.actor = _load_actor()
    found: Actor | None = g.actor
    return found


def who() -> Actor:
    """Return the signed-in user.

    Raises:
        NotSignedIn: nobody is.
    """
    found = visitor()
    if found is None:
        raise NotSignedIn
    return found


def may(permission: Permission | str) -> bool:
    """Return whether the current user's role has a permission; for templates."""
    found = visitor()
    return found is not None and found.may(Permission(permission))


def _load_actor() -> Actor | None:
    token, seen = session.get("token"), session.get("seen")
    if not isinstance(token, str) or not isinstance(seen, int):
        return None
    now = clock.now()
    seconds = int(now.timestamp())
    if seconds - seen > settings().session_minutes * 60:
        return None
    with db().reading() as reading:
        found = queries.find_session(reading, services.token_hash(token))
    if found is None or now - found.started_at > _LONGEST_SESSION:
        return None
    if seconds - seen >= _TOUCH_SECONDS:
        session["seen"] = seconds
    return found.actor


def begin_session(token: str) -> None:
    """Replace the browser's session by a fresh one; nothing from before sign-in survives."""
    session.clear()
    session["token"] = token
    session["seen"] = int(clock.now().timestamp())
    g.pop("actor", None)


def current_token_hash() -> str | None:
    """Return the stored form of this browser's session token."""
    token = session.get("token")
    return services.token_hash(token) if isinstance(token, str) else None


def end_session() -> None:
    """Forget everything this browser's session holds."""
    session.clear()
    g.actor = None


def safe_next(target: str | None) -> str:
    """Return a place inside this site to go on to; the home page for anything doubtful."""
    if not target or len(target) > _LONGEST_NEXT or not target.startswith("/"):
        return "/"
    parts = urlsplit(target)
    doubtful = (
        parts.scheme
        or parts.netloc
        or target[1:2] in {"/", "\\"}
        or "\\" in target
        or any(ord(character) < 33 for character in target)
    )
    return "/" if doubtful else target


def _to_sign_in() -> Response:
    wants_page = request.accept_mimetypes.accept_html or not request.accept_mimetypes
    if not wants_page:
        raise NotSignedIn
    if request.method not in {"GET", "HEAD"}:
        return redirect(url_for("accounts.sign_in"), 303)
    target = request.full_path if request.query_string else request.path
    target = safe_next(target)
    return redirect(url_for("accounts.sign_in", next=None if target == "/" else target))


def _guard() -> Response | None:
    audit.act_as(None, "web")
    if request.endpoint is None:  # no such address: the router says so itself
        return None
    permission = permission_of(current_app.view_functions[request.endpoint])
    if permission is None:
        raise NotFound
    guards: Guards = current_app.extensions["jobfair.guards"]
    if permission in guards:
        guards[permission]()
        return None
    actor = visitor()
    if actor is not None:
        audit.act_as(actor.user_id, "web")
    if permission is Permission.PUBLIC:
        return None
    if actor is None:
        return _to_sign_in()
    actor.reach(permission)
    if actor.must_change_password and request.endpoint != "accounts.account":
        return redirect(url_for("accounts.account"), 303)
    return None


def install(app: Flask, guards: Guards) -> None:
    """Guard an application's views and harden its sessions; after ``kit.web.install``.

    Args:
        app: the application.
        guards: for what is not a person: raises unless the request comes from what may make it.
    """
    app.extensions["jobfair.guards"] = guards
    secure = app.config["SETTINGS"].https
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-jobfair" if secure else "jobfair",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    passwords.prepare()
    app.before_request(_guard)
    app.jinja_env.globals.update(visitor=visitor, may=may)
