"""What an agent is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_


class AgentKind(StrEnum):
    """What somebody is who finds work for others."""

    BROKER = "broker"
    AGENCY = "agency"
    COOPERATIVE = "cooperative"


KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        AgentKind.BROKER: N_("Labour broker"),
        AgentKind.AGENCY: N_("Employment agency"),
        AgentKind.COOPERATIVE: N_("Labour cooperative"),
    }
)


class LicenceMissing(Invalid):
    """An agency works with a licence alone.

    Source: Interim Regulations on the Human Resources Market (State Council decree 700), article
    18: who runs an employment agency needs the licence for human resources services.
    """

    code = "licence_missing"
    message = N_("An employment agency needs its licence number and the day until it holds.")


class SameAgent(Invalid):
    """The area has an agent of this name."""

    code = "same_agent"
    message = N_("There is an agent of this name in this area already. Edit that one.")


class FoundAlone(Refusal):
    """Who found the work without anybody was placed by nobody."""

    code = "found_alone"
    message = N_(
        "This work was found by the person alone. Correct how it was found before you name an "
        "agent."
    )


class AgentEnded(Refusal):
    """Who has ended, or whose licence has run out, places nobody any more."""

    code = "agent_ended"
    message = N_("This agent has ended, or its licence has run out. Choose another one.")


@dataclass(frozen=True, slots=True)
class AgentDraft:
    """An agent as typed.

    Attributes:
        licence: number of the licence for human resources services; others may have one, too.
        licence_until: the last day it holds.
        contact_phone: whom to telephone; sealed where it is kept.

    Raises:
        LicenceMissing: an agency without a licence.
    """

    name: str
    kind: AgentKind
    licence: str = ""
    licence_until: date | None = None
    contact_name: str = field(default="", repr=False)
    contact_phone: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.kind is AgentKind.AGENCY and not (self.licence and self.licence_until):
            raise LicenceMissing
