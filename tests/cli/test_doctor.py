"""The doctor finds each fault that is planted, says what to do, and finds none in a clean home."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, cast

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from jobfair.accounts.rules import Role
from jobfair.accounts.services import UserDraft, create_user
from jobfair.cli.doctor import doctor, wal_reset_fixed
from jobfair.config import Settings
from jobfair.kit import audit, clock
from jobfair.kit.db import Database
from jobfair.kit.servers import count_servers, serving
from jobfair.kit.terminal import Terminal
from jobfair.migrations import schema
from tests.factories import Make

_HEALTHY = (3, 51, 3)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@dataclass
class Home:
    """A home that a test may spoil."""

    settings: Settings
    database: Database
    make: Make
    patch: pytest.MonkeyPatch
    running: ExitStack

    def examine(self, *words: str, language: str = "en") -> Result:
        """Run the command on it."""
        terminal = Terminal(language)
        terminal.__dict__.update(settings=self.settings, database=self.database)
        with terminal.speaking():
            return CliRunner().invoke(doctor, words, obj=terminal)

    def levels(self) -> dict[str, str]:
        """Return what it finds, by code."""
        found = json.loads(self.examine("--json").stdout)
        return {finding["code"]: finding["level"] for finding in found["findings"]}


@pytest.fixture
def clean(
    settings: Settings, database: Database, make: Make, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    """A home in production as it should be; the key file lies elsewhere."""
    settings.home.chmod(0o700)
    safe = replace(settings, environment="production", https=True, secret_key="k3Y-9fQw7-zL0pX" * 3)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", _HEALTHY)
    make.user(Role.ADMIN)
    with ExitStack() as running:
        yield Home(safe, database, make, monkeypatch, running)


def test_a_clean_home_has_no_fault(clean: Home) -> None:
    assert set(clean.levels().values()) == {"good"}
    answer = clean.examine("--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["safe"]
    assert "✗" not in clean.examine().stdout


def _old_sqlite(home: Home) -> None:
    home.patch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))


def _careless_sync(home: Home) -> None:
    with home.database._writer.connect() as held:
        raw = cast(sqlite3.Connection, held.connection.dbapi_connection)
        raw.execute("PRAGMA synchronous=NORMAL")


def _second_server(home: Home) -> None:
    assert home.database.path
    for _ in range(2):
        home.running.enter_context(serving(home.database.path))


def _readable_key(home: Home) -> None:
    copy = home.settings.home.parent / "copied-keys.json"
    shutil.copy(home.settings.key_file, copy)
    copy.chmod(0o644)
    home.settings = replace(home.settings, key_file=copy)


def _key_in_the_home(home: Home) -> None:
    copy = home.settings.home / "keys" / "data-keys.json"
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(home.settings.key_file, copy)
    home.settings = replace(home.settings, key_file=copy)


def _open_home(home: Home) -> None:
    home.settings.home.chmod(0o755)
    assert home.database.path
    home.database.path.chmod(0o644)


def _weak_secret(home: Home) -> None:
    home.settings = replace(home.settings, secret_key="abcd" * 10)


def _readable_secret(home: Home) -> None:
    kept = home.settings.home / "keys" / "secret.key"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(home.settings.secret_key, encoding="ascii")
    kept.chmod(0o644)


def _demonstration(home: Home) -> None:
    audit.act_as(None, "demo")
    home.make.user(Role.CLERK)


def _demonstration_on_a_network(home: Home) -> None:
    home.settings = replace(home.settings, environment="demo")


def _temporary_password(home: Home) -> None:
    draft = UserDraft("new.clerk", "某某", "planted-horse-8")
    office = home.make.office()
    with home.database.writing() as session:
        create_user(
            session, draft, organisation_id=office, role=Role.CLERK, must_change_password=True
        )


def _no_https(home: Home) -> None:
    home.settings = replace(home.settings, https=False)


def _debug(home: Home) -> None:
    home.settings = replace(home.settings, log_level="DEBUG")


def _at(home: Home, shift: timedelta) -> None:
    then = clock.now() + shift
    home.patch.setattr(clock, "now", lambda: then)


def _dead_battery(home: Home) -> None:
    _at(home, timedelta(days=-365 * 40))


def _clock_back(home: Home) -> None:
    _at(home, timedelta(minutes=-5))


def _skew(home: Home) -> None:
    _at(home, timedelta(seconds=30))


def _full_disk(home: Home) -> None:
    home.patch.setattr(shutil, "disk_usage", lambda _path: _Usage(10**12, 10**12, 10**8))


def _old_tables(home: Home) -> None:
    with home.database.schema() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))


_SQLITE_ONLY = frozenset({"sqlite_version", "sync_level", "servers", "home"})
_NOTES = frozenset({"sqlite_version", "temporary_passwords"})
FAULTS: list[tuple[str, Callable[[Home], None]]] = [
    ("sqlite_version", _old_sqlite),
    ("sync_level", _careless_sync),
    ("servers", _second_server),
    ("key_file", _readable_key),
    ("key_place", _key_in_the_home),
    ("home", _open_home),
    ("secret_key", _weak_secret),
    ("secret_key", _readable_secret),
    ("demo_accounts", _demonstration),
    ("demo_accounts", _demonstration_on_a_network),
    ("temporary_passwords", _temporary_password),
    ("https", _no_https),
    ("log_level", _debug),
    ("clock", _dead_battery),
    ("clock_back", _clock_back),
    ("clock_skew", _skew),
    ("disk", _full_disk),
]


@pytest.mark.parametrize(
    ("code", "spoil"), FAULTS, ids=[spoil.__name__.strip("_") for _code, spoil in FAULTS]
)
def test_each_fault_is_found_and_the_line_says_what_to_do(
    clean: Home, code: str, spoil: Callable[[Home], None], kind: str
) -> None:
    if (code in _SQLITE_ONLY and kind != "sqlite") or (code == "clock_skew" and kind == "sqlite"):
        pytest.skip("concerns the other database")
    good = clean.examine().stdout.splitlines()
    spoil(clean)
    level = "note" if code in _NOTES else "unsafe"
    assert clean.levels()[code] == level
    answer = clean.examine()
    assert answer.exit_code == (0 if level == "note" else 1)
    told = [line for line in answer.stdout.splitlines() if line[0] in "✗!" and line not in good]
    assert told
    chinese = clean.examine(language="zh").stdout.splitlines()
    assert all(_CHINESE.search(line) for line in chinese if line[0] in "✗!")


def test_old_tables_are_found(clean: Home) -> None:
    _old_tables(clean)
    try:
        assert clean.levels()["tables"] == "unsafe"
        assert "jobfair db upgrade" in clean.examine().stdout
    finally:
        with clean.database.schema() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :now"),
                {"now": schema.newest_revision()},
            )


def test_servers_are_counted_while_they_run(tmp_path: Path) -> None:
    path = tmp_path / "jobfair.db"
    assert count_servers(path) == 0
    with serving(path):
        assert count_servers(path) == 1
        with serving(path):
            assert count_servers(path) == 2
        assert count_servers(path) == 1
    assert count_servers(path) == 0


def test_before_there_was_a_log_there_was_no_fault_in_it() -> None:
    assert wal_reset_fixed((3, 6, 23))
    assert not wal_reset_fixed((3, 7, 0))


@pytest.mark.parametrize(
    ("kernel", "said"), [("compiled", "compiled kernel"), ("numpy", "install a C compiler")]
)
def test_the_kernel_of_the_rankings_is_named(clean: Home, kernel: str, said: str) -> None:
    clean.patch.setattr("jobfair.cli.doctor.installed", lambda: kernel)
    assert said in clean.examine().stdout
    assert clean.levels()["kernel"] == "good"
