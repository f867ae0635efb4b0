"""Aliases: titles whose occupation people have corrected, and how a stored code stands to one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.occupations.core.resolver import Occupations
from jobfair.occupations.core.text import LONGEST, bare


class AliasStatus(StrEnum):
    """Where an alias stands; only an accepted one counts."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATUS_NAMES: Mapping[StrEnum, str] = MappingProxyType(
    {
        AliasStatus.PROPOSED: N_("To be reviewed"),
        AliasStatus.ACCEPTED: N_("Accepted"),
        AliasStatus.REJECTED: N_("Rejected"),
        AliasStatus.WITHDRAWN: N_("Taken back"),
    }
)
# What an alias may become, by what it is.
_STEPS: Mapping[AliasStatus, frozenset[AliasStatus]] = MappingProxyType(
    {
        AliasStatus.PROPOSED: frozenset({AliasStatus.ACCEPTED, AliasStatus.REJECTED}),
        AliasStatus.ACCEPTED: frozenset({AliasStatus.WITHDRAWN}),
        AliasStatus.REJECTED: frozenset({AliasStatus.PROPOSED}),
        AliasStatus.WITHDRAWN: frozenset({AliasStatus.PROPOSED}),
    }
)


class ReviewedMeanwhile(Refusal):
    """Somebody else has decided since the page was shown."""

    code = "alias_reviewed_meanwhile"
    message = N_(
        "“%(title)s” has been decided on since you opened the page. Look at the list again."
    )


class AnotherAccepted(Refusal):
    """A title means one occupation; another one is accepted for it."""

    code = "another_alias_accepted"
    message = N_(
        "“%(title)s” means %(name)s by an accepted alias. Take that one back first, "
        "or choose “Accept instead” in the list."
    )


class Proposal(StrEnum):
    """What became of a correction."""

    WAITS = "waits"  # an administrator will look at it
    KNOWN = "known"  # the title leads there already: nothing to learn
    REJECTED = "rejected"  # an administrator did not want it, and still counts it


def alias_key(title: str) -> str:
    """Return what of a title counts: the work it names, without calls, wages and employers."""
    return bare(title)[:LONGEST]


def may_become(now: AliasStatus, then: AliasStatus) -> bool:
    """Return whether an alias may go from one status to another."""
    return then in _STEPS[now]


class Standing(StrEnum):
    """How a stored occupation stands to its title."""

    SURE = "sure"
    CHECK = "check"
    CHOSEN = "chosen"  # not the likeliest: somebody chose it, or the title was read otherwise
    NONE = "none"


def standing(known: Occupations, title: str, code: str | None) -> Standing:
    """Return whether an occupation may be trusted or should be looked at."""
    if not code:
        return Standing.NONE
    found = known.resolve(title)
    if not found or found[0].code != code:
        return Standing.CHOSEN
    return Standing.SURE if known.is_sure(found) else Standing.CHECK
