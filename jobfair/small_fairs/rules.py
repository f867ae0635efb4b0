"""What a small fair is made of. Pure."""

from dataclasses import dataclass
from datetime import date

from jobfair.employers.rules.drafts import MonthlyWage

MOST_BOOTHS = 10
MOST_HEADCOUNT = 1_000


@dataclass(frozen=True, slots=True)
class SmallBoothDraft:
    """What is typed about a booth: who comes, and what one kind of work it offers.

    Attributes:
        employer: its full name.
        credit_code: of an employer that is not known yet; empty for one that is.
        headcount: how many people it hires here, above 0.
        wage: None when it is negotiable.
    """

    employer: str
    title: str
    headcount: int
    wage: MonthlyWage | None = None
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class SmallFairDraft:
    """What is typed about a small fair; ``entrance`` is what its one gate is called."""

    name: str
    day: date
    venue: str
    division_code: str
    entrance: str
    booths: tuple[SmallBoothDraft, ...]


def code_for(division_code: str, day: date, number: int) -> str:
    """Return the code of an office's n-th small fair of a day."""
    code = f"small-{division_code}-{day:%Y%m%d}"
    return code if number == 1 else f"{code}-{number}"
