"""A fair ranked by workers in processes of their own: the same to the bit, whoever is killed."""

import asyncio
import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pytest
from click.testing import CliRunner
from distributed import Client, Security

from jobfair.fairs.cli import match
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.blocks import cut
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.kernels import NUMPY
from jobfair.matching.core.rank import RankedFair, rank_fair
from jobfair.matching.core.weights import STANDARD
from jobfair.matching.engines import cluster, opening
from jobfair.matching.engines.cluster import DaskEngine
from jobfair.matching.engines.opening import (
    Engine,
    NoScheduler,
    NotInstalled,
    NoWorkers,
    OtherVersion,
    WorkersLost,
    in_the_open,
    open_engine,
)
from jobfair.matching.pool import Pool
from tests import planted
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair

PEOPLE = invent_people(3_000, 21)
POSITIONS = invent_positions(120, 21)
# No pages, no helper that would start a killed worker again.
_WITHOUT = {
    "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
    "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
}
_WORKER = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
_PARTIES = ("scheduler", "worker", "client")


def expected() -> RankedFair:
    columns = SeekerColumns.of(PEOPLE)
    # Workers use the quickest kernel they have.
    return rank_fair(columns, POSITIONS, profile=STANDARD, today=TODAY, top=40, kernel=NUMPY)


@contextmanager
def program(
    *words: str, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of Dask's programs until the block ends."""
    running = subprocess.Popen(  # noqa: S603 - Dask's own
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
        env=os.environ | _WITHOUT | dict(settings or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait(20)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def scheduling() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler in a process of its own, without workers."""
    port = str(free_port())
    words = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
    with program("dask_scheduler", *words) as running:
        with Client(f"tcp://127.0.0.1:{port}", timeout=30, set_as_default=False):
            pass
        yield f"tcp://127.0.0.1:{port}", running


class Crew:
    """The workers of a scheduler, each a process; tests kill some."""

    def __init__(self, scheduler: str, stack: ExitStack) -> None:
        self._scheduler = scheduler
        self._stack = stack
        self._started: list[subprocess.Popen[bytes]] = []

    def be(self, count: int) -> None:
        """Start or kill some, so that so many are there."""
        alive = [one for one in self._started if one.poll() is None]
        for one in alive[count:]:
            one.kill()
            one.wait(20)
        for _ in range(count - len(alive)):
            one = self._stack.enter_context(program("dask_worker", self._scheduler, *_WORKER))
            self._started.append(one)
        with Client(self._scheduler, set_as_default=False) as client:
            until = time.monotonic() + 60
            while len(client.nthreads()) != count and time.monotonic() < until:
                time.sleep(0.05)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler."""
    with scheduling() as (address, _running):
        yield address


@pytest.fixture(scope="module")
def crew(scheduler: str) -> Iterator[Crew]:
    """The scheduler's workers, none at first."""
    with ExitStack() as stack:
        yield Crew(scheduler, stack)


@pytest.fixture
def workers(crew: Crew) -> Crew:
    """Two workers."""
    crew.be(2)
    return crew


def small_steps(opened: Engine) -> DaskEngine:
    """Give an engine of many small blocks and tasks."""
    assert isinstance(opened, DaskEngine)
    return DaskEngine(opened.client, most_people=400, batch=12)


@pytest.mark.usefixtures("workers")
def test_a_worker_killed_half_way_changes_nothing(scheduler: str) -> None:
    seen: list[tuple[int, int]] = []
    with open_engine(scheduler) as opened:
        engine = small_steps(opened)
        client = engine.client

        def step(done: int, total: int) -> None:
            seen.append((done, total))
            if len(seen) == 2:
                address, pid = next(iter(client.run(os.getpid).items()))
                assert any("hold" in key for key in client.has_what()[address]), "it keeps a block"
                os.kill(pid, signal.SIGKILL)

        ranked = engine.rank_fair(
            PEOPLE, POSITIONS, profile=STANDARD, today=TODAY, top=40, step=step
        )
        assert len(client.nthreads()) == 1
    assert (ranked.digest, ranked.people) == (expected().digest, len(PEOPLE))
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == (len(POSITIONS), len(POSITIONS))


@pytest.mark.usefixtures("workers")
def test_nobody_and_no_position_are_answered_by_workers(scheduler: str) -> None:
    with open_engine(scheduler) as engine:
        nobody = engine.rank_fair([], POSITIONS, profile=STANDARD, today=TODAY)
        nothing = engine.rank_fair(PEOPLE[:50], [], profile=STANDARD, today=TODAY)
    plain = rank_fair(SeekerColumns(), POSITIONS, profile=STANDARD, today=TODAY)
    assert nobody.digest == plain.digest
    assert (nothing.positions, nothing.people) == ((), 50)


def test_work_that_nobody_is_left_for_is_given_up(
    scheduler: str, workers: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_WITHOUT_WORKERS_SECONDS", 1)
    with open_engine(scheduler) as opened, pytest.raises(WorkersLost):
        small_steps(opened).rank_fair(
            PEOPLE, POSITIONS, profile=STANDARD, today=TODAY, step=lambda *_: workers.be(0)
        )


def test_a_lost_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 3)
    with scheduling() as (address, running), ExitStack() as stack:
        Crew(address, stack).be(1)
        with open_engine(address) as opened, pytest.raises(WorkersLost):
            small_steps(opened).rank_fair(
                PEOPLE, POSITIONS, profile=STANDARD, today=TODAY, step=lambda *_: running.kill()
            )


def test_a_scheduler_without_workers_is_refused(scheduler: str, crew: Crew) -> None:
    crew.be(0)
    with pytest.raises(NoWorkers, match=re.escape(scheduler)), open_engine(scheduler):
        pass


@pytest.mark.usefixtures("workers")
def test_workers_of_another_version_are_refused(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.fingerprint.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(np, "__version__", "0.1")
        assert cluster.fingerprint()
    try:
        with pytest.raises(OtherVersion), open_engine(scheduler):
            pass
    finally:
        cluster.fingerprint.cache_clear()


@pytest.mark.usefixtures("workers")
def test_who_is_inside_a_loop_of_their_own_can_open_an_engine(scheduler: str) -> None:
    async def as_in_a_notebook() -> str:
        with open_engine(scheduler) as engine:
            return engine.rank_fair(PEOPLE[:50], POSITIONS, profile=STANDARD, today=TODAY).digest

    plain = rank_fair(SeekerColumns.of(PEOPLE[:50]), POSITIONS, profile=STANDARD, today=TODAY)
    # The browser of another test may have left its loop running in this thread.
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, as_in_a_notebook()).result() == plain.digest


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{}", "nowhere", "carrier-pigeon://x:1", "::"])
def test_a_bad_address_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(NoScheduler), open_engine(address.format(free_port())):
        pass


@pytest.fixture
def certificates(tmp_path: Path) -> dict[str, str]:
    """Dask's settings for a line only those with a key can use."""
    made = Security.temporary()
    values = {
        "ca-file": made.tls_ca_file,
        **{f"{who}.cert": getattr(made, f"tls_{who}_cert") for who in _PARTIES},
        **{f"{who}.key": getattr(made, f"tls_{who}_key") for who in _PARTIES},
    }
    for name, text in values.items():
        (tmp_path / name).write_text(text)
    return {f"distributed.comm.tls.{name}": str(tmp_path / name) for name in values}


def test_a_line_by_tls_is_open_to_who_has_a_key_alone(certificates: dict[str, str]) -> None:
    settings = {
        "DASK_" + name.upper().replace(".", "__").replace("-", "_"): path
        for name, path in certificates.items()
    }
    address = f"tls://127.0.0.1:{free_port()}"
    words = ("--host", address, "--no-dashboard")
    hidden = (*_WORKER[:-1], "tls://127.0.0.1")
    with (
        program("dask_scheduler", *words, settings=settings),
        program("dask_worker", address, *hidden, settings=settings),
    ):
        with dask.config.set(certificates):
            with Client(address, timeout=30, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=30)
            with open_engine(address) as engine:
                ranked = engine.rank_fair(PEOPLE, POSITIONS, profile=STANDARD, today=TODAY, top=40)
        assert ranked.digest == expected().digest
        for stranger in (address, address.replace("tls", "tcp")):
            with pytest.raises(NoScheduler), open_engine(stranger):
                pass


def test_a_stranger_at_the_address_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def speak() -> None:
            line, _from = stranger.accept()
            with line:
                line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        speaker = threading.Thread(target=speak)
        speaker.start()
        address = f"tcp://127.0.0.1:{stranger.getsockname()[1]}"
        with pytest.raises(NoScheduler, match=address), open_engine(address):
            pass
        speaker.join(10)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda _name: None)
    with pytest.raises(NotInstalled, match="pip install 'jobfair\\[dask\\]'"):
        open_engine()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://192.0.2.5:8786", True),
        ("labour-hall:8786", True),
        ("tls://192.0.2.5:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("localhost:8786", False),
        ("tcp://[::1]:8786", False),
    ],
)
def test_an_open_wire_to_another_machine_is_known(address: str, told: bool) -> None:
    assert in_the_open(address) == told


@pytest.fixture
def fair(database: Database, make: Make) -> str:
    employer_id = make_employer(database)
    for n in range(1, 12):
        make.seeker(n, travel_group="同乡" if n < 5 else None)
    titles = ("焊工", "普工", "服务员")
    return make_fair(database, [make_position(database, employer_id, title=t) for t in titles])


def matched(database: Database, *words: str) -> dict[str, Any]:
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    with terminal.speaking():
        done = CliRunner().invoke(match, [*words, "--json"], obj=terminal, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_command_gives_the_same_digest_with_workers_of_its_own(
    database: Database, fair: str
) -> None:
    plain, many = matched(database, fair), matched(database, fair, "--engine", "dask")
    alike = ("profile", "pairs", "eligible", "digest")
    assert [many[key] for key in alike] == [plain[key] for key in alike]
    assert many["eligible"] > 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_scheduler_goes_with_its_engine(database: Database, fair: str) -> None:
    terminal = Terminal("en")
    done = CliRunner().invoke(match, [fair, "--scheduler", "tcp://127.0.0.1:1"], obj=terminal)
    assert (done.exit_code, "--engine dask" in done.stderr) == (2, True)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_sent_holds_no_name_id_number_or_phone(database: Database, make: Make) -> None:
    for n in range(1, 12):
        make.seeker(n)
    pool = Pool(database)
    pool.refresh()
    people = pool.people(range(1, 1_000))
    assert len(people) == 11
    sent = b"".join(pickle.dumps(SeekerColumns.of(b)) for b in cut(people.values(), 4))
    for n in range(1, 12):
        person = planted.person(n)
        for value in (person.name, person.id_number, person.phone):
            assert value.encode() not in sent
    for mark in (planted.NAME_MARK, planted.PHONE_MARK):
        assert mark.encode() not in sent
    assert not planted.ID_NUMBER.search(sent.decode("latin-1"))
    assert b"520502" in sent
