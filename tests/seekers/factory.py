"""Seekers for tests, registered by the real verb; always invented people."""

from dataclasses import replace
from datetime import date
from typing import Any

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.seekers import services
from jobfair.seekers.rules.drafts import SeekerDraft, Wish
from jobfair.seekers.rules.identity import IdNumber
from tests.planted import person


def draft(
    n: int, *, division: str = "520502", born: date = date(1990, 5, 17), **changes: Any
) -> SeekerDraft:
    """Return what the n-th invented person would be registered with."""
    who = person(n, division=division[:6], born=born)
    plain = SeekerDraft(
        name=who.name,
        id_number=IdNumber.parse(who.id_number, today=clock.today()),
        home_division=division,
        phone=who.phone,
        village=f"第{n}村",
        education="71",
        household_category="general",
        skills=(),
        certificates=(),
        wanted_divisions=(),
        only_with_group=False,
        refusals=(),
        wishes=(Wish("普工", None),),
        consent_version="form-1",
    )
    return replace(plain, **changes)


def make_seeker(database: Database, n: int = 1, **changes: Any) -> int:
    """Register the n-th invented person; return the id."""
    with database.writing() as session:
        made = services.register_seeker(
            session,
            draft(n, **changes),
            registered_by=None,
        )
    return made.seeker_id
