"""Fixtures: real databases of both kinds, the application, signed-in people; what always runs."""

import gc
import logging
import os
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine, make_url, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from jobfair import config
from jobfair.accounts import passwords
from jobfair.app import create_app
from jobfair.kit import audit, crypto, db
from jobfair.kit.db import Base, Database
from jobfair.migrations import schema
from jobfair.regions import services as regions
from tests import alarm, axe, postgres
from tests.factories import Make
from tests.interviews.booth import Fair, make_booth
from tests.planted import holds_personal_data

# A slow machine is no failed property; speed is measured by the bench, not here.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KINDS = ("sqlite", "postgresql")
_TESTS = Path(__file__).parent
# Loaded once and never changed by a test.
_SEEDED = {"division", "twinning", "alembic_version"}


def _every_time(item: pytest.Item) -> bool:
    """Return whether a test runs every time, and not only with EVERY_SIDE=1 (make test-sides).

    A journey in a browser is walked in Chinese on a phone or in English on a desk's screen, by its
    name; every page of the menu is seen in Chinese by all and in English by two. What is killed
    half-way is so on one database for seekers and on the other for placements.
    """
    said: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    name: str = getattr(item, "originalname", item.name)
    if item.get_closest_marker("browser") and "language" in said:
        if "width" in said:
            return (said["language"] == "zh") == (zlib.crc32(name.encode()) % 2 == 0)
        return said["language"] == "zh" or said.get("role") in {"administrator", "recruiter"}
    if name == "test_killed_half_way_and_run_again_ends_as_one_run":
        return (said["what"] == "seekers") == (said["kind"] == "postgresql")
    return True


# Where the database is the judge: who waits for whom, what is durable, what is kept apart.
_BOTH_DATABASES = frozenset(
    {"attendance", "bars", "controls", "kit", "offers", "queues", "regions", "stations", "uplink"}
)


def _on_this_database(item: pytest.Item, both: Container[str]) -> bool:
    """Return whether a test of pages and rules runs on this database every time.

    By its name it is SQLite or PostgreSQL; both with EVERY_SIDE=1.

    Args:
        item: the test.
        both: what tests are called that could run on either, without the database.
    """
    kind = _database_of(item)
    room = item.path.relative_to(_TESTS).parts[0]
    if kind is None or _apart_from(item, kind) not in both or room in _BOTH_DATABASES:
        return True
    return (kind == "sqlite") == (zlib.crc32(_apart_from(item, kind).encode()) % 2 == 0)


def _database_of(item: pytest.Item) -> str | None:
    said: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    kind = said.get("kind")
    return kind if isinstance(kind, str) else None


def _apart_from(item: pytest.Item, kind: str) -> str:
    return item.nodeid.replace(kind, "", 1)


def _on_either(items: Iterable[pytest.Item]) -> set[str]:
    found = Counter(
        _apart_from(item, kind) for item in items if (kind := _database_of(item)) is not None
    )
    return {name for name, count in found.items() if count > 1}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin the files that take minutes first, or one worker is left alone with them at the end."""
    if "EVERY_SIDE" not in os.environ:
        both = _on_either(items)
        kept: list[pytest.Item] = []
        left: list[pytest.Item] = []
        for one in items:
            runs = _every_time(one) and _on_this_database(one, both)
            (kept if runs else left).append(one)
        config.hook.pytest_deselected(items=left)
        items[:] = kept
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_configure() -> None:
    """Look for garbage less often: with so many objects that stay, it takes a sixth of the time."""
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """Let whoever looks for garbage pass by what has been read so far."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report what the pages weigh that the browser tests looked at."""
    weights: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == "page weights":
                weights |= {path: max(n, weights.get(path, 0)) for path, n in value.items()}
    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:5]
    for path, weight in heaviest:
        terminalreporter.write_line(f"page weight: {weight / 1000:6.0f} kB {path}")


@pytest.fixture(scope="session", autouse=True)
def listening() -> Iterator[alarm.Listener]:
    """Hear every log line of the run."""
    listener = alarm.Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield listener
    root.removeHandler(listener)


@pytest.fixture(autouse=True)
def no_leak_in_logs(listening: alarm.Listener) -> Iterator[None]:
    """Fail the test during which a personal value was logged."""
    listening.leaks.clear()
    yield
    if listening.leaks:
        raise alarm.PersonalDataLeaked("; ".join(listening.leaks))


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords at argon2's least cost; give the program's own hasher to who tests that."""
    real = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield real


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The pages' compiled templates, made once and not by every test's own application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture(scope="session", autouse=True)
def compiled_routes() -> Iterator[None]:
    """Compile each route once, and not for every test's own application."""
    compile_rule, compile_builder = Rule.compile, Rule._compile_builder
    known: dict[tuple[object, ...], tuple[Rule, Any, Any]] = {}

    def remembered(rule: Rule) -> None:
        asked = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        if asked not in known:
            compile_rule(rule)
            known[asked] = rule, compile_builder(rule, False), compile_builder(rule, True)
        first, build, build_unknown = known[asked]
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments = set(first.arguments)
        rule._build = build.__get__(rule, None)
        rule._build_unknown = build_unknown.__get__(rule, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """Compile each statement once, as a server does, and not for every test's own engines."""
    first: dict[str, Engine] = {}

    def alike(*args: Any, **kwargs: Any) -> Engine:
        made = create_engine(*args, **kwargs, query_cache_size=10_000)
        same = first.get(made.dialect.name)
        if same is None or same.dialect.server_version_info is None:
            first[made.dialect.name] = made  # none yet that has reached its server
        else:
            # What is compiled is kept under the dialect that it was compiled for.
            made.dialect, made._compiled_cache = same.dialect, same._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "create_engine", alike)
        yield


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key file of the run, outside every home."""
    path = tmp_path_factory.mktemp("keys") / "data-keys.json"
    crypto.create_key_file(path)
    return path


def _fill(database: Database) -> None:
    schema.create(database)
    with database.writing() as session:
        regions.load_seed(session)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Path:
    """A ready database file to copy: far quicker than making the tables again."""
    crypto.use_vault(crypto.open_vault(keys))
    path = tmp_path_factory.mktemp("template") / "jobfair.db"
    database = Database(f"sqlite:///{path}", before_commit=(audit.seal_chain,))
    _fill(database)
    with database.writing() as session:
        session.execute(text("SELECT 1"))
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server whose databases this worker may create."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="jobfair-pg-", dir="/tmp"))
    try:
        with postgres.server(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str, keys: Path, worker_id: str) -> Iterator[Engine]:
    """This worker's database, tables made, seed loaded; for who looks at it from outside."""
    crypto.use_vault(crypto.open_vault(keys))
    name = f"jobfair_{worker_id}"
    root = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    database = Database(url, before_commit=(audit.seal_chain,))
    _fill(database)
    database.close()
    root.dispose()
    engine = create_engine(url)
    yield engine
    engine.dispose()


def _changed_tables() -> list[str]:
    return [t.name for t in Base.metadata.sorted_tables if t.name not in _SEEDED]


def _filled_tables(engine: Engine) -> list[str]:
    """Return the tables in which a test left rows: few, and the rest need no emptying."""
    each = (
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608 - our own names
        for name in _changed_tables()
    )
    with engine.connect() as connection:
        return list(connection.execute(text(" UNION ALL ".join(each))).scalars())


def _empty(engine: Engine, tables: list[str]) -> None:
    """Delete every row and begin ids anew.

    A TRUNCATE would make new files for these tables and for all that refer to them, which takes
    longer than most tests. A replica checks no references and runs no triggers.
    """
    steps = ["SET LOCAL session_replication_role = replica"]
    steps += [f'DELETE FROM "{name}"' for name in tables]  # noqa: S608 - our own names
    steps += [
        f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), 1, false)"
        for name in tables
        if "id" in Base.metadata.tables[name].columns
    ]
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join(steps))


def _look_and_empty(engine: Engine) -> None:
    filled = _filled_tables(engine)
    leaks = alarm.look_into_database(engine, filled)
    if filled:
        _empty(engine, filled)
    if leaks:
        raise alarm.PersonalDataLeaked("; ".join(sorted(set(leaks))))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test uses."""
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of this test; everything written into it is searched for personal values."""
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def database(
    kind: str, home: Path, keys: Path, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database of its own with all tables and the code lists, searched for leaks afterwards."""
    crypto.use_vault(crypto.open_vault(keys))
    audit.act_as(None, "test")
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "jobfair.db")
        url = f"sqlite:///{home / 'jobfair.db'}"
    else:
        engine = request.getfixturevalue("postgres_engine")
        url = engine.url.render_as_string(hide_password=False)
    found = Database(url, before_commit=(audit.seal_chain,))
    yield found
    found.close()
    if kind == "postgresql":
        _look_and_empty(engine)
    leaks = alarm.look_into_folder(home)
    if leaks:
        raise alarm.PersonalDataLeaked("; ".join(sorted(set(leaks))))


@pytest.fixture
def settings(home: Path, keys: Path, database: Database) -> config.Settings:
    """The settings of this test's home."""
    return config.load(
        {
            "JOBFAIR_HOME": str(home),
            "JOBFAIR_DATABASE_URL": database.url,
            "JOBFAIR_KEY_FILE": str(keys),
            "JOBFAIR_SECRET_KEY": "t" * 40,
        },
        environment="test",
    )


class WatchedClient(FlaskClient):
    """A test client that fails on a personal value in a URL, asked for or redirected to."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        answer: TestResponse = super().open(*args, **kwargs)  # type: ignore[arg-type]
        for step in (*answer.history, answer):
            for url in (step.request.url, step.headers.get("Location", "")):
                found = holds_personal_data(unquote(url))
                if found:
                    raise alarm.PersonalDataLeaked(f"{found} in a URL")
        return answer


@pytest.fixture
def app(
    settings: config.Settings, database: Database, compiled_pages: FileSystemBytecodeCache
) -> Flask:
    """The application on this test's database; forms need no CSRF token here."""
    made = create_app(settings, database)
    made.jinja_env.bytecode_cache = compiled_pages
    made.config["WTF_CSRF_ENABLED"] = False
    made.config["IMPORT_PATIENCE"] = 300  # an import is done when its page answers
    made.config["STREAM_SECONDS"] = 0  # who reads a stream to its end reads one event
    made.test_client_class = WatchedClient
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def make(database: Database) -> Make:
    """Builds the smallest valid thing of each kind through the real services."""
    return Make(database)


@pytest.fixture
def fair(
    database: Database, client: FlaskClient, make: Make, request: pytest.FixtureRequest
) -> Fair:
    """Everything that a booth takes; the first position has as many posts as the test asks for."""
    return make_booth(database, client, make, posts=getattr(request, "param", 1))


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Callable[..., FlaskClient]:
    """Give a client signed in as a role: ``sign_in("clerk", division="520502")``."""

    def enter(role: str, **where: Any) -> FlaskClient:
        user = make.user(role, **where)
        client = app.test_client()
        client.set_cookie("language", "en")
        answer = client.post("/sign-in", data={"login": user.login, "password": make.password})
        assert answer.status_code == 302, answer.text
        return client

    return enter


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium: one for each worker, as one driver is all that a process bears."""
    # The shell is the same engine without what only a window needs, and quicker.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None or not axe.SCRIPT.exists():
        pytest.fail("needs the system's chromium and build/axe.min.js: make test provides both")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_CHROMIUM))
        yield browser
        browser.close()
