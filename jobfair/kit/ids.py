"""Identifiers made by the program, not by the database."""

import os
import re
import time

_KEY = re.compile(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")


def new_key() -> str:
    """Return a UUIDv7 as 32 lower-case hex digits: sortable by time, unguessable in its tail.

    Source: RFC 9562 section 5.7.
    """
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | tail
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return f"{value:032x}"


def is_key(text: str) -> bool:
    """Return whether a text is a UUIDv7 as ``new_key`` writes it."""
    return _KEY.fullmatch(text) is not None
