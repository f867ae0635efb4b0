"""``jobfair db``, ``jobfair audit``, ``jobfair routes``."""

from pathlib import Path

import click

from jobfair.accounts.cli import list_routes
from jobfair.app import create_app
from jobfair.kit import audit
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.migrations import schema
from jobfair.regions import services as regions

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group("db")
def db_group() -> None:
    """Create, upgrade and check the tables."""


@db_group.command("upgrade")
@_JSON
@pass_terminal
def upgrade(terminal: Terminal, *, as_json: bool) -> None:
    """Bring the database to the newest revision; creates it when there is none."""
    revision = schema.upgrade(terminal.database)
    with terminal.database.writing() as session:
        regions.load_seed(session)
    answer({"revision": revision}, as_json=as_json, text=revision)


@db_group.command("check")
@_JSON
@pass_terminal
def check(terminal: Terminal, *, as_json: bool) -> None:
    """Compare the tables with the models; exit 1 when they differ."""
    found = schema.differences(terminal.database)
    revision = schema.current(terminal.database)
    text = "\n".join(found) or str(revision)
    answer({"revision": revision, "differences": found}, as_json=as_json, text=text)
    if found or revision != schema.newest_revision():
        raise SystemExit(1)


@click.group("audit")
def audit_group() -> None:
    """Check the audit chain."""


@audit_group.command("verify")
@click.option(
    "--digest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a head kept elsewhere, to compare.",
)
@_JSON
@pass_terminal
def verify(terminal: Terminal, *, digest: Path | None, as_json: bool) -> None:
    """Walk the chain; exit 1 when a link does not hold or the kept head is not in it."""
    kept = digest.read_text(encoding="ascii").strip() if digest else None
    with terminal.database.reading() as session:
        verdict = audit.verify(session, kept_head=kept)
    found = {
        "entries": verdict.entries,
        "valid": verdict.valid,
        "head": verdict.head,
        "first_bad": verdict.first_bad,
    }
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
    if not verdict.valid:
        raise SystemExit(1)


@click.command("routes")
@click.option("--permissions", is_flag=True, help="With the permission and scope of each.")
@_JSON
@pass_terminal
def routes(terminal: Terminal, *, permissions: bool, as_json: bool) -> None:
    """List every page with who may open it."""
    rows = list_routes(create_app(terminal.settings, terminal.database))
    if not permissions:
        rows = [{k: r[k] for k in ("rule", "methods")} for r in rows]
    lines = ("\t".join(str(value) for value in row.values()) for row in rows)
    answer({"routes": rows}, as_json=as_json, text="\n".join(lines))
