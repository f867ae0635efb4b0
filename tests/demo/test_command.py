"""``jobfair demo`` as a stranger meets it."""

import os
import socket
import subprocess
import sys
from pathlib import Path


def _jobfair(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from jobfair.cli import main; main()", "--lang", "en", *words],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_told_before_anything_is_loaded_or_forgotten(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = _jobfair("demo", JOBFAIR_HOME=str(home), PORT=port)
    assert done.returncode == 1
    assert f"Port {port} cannot be used here" in done.stderr
    assert not home.exists()


def test_invented_people_never_come_into_a_database_in_use(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    used = _jobfair("db", "upgrade", JOBFAIR_HOME=str(tmp_path / "real"), JOBFAIR_DATABASE_URL=url)
    assert used.returncode == 0, used.stderr
    home = tmp_path / "demo"
    done = _jobfair("demo", "--no-serve", JOBFAIR_HOME=str(home), JOBFAIR_DATABASE_URL=url)
    assert done.returncode == 1
    assert "holds data already" in done.stderr
    assert not home.exists()
