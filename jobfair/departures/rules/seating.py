"""Who sits where: travel groups in one vehicle and side by side. Pure.

A group is parted only when no vehicle can hold it as the others sit. Larger groups are seated first
(first fit decreasing, Johnson 1973); where that parts one that would fit, places are searched for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_MOST_STEPS = 20_000  # of the search: some hundredths of a second, then the first answer stands


@dataclass(frozen=True, slots=True)
class Passenger:
    """Somebody to seat.

    Attributes:
        group: those who travel together share it; empty for somebody alone.
        stop: where they board: people of a stop are put into one vehicle where that is free.
    """

    rider: int
    group: str = ""
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A place: number, from 1, in a vehicle."""

    vehicle: int
    number: int


@dataclass(frozen=True, slots=True)
class Seating:
    """Who sits where, who found no seat, and which groups had to be parted."""

    seats: dict[int, Seat]
    standing: list[int]
    parted: list[str]


@dataclass(slots=True)
class _Vehicle:
    id: int
    free: int
    people: list[Passenger] = field(default_factory=list)
    stops: Counter[int] = field(default_factory=Counter)

    def take(self, people: Sequence[Passenger]) -> None:
        self.people += people
        self.free -= len(people)
        self.stops.update(one.stop for one in people)


def seat(passengers: Sequence[Passenger], vehicles: Sequence[tuple[int, int]]) -> Seating:
    """Return a seat for everybody as far as there are seats.

    Args:
        passengers: each rider once.
        vehicles: id and number of seats of each, in their order.
    """
    rooms = [_Vehicle(vehicle, seats) for vehicle, seats in vehicles]
    most = max((room.free for room in rooms), default=0)
    groups, alone = _parties(passengers)
    fitting = [group for group in groups if len(group) <= most]
    # Who must be parted anyway fills what the others leave.
    others = [group for group in groups if len(group) > most]
    if not _all_fit_in_turn(fitting, vehicles):
        planned = _packed([len(group) for group in fitting], [room.free for room in rooms])
        for group, place in zip(fitting, planned or (), strict=False):
            rooms[place].take(group)
        fitting = [] if planned else fitting
    standing: list[int] = []
    parted: list[str] = []
    for party in (*fitting, *others, *alone):
        room = _room_for(party, rooms)
        if room is not None:
            room.take(party)
            continue
        left = _part(party, rooms)
        standing += left
        if len(party) > 1:
            parted.append(party[0].group)
    seats = {
        one.rider: Seat(room.id, number)
        for room in rooms
        for number, one in enumerate(room.people, 1)
    }
    return Seating(seats, standing, parted)


def _parties(
    passengers: Sequence[Passenger],
) -> tuple[list[list[Passenger]], list[list[Passenger]]]:
    """Return the groups, the largest first, and who is alone; each by stop."""
    named: dict[str, list[Passenger]] = {}
    alone: list[list[Passenger]] = []
    for one in passengers:
        if one.group:
            named.setdefault(one.group, []).append(one)
        else:
            alone.append([one])
    groups = sorted(named.values(), key=lambda group: (-len(group), group[0].stop))
    return groups, sorted(alone, key=lambda party: party[0].stop)


def _room_for(party: Sequence[Passenger], rooms: Sequence[_Vehicle]) -> _Vehicle | None:
    """Return the vehicle with room where most board at the same stop; the first of equal ones."""
    fitting = [room for room in rooms if room.free >= len(party)]
    return max(fitting, key=lambda room: room.stops[party[0].stop], default=None)


def _all_fit_in_turn(
    groups: Sequence[Sequence[Passenger]], vehicles: Sequence[tuple[int, int]]
) -> bool:
    rooms = [_Vehicle(vehicle, seats) for vehicle, seats in vehicles]
    for group in groups:
        room = _room_for(group, rooms)
        if room is None:
            return False
        room.take(group)
    return True


def _part(party: Sequence[Passenger], rooms: Sequence[_Vehicle]) -> list[int]:
    """Seat a party where most of it fits each time; return who finds no seat."""
    left = list(party)
    while left:
        room = max(rooms, key=lambda one: one.free, default=None)
        if room is None or not room.free:
            return [one.rider for one in left]
        some, left = left[: room.free], left[room.free :]
        room.take(some)
    return []


def _packed(sizes: Sequence[int], capacities: Sequence[int]) -> list[int] | None:
    """Return a vehicle for each size so that all fit, None where there is none or it takes long.

    Two vehicles with as much room are the same to a group, and so are the same rooms in any order.
    """
    free = list(capacities)
    chosen: list[int] = []
    dead: set[tuple[int, tuple[int, ...]]] = set()
    steps = 0

    def place(index: int) -> bool:
        nonlocal steps
        if index == len(sizes):
            return True
        steps += 1
        state = (index, tuple(sorted(free)))
        if steps > _MOST_STEPS or state in dead:
            return False
        tried: set[int] = set()
        for vehicle, room in enumerate(free):
            if room < sizes[index] or room in tried:
                continue
            tried.add(room)
            free[vehicle] -= sizes[index]
            chosen.append(vehicle)
            if place(index + 1):
                return True
            chosen.pop()
            free[vehicle] += sizes[index]
        dead.add(state)
        return False

    return chosen if place(0) else None
