"""The page a station works with: installable, and complete before it says that it is paired."""

import hashlib
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow
from jobfair.kit.resources import folder
from jobfair.kit.web import allow_compiled
from jobfair.stations.views.common import calls
from jobfair.stations.words import in_every_language

# What the page is made of, below ``static``.
_ASSETS = (
    "vendor/station.js",
    "vendor/app.css",
    "vendor/zxing_reader.js",
    "vendor/zxing_reader.wasm",
    "img/icon.svg",
)
_PAGE = "stations/device.html"


def _version() -> str:
    """Return what changes when anything of the page does: twelve digits of a digest."""
    known: str | None = current_app.extensions.get("jobfair.station_version")
    if known is None:
        content = hashlib.sha256(repr(in_every_language()).encode())
        for path in [folder("templates") / _PAGE, *(folder("static") / n for n in _ASSETS)]:
            content.update(path.read_bytes())
        known = content.hexdigest()[:12]
        current_app.extensions["jobfair.station_version"] = known
    return known


@calls.route("/")
@allow(Permission.PUBLIC)
def page() -> str:
    """Show the page; it holds nothing of anybody and works for whichever station pairs."""
    allow_compiled()
    return render_template(_PAGE, words=in_every_language(), shell_version=_version())


@calls.route("/sw.js")
@allow(Permission.PUBLIC)
def worker() -> Response:
    """Send the service worker: a new one whenever the page's version is."""
    script = render_template("stations/worker.js", assets=_ASSETS, shell_version=_version())
    answer = make_response(script)
    answer.mimetype = "text/javascript"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@calls.route("/manifest.webmanifest")
@allow(Permission.PUBLIC)
def manifest() -> Response:
    """Say how the page is installed on a phone."""
    icon = {"src": "/static/img/icon.svg", "sizes": "any", "type": "image/svg+xml"}
    said: dict[str, Any] = {
        "name": _("Jobfair station"),
        "short_name": _("Jobfair"),
        "start_url": url_for("station_calls.page"),
        "scope": url_for("station_calls.page"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5a6b",
        "icons": [icon],
    }
    answer = jsonify(said)
    answer.mimetype = "application/manifest+json"
    return answer
