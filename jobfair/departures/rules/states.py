"""Where a batch stands, which way it may be moved, and what it lacks for that. Pure.

Source: the project's life of a departure batch, after the five ministries' notice of 2020 on
point-to-point transport: departure organised, transport assured, arrival handed over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_


class State(StrEnum):
    """Where a batch stands."""

    DRAFT = "draft"
    OPEN = "open"
    LOCKED = "locked"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Mover(StrEnum):
    """Who says that a batch has got further."""

    OFFICE = "office"
    ESCORT = "escort"  # by a boarding station
    RECEIVER = "receiver"  # by a station at the other end


class Mode(StrEnum):
    """How a batch travels."""

    COACH = "coach"
    TRAIN = "train"
    AIR = "air"
    SELF_DRIVE = "self_drive"  # in their own cars, with a fuel subsidy


class Payer(StrEnum):
    """Who pays for the journey."""

    HOME_OFFICE = "home_office"
    RECEIVING_OFFICE = "receiving_office"
    EMPLOYER = "employer"
    TRAVELLER = "traveller"


STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        State.DRAFT: N_("Being planned"),
        State.OPEN: N_("Open for the roster"),
        State.LOCKED: N_("Roster locked"),
        State.DEPARTED: N_("On its way"),
        State.ARRIVED: N_("Arrived there"),
        State.HANDED_OVER: N_("Handed over to the employers"),
        State.CLOSED: N_("Settled"),
        State.CANCELLED: N_("Cancelled"),
    }
)
MODE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Mode.COACH: N_("Coach"),
        Mode.TRAIN: N_("Train"),
        Mode.AIR: N_("Aeroplane"),
        Mode.SELF_DRIVE: N_("Own cars"),
    }
)
PAYER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Payer.HOME_OFFICE: N_("The labour office at home"),
        Payer.RECEIVING_OFFICE: N_("The receiving city"),
        Payer.EMPLOYER: N_("The employer"),
        Payer.TRAVELLER: N_("The travellers themselves"),
    }
)

_OFFICE = frozenset({Mover.OFFICE})
_ESCORT = frozenset({Mover.OFFICE, Mover.ESCORT})
_RECEIVER = frozenset({Mover.OFFICE, Mover.RECEIVER})
MOVES: Mapping[tuple[State, State], frozenset[Mover]] = MappingProxyType(
    {
        (State.DRAFT, State.OPEN): _OFFICE,
        (State.OPEN, State.LOCKED): _OFFICE,
        (State.LOCKED, State.OPEN): _OFFICE,
        (State.LOCKED, State.DEPARTED): _ESCORT,
        (State.DEPARTED, State.ARRIVED): _RECEIVER,
        (State.ARRIVED, State.HANDED_OVER): _OFFICE,
        (State.HANDED_OVER, State.CLOSED): _OFFICE,
        (State.DRAFT, State.CANCELLED): _OFFICE,
        (State.OPEN, State.CANCELLED): _OFFICE,
        (State.LOCKED, State.CANCELLED): _OFFICE,
    }
)
# The roster may be worked on; afterwards only what happened on the way is added.
IN_PREPARATION = frozenset({State.DRAFT, State.OPEN})
# Stations of these work: people board while it is locked, and what they kept comes in afterwards.
UNDER_WAY = frozenset({State.LOCKED, State.DEPARTED, State.ARRIVED, State.HANDED_OVER})


class NoSuchMove(Refusal):
    """A batch does not go from its state to that one, or not by this hand."""

    code = "batch_no_such_move"
    message = N_(
        "The batch is now in another state than this page showed, or this step is somebody "
        "else's. Look at it again."
    )


class NotComplete(Refusal):
    """Something is missing for the next state."""

    code = "batch_not_complete"
    message = N_("Still missing: %(missing)s.")


class StillToCome(Invalid):
    """A departure on a day to come has not happened."""

    code = "batch_still_to_come"
    message = N_(
        "%(day)s lies in the future, so the batch cannot have departed. Keep it as the planned "
        "day instead."
    )


class BeforeDeparture(Invalid):
    """An arrival before the departure."""

    code = "batch_before_departure"
    message = N_("The batch departed on %(day)s, and this lies before it. Check both days.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a batch decides whether it is whole.

    Attributes:
        vehicles: number of drivers named for each vehicle.
        stops: how many places people board at.
        escorts: how many travel with them.
    """

    mode: Mode
    carrier: str
    carrier_licence: str
    policy_number: str
    receiver: bool
    pick_up: str
    vehicles: Sequence[int]
    stops: int
    escorts: int


def check_move(state: State, to: State, mover: Mover) -> None:
    """Check that somebody may move a batch that way.

    Raises:
        NoSuchMove: not from there, or not they.
    """
    if mover not in MOVES.get((state, to), frozenset()):
        raise NoSuchMove


def lacking(plan: Plan, to: State) -> list[str]:
    """Return what a plan lacks for a state, as texts to translate; empty when nothing is missing.

    People's own cars have no carrier; a coach that drives through the night has two drivers.
    """
    hired = plan.mode is not Mode.SELF_DRIVE
    checks: dict[State, list[tuple[bool, str]]] = {
        State.OPEN: [
            (bool(plan.vehicles), N_("vehicles and their seats")),
            (plan.stops > 0, N_("at least one stop with its time")),
        ],
        State.LOCKED: [
            (not hired or bool(plan.carrier), N_("the carrier")),
            (not hired or bool(plan.carrier_licence), N_("the carrier's licence")),
            (
                plan.mode is not Mode.COACH or all(n >= 2 for n in plan.vehicles),
                N_("two drivers of each coach"),
            ),
            (plan.escorts > 0, N_("an escort with a telephone")),
            (bool(plan.policy_number), N_("the number of the insurance policy")),
            (plan.receiver and bool(plan.pick_up), N_("who receives them, and where")),
        ],
    }
    return [text for there, text in checks.get(to, []) if not there]


def check_departure(departed_on: date, today: date) -> None:
    """Check that a batch can have departed on a day.

    Raises:
        StillToCome: the day lies in the future.
    """
    if departed_on > today:
        raise StillToCome(day=departed_on.isoformat())


def check_arrival(arrived_on: date, departed_on: date, today: date) -> None:
    """Check that a batch can have arrived on a day.

    Raises:
        StillToCome: the day lies in the future.
        BeforeDeparture: it had not departed by then.
    """
    check_departure(arrived_on, today)
    if arrived_on < departed_on:
        raise BeforeDeparture(day=departed_on.isoformat())


def by_payer(costs: Iterable[tuple[Payer, int]]) -> dict[Payer, tuple[int, int]]:
    """Return for how many travellers each payer pays, and how much in fen."""
    found: dict[Payer, tuple[int, int]] = {}
    for payer, fen in costs:
        people, together = found.get(payer, (0, 0))
        found[payer] = people + 1, together + fen
    return {payer: found[payer] for payer in Payer if payer in found}


def shares(cost_fen: int, people: int) -> list[int]:
    """Return what each of some people's journey cost, in fen; together exactly the whole."""
    if people <= 0:
        return []
    each, rest = divmod(cost_fen, people)
    return [each + (place < rest) for place in range(people)]
