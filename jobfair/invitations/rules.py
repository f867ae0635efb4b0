"""What somebody invited to a fair answers, and where they stand. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_


class Answer(StrEnum):
    """What an invited person says."""

    COMING = "coming"
    NOT_COMING = "not_coming"


class Reason(StrEnum):
    """Why somebody does not come."""

    FOUND_WORK = "found_work"
    FAMILY = "family"
    FAR = "far"
    AWAY = "away"
    UNSUITABLE = "unsuitable"
    OTHER = "other"


REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Reason.FOUND_WORK: N_("Has found work"),
        Reason.FAMILY: N_("Is needed at home"),
        Reason.FAR: N_("Too far to come"),
        Reason.AWAY: N_("Is away on that day"),
        Reason.UNSUITABLE: N_("The posts do not suit"),
        Reason.OTHER: N_("Another reason"),
    }
)


class Way(StrEnum):
    """How an answer came."""

    TELEPHONE = "telephone"
    OWN_LINK = "own_link"


class State(StrEnum):
    """Where an invited person stands; whoever was seen at a gate came, whatever was said."""

    SILENT = "silent"
    COMING = "coming"
    NOT_COMING = "not_coming"
    CAME = "came"


STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        State.SILENT: N_("No answer yet"),
        State.COMING: N_("Says: coming"),
        State.NOT_COMING: N_("Says: not coming"),
        State.CAME: N_("Came"),
    }
)


def state_of(answer: str | None, *, came: bool) -> State:
    """Return where somebody stands by their newest answer, None without one."""
    if came:
        return State.CAME
    return State(answer) if answer else State.SILENT
