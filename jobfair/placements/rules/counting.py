"""How placements are counted: destination, organised or not, persons and moves.

Source: the counting rules printed under every report: C2 move, C3 export, C5 organised,
C6 destination, and the bridge rule of the retention mathematics.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_

BRIDGE_DAYS = 30
SEASONAL_BRIDGE_DAYS = 90


class Channel(StrEnum):
    """How the work was found and reached."""

    ORGANISED = "organised"  # batch rider, or post and travel arranged by an office
    ASSISTED = "assisted"  # post arranged by an office, own travel
    SELF_ARRANGED = "self_arranged"  # recorded afterwards


class Destination(StrEnum):
    """Where the workplace lies, seen from home, at the start."""

    IN_COUNTY = "in_county"
    IN_PREFECTURE = "in_prefecture"
    IN_PROVINCE = "in_province"
    OUT_OF_PROVINCE = "out_of_province"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


CHANNEL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Channel.ORGANISED: N_("Organised"),
        Channel.ASSISTED: N_("Assisted, own travel"),
        Channel.SELF_ARRANGED: N_("Self-arranged"),
    }
)
DESTINATION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Destination.IN_COUNTY: N_("In the home county"),
        Destination.IN_PREFECTURE: N_("Another county of the prefecture"),
        Destination.IN_PROVINCE: N_("Another prefecture of the province"),
        Destination.OUT_OF_PROVINCE: N_("Another province"),
        Destination.ABROAD: N_("Abroad"),
        Destination.UNKNOWN: N_("Not known"),
    }
)
# 劳务输出: the workplace's county is not the home county.
EXPORTS = frozenset(
    {
        Destination.IN_PREFECTURE,
        Destination.IN_PROVINCE,
        Destination.OUT_OF_PROVINCE,
        Destination.ABROAD,
    }
)


def destination_of(home: str, workplace: str | None) -> Destination:
    """Return where a workplace lies by the codes of home and workplace.

    A workplace known only as the home province or the home prefecture tells too little.
    """
    place = workplace or ""
    if len(place) < 2 or len(home) < 6:
        return Destination.UNKNOWN
    if place[:2] != home[:2]:
        return Destination.OUT_OF_PROVINCE
    if len(place) < 4:
        return Destination.UNKNOWN
    if place[:4] != home[:4]:
        return Destination.IN_PROVINCE
    if len(place) < 6:
        return Destination.UNKNOWN
    return Destination.IN_COUNTY if place[:6] == home[:6] else Destination.IN_PREFECTURE


@dataclass(frozen=True, slots=True)
class Spell:
    """One time at work away from home.

    Attributes:
        seasonal_end: the end was a return for the season, which is bridged for longer.
    """

    placement_id: int
    started_on: date
    ended_on: date | None
    seasonal_end: bool = False


def _bridged(before: Spell, after: Spell) -> bool:
    if before.ended_on is None:
        return True
    allowed = SEASONAL_BRIDGE_DAYS if before.seasonal_end else BRIDGE_DAYS
    return (after.started_on - before.ended_on).days <= allowed


def moves(spells: Iterable[Spell]) -> set[int]:
    """Return the placements of one person that open a move (人次).

    A new employer within 30 days, or a return from a season within 90, goes on with the move
    before it.
    """
    opening: set[int] = set()
    last: Spell | None = None
    for spell in sorted(spells, key=lambda s: (s.started_on, s.placement_id)):
        if last is None or not _bridged(last, spell):
            opening.add(spell.placement_id)
        last = spell if last is None or _later_end(spell, last) else last
    return opening


def _later_end(spell: Spell, last: Spell) -> bool:
    if last.ended_on is None:
        return False
    return spell.ended_on is None or spell.ended_on >= last.ended_on


def overlap(a: tuple[date, date | None], b: tuple[date, date | None]) -> bool:
    """Return whether two times at work cover a common day; a change on one day is none."""
    return (b[1] is None or a[0] < b[1]) and (a[1] is None or b[0] < a[1])
