"""Fairs for tests, opened by the real verbs."""

from dataclasses import replace
from datetime import date
from typing import Any

from jobfair.fairs.queries import find_fair
from jobfair.fairs.services import FairDraft, add_positions, open_fair
from jobfair.kit.db import Database


def make_fair(
    database: Database, positions: list[int], *, code: str = "2010-spring", **changes: Any
) -> str:
    """Open a fair with positions and return its code."""
    draft = FairDraft(
        code=code,
        name="春风行动招聘会",
        name_en="Spring fair",
        starts_on=date(2010, 3, 6),
        ends_on=date(2010, 3, 7),
        venue="毕节",
        division_code="5205",
    )
    with database.writing() as session:
        opened = open_fair(session, replace(draft, **changes))
        add_positions(session, opened.id, positions)
        return opened.code


def make_empty_fair(database: Database) -> int:
    """Open a fair of two days without positions and return its id."""
    code = make_fair(database, [])
    with database.reading() as session:
        found = find_fair(session, code)
    assert found is not None
    return found.id
