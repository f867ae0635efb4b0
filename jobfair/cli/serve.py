"""``jobfair serve``: the server."""

import click
from waitress import serve as run_server

from jobfair.app import create_app
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.terminal import Terminal, pass_terminal
from jobfair.migrations import schema

THREADS = 16


class NotUpgraded(Refusal):
    """The tables are missing or old."""

    code = "not_upgraded"
    message = N_("The tables are not up to date. Run: jobfair db upgrade")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@pass_terminal
def serve(terminal: Terminal, *, host: str) -> None:
    """Serve this home; PORT= changes the port."""
    if schema.current(terminal.database) != schema.newest_revision():
        raise NotUpgraded
    app = create_app(terminal.settings, terminal.database)
    click.echo(f"http://{host}:{terminal.settings.port}/")
    run_server(app, host=host, port=terminal.settings.port, threads=THREADS, ident=None)
