"""The demonstration, served by the real command on a free port, and the system's Chromium.

The demonstration is made once for the whole run; every worker serves a copy of its own.
"""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser.watching import Watched, watching

_JOBFAIR = (sys.executable, "-c", "import sys; from jobfair.cli import main; sys.exit(main())")
LINK = re.compile(r" (\w+) +http://[^/]+(/sign-in/demo/\S+)")
_START_SECONDS = 120
Enter = Callable[[str, str, int], AbstractContextManager[Watched]]


@dataclass(frozen=True, slots=True)
class Served:
    """A running demonstration.

    Attributes:
        links: the one-tap sign-in path by the last English word of the role's name.
    """

    origin: str
    links: dict[str, str]


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOBFAIR_")}
    return kept | {"JOBFAIR_HOME": str(home), "PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(origin: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{origin}/health", timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"jobfair serve did not answer at {origin}")


def jobfair(home: Path, *words: str) -> str:
    """Run a command on a home and return what it printed."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*_JOBFAIR, *words],
        env=_environment(home, 8000),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of a demonstration; whichever worker comes first makes it, the others wait."""
    folder = tmp_path_factory.getbasetemp()
    home = (folder if worker_id == "master" else folder.parent) / "demonstration"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.with_suffix(".links").exists():
            said = jobfair(home, "demo", "--no-serve", "--seekers", "300", "--json")
            home.with_suffix(".links").write_text(said, encoding="utf-8")
    return home


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve a home by the real command on a free port; give the origin."""
    port = _free_port()
    origin = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(  # noqa: S603 - our own command
        [*_JOBFAIR, "serve"],
        env=_environment(home, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(origin, server)
        yield origin
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, made_once: Path) -> Iterator[Served]:
    """A demonstration of this worker's own, served by the command a stranger types."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(made_once, home)
    said = made_once.with_suffix(".links").read_text(encoding="utf-8")
    links = {role.lower(): path for role, path in LINK.findall(said)}
    with serving(home) as origin:
        yield Served(origin, links)


@pytest.fixture
def enter(
    served: Served, chromium: Browser, record_property: Callable[[str, object], None]
) -> Enter:
    """Open a watched window signed in as a role: ``with enter("clerk", "zh", 390) as seen:``."""

    @contextmanager
    def opened(role: str, language: str, width: int) -> Iterator[Watched]:
        with watching(chromium, served.origin, language, width) as watched:
            watched.open(served.links[role])
            yield watched
            record_property("page weights", watched.weights)

    return opened
