"""What stands on a card: a signed random token for the scanner, a short code for eye and voice.

Neither says anything of the person. The token is found by its digest, so a scan is looked up
without a key; its signature tells a card of somewhere else from one that is only unknown. What a
card says is written in Crockford's 32 characters, which leave out I, L, O and U.
"""

import hashlib
import hmac
import re
import unicodedata
from enum import StrEnum

from jobfair.kit.crypto import vault
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 10
_SIGNATURE_BYTES = 8
TOKEN_LENGTH = 29  # 144 bits in fives; 29 signs fill a QR code of 25 by 25 modules at level Q
DIGEST_BYTES = 16
CODE_LENGTH = 9  # the last is the check character
_BITS = 5
_SPARE_BITS = TOKEN_LENGTH * _BITS - 8 * (RANDOM_BYTES + _SIGNATURE_BYTES)
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_TOKEN = re.compile(f"[{ALPHABET}]{{{TOKEN_LENGTH}}}")
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
_BETWEEN = re.compile(r"[\s\-–—_.·]+")  # what people put between groups
_LOOK_ALIKES = str.maketrans("OIL", "011")
# GF(32) by the primitive polynomial x^5 + x^2 + 1; every power of x below 31 is another element.
_POLYNOMIAL = 0b100101


class RevokeReason(StrEnum):
    """Why a card is in force no more."""

    LOST = "lost"
    DAMAGED = "damaged"
    WRONG_PERSON = "wrong_person"


REASON_NAMES = {
    RevokeReason.LOST: N_("Lost"),
    RevokeReason.DAMAGED: N_("Damaged"),
    RevokeReason.WRONG_PERSON: N_("Given to the wrong person"),
}


class NotACard(Refusal):
    """What was scanned or typed has not the form of a card."""

    status = 422
    code = "not_a_card"
    message = N_(
        "This is neither the code of a card (nine letters and digits, like K7Q2-9MXD-4) "
        "nor what stands in its QR code."
    )


class WrongCheck(Refusal):
    """The check character does not go with the eight before it."""

    status = 422
    code = "wrong_check_character"
    message = N_(
        "The last character does not go with the eight before it. Read the code once more."
    )


class ForgedToken(Refusal):
    """The signature is not ours."""

    status = 422
    code = "forged_token"
    message = N_("This QR code was not made here. Look the person up by name or ID number.")


def _text(data: bytes) -> str:
    number = int.from_bytes(data, "big") << _SPARE_BITS
    places = range(TOKEN_LENGTH - 1, -1, -1)
    return "".join(ALPHABET[number >> _BITS * place & 31] for place in places)


def _signature(random: bytes) -> bytes:
    return vault().index(random.hex(), field="card.token")[:_SIGNATURE_BYTES]


def token_of(random: bytes) -> str:
    """Return the token of ten random bytes: they and eight bytes of HMAC-SHA256 over them.

    The signing key is that of the blind indexes in a domain of its own. It is not renewed with the
    sealing keys, so cards outlive a change of those.
    """
    return _text(random + _signature(random))


def is_token(text: str) -> bool:
    """Return whether a text has the form of a token, whoever made it."""
    return _TOKEN.fullmatch(text.strip().upper()) is not None


def plain_token(text: str) -> str:
    """Return a scanned token as its card says it, whoever signed it.

    Raises:
        NotACard: not 29 of the known characters.
    """
    token = text.strip().upper()
    if not is_token(token):
        raise NotACard
    return token


def read_token(text: str) -> str:
    """Return a scanned token as it was signed; a scanner may give small letters.

    Raises:
        NotACard: not 29 of the known characters.
        ForgedToken: the signature does not go with the rest.
    """
    token = plain_token(text)
    number = 0
    for sign in token:
        number = number << _BITS | _VALUES[sign]
    size = RANDOM_BYTES + _SIGNATURE_BYTES
    data = (number >> _SPARE_BITS).to_bytes(size, "big")
    random, signature = data[:RANDOM_BYTES], data[RANDOM_BYTES:]
    spare = number & (1 << _SPARE_BITS) - 1
    if spare or not hmac.compare_digest(signature, _signature(random)):
        raise ForgedToken
    return token


def digest_of(token: str) -> bytes:
    """Return the 16 bytes by which a card is found: the beginning of SHA-256 of its token."""
    return hashlib.sha256(token.encode("ascii")).digest()[:DIGEST_BYTES]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled > 31 else doubled


def _folded(signs: str) -> int:
    """Return the polynomial of the signs at x, in GF(32); 0 for a code with its check character."""
    folded = 0
    for sign in signs:
        folded = _times_x(folded) ^ _VALUES[sign]
    return folded


def check_character(first8: str) -> str:
    """Return the ninth character of a code.

    One wrong character changes the sum by a nonzero multiple of a power of x, two swapped ones by a
    nonzero multiple of the difference of two powers: both are always noticed, wherever they stand.

    Source: single parity check code over GF(32), as the first check symbol of a Reed-Solomon code.
    """
    return ALPHABET[_times_x(_folded(first8))]


def code_of(random: bytes) -> str:
    """Return the code of five random bytes: eight characters and the check character."""
    number = int.from_bytes(random[:5], "big")
    first8 = "".join(ALPHABET[number >> _BITS * place & 31] for place in range(7, -1, -1))
    return first8 + check_character(first8)


def read_code(text: str) -> str:
    """Return a code as it is stored, from what somebody read or heard.

    Small and full-width letters, spaces and hyphens do not matter; O is 0, I and L are 1.

    Raises:
        NotACard: not nine of the known characters.
        WrongCheck: the check character does not go with the others.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKES)
    if not _CODE.fullmatch(plain):
        raise NotACard
    if _folded(plain):
        raise WrongCheck
    return plain


def spoken(code: str) -> str:
    """Return a code in its groups: ``K7Q2-9MXD-4``."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
