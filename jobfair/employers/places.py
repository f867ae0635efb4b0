"""Places, minimum wages and occupations as this room asks for them."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from jobfair.employers.queries import PositionRow
from jobfair.employers.rules.drafts import PositionDraft, kept_occupation
from jobfair.occupations.queries import occupations
from jobfair.regions import codes, queries
from jobfair.regions.rules import Gazetteer, and_above


def gazetteer(session: Session) -> Gazetteer:
    """Return the index of places, for many look-ups."""
    return queries.gazetteer(session)


def division_of(session: Session, text: str) -> str | None:
    """Return the narrowest division a text names, or None."""
    return gazetteer(session).find(text) if text.strip() else None


def name_of(session: Session, code: str | None) -> str:
    """Return a division's name from the province down; empty for none."""
    if not code:
        return ""
    steps = and_above(code)
    names = queries.names_of(session, set(steps))
    known = (names.get(step, "") for step in steps)
    return "".join(dict.fromkeys(name for name in known if name and name != "市辖区"))


@lru_cache(maxsize=4096)
def minimum_wage(division: str, on: date) -> int | None:
    """Return the minimum wage of a division on a day, in fen a month."""
    return codes.minimum_wage(division, on)


def occupation_name(code: str | None) -> str:
    """Return an occupation's name, empty for none."""
    return codes.occupation_name(code) or ""


def with_occupation(
    session: Session, draft: PositionDraft, before: PositionRow | None = None
) -> PositionDraft:
    """Return the draft with the occupation its title means, or the one its position keeps."""
    kept = None
    if before is not None:
        kept = kept_occupation(draft, title=before.title, occupation_code=before.occupation_code)
    return replace(draft, occupation_code=kept or occupations(session).code_of(draft.title))
