"""Reads of terms: each code and year with its versions; examples with their sources."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.kit.resources import folder
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule
from jobfair.subsidies.rules.terms import Terms, read_stored


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One version of an office's terms.

    Attributes:
        claims: how many claims were made by it.
        newest: whether it is the version in force.
    """

    id: int
    version: int
    terms: Terms
    added_at: datetime
    claims: int
    newest: bool


@cache
def examples() -> tuple[Terms, ...]:
    """Return terms met in notices, to begin from; none holds until an office adds it."""
    path = folder("seed") / "codes" / "subsidy_rules.json"
    return tuple(read_stored(plain) for plain in json.loads(path.read_text(encoding="utf-8")))


def list_rules(session: Session, *, year: int | None = None, place: str = "") -> list[RuleRow]:
    """Return every version, the newest year first, then by code and version.

    Args:
        session: a reading session.
        year: only terms of this year.
        place: only terms that hold at a division, or in some place within it.
    """
    rows = [
        row
        for row in _rows(session, None)
        if (year is None or row.terms.year == year)
        and (row.terms.jurisdiction.startswith(place) or place.startswith(row.terms.jurisdiction))
    ]
    return sorted(rows, key=lambda row: (-row.terms.year, row.terms.code, -row.version))


def in_force(session: Session, *, place: str = "") -> list[RuleRow]:
    """Return the newest version of each code and year."""
    return [row for row in list_rules(session, place=place) if row.newest]


def find_rule(session: Session, rule_id: int) -> RuleRow | None:
    """Return one version."""
    return next(iter(_rows(session, rule_id)), None)


def _rows(session: Session, rule_id: int | None) -> list[RuleRow]:
    newest = (
        select(SubsidyRule.code, SubsidyRule.year, func.max(SubsidyRule.version).label("version"))
        .group_by(SubsidyRule.code, SubsidyRule.year)
        .subquery()
    )
    claims = select(func.count(SubsidyClaim.id)).where(SubsidyClaim.rule_id == SubsidyRule.id)
    query = select(SubsidyRule, newest.c.version, claims.scalar_subquery()).join(
        newest, (newest.c.code == SubsidyRule.code) & (newest.c.year == SubsidyRule.year)
    )
    if rule_id is not None:
        query = query.where(SubsidyRule.id == rule_id)
    return [
        RuleRow(
            rule.id,
            rule.version,
            read_stored(rule.terms),
            rule.added_at,
            count,
            rule.version == version,
        )
        for rule, version, count in session.execute(query)
    ]
