"""The certificates and skills the program knows by name, read once."""

from functools import cache

from jobfair.kit.values.terms import Term, Vocabulary
from jobfair.regions import codes

CERTIFICATE = "certificate"
SKILL = "skill"


def _several(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


@cache
def qualifications() -> Vocabulary:
    """Return certificates and skills with the names offices, adverts and people give them."""
    return Vocabulary(
        Term(
            row["kind"],
            row["name"],
            _several(row["aliases"]),
            _several(row["implies"]),
            _several(row["trades"]),
        )
        for row in codes.read_rows("qualifications")
    )
