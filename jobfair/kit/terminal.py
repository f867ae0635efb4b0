"""What every command shares: settings, the database, the language, JSON or plain answers."""

import json
import locale
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import click
from flask import Flask
from flask_babel import Babel
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from sqlalchemy import inspect

from jobfair import config
from jobfair.kit import audit
from jobfair.kit.changes import ChangeCounter
from jobfair.kit.db import Database, sqlite_path
from jobfair.kit.errors import Refusal
from jobfair.kit.home import open_home
from jobfair.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, translate
from jobfair.kit.resources import folder

Step = Callable[[int, int], None]


def system_language() -> str:
    """Return zh or en by the terminal's locale; zh when it says nothing."""
    name = (locale.getlocale()[0] or "").lower()
    return "en" if name.startswith(("en", "english")) else DEFAULT_LANGUAGE


class Terminal:
    """One run of a command."""

    def __init__(self, language: str, *, environment: str | None = None) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self.environment = environment
        self.started = time.perf_counter()

    @cached_property
    def settings(self) -> config.Settings:
        """The checked settings of this home."""
        return config.load(environment=self.environment)

    @cached_property
    def database(self) -> Database:
        """The home's database; what a command does is recorded as done by the command line."""
        audit.act_as(None, "cli")
        return open_home(self.settings)

    @cached_property
    def stored(self) -> Database | None:
        """The home's database, None where there is none yet; asking makes nothing."""
        home = config.home_folder(os.environ)
        path = sqlite_path(config.database_url(os.environ, home))
        if path is not None and not path.exists():
            return None
        with self.database.reading() as session:
            there = inspect(session.connection()).has_table(ChangeCounter.__tablename__)
        return self.database if there else None

    @cached_property
    def _app(self) -> Flask:
        app = Flask("jobfair")
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder("translations"))
        Babel(app, default_locale=self.language)
        return app

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Make ``translate`` speak this terminal's language."""
        with self._app.app_context():
            yield

    def seconds(self) -> float:
        """Return the wall seconds since the command began."""
        return round(time.perf_counter() - self.started, 2)

    @contextmanager
    def progress(self, label: str) -> Iterator[Step]:
        """Show a bar with rate and time left on standard error; give a ``step(done, total)``."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
            task = bars.add_task(label, total=None, rate="")
            began = time.perf_counter()

            def step(done: int, total: int) -> None:
                rate = done / max(time.perf_counter() - began, 1e-6)
                bars.update(task, completed=done, total=total, rate=f"{rate:,.0f}/s")

            yield step


def peak_mb() -> float:
    """Return the peak resident memory of this process and its children, in MB."""
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(max(own, children) / unit, 1)


def answer(payload: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print the answer: one JSON object alone on standard output, or the text."""
    click.echo(json.dumps(payload, ensure_ascii=False, default=str) if as_json else text)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into one sentence on standard error and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        click.echo(translate(refusal.message, **refusal.params), err=True)
        raise SystemExit(1) from refusal


pass_terminal = click.make_pass_decorator(Terminal)
