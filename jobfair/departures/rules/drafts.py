"""What an office says of a batch it plans. Pure."""

from dataclasses import dataclass
from datetime import date

from jobfair.departures.rules.states import Mode, Payer
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_


class ArrivesBeforeDeparting(Invalid):
    """A journey that ends before it begins."""

    code = "batch_arrives_before"
    message = N_("The planned arrival lies before the departure. Check both days.")


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A batch as planned.

    Attributes:
        cost_fen: of the whole journey.
        pick_up: where the receiver waits for them.

    Raises:
        ArrivesBeforeDeparting: the days are the wrong way round.
    """

    origin: str
    destination: str
    mode: Mode
    departs_on: date
    arrives_on: date
    carrier: str = ""
    carrier_licence: str = ""
    cost_fen: int = 0
    payer: Payer = Payer.HOME_OFFICE
    policy_number: str = ""
    pick_up: str = ""

    def __post_init__(self) -> None:
        if self.arrives_on < self.departs_on:
            raise ArrivesBeforeDeparting
