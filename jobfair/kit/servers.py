"""Which server processes have a database file open: each holds one of a few numbered locks.

The locks end with their process, however it ends, so that nobody is counted who is gone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLACES = 8  # more servers on one file are not told apart


def _path(database: Path, place: int) -> Path:
    return database.with_name(f"{database.name}.server-{place}")


def _locked(path: Path) -> int | None:
    """Return a handle that holds the lock of a path, None when somebody else does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextmanager
def serving(database: Path | None) -> Iterator[None]:
    """Be counted as a server of a database file meanwhile; None is a database elsewhere."""
    paths = [] if database is None else [_path(database, place) for place in range(_PLACES)]
    handle = next((held for held in map(_locked, paths) if held is not None), None)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def count_servers(database: Path) -> int:
    """Return how many server processes have a database file open."""
    count = 0
    for path in (_path(database, place) for place in range(_PLACES)):
        if path.exists():
            handle = _locked(path)
            if handle is None:
                count += 1
            else:
                os.close(handle)
    return count
