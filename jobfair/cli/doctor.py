"""``jobfair doctor``: what is unsafe here, and what to do about it."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

import click

from jobfair.config import Settings
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.migrations import schema

# WAL-reset: two connections checkpointing at once can lose commits (sqlite.org/changes.html).
_FIXED = ((3, 53, 0), (3, 51, 3), (3, 50, 7), (3, 44, 6))
_FULL = 2
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LEAST_FREE = 1024**3
_RELEASED = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``safe`` is False where something must be done."""

    code: str
    safe: bool
    text: str


def wal_reset_fixed(version: tuple[int, int, int]) -> bool:
    """Return whether a SQLite version is free of the WAL-reset fault."""
    if version >= (3, 51, 3):
        return version[:2] != (3, 52) or version >= (3, 53, 0)
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED)


def _sqlite(database: Database) -> Iterator[Finding]:
    if database.path is None:
        return
    version = sqlite3.sqlite_version
    fixed = wal_reset_fixed(sqlite3.sqlite_version_info)
    if fixed:
        said = N_("SQLite %(version)s.")
    else:
        said = N_(
            "SQLite %(version)s can lose commits when two programs checkpoint at once. Jobfair's "
            "lock prevents it; let no other program write to the file, or use SQLite 3.51.3."
        )
    yield Finding("sqlite_version", True, translate(said, version=version))
    found = sqlite3.connect(f"file:{database.path}?mode=ro", uri=True)
    try:
        mode = found.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        found.close()
    level = database.sync_level()
    yield Finding(
        "sync_level",
        mode == "wal" and level == _FULL,
        translate(N_("Journal %(mode)s, synchronous level %(level)s."), mode=mode, level=level),
    )


def _key_file(settings: Settings) -> Iterator[Finding]:
    rights = stat.S_IMODE(settings.key_file.stat().st_mode)
    safe = not rights & _OTHERS
    said = (
        N_("The key file is readable by its owner only.")
        if safe
        else N_("Others may read the key file %(path)s. Run: chmod 600 %(path)s")
    )
    yield Finding("key_file", safe, translate(said, path=str(settings.key_file)))


def _clock() -> Iterator[Finding]:
    safe = clock.today() >= _RELEASED
    said = (
        N_("The clock says %(day)s.")
        if safe
        else N_("The clock says %(day)s, before this program was made. Set the clock.")
    )
    yield Finding("clock", safe, translate(said, day=clock.today().isoformat()))


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.home).free
    safe = free > _LEAST_FREE
    said = (
        N_("%(gigabytes)s GB free for data.")
        if safe
        else N_("Only %(gigabytes)s GB free for data. Make room.")
    )
    yield Finding("disk", safe, translate(said, gigabytes=round(free / 1024**3, 1)))


def _secrets(settings: Settings) -> Iterator[Finding]:
    safe = not (settings.demo and settings.https)
    said = (
        N_("A demonstration: anybody with a link may sign in. Do not put it on a network.")
        if settings.demo
        else N_("No demonstration accounts.")
    )
    yield Finding("demo_accounts", safe, translate(said))


def _tables(database: Database) -> Iterator[Finding]:
    found = schema.current(database)
    safe = found == schema.newest_revision()
    said = (
        N_("The tables are up to date.")
        if safe
        else N_("The tables are not up to date. Run: jobfair db upgrade")
    )
    yield Finding("tables", safe, translate(said))


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def doctor(terminal: Terminal, *, as_json: bool) -> None:
    """Name what is unsafe here; exit 1 when something is."""
    settings, database = terminal.settings, terminal.database
    found = [
        *_sqlite(database),
        *_key_file(settings),
        *_secrets(settings),
        *_clock(),
        *_disk(settings),
        *_tables(database),
    ]
    lines = [f"{'✓' if f.safe else '✗'} {f.text}" for f in found]
    payload = {"safe": all(f.safe for f in found), "findings": [asdict(f) for f in found]}
    answer(payload, as_json=as_json, text="\n".join(lines))
    if not payload["safe"]:
        raise SystemExit(1)
