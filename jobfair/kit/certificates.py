"""A certificate for a server that no public authority knows: the hall's own, by its own authority.

Browsers give a page camera, service worker and cryptography only over HTTPS. A hall has no domain
and often no line, so the server is its own authority; the staff's phones trust it once. Constraints
in the authority's certificate let it vouch for private addresses and local names only: who steals
it can stand in for no bank. Sources: RFC 5280 sections 4.2.1.9 and 4.2.1.10, RFC 1918, RFC 6762.
"""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_LASTS = timedelta(days=3650)
_LASTS = timedelta(days=90)
_RENEWED_BEFORE = timedelta(days=14)
_BACKDATED = timedelta(days=1)  # a phone's clock may be slow
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
_LOCAL = ("localhost", "local", "hall")


@dataclass(frozen=True, slots=True)
class HallCertificate:
    """Where the files lie, and what the authority is recognised by.

    Attributes:
        chain: the server's certificate and the authority's, PEM.
        key: the server's private key, PEM, readable by its owner only.
        authority: the authority's certificate alone, DER: what a phone installs.
        fingerprint: SHA-256 of that, in groups of two.
    """

    chain: Path
    key: Path
    authority: Path
    fingerprint: str


def hall_certificate(folder: Path, names: Sequence[str], now: datetime) -> HallCertificate:
    """Return a certificate for some names and addresses, made or renewed where that is due.

    Args:
        folder: keeps authority and certificate; made where there is none.
        names: host names and IP addresses the server is reached by.
        now: an aware instant.

    Raises:
        ValueError: a name lies outside what such an authority may vouch for.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = _authority(folder, now)
    chain, key = folder / "server.pem", folder / "server.key"
    if not _holds(chain, names, now):
        made, made_key = _certificate(names, authority, authority_key, now)
        pem = serialization.Encoding.PEM
        _write(key, _as_pem(made_key))
        _write(chain, made.public_bytes(pem) + authority.public_bytes(pem))
    der = folder / "authority.crt"
    der.write_bytes(authority.public_bytes(serialization.Encoding.DER))
    return HallCertificate(chain, key, der, authority.fingerprint(hashes.SHA256()).hex(":").upper())


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key = folder / "authority.pem", folder / "authority.key"
    if certificate.exists() and key.exists():
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        if known.not_valid_after_utc - now > _LASTS:
            loaded = serialization.load_pem_private_key(key.read_bytes(), password=None)
            if isinstance(loaded, ec.EllipticCurvePrivateKey):
                return known, loaded
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Jobfair hall 招聘会现场")])
    allowed = [
        *(x509.DNSName(name) for name in _LOCAL),
        *(x509.IPAddress(ipaddress.ip_network(net)) for net in _PRIVATE),
    ]
    made = (
        _builder(name, name, private.public_key(), now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(_key_name(private), critical=False)
        .sign(private, hashes.SHA256())
    )
    _write(key, _as_pem(private))
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return made, private


def _certificate(
    names: Sequence[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        _builder(subject, authority.subject, private.public_key(), now, _LASTS)
        .add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_key_name(private), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                _key_name(authority_key)
            ),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    return made, private


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + lasts)
    )


def _key_name(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def is_private(address: str) -> bool:
    """Return whether an address belongs to a network of one's own, as a hall's."""
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(net) for net in _PRIVATE)


def _general(names: Iterable[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            if name.rsplit(".", maxsplit=1)[-1] not in _LOCAL:
                raise ValueError(
                    f"{name} is no local name: it must end in {', '.join(_LOCAL)}"
                ) from None
            found.append(x509.DNSName(name))
        else:
            if not is_private(name):
                raise ValueError(f"{name} is no private address")
            found.append(x509.IPAddress(address))
    return found


def _holds(chain: Path, names: Sequence[str], now: datetime) -> bool:
    """Return whether a certificate is there, for these names, by this authority, and lasts on."""
    if not chain.exists():
        return False
    found, authority = x509.load_pem_x509_certificates(chain.read_bytes())
    kept = chain.with_name("authority.pem").read_bytes()
    if authority != x509.load_pem_x509_certificate(kept):
        return False
    told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same = set(told) == set(_general(names))
    return same and found.not_valid_after_utc - now > _RENEWED_BEFORE


def _as_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
