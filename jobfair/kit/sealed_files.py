"""Files of a home that nobody reads without its keys: each kept sealed, with owner-only rights."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from jobfair.kit import crypto
from jobfair.kit.web import settings

_PART = ".part"


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """One folder of a home; a file is told by a random key and an ending.

    Attributes:
        folder_name: the folder's, below the home.
        table: what the seals are bound to, beside ending and key.
    """

    folder_name: str
    table: str

    @property
    def folder(self) -> Path:
        """Return the folder, which is there and the owner's only."""
        folder = settings().home / self.folder_name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def path(self, key: str, ending: str) -> Path:
        """Return where a file is, or would be."""
        return self.folder / f"{key}{ending}"

    def seal(self, key: str, ending: str, content: bytes) -> None:
        """Write a file; it is there whole or not at all."""
        text = base64.b64encode(content).decode()
        sealed = crypto.vault().seal(text, table=self.table, column=ending, row=key)
        part = self.path(key, ending + _PART)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(sealed)
        part.replace(self.path(key, ending))

    def open(self, key: str, ending: str) -> bytes:
        """Return what a file holds.

        Raises:
            FileNotFoundError: there is none.
        """
        sealed = self.path(key, ending).read_bytes()
        text = crypto.vault().open(sealed, table=self.table, column=ending, row=key)
        return base64.b64decode(text)

    def drop(self, key: str, *endings: str) -> None:
        """Let go of files, and of what was left of writing them."""
        for ending in endings:
            self.path(key, ending).unlink(missing_ok=True)
            self.path(key, ending + _PART).unlink(missing_ok=True)
