"""A PostgreSQL server of the test run's own: started when first asked for, stopped at the end."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SETTINGS = (
    "listen_addresses=''",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


class NoPostgres(RuntimeError):
    """No server program on this machine."""


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    if path is None:
        raise NoPostgres(
            "PostgreSQL is not installed. Install it (Debian: apt-get install postgresql) or set "
            "TEST_POSTGRES_URL to a server whose databases the tests may create and drop, with a "
            "superuser's rights."
        )
    return Path(path).resolve().parent


def _as_owner(command: list[str], folder: Path) -> None:
    """Run a server program; as the postgres user where we are root, which it refuses to run as."""
    user: dict[str, Any] = {}
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    subprocess.run(  # noqa: S603 - programs of the PostgreSQL package
        command, check=True, capture_output=True, cwd=folder, **user
    )


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server in a folder; give the URL of its ``postgres`` database."""
    programs = _programs()
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    init = ["-U", "jobfair", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    _as_owner([str(programs / "initdb"), "-D", str(data), *init], folder)
    options = " ".join(f"-c {s}" for s in _SETTINGS) + f" -k {folder}"
    control = str(programs / "pg_ctl")
    log = str(folder / "log")
    _as_owner([control, "-D", str(data), "-w", "-l", log, "-o", options, "start"], folder)
    try:
        yield f"postgresql+psycopg://jobfair@/postgres?host={folder}"
    finally:
        _as_owner([control, "-D", str(data), "-m", "immediate", "stop"], folder)
