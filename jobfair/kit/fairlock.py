"""One lock for a database file that holds across threads and processes, first come first served.

SQLite's own busy handler sleeps and retries, so under load one writer can wait for seconds while
others pass it. Here threads of a process queue in order, and processes meet at a turnstile: the
next one waits in the turnstile while the present one works, so nobody who has just left can pass
somebody who was already waiting.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _Queue:
    """A first-in first-out lock among the threads of one process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # ownership passes on; nobody can slip between
            else:
                self._held = False


class FairLock:
    """The write lock of one database file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = _Queue()
        self._owner: int | None = None
        self._pid = 0
        self._turnstile = -1
        self._door = -1

    def _open(self) -> None:
        if self._pid == os.getpid():
            return
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._turnstile = os.open(f"{self._path}.queue", flags, 0o600)
        self._door = os.open(f"{self._path}.lock", flags, 0o600)
        self._pid = os.getpid()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock and hold it.

        Raises:
            RuntimeError: this thread holds it already; a verb opened a transaction of its own.
        """
        me = threading.get_ident()
        if self._owner == me:
            raise RuntimeError("a writing transaction was opened inside another one")
        self._threads.acquire()
        try:
            self._open()
            fcntl.flock(self._turnstile, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._door, fcntl.LOCK_EX)
            finally:
                fcntl.flock(self._turnstile, fcntl.LOCK_UN)
            self._owner = me
            try:
                yield
            finally:
                self._owner = None
                fcntl.flock(self._door, fcntl.LOCK_UN)
        finally:
            self._threads.release()
