"""Pages of rankings: people for a position, positions for a person, and why."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, render_template, request

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers.queries import PositionRow
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.rank import Candidate
from jobfair.matching.core.weights import COMPONENTS
from jobfair.matching.explain import COMPONENT_NAMES, PlainReason, say
from jobfair.matching.explain import why as explain
from jobfair.matching.pool import Pool, post_of
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.seekers.queries.people import MaskedPerson, find_seeker, names_of

bp = Blueprint("matching", __name__)

_TOP = 200
_SHOWN = 50
_REFUSED_SHOWN = 30


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A ranked person as the page shows them."""

    place: int
    person: MaskedPerson
    candidate: Candidate
    home: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """A ranked position as the page shows it."""

    place: int
    post: PositionRow
    candidate: Candidate
    workplace: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A position near to what was asked for that is not possible, with the reasons."""

    post: PositionRow
    reasons: tuple[PlainReason, ...]


def pool() -> Pool:
    """Return the application's pool."""
    return cast(Pool, current_app.extensions["jobfair.pool"])


def _position_in_reach(position_id: int) -> PositionRow:
    post = pool().post(position_id)
    if post is None:
        raise NotFound
    scope = who().scope(Permission.CANDIDATES_READ)
    if scope.organisation_id is not None:
        scope.must_cover(organisation_id=post.employer_organisation_id)
    return post


@bp.route("/positions/<int:position_id>/candidates")
@allow(Permission.CANDIDATES_READ)
def candidates(position_id: int) -> str:
    """Show the ranked people for a position, filtered by home and page."""
    post = _position_in_reach(position_id)
    scope = who().scope(Permission.CANDIDATES_READ)
    wanted = request.args.get("home", "")
    within = scope.division or ""
    if wanted.startswith(within):
        within = wanted
    page = max(request.args.get("page", 1, int), 1)
    eligible, ranked = pool().candidates(position_id, top=_TOP, within=within or None)
    shown = ranked[(page - 1) * _SHOWN : page * _SHOWN]
    with db().reading() as session:
        people = names_of(session, [c.id for c in shown])
        homes = {p.home_division for p in people.values()}
        names = regions.names_of(session, homes | {h[:6] for h in homes})
        counties = regions.list_children(session, "5205")
    first = (page - 1) * _SHOWN + 1
    lines = [
        PersonLine(first + i, people[c.id], c, names.get(people[c.id].home_division[:6], "–"))
        for i, c in enumerate(shown)
        if c.id in people
    ]
    return render_template(
        "matching/candidates.html",
        post=post,
        lines=lines,
        eligible=eligible,
        kept=len(ranked),
        page=page,
        size=_SHOWN,
        home=wanted,
        counties=counties,
        components=_columns(),
        profile=pool().profile,
        codes=codes,
    )


def _columns() -> list[tuple[str, str]]:
    return [(name, COMPONENT_NAMES[name]) for name in COMPONENTS]


@bp.route("/seekers/<int:seeker_id>/positions")
@allow(Permission.SEEKERS_READ)
def positions(seeker_id: int) -> str:
    """Show the positions that suit a person, and near ones with why not."""
    scope = who().scope(Permission.SEEKERS_READ)
    with db().reading() as session:
        seeker = find_seeker(session, seeker_id)
    if seeker is None:
        raise NotFound
    scope.must_cover(division=seeker.row.home_division)
    person = pool().person(seeker_id)
    if person is None:
        raise NotFound
    ranked = pool().positions(seeker_id, top=_SHOWN)
    refused = pool().refused_near(seeker_id, top=_REFUSED_SHOWN)
    with db().reading() as session:
        posts = [p for p in (pool().post(c.id) for c in ranked) if p]
        found = {p.workplace_division for p in posts if p.workplace_division}
        names = regions.names_of(session, found | {c[:4] for c in found})
    lines = [
        PostLine(i, post, candidate, _place_name(names, post))
        for i, (candidate, post) in enumerate(zip(ranked, posts, strict=True), 1)
    ]
    return render_template(
        "matching/positions.html",
        seeker=seeker,
        lines=lines,
        refused=[RefusedLine(p, say(reasons(person, post_of(p), pool().day))) for p in refused],
        components=_columns(),
        profile=pool().profile,
    )


def _place_name(names: dict[str, str], post: PositionRow) -> str:
    code = post.workplace_division or ""
    return "".join(dict.fromkeys(filter(None, (names.get(code[:4]), names.get(code)))))


@bp.route("/seekers/<int:seeker_id>/positions/<int:position_id>")
@allow(Permission.SEEKERS_READ)
def why(seeker_id: int, position_id: int) -> str:
    """Say why a person fits a position, or why not and what would change it."""
    scope = who().scope(Permission.SEEKERS_READ)
    with db().reading() as session:
        seeker = find_seeker(session, seeker_id)
    if seeker is None:
        raise NotFound
    scope.must_cover(division=seeker.row.home_division)
    found = explain(pool(), seeker_id=seeker_id, position_id=position_id)
    post = pool().post(position_id)
    if found is None or post is None:
        raise NotFound
    return render_template(
        "matching/why.html",
        seeker=seeker,
        post=post,
        found=found,
        components=_columns(),
        profile=pool().profile,
    )
