"""How a unit of headcount is held and given back. Pure.

A unit is a numbered slot of a position at a fair, from 1 to its headcount. Whoever takes one, an
offer or a booth's lease, takes a slot nobody else holds; the database refuses a second holder of
the same slot, whatever the program believes.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_

# How long somebody may think about an offer made on the spot.
OFFER_VALID = timedelta(minutes=30)


# What a booth held apart comes back this long after its lease is over: a clock may be slow, and
# who promised at the last moment must first find the network.
LEASE_GRACE = timedelta(minutes=15)
LEASE_VALID = timedelta(hours=2)
_LEASE_SHARE = 10  # one unit in so many of a headcount
_LEASE_MOST = 5


# A booth that was heard within this is connected: what it has at hand may be taken back, since it
# learns so before it could promise it apart.
CONNECTED_WITHIN = timedelta(minutes=1)
MOST_ORDERED = 999


# Before the key of a hold: the mark that the placement of its acceptance is found by.
PLACEMENT_MARK = "fair-offer:"


class HoldState(StrEnum):
    """Where a held unit stands."""

    LEASED = "leased"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RELEASED = "released"


class Release(StrEnum):
    """Why a unit was given back."""

    DECLINED = "declined"
    EXPIRED = "expired"
    NO_SHOW = "no_show"
    LEFT = "left"
    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


RELEASE_NAMES: Mapping[Release, str] = MappingProxyType(
    {
        Release.DECLINED: N_("Declined by the person"),
        Release.EXPIRED: N_("Not answered in time"),
        Release.NO_SHOW: N_("The person did not come"),
        Release.LEFT: N_("The person left early"),
        Release.ELSEWHERE: N_("The person accepted another post"),
        Release.WITHDRAWN: N_("Taken back by the employer"),
        Release.RETURNED: N_("Not used by the booth"),
    }
)


def units_to_lease(headcount: int, left: int) -> int:
    """Return how many units a booth is given by rule to promise apart: a tenth, at most five.

    Of what is left at least as many stay for everybody else.
    """
    return min(_LEASE_MOST, headcount // _LEASE_SHARE, left // 2)


def free_slots(taken: Collection[int], headcount: int, wanted: int) -> list[int]:
    """Return the lowest slots nobody holds, at most as many as wanted."""
    found: list[int] = []
    for slot in range(1, headcount + 1):
        if len(found) == wanted:
            break
        if slot not in taken:
            found.append(slot)
    return found
