"""Files that take longer to make than a request lasts: made in the background, kept for a week.

A file is kept sealed, under a random name with owner-only rights. Only the account that asked for
it finds it again.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobfair.kit import background, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.sealed_files import SealedFiles

KEPT = timedelta(days=7)
_NOTE, _CONTENT = ".note", ".content"
_FILES = SealedFiles("kept-files", "kept_file")
_KEY_DIGITS = 32


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was asked for.

    Attributes:
        owner: account that asked for it.
        rows: lines it has, as counted when it was asked for.
        ready: it can be taken; else it is being made, or its making was cut off.
        done: lines made so far, as far as this process knows.
    """

    key: str
    owner: int
    name: str
    rows: int
    asked_at: datetime
    ready: bool
    under_way: bool
    done: int

    @property
    def until(self) -> datetime:
        """When it goes."""
        return self.asked_at + KEPT


def make(owner: int, name: str, rows: int, maker: Callable[[background.Work], bytes]) -> None:
    """Begin to make a file.

    Args:
        owner: account that asks for it.
        name: of the file as it is downloaded.
        rows: how many lines it will have.
        maker: gives the content; it may tell the work how far it is.
    """
    _sweep()
    key = secrets.token_hex(_KEY_DIGITS // 2)
    note = {"owner": owner, "name": name, "rows": rows, "asked_at": clock.now().isoformat()}
    _FILES.seal(key, _NOTE, json.dumps(note).encode())

    def task(work: background.Work) -> None:
        work.step(0, rows)
        _FILES.seal(key, _CONTENT, maker(work))

    background.start(key, "file", task)


def files_of(owner: int) -> list[KeptFile]:
    """Return the files that an account asked for and that are still kept, the newest first."""
    _sweep()
    found = (_read(path.name.removesuffix(_NOTE)) for path in _FILES.folder.glob(f"*{_NOTE}"))
    return sorted(
        (one for one in found if one and one.owner == owner),
        key=lambda one: one.asked_at,
        reverse=True,
    )


def take(owner: int, key: str) -> tuple[KeptFile, bytes]:
    """Return a file and its content.

    Raises:
        NotFound: none of this account's, or not ready.
    """
    found = next((one for one in files_of(owner) if one.key == key and one.ready), None)
    if found is None:
        raise NotFound
    return found, _FILES.open(key, _CONTENT)


def _read(key: str) -> KeptFile | None:
    try:
        note = json.loads(_FILES.open(key, _NOTE))
    except FileNotFoundError:  # went this moment
        return None
    work = background.find(key)
    return KeptFile(
        key,
        note["owner"],
        note["name"],
        note["rows"],
        datetime.fromisoformat(note["asked_at"]),
        ready=_FILES.path(key, _CONTENT).exists(),
        under_way=work is not None,
        done=work.done if work else 0,
    )


def _sweep() -> None:
    for path in _FILES.folder.glob(f"*{_NOTE}"):
        found = _read(path.name.removesuffix(_NOTE))
        if found is not None and found.until < clock.now():
            _FILES.drop(found.key, _NOTE, _CONTENT)
