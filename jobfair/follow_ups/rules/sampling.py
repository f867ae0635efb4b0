"""Which follow-ups another office calls again: drawn by a seed that is kept, so it can be redone.

Source: a monthly random sample of at least 50 a county, or all, follows the project's rules.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobfair.follow_ups.rules.outcomes import Outcome
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_

SAMPLE_SIZE = 50


def draw(ids: Iterable[int], seed: str, size: int = SAMPLE_SIZE) -> list[int]:
    """Return a sample of ids, all of them where there are no more; the order given is no matter.

    Each id is put in its place by a digest of the seed and itself, which any program can repeat.
    """
    placed = sorted(set(ids), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    return sorted(placed[:size])


# Whoever is on post at either employer, or not, is what a second call can judge; what was not
# learnt then cannot be found wrong.
JUDGED = frozenset(Outcome) - {Outcome.UNREACHED, Outcome.REFUSED}


class NoOtherOffice(Refusal):
    """A sample is called by another office than the one that recorded it."""

    code = "no_other_office"
    message = N_(
        "There is no labour office outside %(county)s to call these people again. Add one under "
        "accounts first."
    )


class RecalledBefore(Refusal):
    """A second call is recorded once."""

    code = "recalled_before"
    message = N_("The second call of this person is recorded already.")


@dataclass(frozen=True, slots=True)
class Office:
    """A labour office and where it stands."""

    id: int
    division: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the second calls of a sample came out.

    Attributes:
        drawn: how many follow-ups the sample has.
        judged: where the second call found something out.
        differ: where it found something else.
    """

    drawn: int
    judged: int
    differ: int

    @property
    def rate(self) -> float | None:
        """The share that differs, None while nothing is judged."""
        return self.differ / self.judged if self.judged else None


def office_for(county: str, offices: Sequence[Office], seed: str) -> Office | None:
    """Return which office calls a county's sample: one that does not work there, drawn by the seed.

    Offices of another county are meant; one above the county has its own people there.
    """
    others = [
        office
        for office in offices
        if not (office.division.startswith(county) or county.startswith(office.division))
    ]
    if not others:
        return None
    return min(others, key=lambda o: hashlib.sha256(f"{seed}:{county}:{o.id}".encode()).digest())
