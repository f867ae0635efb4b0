"""The hard rules, each with a code, a sentence, and the smallest change that would mend it.

Sources: Labour Law art. 15 (16 years), art. 58 and 64 (workers under 18); the seeker's own word.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jobfair.kit.i18n import N_
from jobfair.matching.core.facts import PositionFacts, SeekerFacts

ADULT = 18
WORKING_AGE = 16
# Between certificates of which one is enough.
OR = "或"
# An employer waits this long for somebody who cannot come on the first day.
START_TOLERANCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is not eligible: code, message and change are translated at the edge."""

    code: str
    text: str
    change: str
    params: tuple[tuple[str, str], ...] = ()


def birthday(born: date, years: int) -> date:
    """Return the day somebody turns so many years old; 29 February counts from 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def least_age(position: PositionFacts) -> int:
    """Return the age a position needs: never below 16, 18 for restricted work."""
    return max(WORKING_AGE, position.min_age or 0, ADULT if position.restricted else 0)


def latest_start(position: PositionFacts, today: date) -> date:
    """Return the last day somebody may become free for a position that says when it starts."""
    return max(today, position.starts_on or today) + START_TOLERANCE


def shut(position: PositionFacts, today: date) -> str | None:
    """Return why nobody can take a position: closed, expired, or None."""
    if position.closed:
        return "position_closed"
    if position.valid_until is not None and position.valid_until < today:
        return "position_expired"
    return None


def lacking(wanted: Iterable[str], held: Container[str]) -> list[str]:
    """Return the certificates somebody lacks, in order; of "A或B" one is enough."""
    return sorted(one for one in wanted if not any(part in held for part in one.split(OR)))


def refused(refusals: frozenset[str], province: str, position: PositionFacts) -> list[str]:
    """Return what a position has of what somebody refuses.

    Args:
        refusals: as in ``SeekerFacts``.
        province: first two digits of the home division.
        position: the post.
    """
    if not refusals:
        return []
    place = position.workplace
    found = [
        name
        for name, meets in (
            ("night_shift", position.night_shift),
            ("height_work", position.height_work),
            ("dispatch", position.dispatch),
            ("piece_rate", position.piece_rate),
            ("other_province", place is not None and place[:2] != province),
        )
        if meets and name in refusals
    ]
    if place and any(
        place.startswith(r.removeprefix("division:")) for r in refusals if r.startswith("division:")
    ):
        found.append("division")
    return found


_UNLISTED = {
    "consent": (
        N_("No consent to be recommended, or it was withdrawn."),
        N_("Ask the person and record their consent."),
    ),
    "expired": (N_("The registration has expired."), N_("Renew the registration.")),
    "placed": (
        N_("The person is on post already."),
        N_("Record the end of the present placement."),
    ),
}
_SHUT = {
    "position_closed": (
        N_("The position is closed."),
        N_("The employer opens the position again."),
    ),
    "position_expired": (
        N_("The position was valid until %(day)s."),
        N_("The employer extends the position."),
    ),
}
_REFUSED = {
    "piece_rate": (
        N_("The pay is by the piece, which the person refuses."),
        N_("The person accepts piece-rate pay."),
    ),
    "other_province": (
        N_("The workplace is in another province, which the person refuses."),
        N_("The person accepts work in another province."),
    ),
    "night_shift": (
        N_("The position has night shifts, which the person refuses."),
        N_("The person accepts night shifts, or a position without them."),
    ),
    "height_work": (
        N_("The work is at height, which the person refuses."),
        N_("The person accepts work at height."),
    ),
    "dispatch": (
        N_("The post is filled through an agency, which the person refuses."),
        N_("The person accepts dispatch work."),
    ),
    "division": (
        N_("The workplace is where the person does not want to go."),
        N_("The person accepts this place."),
    ),
}


def reasons(seeker: SeekerFacts, position: PositionFacts, today: date) -> list[Reason]:
    """Return every rule the pair breaks; empty when it is eligible.

    Args:
        seeker: the person.
        position: the post.
        today: Beijing date the age and dates are judged for.
    """
    met = refused(seeker.refusals, seeker.home[:2], position)
    return [
        *_of_the_position(position, today),
        *_of_the_register(seeker, today),
        *_of_age(seeker, position, today),
        *_of_qualification(seeker, position),
        *_of_availability(seeker, position, today),
        *(Reason(f"refusal_{code}", *_REFUSED[code]) for code in met),
    ]


def _of_the_position(position: PositionFacts, today: date) -> list[Reason]:
    code = shut(position, today)
    if code is None:
        return []
    until = position.valid_until
    return [Reason(code, *_SHUT[code], (("day", until.isoformat() if until else ""),))]


def _of_the_register(seeker: SeekerFacts, today: date) -> list[Reason]:
    out = set(seeker.unlisted)
    if seeker.expires_on is not None and seeker.expires_on < today:
        out.add("expired")
    return [
        Reason(code, *_UNLISTED[code]) for code in ("consent", "expired", "placed") if code in out
    ]


def _of_age(seeker: SeekerFacts, position: PositionFacts, today: date) -> list[Reason]:
    start = max(today, position.starts_on or today)
    most = position.max_age
    if most is not None and birthday(seeker.born, most + 1) <= start:
        return [
            Reason(
                "max_age",
                N_("The position takes people up to an age of %(age)s."),
                N_("The employer raises the highest age or drops it."),
                (("age", str(most)),),
            )
        ]
    if birthday(seeker.born, WORKING_AGE) > start:
        code = "too_young"
    elif position.restricted and birthday(seeker.born, ADULT) > start:
        code = "minor_restricted"
    else:
        code = "min_age"
    age = least_age(position)
    ripe = birthday(seeker.born, age)
    if ripe <= start:
        return []
    return [
        Reason(
            code,
            N_("The work needs an age of %(age)s."),
            N_("Possible from %(day)s."),
            (("age", str(age)), ("day", ripe.isoformat())),
        )
    ]


def _of_qualification(seeker: SeekerFacts, position: PositionFacts) -> list[Reason]:
    found = []
    asked = position.education or 0
    if seeker.education is not None and seeker.education < asked:
        found.append(
            Reason(
                "education",
                N_("The position asks for more schooling."),
                N_("The employer accepts a lower level, or a higher certificate is shown."),
            )
        )
    missing = lacking(position.certificates, seeker.certificates)
    if missing:
        found.append(
            Reason(
                "certificate",
                N_("A required certificate is missing: %(names)s."),
                N_("Obtain or record the certificate: %(names)s."),
                (("names", "、".join(missing)),),
            )
        )
    return found


def _of_availability(seeker: SeekerFacts, position: PositionFacts, today: date) -> list[Reason]:
    free = seeker.available_from
    if not position.starts_on or free is None or free <= latest_start(position, today):
        return []
    return [
        Reason(
            "availability",
            N_("The person is free only from %(day)s, after the start."),
            N_("Start on %(day)s or later."),
            (("day", free.isoformat()),),
        )
    ]
