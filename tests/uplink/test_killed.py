"""Both servers as real processes, killed at any moment, over a line that breaks."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobfair.attendance.bench import start_server
from jobfair.attendance.rules import GateFact, How, Kind
from jobfair.attendance.services import Upload, take_in
from jobfair.config import Settings
from jobfair.demo.gates import free_ports
from jobfair.kit import clock
from jobfair.kit.ids import new_key
from jobfair.stations.queries import find_device
from jobfair.stations.rules import Job, Pulse
from jobfair.stations.services import add_station, offer_pairing, pair
from jobfair.uplink.services import linking
from tests.uplink.hall import FAIR, Server
from tests.uplink.proxy import Wire, wire

_JOBFAIR = (sys.executable, "-c", "import sys; from jobfair.cli import main; sys.exit(main())")
# Twenty by hand before a release: KILLS=20 pytest tests/uplink/test_killed.py
KILLS = int(os.environ.get("KILLS", "1"))
_RECORDS = 450


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOBFAIR_")}
    home = {"JOBFAIR_HOME": str(folder / "laptop")}
    return kept | home | {"JOBFAIR_KEY_FILE": str(folder / "laptop-keys" / "keys.json")}


def _hall(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [*_JOBFAIR, "--lang", "en", "hall", *words],
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out


def _let_in(hall: Server, count: int) -> None:
    """Record entries at a gate of the hall."""
    with hall.at_work() as database, database.writing() as session:
        station = add_station(session, hall.fair, "Gate B", Job.GATE)
        device = find_device(session, pair(session, offer_pairing(session, station)).secret)
        assert device is not None
        cards = [bytes(row[0]) for row in hall.rows("SELECT digest FROM card")]
        facts = [
            GateFact(new_key(), n, Kind.IN, How.QR, cards[n % len(cards)], None, "", clock.now(), 0)
            for n in range(1, count + 1)
        ]
        take_in(session, [Upload(device, facts, Pulse(0, "", 0))])


def _when_under_way(line: Wire, process: subprocess.Popen[str], draw: random.Random) -> None:
    """Wait until a part of a pack has gone through, or all of it and no answer."""
    enough = line.passed + draw.randint(1_000, 90_000)
    deadline = time.monotonic() + 60
    while line.passed < enough and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite"])
def test_killed_and_cut_at_any_moment_nothing_is_lost_or_doubled(
    prefecture: Server, hall: Server, settings: Settings, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    environment = {
        "JOBFAIR_HOME": str(settings.home),
        "JOBFAIR_DATABASE_URL": prefecture.database.url,
        "JOBFAIR_KEY_FILE": str(settings.key_file),
    }
    with prefecture.database.writing() as session:
        code = linking.hand_over(session, FAIR, "laptop 1", user_id=None)
    server = start_server(port, "jobfair", "serve", **environment)
    draw = random.Random(5)  # noqa: S311 - moments
    try:
        with wire(port) as line:
            paired = _said(_hall(tmp_path, "pair", f"http://127.0.0.1:{line.port}", code))
            assert "rows arrived" in paired
            _let_in(hall, _RECORDS)
            for time_round in range(KILLS):
                line.answers = time_round % 2 == 1
                process = _hall(tmp_path, "sync")
                _when_under_way(line, process, draw)
                server.kill()
                process.kill()
                process.communicate()
                server.wait()
                server = start_server(port, "jobfair", "serve", **environment)
            line.answers = True
            told = json.loads(_said(_hall(tmp_path, "sync", "--json")))
    finally:
        server.kill()
        server.wait()
    assert (told["waiting"], told["aside"], told["aside_there"]) == (0, 0, 0)
    mine, theirs = (
        one.rows("SELECT id, sequence, at, received_at FROM gate_record ORDER BY id")
        for one in (hall, prefecture)
    )
    assert len(mine) == _RECORDS
    assert [row[:2] for row in mine] == [row[:2] for row in theirs]
