"""``jobfair doctor``: what is unsafe here, and what to do about it."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import click
from sqlalchemy import func, select

from jobfair.accounts.queries import count_temporary_passwords
from jobfair.config import Settings
from jobfair.kit import audit, clock
from jobfair.kit.db import Database
from jobfair.kit.i18n import N_, translate
from jobfair.kit.servers import count_servers
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.matching.core.kernels import COMPILED, installed
from jobfair.migrations import schema

# WAL-reset: two connections checkpointing at once can lose commits (sqlite.org/changes.html).
_FIXED = ((3, 53, 0), (3, 51, 3), (3, 50, 7), (3, 44, 6))
_FIRST_WITH_FAULT = (3, 7, 0)
_FULL = 2
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LEAST_FREE = 1024**3
_RELEASED = date(2026, 1, 1)
_SKEW = timedelta(seconds=2)
_LEAST_CHARACTERS = 10  # different ones in the secret key; 32 random ones hold more


class Level(StrEnum):
    """How a thing that was looked at stands."""

    GOOD = "good"
    NOTE = "note"  # guarded against, or to be known
    UNSAFE = "unsafe"


_MARKS = {Level.GOOD: "✓", Level.NOTE: "!", Level.UNSAFE: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; the text says what to do where it is not good."""

    code: str
    level: Level
    text: str


def _found(code: str, good: str, bad: str, *, safe: bool, **values: object) -> Finding:
    level = Level.GOOD if safe else Level.UNSAFE
    return Finding(code, level, translate(good if safe else bad, **values))


def wal_reset_fixed(version: tuple[int, int, int]) -> bool:
    """Return whether a SQLite version is free of the WAL-reset fault."""
    if version < _FIRST_WITH_FAULT:
        return True
    if version >= (3, 51, 3):
        return version[:2] != (3, 52) or version >= (3, 53, 0)
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED)


def _sqlite(database: Database) -> Iterator[Finding]:
    if database.path is None:
        return
    fixed = wal_reset_fixed(sqlite3.sqlite_version_info)
    said = (
        N_("SQLite %(version)s.")
        if fixed
        else N_(
            "SQLite %(version)s can lose commits when two programs checkpoint at once. Jobfair's "
            "lock prevents it; let no other program write to the file, or use SQLite 3.51.3."
        )
    )
    level = Level.GOOD if fixed else Level.NOTE
    yield Finding("sqlite_version", level, translate(said, version=sqlite3.sqlite_version))
    yield _sync_level(database, database.path)
    servers = count_servers(database.path)
    yield _found(
        "servers",
        N_("No second server has the database open."),
        N_(
            "%(count)s servers have the same database file open. Stop all but one, or move to "
            "PostgreSQL with JOBFAIR_DATABASE_URL."
        ),
        safe=servers <= 1,
        count=servers,
    )


def _sync_level(database: Database, path: Path) -> Finding:
    found = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        mode = found.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        found.close()
    level = database.sync_level()
    return _found(
        "sync_level",
        N_("Journal %(mode)s, synchronous level %(level)s."),
        N_(
            "Journal %(mode)s, synchronous level %(level)s: a power cut can lose what was saved. "
            "Keep the home on a local disk, let no other program change the database, and start "
            "Jobfair again."
        ),
        safe=mode == "wal" and level == _FULL,
        mode=mode,
        level=level,
    )


def _open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & _OTHERS)


def _key_file(settings: Settings) -> Iterator[Finding]:
    yield _found(
        "key_file",
        N_("The key file is readable by its owner only."),
        N_("Others may read the key file %(path)s. Run: chmod 600 %(path)s"),
        safe=not _open_to_others(settings.key_file),
        path=str(settings.key_file),
    )
    inside = settings.key_file.resolve().is_relative_to(settings.home)
    if settings.environment == "production":
        yield _found(
            "key_place",
            N_("The key file lies outside the home, so no backup of the home holds it."),
            N_(
                "The key file lies inside the home: whoever gets a backup of the home reads "
                "everything in it. Stop the server, move %(path)s to a folder that is backed up "
                "apart, and set JOBFAIR_KEY_FILE to it."
            ),
            safe=not inside,
            path=str(settings.key_file),
        )


def _home(settings: Settings, database: Database) -> Finding:
    files = [database.path] if database.path else []
    exposed = _open_to_others(settings.home) and any(map(_open_to_others, files))
    return _found(
        "home",
        N_("The home is closed to other users of this machine."),
        N_("Other users of this machine may read the database. Run: chmod 700 %(path)s"),
        safe=not exposed,
        path=str(settings.home),
    )


def _secret_key(settings: Settings) -> Finding:
    kept = settings.home / "keys" / "secret.key"
    return _found(
        "secret_key",
        N_("The secret key is long, random and closed to others."),
        N_(
            "The secret key of the sign-in cookies can be guessed or read. Stop the server, unset "
            "JOBFAIR_SECRET_KEY and delete %(path)s: a new one is made at the next start, and "
            "everybody signs in again."
        ),
        safe=len(set(settings.secret_key)) >= _LEAST_CHARACTERS and not _open_to_others(kept),
        path=str(kept),
    )


def _clock(newest: datetime | None) -> Iterator[Finding]:
    yield _found(
        "clock",
        N_("The clock says %(day)s."),
        N_("The clock says %(day)s, before this program was made. Set the clock."),
        safe=clock.today() >= _RELEASED,
        day=clock.today().isoformat(),
    )
    ahead = newest is not None and newest - clock.now() > _SKEW
    yield _found(
        "clock_back",
        N_("The clock has not gone back since the last entry of the audit."),
        N_(
            "The last entry of the audit is from %(instant)s, later than this machine's clock. Set "
            "the clock, and let the system keep it (timedatectl set-ntp true)."
        ),
        safe=not ahead,
        instant=newest.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S") if newest else "",
    )


def _two_clocks(database: Database) -> Iterator[Finding]:
    """Compare with the clock of a database that may run on another machine."""
    if database.path is not None:
        return
    with database.reading() as session:
        theirs: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    apart = abs(theirs - clock.now())
    yield _found(
        "clock_skew",
        N_("This machine and the database agree on the time."),
        N_(
            "This machine and the database differ by %(seconds)s seconds. Let both systems keep "
            "their clocks (timedatectl set-ntp true)."
        ),
        safe=apart <= _SKEW,
        seconds=round(apart.total_seconds()),
    )


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    return _found(
        "disk",
        N_("%(gigabytes)s GB free for data."),
        N_("Only %(gigabytes)s GB free for data. Make room."),
        safe=free > _LEAST_FREE,
        gigabytes=round(free / 1024**3, 1),
    )


def _accounts(settings: Settings, *, demo_data: bool, temporary: int) -> Iterator[Finding]:
    if settings.demo:
        said = N_("A demonstration: anybody with a link may sign in. Do not put it on a network.")
        level = Level.UNSAFE if settings.https else Level.NOTE
        yield Finding("demo_accounts", level, translate(said))
    else:
        yield _found(
            "demo_accounts",
            N_("No demonstration accounts."),
            N_(
                "This database holds a demonstration with its accounts. Start real work in an "
                "empty home: set JOBFAIR_HOME, then run jobfair db upgrade."
            ),
            safe=not demo_data,
        )
    said = (
        N_(
            "Accounts whose temporary password was never changed: %(count)s. Let their owners "
            "sign in and change it, or close them."
        )
        if temporary
        else N_("No account has a password that somebody else chose.")
    )
    level = Level.NOTE if temporary else Level.GOOD
    yield Finding("temporary_passwords", level, translate(said, count=temporary))


def _production(settings: Settings) -> Iterator[Finding]:
    if settings.environment != "production":
        return
    yield _found(
        "https",
        N_("Browsers come over HTTPS."),
        N_(
            "HTTPS is off: passwords cross the network in clear. Put Jobfair behind a server with "
            "a certificate and set JOBFAIR_HTTPS=yes."
        ),
        safe=settings.https,
    )
    yield _found(
        "log_level",
        N_("Logs are kept at level %(level)s."),
        N_("The log level is DEBUG, meant for finding faults only. Set JOBFAIR_LOG_LEVEL=INFO."),
        safe=settings.log_level != "DEBUG",
        level=settings.log_level,
    )


def _kernel() -> Finding:
    """Say which kernel ranks; the result is the same, so neither is unsafe."""
    compiled = installed() == COMPILED
    text = (
        N_("Whole fairs are ranked by the compiled kernel.")
        if compiled
        else N_(
            "Whole fairs are ranked by numpy alone. The compiled kernel gives the same rankings "
            "sooner: install a C compiler (cc), then Jobfair again."
        )
    )
    return Finding("kernel", Level.GOOD, translate(text))


def examine(settings: Settings, database: Database) -> list[Finding]:
    """Return everything looked at in a home, good or not."""
    ready = schema.current(database) == schema.newest_revision()
    newest, demo_data, temporary = None, False, 0
    if ready:
        with database.reading() as session:
            newest = audit.newest_instant(session)
            demo_data = audit.has_acted(session, "demo")
            temporary = count_temporary_passwords(session)
    return [
        *_sqlite(database),
        *_key_file(settings),
        _home(settings, database),
        _secret_key(settings),
        *_accounts(settings, demo_data=demo_data, temporary=temporary),
        *_production(settings),
        *_clock(newest),
        *_two_clocks(database),
        _disk(settings),
        _kernel(),
        _found(
            "tables",
            N_("The tables are up to date."),
            N_("The tables are not up to date. Run: jobfair db upgrade"),
            safe=ready,
        ),
    ]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def doctor(terminal: Terminal, *, as_json: bool) -> None:
    """Name what is unsafe here; exit 1 when something is."""
    found = examine(terminal.settings, terminal.database)
    safe = all(f.level is not Level.UNSAFE for f in found)
    rows = [asdict(f) | {"safe": f.level is not Level.UNSAFE} for f in found]
    lines = [f"{_MARKS[f.level]} {f.text}" for f in found]
    answer({"safe": safe, "findings": rows}, as_json=as_json, text="\n".join(lines))
    if not safe:
        raise SystemExit(1)
