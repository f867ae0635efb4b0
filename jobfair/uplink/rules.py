"""Packs of rows between two servers, what either side takes of them, and when to try again. Pure.

A row is named alike by both servers: by its key where it has one, else by what makes it unique,
with the names of the rows it refers to. Ids never travel.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

LONGEST_NAME = 60
LONGEST_REASON = 200
MOST_ROWS = 200
MOST_BYTES = 256 * 1024  # of the rows of a pack as JSON; one row more may stand on top
_LONGEST_ROW_NAME = 300
_SCHEME = re.compile(r"https?://[^/?#\s]+", re.ASCII)
# Between two looks at a line that works, and the longest pause before a broken one is tried again.
EVERY = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=2)
_SHARE = 20  # a twentieth of the time at most is spent looking


class Ending(StrEnum):
    """How a hall's day came back to the prefecture."""

    HANDED_BACK = "handed_back"
    TAKEN_BACK = "taken_back"  # without the hall, as when the laptop is lost


class Why(StrEnum):
    """Why a row, or a part of it, was set aside."""

    REFUSED = "refused"  # a rule of the database
    MISSING = "missing"  # it refers to a row that is not here
    DIFFERS = "differs"  # it was changed at both; the prefecture's stands


WHY_NAMES: Mapping[Why, str] = MappingProxyType(
    {
        Why.REFUSED: N_("A rule refuses it"),
        Why.MISSING: N_("What it belongs to is not here"),
        Why.DIFFERS: N_("Changed at both; the prefecture's stands"),
    }
)


# What people call the rows of each table.
ROW_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "organisation": N_("Organisations"),
        "user_account": N_("Accounts"),
        "employer": N_("Employers"),
        "position": N_("Positions"),
        "fair": N_("Job fairs"),
        "fair_position": N_("Positions of the fair"),
        "zone": N_("Zones"),
        "booth": N_("Booths"),
        "booth_cell": N_("Map of the booths"),
        "seeker": N_("Seekers"),
        "seeker_wish": N_("Wanted work"),
        "seeker_move": N_("Homes before moving"),
        "card": N_("Cards"),
        "placement": N_("Placements"),
        "placement_event": N_("Placements"),
        "placement_evidence": N_("Evidence files"),
        "evidence_content": N_("Evidence files"),
        "station": N_("Stations"),
        "pairing": N_("Stations"),
        "gate_record": N_("Entries at the gates"),
        "walk_in": N_("Walk-ins"),
        "booth_record": N_("Talks"),
        "booth_claim": N_("To be settled"),
        "hold": N_("Offers"),
        "freed_post": N_("Offers"),
        "proposal": N_("Talks"),
        "paper_row": N_("Paper pack"),
        "announcement": N_("Announcements"),
        "tally_entry": N_("Service tallies"),
        "slip_batch": N_("Walk-in slips"),
        "result_signature": N_("Lists of results"),
        "fair_closing": N_("Close the fair"),
    }
)


class PackUnreadable(Invalid):
    """The other server sent what is no pack."""

    code = "pack_unreadable"
    message = N_("The other server sent something unreadable. Both need the same version.")


class AddressUnsafe(Invalid):
    """What is sent there could be read on the way."""

    code = "address_unsafe"
    message = N_(
        "%(address)s cannot be used: people's data travel only to an address that begins with "
        "https://."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it travels.

    Attributes:
        table: which table.
        name: what both servers call it.
        values: column → value as JSON holds it, only those that changed; None where it is gone.
    """

    table: str
    name: str
    values: Mapping[str, Any] | None = field(repr=False)

    @property
    def size(self) -> int:
        """About how many bytes it takes in a pack."""
        return len(json.dumps([self.table, self.name, self.values]))


@dataclass(frozen=True, slots=True)
class Pack:
    """Some rows with the number that the sender gives them, beginning at 1."""

    number: int
    rows: tuple[Row, ...]

    def written(self) -> dict[str, Any]:
        """Return the pack as JSON holds it."""
        return {"number": self.number, "rows": [[r.table, r.name, r.values] for r in self.rows]}

    @property
    def digest(self) -> str:
        """What tells it from another pack of the same number."""
        return hashlib.sha256(json.dumps(self.written(), sort_keys=True).encode()).hexdigest()


def read_pack(sent: Any) -> Pack:
    """Return a pack from what was sent.

    Args:
        sent: decoded JSON.

    Raises:
        PackUnreadable: it has not the form of a pack, or is larger than any.
    """
    if not isinstance(sent, Mapping) or type(sent.get("number")) is not int or sent["number"] < 1:
        raise PackUnreadable
    rows = sent.get("rows")
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > MOST_ROWS:
        raise PackUnreadable
    return Pack(sent["number"], tuple(map(_read_row, rows)))


def _read_row(sent: Any) -> Row:
    match sent:
        case [str(table), str(name), None | dict() as values] if (
            0 < len(name) <= _LONGEST_ROW_NAME and "\0" not in name
        ):
            return Row(table, name, values)
        case _:
            raise PackUnreadable


def row_name(parts: Sequence[Any]) -> str:
    """Return what a row without a key is called, by what makes it unique."""
    return json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))


def fill_pack(number: int, rows: Sequence[Row]) -> Pack:
    """Return the pack of the first rows that fit; at least one, where there is one."""
    size, count = 0, 0
    for row in rows[:MOST_ROWS]:
        if count and size + row.size > MOST_BYTES:
            break
        size, count = size + row.size, count + 1
    return Pack(number, tuple(rows[:count]))


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a row's columns that were sent.

    Attributes:
        take: columns that are laid over what stands here.
        lost: columns that differ and were changed here, too, so that one of both values is lost.
        agreed: columns that stand alike at both servers afterwards.
    """

    take: frozenset[str]
    lost: frozenset[str]
    agreed: frozenset[str]


def settle(
    sent: Collection[str], *, differs: Collection[str], changed: Collection[str], master: bool
) -> Settled:
    """Decide what is taken of a row that is here already.

    Args:
        sent: the columns that were sent.
        differs: those that say something else here.
        changed: columns changed here since both agreed.
        master: whether what this server says stands where both changed a column.
    """
    every, apart = frozenset(sent), frozenset(differs) & frozenset(sent)
    lost = apart & frozenset(changed)
    take = apart - lost if master else apart
    return Settled(take, lost, (every - apart) | take)


def check_address(typed: str) -> str:
    """Return the address of a server, without what follows its host and port.

    Raises:
        AddressUnsafe: it does not begin with https://, and is not on this machine.
    """
    found = _SCHEME.match(typed.strip())
    address = found.group() if found else ""
    parts = urlsplit(address)
    if not address or parts.username or not (parts.scheme == "https" or _on_this_machine(address)):
        raise AddressUnsafe(address=typed.strip()[:80])
    return address


def _on_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def pause(failures: int, draw: Callable[[], float], took: float = 0) -> float:
    """Return the seconds until the next try, after so many that failed in a row.

    Twice as long each time, and by chance between half and all of it: halls whose line comes back
    at the same moment do not all call at once.

    Args:
        failures: 0 after one that succeeded.
        draw: a number from 0 to 1.
        took: seconds that the last look took: of a large fair the laptop has better to do.
    """
    if not failures:
        return min(max(EVERY.total_seconds(), _SHARE * took), LONGEST_PAUSE.total_seconds())
    longest = min(LONGEST_PAUSE.total_seconds(), 2.0 ** min(failures, 10))
    return longest * (0.5 + draw() / 2)
