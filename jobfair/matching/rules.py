"""What the weights of a profile may be, and what has to be said about a change."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.matching.core.weights import COMPONENTS, WEIGHTS

MOST_POINTS = 1000
# The policy term is added to a score of 100: more than that and nothing else would count.
MOST_PRIORITY = 100
LONGEST_NOTE = 200


class PointsOutOfRange(Invalid):
    """A weight is negative or too large."""

    code = "points_out_of_range"
    message = N_("Enter a whole number from 0 to %(most)s.")


class AllZero(Invalid):
    """No component counts."""

    code = "weights_all_zero"
    message = N_("Give points to at least one part of the score: all of them are 0.")


class NoReason(Invalid):
    """Nothing says why the weights are changed."""

    code = "weights_without_reason"
    message = N_("Say why the weights are changed.")


class NothingChanged(Invalid):
    """The weights are those of the version they were made from."""

    code = "weights_unchanged"
    message = N_("These are the weights of version %(version)s. Change some of them first.")


class SavedMeanwhile(Refusal):
    """Somebody saved a version after this one was begun."""

    code = "weights_saved_meanwhile"
    message = N_(
        "Meanwhile somebody else saved version %(version)s. Nothing you typed is lost: compare it "
        "with version %(version)s; if you save again, it becomes version %(next)s."
    )


class NoSuchProfile(NotFound):
    """There is no version of this name."""

    code = "no_such_profile"


@dataclass(frozen=True, slots=True)
class WeightDraft:
    """Weights as an office types them.

    Attributes:
        points: every component and the policy term, in points.
        note: why they are changed.
    """

    points: Mapping[str, int]
    note: str


def most_points(name: str) -> int:
    """Return the most points a weight may have."""
    return MOST_POINTS if name in COMPONENTS else MOST_PRIORITY


def check_points(points: Mapping[str, int]) -> None:
    """Go on only with points that make a score.

    Raises:
        PointsOutOfRange: one of them is negative or too large.
        AllZero: no component has any.
    """
    for name in WEIGHTS:
        if not 0 <= points[name] <= most_points(name):
            raise PointsOutOfRange(most=most_points(name))
    if not any(points[name] for name in COMPONENTS):
        raise AllZero


def check_draft(draft: WeightDraft) -> None:
    """Go on only with a draft that may become a version.

    Raises:
        PointsOutOfRange: a weight is negative or too large.
        AllZero: no component counts.
        NoReason: nothing says why.
    """
    check_points(draft.points)
    if not draft.note.strip():
        raise NoReason
