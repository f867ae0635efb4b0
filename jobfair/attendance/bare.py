"""The bare route that the bench compares with: a Flask route with one durable insert, no rule."""

import sqlite3
import sys
import threading
from typing import Any

from flask import Flask, request
from sqlalchemy import create_engine, text
from waitress import serve

from jobfair.kit.db import sqlite_path

_TABLE = "CREATE TABLE IF NOT EXISTS bench_bare (id VARCHAR(32) PRIMARY KEY)"


def app(url: str, threads: int) -> Flask:
    """Return the application, writing beside the database of a URL."""
    made, path = Flask("bare"), sqlite_path(url)
    if path is None:
        engine = create_engine(url, pool_size=threads)
        with engine.begin() as connection:
            connection.execute(text(_TABLE))

        def keep(key: str) -> None:
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO bench_bare VALUES (:id)"), {"id": key})

    else:
        lock = threading.Lock()
        file = sqlite3.connect(path.with_name("bare.db"), check_same_thread=False)
        file.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_TABLE};")

        def keep(key: str) -> None:
            with lock, file:
                file.execute("INSERT INTO bench_bare VALUES (?)", (key,))

    @made.post("/bare")
    def bare() -> dict[str, Any]:
        sent: dict[str, Any] = request.get_json()
        keep(sent["id"])
        return {"kept": sent["id"]}

    return made


if __name__ == "__main__":
    where, listens, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    serve(app(where, at_once), host="127.0.0.1", port=listens, threads=at_once, ident=None)
