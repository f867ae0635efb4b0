"""What must hold before a roster is locked; who stands in the way is named. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_
from jobfair.seekers.rules.identity import age_on

OF_AGE = 18


class Check(StrEnum):
    """What is checked."""

    EMPTY = "empty"
    SEATS = "seats"
    NO_SEAT = "no_seat"
    TWICE = "twice"
    ELSEWHERE = "elsewhere"
    CONSENT = "consent"
    NOT_INSURED = "not_insured"
    INSURED_NOT_GOING = "insured_not_going"


# Each with how many it concerns.
CHECK_TEXTS: Mapping[Check, str] = MappingProxyType(
    {
        Check.EMPTY: N_("Nobody is on the roster. Add people first."),
        Check.SEATS: N_(
            "%(n)s more on the roster than there are seats. Add a vehicle, or take off as many. "
            "Without a seat"
        ),
        Check.NO_SEAT: N_("%(n)s without a seat. Give the seats out again"),
        Check.TWICE: N_("%(n)s are on the roster twice, by records that were merged. Take one off"),
        Check.ELSEWHERE: N_(
            "%(n)s are on the roster of another batch on the same days. Take them off one of them"
        ),
        Check.CONSENT: N_(
            "%(n)s are under eighteen without a guardian's consent. Note the day of the consent, "
            "or take them off"
        ),
        Check.NOT_INSURED: N_(
            "%(n)s are not on the insured list. Report them to the insurer and note it"
        ),
        Check.INSURED_NOT_GOING: N_(
            "%(n)s are on the insured list and not on the roster any more. Report the list anew"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Head:
    """A rider as the checks see one.

    Attributes:
        person: the same for records that were merged.
        seat: vehicle and number; None without one.
        consent: whether a guardian agreed.
        going: False for somebody taken off, who may still be insured.
    """

    rider: int
    person: int
    born: date
    seat: tuple[int, int] | None
    consent: bool
    insured: bool
    going: bool = True


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that failed.

    Attributes:
        riders: whom it concerns.
        count: how many too many, or how many it concerns.
    """

    check: Check
    riders: tuple[int, ...]
    count: int


def failed_checks(
    heads: Sequence[Head],
    *,
    vehicles: Mapping[int, int],
    seated: bool,
    departs_on: date,
    elsewhere: Collection[int],
) -> list[Failed]:
    """Return why a roster cannot be locked; empty when it can.

    Args:
        heads: the riders, those taken off included.
        vehicles: seats of each vehicle by id.
        seated: False for people's own cars, where nobody is given a seat.
        departs_on: the planned day, which decides on age.
        elsewhere: persons on the roster of a batch that overlaps this one.
    """
    going = [head for head in heads if head.going]
    times = Counter(head.person for head in going)
    taken = Counter(head.seat for head in going)
    # More people than seats leave at least one of them without a seat of their own.
    lacking = [head for head in going if not _sits(head, vehicles) or taken[head.seat] > 1]
    over = max(0, len(going) - sum(vehicles.values()))
    found = {
        Check.SEATS: lacking if over else [],
        Check.NO_SEAT: lacking if seated and not over else [],
        Check.TWICE: [head for head in going if times[head.person] > 1],
        Check.ELSEWHERE: [head for head in going if head.person in elsewhere],
        Check.CONSENT: [
            head for head in going if age_on(head.born, departs_on) < OF_AGE and not head.consent
        ],
        Check.NOT_INSURED: [head for head in going if not head.insured],
        Check.INSURED_NOT_GOING: [head for head in heads if head.insured and not head.going],
    }
    failed = [] if going else [Failed(Check.EMPTY, (), 0)]
    for check, some in found.items():
        if some:
            riders = tuple(head.rider for head in some)
            failed.append(Failed(check, riders, over if check is Check.SEATS else len(some)))
    return failed


def _sits(head: Head, vehicles: Mapping[int, int]) -> bool:
    """Return whether somebody has a seat that there is."""
    if head.seat is None:
        return False
    vehicle, number = head.seat
    return 1 <= number <= vehicles.get(vehicle, 0)
