"""The words of plans, and what may be set by hand."""

from enum import StrEnum

from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.matching.plans import GroupRule, Lack


class EditKind(StrEnum):
    """What may be set by hand about a person and a position."""

    PINNED = "pinned"
    BARRED = "barred"


OBJECTIVE_NAMES = {
    "stable": N_("Stable: nobody and no position would both rather have each other"),
    "max_total": N_("Highest total of scores"),
}
OBJECTIVE_SHORT = {"stable": N_("Stable"), "max_total": N_("Highest total")}
GROUP_RULE_NAMES = {
    GroupRule.TOGETHER: N_(
        "Together at one employer where that can be done; groups that said so, or not at all"
    ),
    GroupRule.ALL_OR_NONE: N_("Every group together at one employer, or not at all"),
    GroupRule.ALONE: N_("Everybody alone"),
}
LACK_NAMES = {
    Lack.NOBODY: N_("Nobody is eligible"),
    Lack.TOO_FEW: N_("Fewer people are eligible than there are posts"),
    Lack.ELSEWHERE: N_("Everybody eligible has a post that suits them better"),
    Lack.GROUP: N_("A travel group could not be kept together here"),
}
EDIT_NAMES = {EditKind.PINNED: N_("pinned"), EditKind.BARRED: N_("barred")}


class NothingToPlan(Refusal):
    """The fair has no posts."""

    code = "nothing_to_plan"
    message = N_("This fair has no positions yet. Add positions, then plan.")


class NotInFair(Refusal):
    """The position does not take part in the fair."""

    code = "not_in_fair"
    message = N_("This position does not take part in the fair.")


class NoPostLeft(Refusal):
    """As many people are pinned to a position as it takes."""

    code = "no_post_left"
    message = N_(
        "All %(headcount)s posts of this position are pinned already. Take one back first."
    )


class PinnedElsewhere(Refusal):
    """The person is pinned to another position of the fair."""

    code = "pinned_elsewhere"
    message = N_("This person is pinned to another position of the fair. Take that back first.")


class SetAlready(Refusal):
    """The pair is pinned or barred already."""

    code = "edit_set_already"
    message = N_("This is set by hand already. Take it back first.")


class NotEligible(Refusal):
    """A person who may not take a position cannot be pinned to it."""

    code = "pin_not_eligible"
    message = N_("This person cannot take the position: %(reason)s")


class NoSuchPlan(NotFound):
    """There is no such plan of the fair."""

    message = N_("There is no such plan.")
