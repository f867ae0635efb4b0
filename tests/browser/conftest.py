"""The demonstration, served by the real command on a free port, and the system's Chromium."""

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
from playwright.sync_api import Browser, sync_playwright

from tests.browser.watching import AXE, Watched, watching

_JOBFAIR = (sys.executable, "-c", "import sys; from jobfair.cli import main; sys.exit(main())")
_LINK = re.compile(r" (\w+) +http://[^/]+(/sign-in/demo/\S+)")
_START_SECONDS = 30
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small demonstration, made and served by the commands a stranger types."""
    home, port = tmp_path_factory.mktemp("served") / "home", _free_port()
    environment = _environment(home, port)
    made = subprocess.run(  # noqa: S603 - our own command
        [*_JOBFAIR, "demo", "--no-serve", "--seekers", "300", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    links = {role.lower(): path for role, path in _LINK.findall(made.stdout + made.stderr)}
    origin = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(  # noqa: S603 - our own command
        [*_JOBFAIR, "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(origin, server)
        yield Served(origin, links)
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium")
    if program is None or not AXE.exists():
        pytest.skip("needs the system's chromium and build/axe.min.js (python build_assets.py)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def enter(served: Served, chromium: Browser) -> Enter:
    """Open a watched window signed in as a role: ``with enter("clerk", "zh", 390) as seen:``."""

    @contextmanager
    def opened(role: str, language: str, width: int) -> Iterator[Watched]:
        with watching(chromium, served.origin, language, width) as watched:
            watched.open(served.links[role])
            yield watched

    return opened
