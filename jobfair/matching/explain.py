"""Reasons and components in the reader's words; for pages and commands."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobfair.kit.i18n import N_, translate
from jobfair.matching.core.eligibility import Reason, reasons
from jobfair.matching.core.rank import Candidate, score_pair
from jobfair.matching.pool import Pool, post_of

COMPONENT_NAMES = {
    "occupation": N_("Work asked for"),
    "skills": N_("Skills"),
    "wage": N_("Pay against wish"),
    "experience": N_("Experience"),
    "education": N_("Schooling"),
    "place": N_("Place and lodging"),
    "travel_group": N_("Travel group"),
}


@dataclass(frozen=True, slots=True)
class PlainReason:
    """Why not, and what would change it, in the current language."""

    code: str
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Why:
    """One person and one position."""

    eligible: bool
    reasons: tuple[PlainReason, ...]
    candidate: Candidate


def say(found: Sequence[Reason]) -> tuple[PlainReason, ...]:
    """Return reasons in the current language."""
    return tuple(
        PlainReason(
            r.code, translate(r.text, **dict(r.params)), translate(r.change, **dict(r.params))
        )
        for r in found
    )


def why(pool: Pool, *, seeker_id: int, position_id: int) -> Why | None:
    """Explain a pair; None when one of them is not in the pool."""
    person, post = pool.person(seeker_id), pool.post(position_id)
    if person is None or post is None:
        return None
    today = pool.day
    facts = post_of(post)
    eligible, candidate = score_pair(
        person, facts, profile=pool.profile, today=today, mates=pool.mates(seeker_id)
    )
    return Why(eligible, say(reasons(person, facts, today)), candidate)
