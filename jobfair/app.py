"""Puts the rooms together into one application; wiring only."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from wsgiref.headers import Headers

from flask import Flask, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from whitenoise import WhiteNoise

from jobfair import config
from jobfair.accounts import access
from jobfair.accounts.rules import Permission
from jobfair.accounts.views import bp as accounts_pages
from jobfair.agents.views import agent_of
from jobfair.agents.views import bp as agents_pages
from jobfair.allocations.views import bp as allocations_pages
from jobfair.attendance.views import calls as attendance_calls
from jobfair.capacity.views import bp as capacity_pages
from jobfair.cards.views import bp as cards_pages
from jobfair.charges.views import bp as charges_pages
from jobfair.corrections.views import bp as corrections_pages
from jobfair.departures.devices import check_batch_device
from jobfair.departures.views import bp as departures_pages
from jobfair.departures.views import calls as departures_calls
from jobfair.duties.views import bp as duties_pages
from jobfair.employers.views import bp as employers_pages
from jobfair.fairs.views import bp as fairs_pages
from jobfair.findings.views import bp as findings_pages
from jobfair.follow_ups.views import bp as follow_ups_pages
from jobfair.fulfilment.views import bp as fulfilment_pages
from jobfair.fulfilment.views import promises_in_short, records_of_employers
from jobfair.grants.views import bp as grants_pages
from jobfair.hall.views import bp as hall_pages
from jobfair.hall.views import calls as hall_calls
from jobfair.interviews.views import bp as interviews_pages
from jobfair.interviews.views import calls as interviews_calls
from jobfair.invitations.views import bp as invitations_pages
from jobfair.kit import logs, web
from jobfair.kit.db import Database
from jobfair.kit.home import open_home
from jobfair.kit.i18n import N_, translate
from jobfair.kit.resources import folder
from jobfair.ledgers.views import bp as ledgers_pages
from jobfair.matching.pool import Pool
from jobfair.matching.views import bp as matching_pages
from jobfair.my_day.views import bp as my_day_pages
from jobfair.notices.views import bp as notices_pages
from jobfair.occupations.views import bp as occupations_pages
from jobfair.offers.views import bp as offers_pages
from jobfair.ownership.views import bp as ownership_pages
from jobfair.ownership.views.common import owner_of
from jobfair.paper.views import bp as paper_pages
from jobfair.placements.views import bp as placements_pages
from jobfair.reports.views import bp as reports_pages
from jobfair.retention.views import bp as retention_pages
from jobfair.school.views import bp as school_pages
from jobfair.seekers.views import bp as seekers_pages
from jobfair.small_fairs.views import bp as small_fairs_pages
from jobfair.stations.devices import Devices
from jobfair.stations.views import bp as stations_pages
from jobfair.stations.views import calls as stations_calls
from jobfair.subsidies.views import bp as subsidies_pages
from jobfair.tallies.views import bp as tallies_pages
from jobfair.today.views import bp as today_pages
from jobfair.uplink.calling import check_hall
from jobfair.uplink.courier import Courier
from jobfair.uplink.views import bp as uplink_pages
from jobfair.uplink.views import calls as uplink_calls
from jobfair.uplink.views import day_as_of
from jobfair.venues.views import bp as venues_pages
from jobfair.walk_ins.views import bp as walk_ins_pages
from jobfair.walk_ins.views import calls as walk_ins_calls

_PAGES = (
    today_pages,
    accounts_pages,
    employers_pages,
    seekers_pages,
    cards_pages,
    matching_pages,
    occupations_pages,
    placements_pages,
    ledgers_pages,
    ownership_pages,
    agents_pages,
    follow_ups_pages,
    fulfilment_pages,
    charges_pages,
    departures_pages,
    school_pages,
    grants_pages,
    fairs_pages,
    capacity_pages,
    duties_pages,
    findings_pages,
    retention_pages,
    tallies_pages,
    allocations_pages,
    venues_pages,
    stations_pages,
    offers_pages,
    walk_ins_pages,
    interviews_pages,
    hall_pages,
    small_fairs_pages,
    invitations_pages,
    my_day_pages,
    paper_pages,
    corrections_pages,
    notices_pages,
    subsidies_pages,
    reports_pages,
    uplink_pages,
)
_DEVICE_CALLS = (
    stations_calls,
    attendance_calls,
    walk_ins_calls,
    interviews_calls,
    hall_calls,
    uplink_calls,
    departures_calls,
)
# label, endpoint, what a role needs to see it
_MENU = (
    (N_("Today"), "today.home", Permission.ACCOUNT_SELF),
    (N_("Fairs"), "fairs.fairs", Permission.FAIRS_READ),
    (N_("Employers"), "employers.employers", Permission.EMPLOYERS_READ),
    (N_("Employers' duties"), "fulfilment.duties", Permission.FULFILMENT_READ),
    (N_("Positions"), "employers.positions", Permission.POSITIONS_READ),
    (N_("Seekers"), "seekers.people", Permission.SEEKERS_READ),
    (N_("Placements"), "placements.placements", Permission.PLACEMENTS_READ),
    (N_("Follow-ups"), "follow_ups.work", Permission.PLACEMENTS_READ),
    (N_("Neighbours"), "charges.village", Permission.VILLAGE_WORK),
    (N_("Our people today"), "charges.liaison", Permission.LIAISON_WORK),
    (N_("People in charge"), "charges.charges", Permission.OWNERSHIP_READ),
    (N_("Journeys"), "departures.departures", Permission.DEPARTURES_READ),
    (N_("Subsidies"), "subsidies.claims", Permission.SUBSIDIES_READ),
    (N_("School"), "school.students", Permission.STUDENTS_READ),
    (N_("Reports"), "reports.index", Permission.REPORTS_READ),
    (N_("Weights"), "matching.weights", Permission.WEIGHTS_WRITE),
    (N_("Titles"), "occupations.aliases", Permission.ALIASES_REVIEW),
    (N_("Accounts"), "accounts.users", Permission.ACCOUNTS_INVITE),
)

_ASSET_SECONDS = 365 * 24 * 3600  # their URLs change when they do


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu."""

    label: str
    url: str
    current: bool


def _menu() -> list[MenuItem]:
    here = request.path
    found = []
    for label, endpoint, permission in _MENU:
        if access.may(permission):
            url = url_for(endpoint)
            current = here == url or (url != "/" and here.startswith(url))
            found.append(MenuItem(_(label), url, current))
    return found


def _this_page() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


@cache
def _asset(name: str) -> str:
    """Return a static file's URL with its age, so that a browser may keep it for a year.

    The files are taken as they are when the program starts, and so is their age.
    """
    path = folder("static") / name
    stamp = int(path.stat().st_mtime) if path.exists() else 0
    return f"/static/{name}?v={stamp}"


def _serve_assets(app: Flask) -> None:
    """Send style, scripts and pictures before any page is asked, pressed where the browser may."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder("static")),
        prefix="static/",
        max_age=_ASSET_SECONDS,
        allow_all_origins=False,
        add_headers_function=_asset_headers,
    )


def _asset_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def create_app(settings: config.Settings, database: Database | None = None) -> Flask:
    """Build the application of one home."""
    app = Flask("jobfair", static_folder=None, template_folder=str(folder("templates")))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        MAX_CONTENT_LENGTH=settings.upload_mb * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # the session's own end is the limit: no form dies while typed
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Chinese in a third of the bytes
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["translated"] = translate
    app.extensions["jobfair.database"] = database or open_home(settings)
    app.extensions["jobfair.pool"] = Pool(app.extensions["jobfair.database"])
    app.extensions["jobfair.courier"] = Courier(app.extensions["jobfair.database"])
    if settings.environment != "test":
        logs.set_up(settings.log_level)
    web.install(app)
    csrf = CSRFProtect(app)
    access.install(
        app,
        {
            Permission.STATION: Devices().check,
            Permission.BATCH_STATION: check_batch_device,
            Permission.UPLINK: check_hall,
        },
    )
    app.jinja_env.globals.update(
        nav_items=_menu,
        this_page=_this_page,
        asset=_asset,
        demo=lambda: settings.demo,
        day_as_of=day_as_of,
        promises_in_short=promises_in_short,
        records_of_employers=records_of_employers,
        owner_of=owner_of,
        agent_of=agent_of,
        version=cache(lambda: version("jobfair")),  # read from a file: once, not at every page
        page_refused=lambda: request.method == "POST",
    )
    for pages in _PAGES:
        app.register_blueprint(pages)
    for calls in _DEVICE_CALLS:
        app.register_blueprint(calls)
        csrf.exempt(calls)  # they show a secret that no browser adds by itself
    _serve_assets(app)
    return app
