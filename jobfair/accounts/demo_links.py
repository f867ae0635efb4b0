"""One-tap sign-in for a demonstration home; answers as a missing page anywhere else."""

from flask import Flask, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from jobfair.accounts import queries
from jobfair.accounts.rules import Role
from jobfair.config import Settings
from jobfair.kit.db import Database
from jobfair.kit.errors import NotFound


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt="demo sign-in")


def demo_links(app: Flask) -> list[tuple[Role, str]]:
    """Return role and path of a link that signs in its first user, for each role; demo only."""
    settings: Settings = app.config["SETTINGS"]
    database: Database = app.extensions["jobfair.database"]
    if not settings.demo:
        return []
    with database.reading() as session:
        users = queries.first_users_by_role(session)
    with app.test_request_context():
        return [
            (role, url_for("accounts.demo_sign_in", demo_token=_signer(settings).dumps(user_id)))
            for role, user_id in users.items()
        ]


def user_of_link(settings: Settings, demo_token: str) -> int:
    """Return the user a link signs in.

    Raises:
        NotFound: not a demonstration home, or not a link of this one.
    """
    if not settings.demo:
        raise NotFound
    try:
        found: object = _signer(settings).loads(demo_token)
    except BadSignature as fault:
        raise NotFound from fault
    if not isinstance(found, int):
        raise NotFound
    return found
