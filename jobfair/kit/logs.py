"""Structured logs without personal data: one JSON object a line on standard error.

Messages carry ids, never values. What cannot be trusted to (the text of an exception somebody
else wrote) is scrubbed: runs of Chinese characters and long digit strings are replaced.
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PERSONAL = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]{2,}|\d{7,}[\dXx]?")
_to_json = json.JSONEncoder(ensure_ascii=False).encode


def scrub(text: str) -> str:
    """Return the text with what may be a name, phone or ID number replaced."""
    return _PERSONAL.sub("***", text)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line: time, level, logger, request, message, extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": scrub(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD:
                line[name] = value if isinstance(value, int | float | None) else scrub(str(value))
        if record.exc_info and record.exc_info[0]:
            kind, fault, trace = record.exc_info
            line["exception"] = kind.__name__ if kind else ""
            line["reason"] = scrub(str(fault))
            line["stack"] = [
                f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)
            ]
        return _to_json(line)


def set_up(level: str) -> None:
    """Send every log of the process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its lines hold raw URLs
