"""What the page of the weights shows of a position: its first people before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask import session as browser

from jobfair.accounts.access import Permission, who
from jobfair.employers.queries import RANKABLE, PositionRow
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.matching.core.weights import Profile
from jobfair.matching.explain import (
    COMPONENT_NAMES,
    PRIORITY_NAME,
    PlainPart,
    parts_of,
    policy_points,
)
from jobfair.matching.moves import Move, moves
from jobfair.matching.views.common import COUNTY, pool, reaches
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers

TOP = 20
# So deep a place is looked for, to say from where somebody comes and where somebody goes.
DEPTH = 2_000
_FOUND_AT_MOST = 20
# Changes of a part below this are no reason anybody moved, in points of 100.
_FELT = 0.05
_REASONS = 2
_LAST_POSITION = "weights_position"


@dataclass(frozen=True, slots=True)
class Gain:
    """What one part of the score adds more than before, in points of 100."""

    label: str
    points: float


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A person in both rankings as the page shows them."""

    move: Move
    person: seekers.MaskedPerson
    home: str
    gains: list[Gain]
    parts: list[PlainPart]
    policy: float | None

    @property
    def place(self) -> int:
        """The place by the weights looked at, else by those in use."""
        standing = self.move.then or self.move.now
        return standing.place if standing else 0


@dataclass(frozen=True, slots=True)
class Preview:
    """How the best people for a position change."""

    post: PositionRow
    eligible: int
    lines: list[MoveLine]

    @property
    def moved(self) -> int:
        """How many of the first then stand elsewhere than before, or were not among them."""
        first = [line.move for line in self.lines if not line.move.leaves]
        return sum(1 for move in first if move.rise or move.enters)

    @property
    def entered(self) -> int:
        """How many of the first then were not among them before."""
        return sum(1 for line in self.lines if line.move.enters)


@dataclass(frozen=True, slots=True)
class Choice:
    """The position somebody looks at, and those their search found."""

    text: str
    found: list[PositionRow]
    post: PositionRow | None

    @property
    def options(self) -> list[tuple[int, str]]:
        """The positions to choose from: those found, and the one looked at."""
        shown = {post.id: post for post in [*self.found, *filter(None, [self.post])]}
        return [(i, f"{post.title} · {post.employer_name}") for i, post in shown.items()]


def chosen() -> Choice:
    """Return the position asked for, else the one looked at last, else that of most people."""
    posts = {i: p for i, p in pool().posts().items() if p.status in RANKABLE and reaches(p)}
    text = request.values.get("find", "").strip()[:60]
    found = _search(list(posts.values()), text)
    asked = request.values.get("position", type=int)
    if request.method == "POST" and found and text != request.form.get("found", ""):
        asked = found[0].id
    if asked not in posts:
        asked = browser.get(_LAST_POSITION)
    if asked not in posts:
        asked = pool().most_eligible()
    return Choice(text, found, posts.get(asked) if asked is not None else None)


def _search(posts: Sequence[PositionRow], text: str) -> list[PositionRow]:
    """Return positions with a number or a title; those whose number it is come first."""
    if not text:
        return []
    exact = [post for post in posts if text in {str(post.id), post.source_ref}]
    alike = [post for post in posts if text in post.title and post not in exact]
    return (exact + alike)[:_FOUND_AT_MOST]


def preview_of(post: PositionRow, used: Profile, wanted: Profile) -> Preview:
    """Return how the first people in the reader's reach change; the position is remembered."""
    browser[_LAST_POSITION] = post.id
    within = who().scope(Permission.CANDIDATES_READ).division
    (eligible, before), (_same, after) = pool().candidates_by(
        post.id, (used, wanted), top=DEPTH, within=within
    )
    found = moves(before, after, weights=(used, wanted), top=TOP)
    with db().reading() as session:
        people = seekers.names_of(session, [move.seeker_id for move in found])
        homes = {person.home_division[:COUNTY] for person in people.values()}
        names = regions.names_of(session, homes)
    lines = []
    for move in found:
        person = people.get(move.seeker_id)
        if person is not None:
            home = names.get(person.home_division[:COUNTY], "")
            candidate = move.then or move.now
            parts = parts_of(candidate.candidate, wanted) if candidate else []
            policy = policy_points(candidate.candidate, wanted) if candidate else None
            lines.append(MoveLine(move, person, home, _gains(move), parts, policy))
    return Preview(post, eligible, lines)


def _gains(move: Move) -> list[Gain]:
    """Return the parts of the score that moved somebody most, and always the policy term."""
    labels = COMPONENT_NAMES | {"priority": PRIORITY_NAME}
    felt = [(name, points) for name, points in move.gains.items() if abs(points) >= _FELT]
    felt.sort(key=lambda one: -abs(one[1]))
    most = [one for one in felt if one[0] != "priority"][:_REASONS]
    most += [one for one in felt if one[0] == "priority"]
    return [Gain(translate(labels[name]), points) for name, points in most]
