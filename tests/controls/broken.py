"""One broken rule a test, met by the real tests and alarms: every test here must fail.

The name keeps it out of the ordinary run; test_controls.py runs it apart and looks at how it fails.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer

from jobfair.kit import crypto, logs
from jobfair.kit.db import Base, Database
from jobfair.matching import pool
from jobfair.matching.core.facts import SeekerFacts
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import facts
from tests import test_translations
from tests.factories import Make
from tests.kit.platform import test_migrations, test_values
from tests.kit.platform.test_migrations import empty  # noqa: F401 - a fixture
from tests.matching import test_fairness
from tests.matching.test_fairness import after_flip  # noqa: F401 - a fixture
from tests.planted import person

SOMEBODY = person(7)
_NEVER = re.compile(r"(?!)")


def test_ranking_by_ethnic_group(
    after_flip: Callable[..., Any],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair = pool._Reader.person
    monkeypatch.setattr(facts, "_COLUMNS", (*facts._COLUMNS, Seeker.ethnic_group))

    def unfair(reader: pool._Reader, row: Any, wishes: Any) -> SeekerFacts:
        found = fair(reader, row, wishes)
        return replace(found, experience=0) if row.ethnic_group == "03" else found

    monkeypatch.setattr(pool._Reader, "person", unfair)
    test_fairness.test_what_must_not_count_changes_nothing(after_flip, {"ethnic_group": "03"})


def test_a_column_without_a_migration(empty: Database) -> None:  # noqa: F811
    table = Base.metadata.tables["organisation"]
    table.append_column(Column("forgotten", Integer))
    test_migrations.test_up_down_and_up_again(empty)


def test_log_lines_unscrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_PERSONAL", _NEVER)
    test_values.test_a_log_line_holds_no_personal_text()


def test_a_name_in_a_log() -> None:
    logging.getLogger("jobfair.broken").info("registered %s", SOMEBODY.name)


def test_a_number_in_a_url(client: FlaskClient) -> None:
    client.get(f"/seekers?find={SOMEBODY.id_number}")


def test_a_phone_in_a_file(database: Database, home: Path) -> None:
    (home / "left-over.txt").write_text(SOMEBODY.phone, encoding="ascii")


def test_a_column_unsealed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(_vault: crypto.Vault, text: str, **_place: str) -> bytes:
        return text.encode()

    monkeypatch.setattr(crypto.Vault, "seal", plain)
    make.seeker(7)


def test_a_message_without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_translations, "USED", {"A sentence nobody has translated."})
    test_translations.test_every_message_is_translated()
