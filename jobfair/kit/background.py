"""Work that takes longer than a request: done in a thread, with progress and a way to stop it.

The list of what runs is this process's own. Work that died with its process is started again by
whoever asks for it, so it must be repeatable.
"""

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import copy_current_request_context

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """One piece of work under way.

    Attributes:
        done: steps done of ``total``; total is 0 until it is known.
        stopping: somebody asked to stop.
    """

    name: str
    done: int = 0
    total: int = 0
    stopping: bool = False
    _began: float = field(default_factory=time.monotonic)
    _ended: threading.Event = field(default_factory=threading.Event)

    def step(self, done: int, total: int) -> None:
        """Take note of how far the work is."""
        self.done, self.total = done, total

    def rate(self) -> float:
        """Return the steps per second since it began."""
        return self.done / max(time.monotonic() - self._began, 1e-6)

    def seconds_left(self) -> int | None:
        """Return about how long it will still take, None when nothing can be said yet."""
        if not self.done or not self.total:
            return None
        return round((self.total - self.done) / self.rate())

    def wait(self, seconds: float) -> bool:
        """Wait for the end; tell whether it has come."""
        return self._ended.wait(seconds)

    def end(self) -> None:
        """Say that it is over."""
        self._ended.set()


_works: dict[str, Work] = {}
_lock = threading.Lock()


def find(key: str) -> Work | None:
    """Return the work under way under a key."""
    with _lock:
        return _works.get(key)


def start(key: str, name: str, task: Callable[[Work], None]) -> Work:
    """Begin work under a key, or return what is already under way there.

    The task runs with the request's language and sender. It keeps its own result; what it raises
    is logged.
    """
    with _lock:
        if key in _works:
            return _works[key]
        work = _works[key] = Work(name)
    run = copy_current_request_context(lambda: _run(key, work, task))
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name=f"work-{name}", daemon=True).start()
    return work


def _run(key: str, work: Work, task: Callable[[Work], None]) -> None:
    try:
        task(work)
    except Exception:
        log.exception("work in the background failed")
    finally:
        with _lock:
            del _works[key]
        work.end()
