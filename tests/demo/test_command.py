"""``jobfair demo`` as a stranger meets it."""

import os
import socket
import subprocess
import sys
from pathlib import Path


def test_a_taken_port_is_told_before_anything_is_loaded_or_forgotten(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", "from jobfair.cli import main; main()", "--lang", "en", "demo"],
            env=os.environ | {"JOBFAIR_HOME": str(home), "PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr
    assert not home.exists()
