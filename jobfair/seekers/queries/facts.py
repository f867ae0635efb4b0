"""What matching may know of seekers: plain columns in bulk, nothing opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Label, Row, Text, cast, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from jobfair.kit.changes import current_revision
from jobfair.seekers.models import Seeker, SeekerWish


def _text(column: InstrumentedAttribute[Any]) -> Label[str]:
    """Select a list as its stored text: a few thousand texts stand for all people's lists."""
    return cast(column, Text).label(column.key)


# What may not be judged (sex, ethnic group, kind of registration) is not even read.
_COLUMNS = (
    Seeker.id,
    Seeker.status,
    Seeker.birth_date,
    Seeker.education_rank,
    Seeker.home_division,
    Seeker.household_category,
    Seeker.experience_years,
    _text(Seeker.skills),
    _text(Seeker.certificates),
    Seeker.wage_min,
    _text(Seeker.wanted_divisions),
    Seeker.available_from,
    Seeker.travel_group,
    Seeker.only_with_group,
    _text(Seeker.refusals),
    Seeker.employed_since,
    Seeker.consent_at,
    Seeker.consent_withdrawn_at,
    Seeker.expires_on,
    Seeker.revision,
)


@dataclass(frozen=True, slots=True)
class SeekerFacts:
    """The seekers changed after a revision, and the revision they are complete up to.

    Skills, certificates, wanted divisions and refusals are JSON texts.
    """

    rows: Sequence[Row[*tuple[Any, ...]]]
    wishes: dict[int, list[tuple[str, str | None]]]
    revision: int


def seeker_facts(session: Session, after_revision: int = 0) -> SeekerFacts:
    """Return every seeker changed after a revision, withdrawn and merged ones included."""
    revision = current_revision(session, "seeker")
    table = select(*_COLUMNS).where(Seeker.revision > after_revision).order_by(Seeker.id)
    rows = session.execute(table).all()
    wanted = (
        select(SeekerWish.seeker_id, SeekerWish.title, SeekerWish.occupation_code)
        .join(Seeker, Seeker.id == SeekerWish.seeker_id)
        .where(Seeker.revision > after_revision)
        .order_by(SeekerWish.seeker_id, SeekerWish.place)
    )
    wishes: dict[int, list[tuple[str, str | None]]] = {}
    for seeker_id, title, code in session.execute(wanted):
        wishes.setdefault(seeker_id, []).append((title, code))
    return SeekerFacts(rows, wishes, revision)
