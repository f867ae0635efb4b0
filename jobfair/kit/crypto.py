"""Personal columns: authenticated encryption bound to their place, and keyed blind indexes.

A sealed value is ``suite (1 byte) ‖ key id (1) ‖ nonce (12) ‖ ciphertext+tag``; its associated data
are table, column and row, so a ciphertext moved to another person does not open. Indexes are
HMAC-SHA256 under a key of their own: a plain hash of an ID number is found by trying all of them.

Keys live in one JSON file outside the database and outside backups.
Source: NIST SP 800-38D (AES-GCM), RFC 2104 (HMAC).
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_SUITE = 1  # AES-256-GCM; another number would name another algorithm
_NONCE = 12
_HEAD = 2


class KeyFault(RuntimeError):
    """The key file is missing, damaged, or not the one the data were sealed with."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals, opens and indexes personal values.

    Attributes:
        current: id of the key new values are sealed with.
        keys: key id to 32-byte AES key; old ones stay until nothing is sealed with them.
        index_key: 32-byte HMAC key of the blind indexes.
    """

    current: int
    keys: dict[int, AESGCM] = field(repr=False)
    index_key: bytes = field(repr=False)

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:
        """Return the text encrypted for exactly this place."""
        nonce = os.urandom(_NONCE)
        place = f"{table}.{column}:{row}".encode()
        body = self.keys[self.current].encrypt(nonce, text.encode(), place)
        return bytes((_SUITE, self.current)) + nonce + body

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """Return the text.

        Raises:
            KeyFault: wrong key, wrong place or altered bytes.
        """
        if len(sealed) < _HEAD + _NONCE or sealed[0] != _SUITE or sealed[1] not in self.keys:
            raise KeyFault(f"{table}.{column} was sealed with a key this program does not have")
        place = f"{table}.{column}:{row}".encode()
        nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            return self.keys[sealed[1]].decrypt(nonce, body, place).decode()
        except InvalidTag as fault:
            raise KeyFault(f"{table}.{column} does not open: wrong key or altered") from fault

    def index(self, text: str, *, field: str) -> bytes:
        """Return the 32-byte blind index of a normalised value; ``field`` separates domains."""
        return hmac.digest(self.index_key, f"{field}\0{text}".encode(), hashlib.sha256)


def create_key_file(path: Path) -> None:
    """Write a new key file with owner-only rights; leave an existing one alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps(
        {
            "current": 1,
            "keys": {"1": base64.b64encode(os.urandom(32)).decode()},
            "index": base64.b64encode(os.urandom(32)).decode(),
        }
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def open_vault(path: Path) -> Vault:
    """Return the vault of a key file.

    Raises:
        KeyFault: no such file, or not a key file.
    """
    try:
        raw = json.loads(path.read_text(encoding="ascii"))
        keys = {int(n): AESGCM(base64.b64decode(k)) for n, k in raw["keys"].items()}
        found = Vault(int(raw["current"]), keys, base64.b64decode(raw["index"]))
    except FileNotFoundError as fault:
        raise KeyFault(f"{path} is missing; restore it from its paper or safe copy") from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise KeyFault(f"{path} is damaged; restore it from its paper or safe copy") from fault
    if found.current not in found.keys:
        raise KeyFault(f"{path} names a current key it does not hold")
    return found


_process: list[Vault] = []


def use_vault(vault: Vault) -> None:
    """Make this the process's vault; the application and each test call it once at start."""
    _process[:] = [vault]


def content_digest(content: bytes) -> str:
    """Return the keyed digest by which the same file is known again, as hex."""
    return vault().index(hashlib.sha256(content).hexdigest(), field="upload.digest").hex()


def vault() -> Vault:
    """Return the process's vault.

    Raises:
        KeyFault: nothing was opened yet.
    """
    if not _process:
        raise KeyFault("no key file is open")
    return _process[0]
