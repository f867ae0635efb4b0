"""A server does not start where it cannot listen, nor a demonstration under a running one."""

import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from waitress.proxy_headers import proxy_headers_middleware
from werkzeug.test import EnvironBuilder, run_wsgi_app

from jobfair.cli.demo import HomeInUse, demo
from jobfair.cli.serve import PortTaken, behind_a_proxy, must_be_free
from jobfair.kit.servers import serving
from jobfair.kit.terminal import Terminal


def test_a_taken_port_is_told_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken, match="PORT=8080"):
            must_be_free("127.0.0.1", other.getsockname()[1])
    must_be_free("127.0.0.1", 0)


def test_a_demonstration_that_is_served_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "DEMO").write_text("", encoding="ascii")
    monkeypatch.setenv("JOBFAIR_HOME", str(tmp_path))
    with serving(tmp_path / "jobfair.db"):
        answer = CliRunner().invoke(demo, ["--no-serve"], obj=Terminal("en"))
    assert isinstance(answer.exception, HomeInUse)
    assert (tmp_path / "DEMO").exists()


def _echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    seen = (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"])
    return [" ".join(seen).encode()]


def _seen_by_the_program(*, https: bool) -> str:
    """Return what the program sees of a visitor whom a server in front announces."""
    announced = {
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.7",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "jobs.example",
    }
    program = proxy_headers_middleware(_echo, **behind_a_proxy(https=https))
    answer, _status, _headers = run_wsgi_app(program, EnvironBuilder().get_environ() | announced)
    return b"".join(answer).decode()


def test_behind_a_certificate_the_visitor_is_known_by_the_own_address() -> None:
    assert _seen_by_the_program(https=True) == "203.0.113.7 https jobs.example"


def test_without_one_a_visitor_cannot_claim_another_address() -> None:
    assert _seen_by_the_program(https=False).startswith("127.0.0.1 http localhost")
