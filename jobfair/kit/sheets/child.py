"""The process a file is opened in: ``python -m jobfair.kit.sheets.child``, started by ``apart``.

It reads one line of JSON with the path and the limits, limits its own memory, and answers. Then it
is asked for blocks of rows, one line each, until its input ends. An answer is its length in four
bytes and JSON. Everything that can go wrong with a hostile file goes wrong here: running out of
memory or time ends this process and no other.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from jobfair.kit.sheets.reading import FileTooBig, Limits, Table, UnreadableFile, read_tables

LENGTH = 4
_BLOCK_ROWS = 1_000
_BLOCK_SIGNS = 1_000_000


def _limit_memory(limits: Limits) -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = limits.memory_bytes if hard == resource.RLIM_INFINITY else min(hard, limits.memory_bytes)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the file's rows


def _answer(out: BinaryIO, content: object) -> None:
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
    out.write(len(body).to_bytes(LENGTH, "big") + body)
    out.flush()


class _Blocks:
    """Gives the rows of the tables in blocks; reading on from the last block costs nothing."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._open: dict[int, tuple[int, Iterator[tuple[int, tuple[str, ...]]]]] = {}

    def block(self, index: int, start: int) -> list[tuple[str, ...]]:
        """Return some rows from row number ``start`` on, none at the end of the table."""
        position, rows = self._open.get(index, (0, iter(())))
        if position != start:
            rows = islice(self._tables[index].rows, start - 1, None)
        found: list[tuple[str, ...]] = []
        signs = 0
        for _number, cells in rows:
            found.append(cells)
            signs += sum(map(len, cells))
            if len(found) == _BLOCK_ROWS or signs > _BLOCK_SIGNS:
                break
        self._open[index] = (start + len(found), rows)
        return found


def serve(source: BinaryIO, out: BinaryIO) -> None:
    """Open the file named in the first line, then answer each line that asks for rows."""
    asked = json.loads(source.readline())
    limits = Limits(**asked["limits"])
    _limit_memory(limits)
    # The kernel ends the process when a single answer takes too long.
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        tables = read_tables(Path(asked["path"]), limits)
        _answer(out, {"tables": [[table.sheet, table.row_count] for table in tables]})
        blocks = _Blocks(tables)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for line in source:
            signal.setitimer(signal.ITIMER_REAL, limits.seconds)
            index, start = map(int, line.split())
            _answer(out, {"rows": blocks.block(index, start)})
            signal.setitimer(signal.ITIMER_REAL, 0)
    except UnreadableFile as refusal:
        _answer(out, {"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        _answer(out, {"refused": FileTooBig.code, "params": {"rows": limits.rows}})


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
