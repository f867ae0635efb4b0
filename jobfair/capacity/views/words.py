"""What the sizing found, in plain sentences."""

from collections.abc import Mapping
from types import MappingProxyType

from jobfair.capacity.core.sizing import Entry, Expectation, Finding, Part, Remedy, RemedyKind
from jobfair.kit.i18n import N_, translate

_HOLDS: Mapping[Part, str] = MappingProxyType(
    {
        Part.ENTRANCE: N_(
            "The entrance holds: the busiest hour needs %(needed)s lanes, there are %(available)s."
        ),
        Part.HALL: N_(
            "The hall holds: at most %(needed)s people inside at once, %(available)s are approved."
        ),
        Part.INTERVIEWS: N_(
            "Interviews suffice: %(available)s people can be talked to, for %(needed)s posts."
        ),
        Part.STAFF: N_(
            "Staff suffice: one to ten booths makes %(needed)s, there are %(available)s."
        ),
    }
)
_CANNOT: Mapping[Part, str] = MappingProxyType(
    {
        Part.ENTRANCE: N_(
            "The entrance cannot hold: the busiest hour needs %(needed)s lanes, "
            "there are %(available)s."
        ),
        Part.HALL: N_(
            "The hall cannot hold: %(needed)s people would be inside at once, "
            "%(available)s are approved. The approved number is binding."
        ),
        Part.INTERVIEWS: N_(
            "Interviews do not suffice: %(available)s people can be talked to, "
            "fewer than the %(needed)s posts."
        ),
        Part.STAFF: N_(
            "Staff do not suffice: one to ten booths makes %(needed)s, there are %(available)s."
        ),
    }
)
_WAYS_OUT: Mapping[RemedyKind, str] = MappingProxyType(
    {
        RemedyKind.SLOTS: N_("It holds if people are invited by half hours."),
        RemedyKind.DAYS: N_("It holds over %(n)s days."),
        RemedyKind.SLOTS_AND_DAYS: N_(
            "It holds over %(n)s days if people are invited by half hours."
        ),
        RemedyKind.GROUPS: N_("It holds if %(n)s people are interviewed together."),
        RemedyKind.STAFF: N_("It holds with %(n)s staff."),
    }
)


def sentence(finding: Finding) -> str:
    """Return in one sentence whether a part holds, with its two numbers."""
    message = (_HOLDS if finding.holds else _CANNOT)[finding.part]
    return translate(message, needed=f"{finding.needed:,}", available=f"{finding.available:,}")


def way_out(remedy: Remedy) -> str:
    """Return what would make a part hold."""
    return translate(_WAYS_OUT[remedy.kind], n=f"{remedy.number:,}")


def whole(expected: Expectation, better: Expectation | None) -> str:
    """Return what makes everything hold at once, or that nothing of this kind does."""
    if better is None:
        return translate(
            N_("No number of days makes all of it hold. More lanes, room or booths are needed.")
        )
    parts = []
    if better.entry is not expected.entry and better.entry is Entry.SLOTS:
        parts.append(translate(N_("invite people by half hours")))
    for message, before, after in (
        (N_("hold the fair over %(n)s days"), expected.days, better.days),
        (N_("interview %(n)s people together"), expected.group_size, better.group_size),
        (N_("bring %(n)s staff"), expected.staff, better.staff),
    ):
        if after != before:
            parts.append(translate(message, n=f"{after:,}"))
    changes = translate(N_("; ")).join(parts)
    return translate(N_("Everything holds at once if you: %(changes)s."), changes=changes)
