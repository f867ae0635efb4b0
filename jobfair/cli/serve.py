"""``jobfair serve``: the server."""

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from waitress import serve as run_server

from jobfair.app import create_app
from jobfair.config import Settings
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_, translate
from jobfair.kit.servers import serving
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.migrations import schema

THREADS = 64
HALL_THREADS = 48  # every phone keeps a connection open, and with it a thread
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TRUST = N_(
    "Phones trust this hall once, by %(page)s (they must be in its network). Fingerprint:\n"
    "%(fingerprint)s"
)


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


def must_be_upgraded(database: Database) -> None:
    """Go on only with tables as this program knows them.

    Raises:
        NotUpgraded: they are missing or old.
    """
    if schema.current(database) != schema.newest_revision():
        raise NotUpgraded


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


def _serve_hall(
    terminal: Terminal,
    *,
    host: str,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    from jobfair.cli.hall import over_https, prepare, serve_hall  # noqa: PLC0415 - only here

    settings = over_https(terminal.settings)
    hall = prepare(settings, names=names, certificate=certificate, key=key)
    app = create_app(settings, terminal.database)
    click.echo(f"{hall.address}/")
    if hall.own is not None:
        page = f"http://{urlsplit(hall.address).hostname}:{settings.port + 1}/"
        click.echo(translate(_TRUST, page=page, fingerprint=hall.own.fingerprint))
    app.extensions["jobfair.courier"].start()
    with serving(terminal.database.path):
        serve_hall(app, hall, host=host, threads=HALL_THREADS)


@click.command("serve")
@click.option("--host", help="Address to listen on: 127.0.0.1, with --hall every address.")
@click.option("--hall", is_flag=True, help="Serve a venue's own network over HTTPS.")
@click.option("--name", "names", multiple=True, help="With --hall: a name it is reached by.")
@click.option("--certificate", type=_FILE, help="With --hall: a certificate brought along, PEM.")
@click.option("--key", type=_FILE, help="The private key of that certificate, PEM.")
@pass_terminal
def serve(
    terminal: Terminal,
    *,
    host: str | None,
    hall: bool,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Serve this home; PORT= changes the port."""
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together")
    port = terminal.settings.port
    host = host or ("0.0.0.0" if hall else "127.0.0.1")  # noqa: S104 - the phones of a venue
    must_be_free(host, port)
    must_be_upgraded(terminal.database)
    if hall:
        _serve_hall(terminal, host=host, names=names, certificate=certificate, key=key)
        return
    app = create_app(terminal.settings, terminal.database)
    click.echo(f"http://{host}:{port}/")
    listen(app, terminal.database, host=host)
