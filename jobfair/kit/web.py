"""What every page shares: the database, request ids, language, security headers, error pages."""

import base64
import logging
import secrets
import time
from http import HTTPStatus
from typing import cast

from flask import Flask, Response, current_app, g, render_template, request, session, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from jobfair.config import Settings
from jobfair.kit import counting, crypto, lists, logs
from jobfair.kit.db import Database
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, translate
from jobfair.kit.ids import new_key
from jobfair.kit.resources import folder

log = logging.getLogger(__name__)

LANGUAGE_COOKIE = "language"
LARGEST_ID = (1 << 31) - 1  # what an integer column of PostgreSQL holds

_REASONS = {
    400: N_("The form had expired or was incomplete. Go back, reload the page and send it again."),
    403: N_("Your role may not do this. Ask your administrator if you need it."),
    404: N_("There is no such page. Check the address, or start from the home page."),
    405: N_("This page cannot be used that way. Start from the home page."),
    413: N_("The file is too large. Split it and send the parts."),
    429: N_("Too many attempts. Wait a few minutes and try again."),
    500: N_("Something broke on our side; it has been recorded. Nothing you sent was half stored."),
}
_TITLES = {
    400: N_("The form could not be read"),
    403: N_("Not allowed"),
    404: N_("Page not found"),
    405: N_("Not possible here"),
    409: N_("Not possible now"),
    410: N_("No longer here"),
    413: N_("File too large"),
    422: N_("Please check"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong"),
}


class IdConverter(IntegerConverter):
    """A number in an address: what no column can hold is no record's, and not found."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's own name
        super().__init__(map, max=LARGEST_ID)


def db() -> Database:
    """Return the application's database."""
    return cast(Database, current_app.extensions["jobfair.database"])


def settings() -> Settings:
    """Return the settings the application was started with."""
    return cast(Settings, current_app.config["SETTINGS"])


def public_url(endpoint: str, **values: object) -> str:
    """Return the whole address of a page for whoever is elsewhere: the configured one, if any."""
    address = settings().address
    if address:
        return address + url_for(endpoint, **values)  # type: ignore[arg-type]
    return url_for(endpoint, _external=True, **values)  # type: ignore[arg-type]


def choose_language() -> str:
    """Return the language of this request: remembered, else asked for by the browser, else zh."""
    remembered = request.cookies.get(LANGUAGE_COOKIE, "")
    if remembered in LANGUAGES:
        return remembered
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def language() -> str:
    """Return the current language code, ``zh`` or ``en``."""
    return str(get_locale() or DEFAULT_LANGUAGE).split("_", maxsplit=1)[0]


def hide_query(text: str) -> str:
    """Return a search text sealed for use in a URL, so that no name or number stands in one."""
    sealed = crypto.vault().seal(text, table="url", column="query", row="-")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def show_query(token: str) -> str:
    """Return the search text of a sealed URL parameter; empty for an empty one.

    Raises:
        Invalid: not one of ours.
    """
    if not token:
        return ""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return crypto.vault().open(sealed, table="url", column="query", row="-")
    except (ValueError, crypto.KeyFault) as fault:
        raise Invalid from fault


def allow_compiled() -> None:
    """Let the page that is being made run WebAssembly of our own origin, as the QR reader is."""
    g.more_scripts = " 'wasm-unsafe-eval'"


_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def _before() -> None:
    g.request_id = new_key()
    g.started = time.perf_counter()
    g.nonce = secrets.token_urlsafe(16)
    logs.request_id.set(g.request_id)


def _after(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else "-"
    log.info(
        "request",
        extra={
            "method": request.method,
            "rule": rule,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.started) * 1000, 1),
        },
    )
    headers = response.headers
    headers.extend(_SAFE)  # no view sets one of them, so none is looked for
    headers.add("X-Request-Id", g.request_id)
    headers.add(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'; "
        f"script-src 'self' 'nonce-{g.nonce}'{g.get('more_scripts', '')}; "
        f"style-src 'self' 'nonce-{g.nonce}'",
    )
    if settings().https:
        headers.add("Strict-Transport-Security", "max-age=31536000")
    headers.setdefault("Cache-Control", "no-store")
    return response


def _error_page(status: int, reason: str) -> tuple[str, int]:
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    page = render_template("kit/error.html", status=status, title=translate(title), reason=reason)
    return page, status


def _refused(refusal: Refusal) -> tuple[str, int]:
    return _error_page(refusal.status, translate(refusal.message, **refusal.params))


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    status = error.code or 500
    if status < 400:  # a redirect travels as an exception, too
        return error
    return _error_page(status, translate(_REASONS.get(status, _REASONS[400])))


def _fault(fault: Exception) -> tuple[str, int]:
    log.error("unexpected failure", exc_info=fault)
    return _error_page(500, _(_REASONS[500]))


def install(app: Flask) -> None:
    """Give an application its language, request ids, headers and error pages."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder("translations"))
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=choose_language)
    app.url_map.converters["int"] = IdConverter
    counting.install(app)
    lists.install(app)
    app.before_request(_before)
    app.after_request(_after)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    if not app.testing:
        app.register_error_handler(Exception, _fault)
    app.jinja_env.globals.update(
        language=language,
        languages=LANGUAGES,
        nonce=lambda: g.nonce,
        request_id=lambda: g.request_id,
        session=session,
    )
