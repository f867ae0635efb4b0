"""Passwords: what is accepted, how one is stored, how one is checked.

Argon2id at OWASP's setting (19 MiB, 2 passes, 1 lane), and only as many at once as there are
processors: thirty-two people signing in together must not take the machine from a fair's gates.
"""

import os
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from jobfair.accounts.rules import normal_login
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

SHORTEST = 10
LONGEST = 128  # more would only feed the hash function

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_TURNS = BoundedSemaphore(min(os.cpu_count() or 1, 4))

# Typed most often where Chinese is spoken, ten characters and longer; shorter ones fail by length.
_COMMON_TEXT = """
1234567890 0123456789 0987654321 9876543210 12345678910 123456789a a123456789 aa123456789
a1234567890 1234567890a q1w2e3r4t5 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 qwer123456
asdfghjkl1 asd123456789 abc123456789 abcd123456 abcd1234567 abc1234567 password12 password123
password1234 passw0rd123 p@ssw0rd123 admin12345 admin123456 administrator woaini1314
woaini1314520 woaini5201314 5201314520 1314520520 qq123456789 qq1234567890 wang123456
zhang123456 zxcvbnm123 zxc123456789 1122334455 123123123123 123321123321 11223344556 147258369a
1472583690 iloveyou123 iloveyou1314 welcome123 welcome1234 letmein123 changeme123 jobfair123
jobfair1234 jobfair2010 bijie123456 guizhou123 shenzhen123
"""
_COMMON = frozenset(_COMMON_TEXT.split())


class WeakPassword(Invalid):
    """The password is too short, too long, common, or the login itself."""

    code = "weak_password"
    message = N_("Choose a password of at least 10 characters that others would not guess.")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)  # full-width typing is the same password


def check(password: str, *, login: str) -> None:
    """Accept a new password.

    Raises:
        WeakPassword: fewer than 10 or more than 128 characters, fewer than four different ones, a
            common one, or little more than the login.
    """
    text = _normal(password)
    folded = text.casefold()
    name = normal_login(login)
    around_login = len(folded.replace(name, "")) if name else len(folded)
    weak = (
        not SHORTEST <= len(text) <= LONGEST
        or len(set(folded)) < 4
        or folded in _COMMON
        or (name in folded and around_login < 6)
    )
    if weak:
        raise WeakPassword


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    with _TURNS:
        return _HASHER.hash(_normal(password))


@cache
def _nobody() -> str:
    return hashed(os.urandom(16).hex())


def prepare() -> None:
    """Make the stand-in hash now, so that the first unknown login is not the slow one."""
    _nobody()


def matches(password: str, stored: str | None) -> bool:
    """Return whether a password is the stored one.

    Without a stored hash the same work is done on a stand-in, so that the time taken does not tell
    whether an account exists.
    """
    text = _normal(password)[: LONGEST + 1]
    against = stored or _nobody()  # the stand-in, if not yet made, takes a turn of its own
    with _TURNS:
        try:
            _HASHER.verify(against, text)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
