"""Reasons and components in the reader's words; for pages and commands."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobfair.employers.queries import PositionRow
from jobfair.employers.rules.requirements import Kind
from jobfair.kit.i18n import N_, translate
from jobfair.matching.core.eligibility import Reason, reasons
from jobfair.matching.core.rank import Candidate, score_pair
from jobfair.matching.core.weights import COMPONENTS, Profile
from jobfair.matching.pool import Pool, post_of

COMPONENT_NAMES = {
    "occupation": N_("Work asked for"),
    "skills": N_("Skills"),
    "wage": N_("Pay against wish"),
    "experience": N_("Experience"),
    "education": N_("Schooling"),
    "place": N_("Place and lodging"),
    "travel_group": N_("Travel group"),
}

PRIORITY_NAME = N_("Policy priority")
PROFILE_NAMES = {"standard": N_("standard")}
# From here on a component is a strong point; below the second, a weak one.
_STRONG, _WEAK = 0.85, 0.5
_NAMED = 2
# Strong, middling, weak.
_SENTENCES = {
    "occupation": (
        N_("The person asks for this work."),
        N_("The person asks for work of a similar kind."),
        N_("The person asks for other work."),
    ),
    "skills": (
        N_("The person has the skills the position names."),
        N_("The person has some of the skills the position names."),
        N_("The person has few or none of the skills the position names."),
    ),
    "wage": (
        N_("The pay reaches what the person asks for."),
        N_("The pay is somewhat below what the person asks for."),
        N_("The pay is far below what the person asks for."),
    ),
    "experience": (
        N_("The person has the experience asked for."),
        N_("The person has most of the experience asked for."),
        N_("The person has little of the experience asked for."),
    ),
    "education": (
        N_("The schooling reaches what is asked for."),
        N_("The schooling nearly reaches what is asked for."),
        N_("The schooling is below what is asked for."),
    ),
    "place": (
        N_("The workplace is where the person wants to go."),
        N_("The workplace is not quite where the person wants to go."),
        N_("The workplace is not where the person wants to go."),
    ),
    "travel_group": (
        N_("All or nearly all who want to go with the person may take this post, too."),
        N_("Some of those who want to go with the person may not take this post."),
        N_("Most of those who want to go with the person may not take this post."),
    ),
}
_UNKNOWN = {
    "occupation": N_("The person has named no wanted work."),
    "skills": N_("The position names no skills, or none are recorded of the person."),
    "wage": N_("The position names no pay, or the person no lowest pay."),
    "experience": N_("The position asks for no experience, or none is recorded of the person."),
    "education": N_("The position asks for no schooling, or none is recorded of the person."),
    "place": N_("The position names no workplace, or the person no place."),
    "travel_group": N_("The person goes alone, or nobody else of the travel group is registered."),
}
_CHANGES = {
    "occupation": N_("If the person would like this work, add it to their wishes."),
    "skills": N_("Record further skills of the person, or look for a short training."),
    "wage": N_("Ask the person for the lowest pay they accept, or the employer for more."),
    "experience": N_("Record all the years the person has worked in this line."),
    "education": N_("Record the highest certificate the person has."),
    "place": N_("Ask the person whether this place would do."),
    "travel_group": N_(
        "Look at why the others are not eligible, or ask whether the person goes alone."
    ),
}


@dataclass(frozen=True, slots=True)
class PlainPart:
    """One component of a score in words.

    Attributes:
        value: in [0, 1], None where a fact is missing.
        weight: its share of the whole score, in [0, 1].
        text: what it says of the pair.
        change: what would raise it; empty where nothing has to.
        phrases: the words of the advert that it was read from.
    """

    name: str
    label: str
    value: float | None
    weight: float
    text: str
    change: str
    phrases: tuple[str, ...] = ()


# Which demands stand behind a reason and behind a part of the score.
_READ_FOR_REASON = {
    "certificate": Kind.CERTIFICATE,
    "education": Kind.EDUCATION,
    "min_age": Kind.MIN_AGE,
    "max_age": Kind.MAX_AGE,
    "ages_contradict": Kind.MAX_AGE,
    "minor_restricted": Kind.RESTRICTED,
    "refusal_night_shift": Kind.NIGHT_SHIFT,
    "refusal_height_work": Kind.HEIGHT_WORK,
    "refusal_dispatch": Kind.DISPATCH,
}
_READ_FOR_PART = {
    "skills": Kind.SKILL,
    "experience": Kind.EXPERIENCE,
    "education": Kind.EDUCATION,
}


def _phrases(post: PositionRow | None, kind: Kind | None) -> tuple[str, ...]:
    """Return the words of an advert that a demand in force was read from."""
    if post is None or kind is None:
        return ()
    said = (one for one in post.read if one.field == kind and (one.fills or one.state == "typed"))
    return tuple(dict.fromkeys(one.phrase for one in said))


def parts_of(
    candidate: Candidate, profile: Profile, post: PositionRow | None = None
) -> list[PlainPart]:
    """Return the components of a score in the current language, with the words of the advert."""
    found = []
    for name in COMPONENTS:
        value = candidate.components[name]
        if value is None:
            text, change = _UNKNOWN[name], ""
        else:
            text = _SENTENCES[name][(value < _STRONG) + (value < _WEAK)]
            change = _CHANGES[name] if value < _STRONG else ""
        found.append(
            PlainPart(
                name,
                translate(COMPONENT_NAMES[name]),
                value,
                profile.share(name),
                translate(text),
                translate(change) if change else "",
                _phrases(post, _READ_FOR_PART.get(name)) if value is not None else (),
            )
        )
    return found


def policy_points(candidate: Candidate, profile: Profile) -> float | None:
    """Return what the policy term adds, in points of 100; None where it is switched off."""
    return 100 * profile.priority * candidate.priority if profile.priority else None


def strong_and_weak(parts: Sequence[PlainPart]) -> tuple[list[PlainPart], PlainPart | None]:
    """Return the two strongest components and the weakest; only what deserves the name."""
    known = [part for part in parts if part.value is not None]
    full = [part for part in known if (part.value or 0) >= _STRONG]
    full.sort(key=lambda part: -part.weight)  # of what fits, what counts most
    less = sorted((p for p in known if p not in full), key=lambda part: -(part.value or 0))
    strong = (full + [part for part in less if (part.value or 0) >= _WEAK])[:_NAMED]
    weak = [part for part in less if part not in strong]
    return strong, weak[-1] if weak else None


def places_of(ranked: Sequence[Candidate]) -> list[int]:
    """Return the place of each in a ranking, best first; the same score has the same place."""
    found: list[int] = []
    for number, candidate in enumerate(ranked, 1):
        same = number > 1 and ranked[number - 2].score == candidate.score
        found.append(found[-1] if same else number)
    return found


def profile_words(profile: Profile) -> str:
    """Return a profile's name and version in the current language."""
    name = translate(PROFILE_NAMES[profile.name]) if profile.name in PROFILE_NAMES else profile.name
    return translate(N_("%(name)s, version %(version)s"), name=name, version=str(profile.version))


@dataclass(frozen=True, slots=True)
class PlainReason:
    """Why not, and what would change it, in the current language.

    Attributes:
        phrases: the words of the advert that the rule was read from; empty when it was typed.
    """

    code: str
    text: str
    change: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """One person and one position, by some weights."""

    profile: Profile
    eligible: bool
    reasons: tuple[PlainReason, ...]
    candidate: Candidate


def say(found: Sequence[Reason], post: PositionRow | None = None) -> tuple[PlainReason, ...]:
    """Return reasons in the current language, with the words of the advert they come from."""
    plain = []
    for reason in found:
        named = dict(reason.params) | {name: translate(word) for name, word in reason.words}
        text, change = translate(reason.text, **named), translate(reason.change, **named)
        phrases = _phrases(post, _READ_FOR_REASON.get(reason.code))
        plain.append(PlainReason(reason.code, text, change, phrases))
    return tuple(plain)


def why(pool: Pool, *, seeker_id: int, position_id: int) -> Why | None:
    """Explain a pair; None when one of them is not in the pool."""
    person, post = pool.person(seeker_id), pool.post(position_id)
    if person is None or post is None:
        return None
    today, profile = pool.day, pool.profile
    facts = post_of(post)
    eligible, candidate = score_pair(
        person, facts, profile=profile, today=today, mates=pool.mates(seeker_id)
    )
    return Why(profile, eligible, say(reasons(person, facts, today), post), candidate)
