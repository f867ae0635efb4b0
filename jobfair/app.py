"""Puts the rooms together into one application; wiring only."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from jobfair import config
from jobfair.accounts import access
from jobfair.accounts.views import bp as accounts_pages
from jobfair.employers.views import bp as employers_pages
from jobfair.fairs.views import bp as fairs_pages
from jobfair.kit import logs, web
from jobfair.kit.db import Database
from jobfair.kit.home import open_home
from jobfair.kit.resources import folder
from jobfair.matching.views import bp as matching_pages
from jobfair.placements.views import bp as placements_pages
from jobfair.reports.views import bp as reports_pages
from jobfair.school.views import bp as school_pages
from jobfair.seekers.views import bp as seekers_pages
from jobfair.today.views import bp as today_pages

_PAGES = (
    today_pages,
    accounts_pages,
    employers_pages,
    seekers_pages,
    matching_pages,
    placements_pages,
    school_pages,
    fairs_pages,
    reports_pages,
)


def create_app(settings: config.Settings, database: Database | None = None) -> Flask:
    """Build the application of one home."""
    app = Flask(
        "jobfair",
        static_folder=str(folder("static")),
        template_folder=str(folder("templates")),
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        MAX_CONTENT_LENGTH=settings.upload_mb * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        WTF_CSRF_TIME_LIMIT=None,  # the session's own end is the limit: no form dies while typed
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["jobfair.database"] = database or open_home(settings)
    if settings.environment != "test":
        logs.set_up(settings.log_level)
    web.install(app)
    CSRFProtect(app)
    access.install(app)
    for pages in _PAGES:
        app.register_blueprint(pages)
    return app
