"""``jobfair serve``: the server."""

import socket
from typing import Any

import click
from flask import Flask
from waitress import serve as run_server

from jobfair.app import create_app
from jobfair.config import Settings
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.servers import serving
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.migrations import schema

THREADS = 16


class NotUpgraded(Refusal):
    """The tables are missing or old."""

    code = "not_upgraded"
    message = N_("The tables are not up to date. Run: jobfair db upgrade")


class PortTaken(Refusal):
    """Another program listens there."""

    code = "port_taken"
    message = N_("Port %(port)s cannot be used here. Choose another: PORT=8080")


def must_be_free(host: str, port: int) -> None:
    """Go on only where a server can listen.

    Raises:
        PortTaken: another program has the port, or it is not ours to use.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortTaken(port=port) from fault


def behind_a_proxy(*, https: bool) -> dict[str, Any]:
    """Return what the server believes of the one that holds the certificate in front of it.

    Without it every visitor would come from that server's address and share one limit of guesses,
    and links would begin with http. With HTTPS off nothing a visitor claims is believed.
    """
    if not https:
        return {}
    return {
        "trusted_proxy": "*",
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"},
    }


def listen(app: Flask, database: Database, *, host: str) -> None:
    """Serve until interrupted, on the port of the settings."""
    settings: Settings = app.config["SETTINGS"]
    with serving(database.path):
        run_server(
            app,
            host=host,
            port=settings.port,
            threads=THREADS,
            ident=None,
            **behind_a_proxy(https=settings.https),
        )


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@pass_terminal
def serve(terminal: Terminal, *, host: str) -> None:
    """Serve this home; PORT= changes the port."""
    port = terminal.settings.port
    must_be_free(host, port)
    if schema.current(terminal.database) != schema.newest_revision():
        raise NotUpgraded
    app = create_app(terminal.settings, terminal.database)
    click.echo(f"http://{host}:{port}/")
    listen(app, terminal.database, host=host)
