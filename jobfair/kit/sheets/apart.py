"""Opens a file in a process of its own, so that a hostile one cannot take this program down."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from jobfair.kit.i18n import N_
from jobfair.kit.sheets.child import LENGTH
from jobfair.kit.sheets.reading import FileTooBig, Limits, Table, UnreadableFile

_COMMAND = (sys.executable, "-P", "-m", "jobfair.kit.sheets.child")
# What the child needs of the environment: never a database address, never a key.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG", "LC_ALL", "SYSTEMROOT")
_WAIT = 5  # seconds for a child that was told to end


class FileTooSlow(UnreadableFile):
    """Opening the file takes longer than its limit."""

    code = "file_too_slow"
    message = N_(
        "The file takes too long to open. "
        "Copy only the table itself into a new workbook and try again."
    )


class _Reader:
    """Our end of the child's two pipes."""

    def __init__(self, child: "subprocess.Popen[bytes]", limits: Limits) -> None:
        assert child.stdin is not None  # noqa: S101 - both were asked for
        assert child.stdout is not None  # noqa: S101
        self._child = child
        self._limits = limits
        self._to, self._from = child.stdin.fileno(), child.stdout
        self._asked = self._got = 0
        self._kept: dict[int, Any] = {}
        self._unwanted: set[int] = set()

    def ask(self, line: str) -> int:
        """Send a line; return the number of its answer."""
        try:
            os.write(self._to, line.encode() + b"\n")
        except BrokenPipeError:
            raise self._death() from None
        self._asked += 1
        return self._asked

    def answer(self, number: int) -> Any:
        """Return an answer; answers that others wait for are kept for them.

        Raises:
            UnreadableFile: the child refused the file, or died over it.
        """
        while self._got < number:
            self._got += 1
            found = self._next()
            if self._got not in self._unwanted:
                self._kept[self._got] = found
        return self._kept.pop(number)

    def drop(self, number: int) -> None:
        """Say that nobody waits for an answer any more."""
        self._kept.pop(number, None)
        self._unwanted.add(number)

    def _next(self) -> Any:
        length = self._read(LENGTH)
        answer = json.loads(self._read(int.from_bytes(length, "big")))
        if "refused" not in answer:
            return answer
        raise _refusal(answer["refused"], answer["params"])

    def _read(self, length: int) -> bytes:
        found = self._from.read(length)
        if len(found) < length:
            raise self._death()
        return found

    def _death(self) -> UnreadableFile:
        """Return why the child is gone: its clock rang, or it had no memory left."""
        ended = self._child.wait(_WAIT)
        if ended == -signal.SIGALRM:
            return FileTooSlow()
        return FileTooBig(rows=self._limits.rows)

    def rows(self, index: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Give the rows of a table; the child reads the next block while one is worked on."""
        start = 1
        waiting = self.ask(f"{index} {start}")
        try:
            while block := self.answer(waiting)["rows"]:
                waiting = self.ask(f"{index} {start + len(block)}")
                for cells in block:
                    yield start, tuple(cells)
                    start += 1
        finally:
            self.drop(waiting)


def _refusal(code: str, params: dict[str, Any]) -> UnreadableFile:
    kinds: list[type[UnreadableFile]] = [UnreadableFile, *UnreadableFile.__subclasses__()]
    return next(kind for kind in kinds if kind.code == code)(**params)


@contextmanager
def tables_of(path: Path, limits: Limits | None = None) -> Iterator[list[Table]]:
    """Give a file's tables, opened by a child process; empty sheets are left out.

    Raises:
        UnreadableFile: the file is no table, is hostile, locked, or beyond a limit. Also while
            rows are read.
    """
    limits = limits or Limits()
    settings = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own module
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a reader says about a file may quote it
        env=settings,
    ) as child:
        try:
            reader = _Reader(child, limits)
            first = reader.ask(json.dumps({"path": str(path.resolve()), "limits": asdict(limits)}))
            found = reader.answer(first)["tables"]
            yield [
                Table(sheet, partial(reader.rows, index), count)
                for index, (sheet, count) in enumerate(found)
            ]
        finally:
            child.kill()
