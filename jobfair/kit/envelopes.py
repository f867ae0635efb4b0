"""Envelopes: what somebody wrote on a device that must not be able to read it again.

A device seals a text to the server's public key and keeps only the sealed bytes until they are
delivered; who finds the device finds nothing. An envelope is ``ephemeral public key (65 bytes,
uncompressed point) ‖ nonce (12) ‖ ciphertext+tag``. The curve is P-256 because every browser's own
cryptography has it; the server's key is derived from its index key, so there is nothing more to
keep safe. Sources: SEC 1 section 5.1 (ECIES), RFC 5869 (HKDF), NIST SP 800-38D (AES-GCM).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jobfair.kit.crypto import Vault
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-4 D.1.2.3
_POINT = 65
_NONCE = 12
_INFO = b"jobfair envelope 1"


class NotAnEnvelope(Invalid):
    """The bytes were not sealed to this server, or not for this place."""

    code = "not_an_envelope"
    message = N_("What the device sent cannot be opened here. Pair the device again.")


def _private(vault: Vault) -> ec.EllipticCurvePrivateKey:
    # Two draws make 512 bits, so that the remainder is as good as even.
    drawn = vault.index("1", field="envelope") + vault.index("2", field="envelope")
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, _CURVE)


def public_key(vault: Vault) -> bytes:
    """Return the 65 bytes a device seals to."""
    point = _private(vault).public_key()
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_envelope(vault: Vault, sealed: bytes, *, place: str) -> str:
    """Return the text of an envelope that was sealed for a place.

    Raises:
        NotAnEnvelope: altered, sealed to another server, or for another place.
    """
    point, nonce, body = (
        sealed[:_POINT],
        sealed[_POINT : _POINT + _NONCE],
        sealed[_POINT + _NONCE :],
    )
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
        shared = _private(vault).exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), length=32, salt=point, info=_INFO).derive(shared)
        return AESGCM(key).decrypt(nonce, body, place.encode()).decode()
    except (ValueError, InvalidTag) as fault:
        raise NotAnEnvelope from fault
