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
# Names of the levels of schooling in ``SeekerFacts``.
_LEVELS = (
    N_("No schooling or other"),
    N_("Primary school"),
    N_("Junior middle school"),
    N_("Senior high or secondary vocational school"),
    N_("Junior college"),
    N_("Bachelor's degree"),
    N_("Postgraduate"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is not eligible: code, message and change are translated at the edge.

    Attributes:
        code: which rule.
        text: the rule in words.
        change: the least that would have to be otherwise.
        params: what both name; ``words`` are translated, too.
    """

    code: str
    text: str
    change: str
    params: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


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


def shut(position: PositionFacts, today: date) -> list[str]:
    """Return why nobody can take a position: closed, expired, both or nothing."""
    expired = position.valid_until is not None and position.valid_until < today
    found = ("position_closed", position.closed), ("position_expired", expired)
    return [code for code, holds in found if holds]


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
    until = position.valid_until.isoformat() if position.valid_until else ""
    return [Reason(code, *_SHUT[code], (("day", until),)) for code in shut(position, today)]


def _of_the_register(seeker: SeekerFacts, today: date) -> list[Reason]:
    out = set(seeker.unlisted)
    if seeker.expires_on is not None and seeker.expires_on < today:
        out.add("expired")
    return [
        Reason(code, *_UNLISTED[code]) for code in ("consent", "expired", "placed") if code in out
    ]


def _of_age(seeker: SeekerFacts, position: PositionFacts, today: date) -> list[Reason]:
    start = max(today, position.starts_on or today)
    return [*_of_highest_age(seeker, position, start), *_of_least_age(seeker, position, start)]


def _of_highest_age(seeker: SeekerFacts, position: PositionFacts, start: date) -> list[Reason]:
    most, least = position.max_age, least_age(position)
    if most is None:
        return []
    age = start.year - seeker.born.year
    age -= birthday(seeker.born, age) > start
    params = ("age", str(most)), ("least", str(least)), ("needed", str(max(age, least)))
    change = N_("The employer raises the highest age to %(needed)s or drops it.")
    if least > most:
        contradiction = N_("Nobody can be of an age from %(least)s to %(age)s.")
        return [Reason("ages_contradict", contradiction, change, params)]
    if age <= most:
        return []
    return [
        Reason("max_age", N_("The position takes people up to an age of %(age)s."), change, params)
    ]


def _of_least_age(seeker: SeekerFacts, position: PositionFacts, start: date) -> list[Reason]:
    age = least_age(position)
    ripe = birthday(seeker.born, age)
    if ripe <= start:
        return []
    if birthday(seeker.born, WORKING_AGE) > start:
        code = "too_young"
    elif position.restricted and birthday(seeker.born, ADULT) > start:
        code = "minor_restricted"
    else:
        code = "min_age"
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
                N_("The position asks for more schooling: %(asked)s."),
                N_("The employer accepts %(has)s, or a certificate of %(asked)s is shown."),
                words=(("has", _LEVELS[seeker.education]), ("asked", _LEVELS[asked])),
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
            N_("Be free by %(latest)s, or the work starts on %(start)s or later."),
            (
                ("day", free.isoformat()),
                ("latest", latest_start(position, today).isoformat()),
                ("start", (free - START_TOLERANCE).isoformat()),
            ),
        )
    ]
