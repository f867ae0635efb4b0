"""What is counted at a fair besides people and offers. Pure.

The kinds are those that organisers report after a fair (Xuecheng 2010: 5,000 leaflets, 1,500 spring
cards, 90 legal consultations); others are named by hand.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_

LONGEST_NAME = 60
MOST_AT_ONCE = 100_000


class Service(StrEnum):
    """A service that is counted."""

    LEAFLETS = "leaflets"
    SERVICE_CARDS = "service_cards"
    POLICY = "policy"
    LEGAL = "legal"
    COMPLAINTS = "complaints"
    OTHER = "other"


SERVICE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Service.LEAFLETS: N_("Leaflets handed out"),
        Service.SERVICE_CARDS: N_("Service cards handed out"),
        Service.POLICY: N_("Policy consultations"),
        Service.LEGAL: N_("Legal consultations"),
        Service.COMPLAINTS: N_("Complaints about rights"),
        Service.OTHER: N_("Something else"),
    }
)
