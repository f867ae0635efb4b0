"""A server does not start where it cannot listen, nor a demonstration under a running one."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobfair.cli.demo import HomeInUse, demo
from jobfair.cli.serve import PortTaken, must_be_free
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
