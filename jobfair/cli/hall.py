"""``jobfair serve --hall``: one laptop serves the venue's own network over HTTPS.

The page that lets a phone trust the hall's certificate is served without HTTPS on the next port,
and nothing else is.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import segno
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from flask import Flask, render_template
from flask_babel import force_locale
from markupsafe import Markup

from jobfair.config import Settings
from jobfair.kit import clock
from jobfair.kit.certificates import HallCertificate, hall_certificate, is_private
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import LANGUAGES, N_

_FOLDER = "hall"
_NAME = "jobfair.hall"  # for a venue whose router or laptop resolves names


class CertificateUnusable(Refusal):
    """The certificate brought along, or a name of the hall, cannot be used."""

    code = "certificate_unusable"
    message = N_("This certificate cannot be used: %(fault)s")


@dataclass(frozen=True, slots=True)
class Hall:
    """How a hall is served.

    Attributes:
        own: the hall's own certificate; None when one was brought along.
        address: where stations open.
    """

    adapter: BuiltinSSLAdapter
    own: HallCertificate | None
    address: str


def addresses() -> list[str]:
    """Return the private IPv4 addresses of this machine, that of the default route first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # a documentation address: nothing is sent
        found.append(str(probe.getsockname()[0]))
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    private = [one for one in found if ":" not in one and is_private(one)]
    return list(dict.fromkeys([*private, "127.0.0.1"]))


def over_https(settings: Settings) -> Settings:
    """Return the settings of a server that speaks HTTPS itself."""
    return replace(settings, https=True)


def prepare(
    settings: Settings, *, names: Iterable[str], certificate: Path | None, key: Path | None
) -> Hall:
    """Return how the hall is served: by a certificate brought along, else by the hall's own.

    Raises:
        CertificateUnusable: it cannot be read, or a name cannot be vouched for.
    """
    try:
        if certificate is not None and key is not None:
            adapter = BuiltinSSLAdapter(str(certificate), str(key))
            host = next(iter(names), addresses()[0])
            return Hall(adapter, None, f"https://{host}:{settings.port}")
        found = [*names, *addresses(), _NAME, "localhost"]
        own = hall_certificate(settings.home / _FOLDER, list(dict.fromkeys(found)), clock.now())
        adapter = BuiltinSSLAdapter(str(own.chain), str(own.key))
    except (OSError, ValueError) as fault:
        raise CertificateUnusable(fault=str(fault)) from fault
    return Hall(adapter, own, f"https://{found[0]}:{settings.port}")


def serve_hall(app: Flask, hall: Hall, *, host: str, threads: int) -> None:
    """Serve until interrupted, and the page of trust beside it."""
    settings: Settings = app.config["SETTINGS"]
    server = Server((host, settings.port), app, numthreads=threads, server_name=_NAME)
    server.ssl_adapter = hall.adapter
    with _trusting(app, hall, host, settings.port + 1):
        try:
            server.start()
        except KeyboardInterrupt:
            server.stop()


@contextmanager
def _trusting(app: Flask, hall: Hall, host: str, port: int) -> Iterator[None]:
    if hall.own is None:
        yield
        return
    server = Server((host, port), _trust_app(app, hall, hall.own), numthreads=2)
    threading.Thread(target=server.start, daemon=True).start()
    try:
        yield
    finally:
        server.stop()


def _trust_app(
    app: Flask, hall: Hall, own: HallCertificate
) -> Callable[[WSGIEnvironment, StartResponse], list[bytes]]:
    """Return what answers without HTTPS: the authority's certificate, else the page about it."""
    pages = {code: _trust_page(app, hall, own, code).encode() for code in LANGUAGES}
    authority = own.authority.read_bytes()

    def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        if environ.get("PATH_INFO") == "/jobfair-hall.crt":
            content, kind = authority, "application/x-x509-ca-cert"
        else:
            content = pages["en" if "lang=en" in str(environ.get("QUERY_STRING")) else "zh"]
            kind = "text/html; charset=utf-8"
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    return answer


def _trust_page(app: Flask, hall: Hall, own: HallCertificate, language: str) -> str:
    picture: Any = segno.make_qr(f"{hall.address}/station/", error="m").svg_inline(scale=6)
    with app.test_request_context("/"), force_locale(language):
        return render_template(
            "hall/trust.html",
            code=language,
            address=hall.address,
            fingerprint=own.fingerprint,
            qr=Markup(picture),  # noqa: S704 - the library writes no text into it
        )
