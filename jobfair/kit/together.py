"""Group commit: what many requests want written at once goes into one transaction.

A durable commit waits for the disk. While one waits, others gather, and the next transaction takes
all of them; nobody waits for company that does not come. Source: DeWitt et al. 1984, section 4.2.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Generic, TypeVar, cast

from sqlalchemy.orm import Session

from jobfair.kit.db import Database

T = TypeVar("T")
R = TypeVar("R")
_MOST = 20  # wishes in a transaction: measured as enough, and nobody waits long for the others
# Rows in a transaction, unless a single wish has more: what a station kept for hours comes in by
# fifties, and who stands at a gate meanwhile shall not wait for a thousand of them.
_MOST_ROWS = 100
_MOST_MORE = 3  # transactions that a thread writes for others once its own wish is written


class _Wish(Generic[T, R]):
    """What one request wants, and what came of it."""

    def __init__(self, item: T, rows: int) -> None:
        self.item = item
        self.rows = rows
        self.done = False
        self.leads = False  # its thread is to write for all who wait
        # Held until the thread shall go on: half the cost of an event, and there is one a request.
        self.wake = threading.Lock()
        self.wake.acquire()
        self.answer: R | None = None
        self.fault: Exception | None = None


class Together(Generic[T, R]):
    """Writes what many threads want, several to a transaction.

    Whoever waits longest is always in the next one, and small wishes go before large ones.
    """

    def __init__(
        self, database: Database, write: Callable[[Session, Sequence[T]], Sequence[R]]
    ) -> None:
        """Take what writes some wishes and answers each, in their order, and begins nothing else.

        It may be called again with single wishes when several of them failed together.
        """
        self._database = database
        self._write = write
        self._guard = threading.Lock()
        self._led = False  # somebody is writing
        self._waiting: deque[_Wish[T, R]] = deque()

    def do(self, item: T, *, rows: int = 1) -> R:
        """Have something of so many rows written and return the answer once it is durable.

        Raises:
            Exception: whatever the writing of this very wish raised; nothing of it is written.
        """
        wish = _Wish[T, R](item, rows)
        with self._guard:
            self._waiting.append(wish)
            wish.leads, self._led = not self._led, True
        if not wish.leads:
            wish.wake.acquire()  # until it is written, or until it is this thread's turn to write
        if wish.leads:
            try:
                while not wish.done:
                    self._work()
                for _more in range(_MOST_MORE):  # a thread that wakes costs more than a group
                    if not self._waiting:
                        break
                    self._work()
            finally:
                self._hand_over()
        if wish.fault is not None:
            raise wish.fault
        return cast(R, wish.answer)

    def _work(self) -> None:
        some = self._next()
        if not self._try(some) and len(some) > 1:
            for wish in some:  # one of them was at fault, and only it shall be refused
                self._try([wish])
        for wish in some:
            wish.done = True
            wish.wake.release()

    def _hand_over(self) -> None:
        """Let the one who waits longest write from now on, if somebody waits."""
        with self._guard:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].leads = True
                self._waiting[0].wake.release()

    def _next(self) -> list[_Wish[T, R]]:
        with self._guard:
            some = [self._waiting.popleft()]
            rows = some[0].rows
            for wish in sorted(self._waiting, key=attrgetter("rows")):
                rows += wish.rows
                if rows > _MOST_ROWS or len(some) == _MOST:
                    break
                some.append(wish)
                self._waiting.remove(wish)
        return some

    def _try(self, some: list[_Wish[T, R]]) -> bool:
        try:
            with self._database.writing() as session:
                answers = list(self._write(session, [wish.item for wish in some]))
        except Exception as fault:  # noqa: BLE001 - each is raised again where it was wished for
            for wish in some:
                wish.fault = fault
            return False
        for wish, answer in zip(some, answers, strict=True):
            wish.answer, wish.fault = answer, None
        return True
