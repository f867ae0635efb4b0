"""What the words of a placement's line are called."""

from collections.abc import Mapping
from types import MappingProxyType

from jobfair.kit.events.rules import Grade
from jobfair.kit.i18n import N_
from jobfair.placements.rules.kinds import (
    EndReason,
    EventKind,
    ExemptReason,
    OffBatch,
    Stage,
    Verdict,
    Word,
)

KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        EventKind.INTENTION: N_("Intention agreed"),
        EventKind.CONTRACT_SIGNED: N_("Contract signed"),
        EventKind.HEALTH_CHECKED: N_("Health checked"),
        EventKind.BATCH_ASSIGNED: N_("Given a seat in a departure batch"),
        EventKind.BATCH_LEFT: N_("Taken off the departure batch"),
        EventKind.BOARDED: N_("Boarded"),
        EventKind.DEPARTED: N_("Departed"),
        EventKind.ARRIVED: N_("Arrived"),
        EventKind.HANDED_OVER: N_("Handed over to the employer"),
        EventKind.ON_POST: N_("On post"),
        EventKind.EMPLOYER_CONFIRMED: N_("Employer's own word"),
        EventKind.FOLLOW_UP: N_("Followed up"),
        EventKind.CHANGED_EMPLOYER: N_("Changed employer"),
        EventKind.LEFT_POST: N_("Left the post"),
        EventKind.RETURNED_HOME: N_("Returned home"),
        EventKind.LOST_CONTACT: N_("Lost contact"),
        EventKind.CONTACT_RESTORED: N_("Contact restored"),
        EventKind.EXEMPT: N_("Taken out of the count"),
        EventKind.REMATCHED: N_("Referred again"),
        EventKind.REVERSAL: N_("Reversed"),
    }
)
GRADE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Grade.A: N_("A: third party's record"),
        Grade.B: N_("B: employer's confirmation"),
        Grade.C: N_("C: the worker in person"),
        Grade.D: N_("D: relative or village cadre"),
        Grade.E: N_("E: no evidence"),
    }
)
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Stage.PLANNED: N_("Intention"),
        Stage.SIGNED: N_("Contract only"),
        Stage.ASSIGNED: N_("In a departure batch"),
        Stage.DEPARTED: N_("On the way"),
        Stage.ARRIVED: N_("Arrived, not yet on post"),
        Stage.ON_POST: N_("Working"),
        Stage.LOST: N_("Out of contact"),
        Stage.ENDED: N_("Ended"),
    }
)
REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        EndReason.SEASONAL: N_("For the season, will go out again"),
        EndReason.FINAL: N_("For good"),
        EndReason.ILLNESS: N_("Illness"),
        EndReason.FAMILY: N_("Family"),
        EndReason.PAY: N_("Pay lower than said"),
        EndReason.HOURS: N_("Hours too long"),
        EndReason.NIGHT_SHIFT: N_("Does not want night shifts"),
        EndReason.LODGING: N_("Lodging or food"),
        EndReason.CONTRACT_OVER: N_("Contract over"),
        EndReason.DISMISSED: N_("Dismissed"),
        EndReason.LAYOFF: N_("Laid off"),
        EndReason.UNKNOWN: N_("Reason not recorded"),
    }
)

EXEMPT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ExemptReason.DEATH: N_("Death"),
        ExemptReason.PRISON: N_("In prison"),
        ExemptReason.CONSCRIPTION: N_("Called up for military service"),
        ExemptReason.STUDY: N_("In full-time study"),
        ExemptReason.INCAPACITY: N_("Unable to work"),
    }
)
VERDICT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Verdict.FIT: N_("Fit"),
        Verdict.FIT_WITH_LIMITS: N_("Fit with limits"),
        Verdict.NOT_FOR_THIS_POST: N_("Not for this post"),
        Verdict.NOT_REQUIRED: N_("Not required"),
    }
)
OFF_BATCH_NAMES: Mapping[str, str] = MappingProxyType(
    {
        OffBatch.NO_SHOW: N_("Did not come to the departure"),
        OffBatch.WITHDREW: N_("Withdrew before the departure"),
        OffBatch.MOVED: N_("Moved to another batch"),
    }
)
WORD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Word.ARRIVED: N_("Has arrived"),
        Word.ON_POST: N_("Works here"),
        Word.NOT_HERE: N_("Does not work here"),
    }
)
# Every word that a reason may be, of whatever kind of entry.
ANY_REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {**REASON_NAMES, **EXEMPT_NAMES, **VERDICT_NAMES, **OFF_BATCH_NAMES, **WORD_NAMES}
)
