"""The simulated day: its books and the program's figures are equal, and would not be by chance."""

import json
import os
import subprocess
import sys

import pytest

_JOBFAIR = (sys.executable, "-c", "import sys; from jobfair.cli import main; sys.exit(main())")


@pytest.mark.long
def test_a_day_lived_over_http_ends_as_the_simulator_reckoned() -> None:
    command = [*_JOBFAIR, "simulate", "fair-day", "--seekers", "500", "--compress", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOBFAIR_")}
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["equal"] is True
    assert told["ours"] == told["simulator"]
    assert told["ours"]["persons"] > 480
    assert told["ours"]["entries"] > told["ours"]["persons"]
    assert told["ours"]["offers"] > told["ours"]["accepted"] > 0
    assert told["ours"]["posts"] == 19_137
