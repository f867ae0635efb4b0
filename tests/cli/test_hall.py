"""A hall is served over HTTPS by a certificate of its own that phones can trust, and no other."""

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from jobfair.kit import certificates
from jobfair.kit.certificates import hall_certificate

_JOBFAIR = (sys.executable, "-c", "import sys; from jobfair.cli import main; sys.exit(main())")
_NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


def _two_ports() -> int:
    """Return a free port whose next one is free, too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOBFAIR_")}
    return kept | {"JOBFAIR_HOME": str(home), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with tables."""
    folder = tmp_path_factory.mktemp("hall") / "home"
    subprocess.run(  # noqa: S603 - our own command
        [*_JOBFAIR, "db", "upgrade"], env=_environment(folder, 1), check=True, capture_output=True
    )
    return folder


@contextmanager
def _hall(home: Path, port: int, *words: str) -> Iterator[str]:
    """Serve a hall; give what was printed until it answered."""
    said = home / f"said-{port}.txt"
    with (
        said.open("w") as out,
        subprocess.Popen(  # noqa: S603 - our own command
            [*_JOBFAIR, "--lang", "en", "serve", "--hall", "--host", "127.0.0.1", *words],
            env=_environment(home, port),
            stdout=out,
            stderr=out,
        ) as process,
    ):
        try:
            for _tenth in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, said.read_text(encoding="utf-8")
                time.sleep(0.1)
            yield said.read_text(encoding="utf-8")
        finally:
            process.terminate()


def _fetch(address: str, trust: ssl.SSLContext | None = None) -> tuple[bytes, dict[str, str]]:
    with urlopen(address, context=trust, timeout=20) as answer:  # noqa: S310 - our own address
        return answer.read(), dict(answer.headers)


@pytest.mark.long
def test_a_phone_that_trusts_the_hall_reaches_the_station_and_no_other_does(home: Path) -> None:
    port = _two_ports()
    with _hall(home, port) as printed:
        page = _fetch(f"http://127.0.0.1:{port + 1}/?lang=en")[0].decode()
        authority = _fetch(f"http://127.0.0.1:{port + 1}/jobfair-hall.crt")[0]
        shown = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", page)
        assert shown
        assert shown.group() in printed
        assert "Trust this hall" in page
        assert "信任本现场服务器" in _fetch(f"http://127.0.0.1:{port + 1}/")[0].decode()
        trusting = ssl.create_default_context(cadata=authority)
        station, headers = _fetch(f"https://127.0.0.1:{port}/station/", trusting)
        assert b"station.js" in station
        assert "max-age" in headers["Strict-Transport-Security"]
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            _fetch(f"https://127.0.0.1:{port}/station/", ssl.create_default_context())
    kept = (home / "hall" / "authority.key", home / "hall" / "server.key")
    assert all(one.stat().st_mode & 0o077 == 0 for one in kept)
    brought = home / "hall"
    words = ("--certificate", str(brought / "server.pem"), "--key", str(brought / "server.key"))
    with _hall(home, port, *words) as printed:
        assert "Trust" not in printed
        assert _fetch(f"https://127.0.0.1:{port}/health", trusting)
        with pytest.raises(URLError):
            _fetch(f"http://127.0.0.1:{port + 1}/")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--certificate", __file__), 2, "go together"),
        (("--certificate", __file__, "--key", __file__), 1, "This certificate cannot be used"),
        (("--name", "example.com"), 1, "example.com is no local name"),
    ],
)
def test_what_a_hall_cannot_be_served_by_is_said(
    home: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [*_JOBFAIR, "--lang", "en", "serve", "--hall", "--host", "127.0.0.1", *words],
        env=_environment(home, _two_ports()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert said in done.stderr


def test_no_certificate_is_made_for_an_address_of_somebody_else(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"8\.8\.8\.8 is no private address"):
        hall_certificate(tmp_path, ["8.8.8.8"], _NOW)


def test_a_certificate_is_kept_renewed_in_time_and_made_anew_for_other_names(
    tmp_path: Path,
) -> None:
    def serial(*names: str, days: int = 0) -> int:
        made = hall_certificate(tmp_path, names, _NOW + timedelta(days=days))
        return x509.load_pem_x509_certificates(made.chain.read_bytes())[0].serial_number

    first = serial("192.168.1.5", "jobfair.hall")
    assert serial("jobfair.hall", "192.168.1.5", days=30) == first
    assert serial("192.168.1.5", "jobfair.hall", days=80) != first
    assert serial("192.168.1.6") != first
    authority = (tmp_path / "authority.pem").read_bytes()
    serial("192.168.1.6", days=200)
    assert (tmp_path / "authority.pem").read_bytes() == authority  # phones trust it still


def test_the_halls_authority_can_vouch_for_nobody_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall_certificate(tmp_path, ["jobfair.hall"], _NOW)
    monkeypatch.setattr(certificates, "_general", lambda names: [x509.DNSName(n) for n in names])
    for name, trusted in (("jobfair.hall", True), ("bank.example.com", False)):
        made = hall_certificate(tmp_path, [name], _NOW)
        leaf, authority = x509.load_pem_x509_certificates(made.chain.read_bytes())
        verifier = (
            PolicyBuilder()
            .store(Store([authority]))
            .time(_NOW)
            .build_server_verifier(x509.DNSName(name))
        )
        if trusted:
            assert verifier.verify(leaf, [])
        else:
            with pytest.raises(VerificationError):
                verifier.verify(leaf, [])
