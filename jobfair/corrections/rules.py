"""Why a record was taken back. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_


class Reason(StrEnum):
    """Why a record was taken back."""

    MISTAKE = "mistake"
    OTHER_PERSON = "other_person"


REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Reason.MISTAKE: N_("Recorded by mistake"),
        Reason.OTHER_PERSON: N_("It was another person"),
    }
)
