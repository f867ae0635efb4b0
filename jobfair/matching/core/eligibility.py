"""The hard rules, each with a code, a sentence, and the smallest change that would mend it.

Sources: Labour Law art. 15 (16 years), art. 58 and 64 (workers under 18); the seeker's own word.
"""

from dataclasses import dataclass
from datetime import date

from jobfair.kit.i18n import N_
from jobfair.matching.core.facts import PositionFacts, SeekerFacts

ADULT = 18
WORKING_AGE = 16


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


def refused(seeker: SeekerFacts, position: PositionFacts) -> list[str]:
    """Return the refusals of the seeker that the position meets."""
    found = [
        name
        for name, meets in (
            ("night_shift", position.night_shift),
            ("height_work", position.height_work),
            ("dispatch", position.dispatch),
        )
        if meets and name in seeker.refusals
    ]
    place = position.workplace
    if place and any(
        place.startswith(r.removeprefix("division:"))
        for r in seeker.refusals
        if r.startswith("division:")
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
_REFUSED = {
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
    found = [
        Reason(code, *_UNLISTED[code])
        for code in ("consent", "expired", "placed")
        if code in seeker.unlisted
    ]
    start = max(today, position.starts_on or today)
    age = least_age(position)
    if birthday(seeker.born, age) > start:
        day = birthday(seeker.born, age).isoformat()
        found.append(
            Reason(
                "too_young" if age <= WORKING_AGE else "minor_restricted",
                N_("The work needs an age of %(age)s."),
                N_("Possible from %(day)s."),
                (("age", str(age)), ("day", day)),
            )
        )
    if (
        position.education
        and seeker.education is not None
        and seeker.education < position.education
    ):
        found.append(
            Reason(
                "education",
                N_("The position asks for more schooling."),
                N_("The employer accepts a lower level, or a higher certificate is shown."),
            )
        )
    missing = sorted(position.certificates - seeker.certificates)
    if missing:
        found.append(
            Reason(
                "certificate",
                N_("A required certificate is missing: %(names)s."),
                N_("Obtain or record the certificate: %(names)s."),
                (("names", "、".join(missing)),),
            )
        )
    if position.starts_on and seeker.available_from and seeker.available_from > start:
        found.append(
            Reason(
                "availability",
                N_("The person is free only from %(day)s, after the start."),
                N_("Start on %(day)s or later."),
                (("day", seeker.available_from.isoformat()),),
            )
        )
    found += [Reason(f"refusal_{code}", *_REFUSED[code]) for code in refused(seeker, position)]
    return found
