"""The closed lists of a ledger: states of employment, and what a row did to the records."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_


class State(StrEnum):
    """农村劳动力转移就业状况: whether somebody works away, works for themselves, or does not."""

    EMPLOYED = "employed"  # 01 转移就业
    OWN_BUSINESS = "own_business"  # 02 自主创业
    IDLE = "idle"  # 03 暂未就业


class Did(StrEnum):
    """What a row changed beside keeping what it says; it is what an undo takes back."""

    CREATED = "created"  # a placement
    CHANGED = "changed"  # ended one placement and began another
    STARTED = "started"  # gave a first day to a placement on record
    ENDED = "ended"  # gave an end to a placement on record
    NOTHING = "nothing"


STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        State.EMPLOYED: N_("Works away from the farm"),
        State.OWN_BUSINESS: N_("Own business"),
        State.IDLE: N_("Not employed now"),
    }
)
# The words of the form, with the codes of its list.
STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        State.EMPLOYED: "01 转移就业",
        State.OWN_BUSINESS: "02 自主创业",
        State.IDLE: "03 暂未就业",
    }
)
