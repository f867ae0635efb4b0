"""The weights of a ranking, named and versioned, so that a run can be repeated to the bit."""

from collections.abc import Mapping
from dataclasses import dataclass

COMPONENTS = ("occupation", "skills", "wage", "experience", "education", "place", "travel_group")
WEIGHTS = (*COMPONENTS, "priority")
# Offices write weights as whole points, a hundred of them to a weight of 1.
_POINTS = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """How much each component counts, relative to the others.

    Attributes:
        priority: weight of the visible policy term (household category, twinned county), added to
            the score of the components; 0 switches it off and changes nothing else.

    Raises:
        ValueError: a weight is negative, or all are zero.
    """

    name: str = "standard"
    version: int = 2
    occupation: float = 0.45
    skills: float = 0.12
    wage: float = 0.15
    experience: float = 0.08
    education: float = 0.05
    place: float = 0.15
    travel_group: float = 0.05
    priority: float = 0.0

    def __post_init__(self) -> None:
        weights = [getattr(self, name) for name in COMPONENTS]
        if min(*weights, self.priority) < 0 or not any(weights):
            raise ValueError("weights are not negative and not all zero")

    @property
    def label(self) -> str:
        """Name and version, as stored with each run."""
        return f"{self.name}/{self.version}"

    def weight(self, component: str) -> float:
        """Return one component's weight."""
        return float(getattr(self, component))

    def share(self, component: str) -> float:
        """Return one component's part of all weights, in [0, 1]; the policy term stands apart."""
        return self.weight(component) / sum(self.weight(name) for name in COMPONENTS)

    def points(self) -> dict[str, int]:
        """Return every weight, the policy term's included, in points."""
        return {name: round(float(getattr(self, name)) * _POINTS) for name in WEIGHTS}


def profile_of(name: str, version: int, points: Mapping[str, int]) -> Profile:
    """Return the profile of weights written in points.

    Raises:
        ValueError: a weight is negative, or all components are zero.
    """
    return Profile(name, version, **{one: points[one] / _POINTS for one in WEIGHTS})


# An office's own versions of "standard" are counted on from this one: a later built-in profile
# takes another name.
STANDARD = Profile()
