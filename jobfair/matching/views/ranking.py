"""Pages of rankings: people for a position, positions for a person, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, may, who
from jobfair.employers.queries import RANKABLE, PositionRow
from jobfair.kit import audit, clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, hide_query, show_query
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.rank import Candidate
from jobfair.matching.core.weights import COMPONENTS, Profile
from jobfair.matching.explain import (
    COMPONENT_NAMES,
    PRIORITY_NAME,
    PlainPart,
    PlainReason,
    parts_of,
    places_of,
    policy_points,
    profile_words,
    say,
    strong_and_weak,
)
from jobfair.matching.explain import why as explain
from jobfair.matching.forms.filters import (
    CandidateFilter,
    PostFilter,
    read_candidate_filter,
    read_post_filter,
)
from jobfair.matching.pool import post_of
from jobfair.matching.views.common import COUNTY, bp, pool, reaches
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.forms import category_choices, education_choices
from jobfair.seekers.rules.drafts import EDUCATION_LABELS, education_group
from jobfair.seekers.rules.searching import understand

# Nobody reads further down a ranking; filters look at these.
_TOP = 2_000
_POSTS = 200
_NEAR, _NEAR_SHOWN = 90, 15
_SLIP = 5
_SLIP_AT_MOST = 12
# A name like 王伟 finds many.
_FOUND_AT_MOST = 500
# A position that asks for nothing: what keeps somebody from it keeps them from every one.
_ANYTHING = PositionFacts(id=0, title="")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A ranked person as the page shows them."""

    place: int
    tied: bool
    person: seekers.MaskedPerson
    facts: SeekerFacts
    score: float
    policy: float | None
    parts: list[PlainPart]
    strong: list[PlainPart]
    weak: PlainPart | None
    home: str
    education: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """A ranked position as the page shows it."""

    place: int
    tied: bool
    post: PositionRow
    score: float
    policy: float | None
    parts: list[PlainPart]
    strong: list[PlainPart]
    weak: PlainPart | None
    workplace: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A position near to what was asked for that is not possible, with the reasons."""

    post: PositionRow
    reasons: tuple[PlainReason, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One of a ranking with its place, before names are looked up."""

    place: int
    tied: bool
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The people of a position that a filter keeps, ranked by some weights."""

    profile: Profile
    eligible: int
    ranked: int
    kept: list[_Ranked]
    facts: dict[int, SeekerFacts]


@dataclass(frozen=True, slots=True)
class _Posts:
    """The positions of a person that a filter keeps, ranked by some weights."""

    profile: Profile
    ranked: list[_Ranked]
    rows: dict[int, PositionRow]


def _placed(ranked: Sequence[Candidate]) -> list[_Ranked]:
    places = places_of(ranked)
    held = Counter(places)
    return [
        _Ranked(place, held[place] > 1, candidate)
        for place, candidate in zip(places, ranked, strict=True)
    ]


def _position_in_reach(position_id: int) -> PositionRow:
    post = pool().post(position_id)
    if post is None or not reaches(post):
        raise NotFound
    return post


def _found_by_name(session: Session) -> frozenset[int] | None:
    """Return the people the office's search found; None without one."""
    text = show_query(request.args.get("find", "")) if may(Permission.SEEKERS_READ) else ""
    search = understand(text)
    if search is None:
        return None
    scope = who().scope(Permission.SEEKERS_READ).division
    wanted = seekers.SeekerFilter(scope=scope, search=search)
    rows = seekers.list_seekers(session, wanted, limit=_FOUND_AT_MOST)
    return frozenset(row.id for row in rows)


def _asked_candidates() -> CandidateFilter:
    with db().reading() as session:
        ids = _found_by_name(session)
    return read_candidate_filter(request.args, office=may(Permission.SEEKERS_READ), ids=ids)


def _candidates(position_id: int, wanted: CandidateFilter) -> _Candidates:
    """Rank, then narrow: a place is the place among everybody in reach."""
    scope = who().scope(Permission.CANDIDATES_READ)
    within = scope.division or ""
    if wanted.home.startswith(within):
        within = wanted.home
    profile = pool().profile
    eligible, ranked = pool().candidates(
        position_id, top=_TOP, within=within or None, profile=profile
    )
    facts = pool().people(candidate.id for candidate in ranked)
    placed = [one for one in _placed(ranked) if one.candidate.id in facts]
    kept = [one for one in placed if wanted.keeps(one.candidate, facts[one.candidate.id])]
    return _Candidates(profile, eligible, len(ranked), kept, facts)


def _person_lines(
    session: Session, found: _Candidates, some: Iterable[_Ranked]
) -> list[PersonLine]:
    chosen = list(some)
    people = seekers.names_of(session, [one.candidate.id for one in chosen])
    homes = {person.home_division[:COUNTY] for person in people.values()}
    names = regions.names_of(session, homes)
    lines = []
    for one in chosen:
        person = people.get(one.candidate.id)
        if person is None:
            continue
        group = education_group(person.education)
        parts = parts_of(one.candidate, found.profile)
        strong, weak = strong_and_weak(parts)
        lines.append(
            PersonLine(
                place=one.place,
                tied=one.tied,
                person=person,
                facts=found.facts[person.id],
                score=one.candidate.score * 100,
                policy=policy_points(one.candidate, found.profile),
                parts=parts,
                strong=strong,
                weak=weak,
                home=names.get(person.home_division[:COUNTY], ""),
                education=translate(EDUCATION_LABELS[group]) if group else "",
            )
        )
    return lines


@bp.route("/positions/<int:position_id>/candidates")
@allow(Permission.CANDIDATES_READ)
def candidates(position_id: int) -> str:
    """Show the ranked people for a position, narrowed and a page at a time."""
    post = _position_in_reach(position_id)
    wanted = _asked_candidates()
    found = _candidates(position_id, wanted)
    paging = asked_page(len(found.kept))
    shown = found.kept[paging.offset : paging.offset + paging.size]
    with db().reading() as session:
        lines = _person_lines(session, found, shown)
        counties = regions.list_children(session, "5205")
    within = who().scope(Permission.CANDIDATES_READ).division or ""
    return render_template(
        "matching/candidates.html",
        post=post,
        lines=lines,
        found=found,
        wanted=wanted,
        paging=paging,
        narrowed=any(
            name not in {"page", "size"} and value for name, value in request.args.items()
        ),
        counties=[(c.code, c.name) for c in counties if c.code.startswith(within)],
        categories=category_choices(),
        educations=education_choices(),
        most=_TOP,
        today=pool().day,
        weights=_weights(found.profile),
        profile=profile_words(found.profile),
        policy=found.profile.points()["priority"],
        search=show_query(request.args.get("find", "")) if may(Permission.SEEKERS_READ) else "",
        kept={k: v for k, v in request.args.items() if k not in {"page", "find"}},
    )


@bp.route("/positions/<int:position_id>/candidates/search", methods=["POST"])
@allow(Permission.SEEKERS_READ)
def search_candidates(position_id: int) -> Response:
    """Look for one person among the candidates; the name never stands in an address."""
    _position_in_reach(position_id)
    text = request.form.get("text", "").strip()[:60]
    find = hide_query(text) if text else None
    return redirect(url_for("matching.candidates", position_id=position_id, find=find), 303)


@bp.route("/positions/<int:position_id>/candidates/export/<kind>")
@allow(Permission.CANDIDATES_READ)
def export_candidates(position_id: int, kind: str) -> Response:
    """Download the narrowed ranking, people masked; that it was taken is recorded."""
    post = _position_in_reach(position_id)
    found = _candidates(position_id, _asked_candidates())
    with db().reading() as session:
        lines = _person_lines(session, found, found.kept)
    name = f"candidates-{post.id}-{found.profile.name}-{found.profile.version}"
    columns, rows = _candidate_columns(), _candidate_rows(lines)
    if found.profile.priority and may(Permission.SEEKERS_READ):
        # For offices only: it tells the household category.
        columns.append(Column(_(PRIORITY_NAME)))
        rows = [[*row, round(line.policy or 0, 1)] for row, line in zip(rows, lines, strict=True)]
    answer = download(kind, name, columns, rows)
    with db().writing() as session:
        audit.record(
            session,
            "candidates.download",
            subject="position",
            subject_id=post.id,
            detail={"rows": len(lines), "kind": kind},
        )
    return answer


def _candidate_columns() -> list[Column]:
    titles = [
        _("Rank"),
        _("Name"),
        _("Home county"),
        _("Schooling"),
        _("Available from"),
        _("Score"),
    ]
    return [Column(title) for title in (*titles, *(str(_(COMPONENT_NAMES[n])) for n in COMPONENTS))]


def _candidate_rows(lines: Iterable[PersonLine]) -> list[list[Cell]]:
    return [
        [
            line.place,
            line.person.name,
            line.home,
            line.education,
            line.facts.available_from.isoformat() if line.facts.available_from else "",
            round(line.score, 1),
            *("" if part.value is None else round(part.value * 100) for part in line.parts),
        ]
        for line in lines
    ]


def _weights(profile: Profile) -> list[tuple[str, float]]:
    return [(COMPONENT_NAMES[name], profile.share(name)) for name in COMPONENTS]


def _seeker_in_reach(seeker_id: int) -> tuple[seekers.SeekerDetail, SeekerFacts]:
    scope = who().scope(Permission.SEEKERS_READ)
    with db().reading() as session:
        seeker = seekers.find_seeker(session, seeker_id)
    if seeker is None:
        raise NotFound
    scope.must_cover(division=seeker.row.home_division)
    person = pool().person(seeker_id)
    if person is None:
        raise NotFound
    return seeker, person


def _posts_of(seeker_id: int, wanted: PostFilter) -> _Posts:
    profile = pool().profile
    rows = {i: p for i, p in pool().posts().items() if p.status in RANKABLE and wanted.keeps(p)}
    ranked = pool().positions(seeker_id, top=_POSTS, only=list(rows), profile=profile)
    return _Posts(profile, _placed(ranked), rows)


def _post_lines(session: Session, found: _Posts, some: Iterable[_Ranked]) -> list[PostLine]:
    chosen = [one for one in some if one.candidate.id in found.rows]
    names = _place_names(session, (found.rows[one.candidate.id] for one in chosen))
    lines = []
    for one in chosen:
        post = found.rows[one.candidate.id]
        parts = parts_of(one.candidate, found.profile)
        strong, weak = strong_and_weak(parts)
        workplace = _place_name(names, post.workplace_division or "") or post.workplace_text
        lines.append(
            PostLine(
                place=one.place,
                tied=one.tied,
                post=post,
                score=one.candidate.score * 100,
                policy=policy_points(one.candidate, found.profile),
                parts=parts,
                strong=strong,
                weak=weak,
                workplace=workplace,
            )
        )
    return lines


def _place_names(session: Session, posts: Iterable[PositionRow]) -> dict[str, str]:
    found = {p.workplace_division for p in posts if p.workplace_division}
    return regions.names_of(session, found | {c[:4] for c in found} | {c[:6] for c in found})


def _place_name(names: dict[str, str], code: str) -> str:
    return "".join(dict.fromkeys(filter(None, (names.get(code[:4]), names.get(code)))))


def _workplaces(session: Session) -> list[tuple[str, str]]:
    """Return the cities and districts there are positions in, to choose from."""
    posts = [p for p in pool().posts().values() if p.status in RANKABLE and p.workplace_division]
    names = _place_names(session, posts)
    found = {code[:size] for p in posts if (code := p.workplace_division) for size in (4, COUNTY)}
    return [(code, _place_name(names, code)) for code in sorted(found) if code in names]


@bp.route("/seekers/<int:seeker_id>/positions")
@allow(Permission.SEEKERS_READ)
def positions(seeker_id: int) -> str:
    """Show the positions that suit a person, and near ones with why not."""
    seeker, person = _seeker_in_reach(seeker_id)
    wanted = read_post_filter(request.args)
    found = _posts_of(seeker_id, wanted)
    paging = asked_page(len(found.ranked))
    with db().reading() as session:
        shown = found.ranked[paging.offset : paging.offset + paging.size]
        lines = _post_lines(session, found, shown)
        workplaces = _workplaces(session)
    barred = say(reasons(person, _ANYTHING, pool().day))
    return render_template(
        "matching/positions.html",
        seeker=seeker,
        barred=barred,
        lines=lines,
        total=len(found.ranked),
        paging=paging,
        wanted=wanted,
        workplaces=workplaces,
        refused=[] if barred else _near_misses(person, wanted),
        slip_size=_SLIP,
        weights=_weights(found.profile),
        profile=profile_words(found.profile),
        policy=found.profile.points()["priority"],
    )


def _near_misses(person: SeekerFacts, wanted: PostFilter) -> list[RefusedLine]:
    """Return refused positions near to the wanted work; first those one change would open."""
    near = [p for p in pool().refused_near(person.id, top=_NEAR) if wanted.keeps(p)]
    lines = [RefusedLine(p, say(reasons(person, post_of(p), pool().day), p)) for p in near]
    return sorted(lines, key=lambda line: len(line.reasons))[:_NEAR_SHOWN]


@bp.route("/seekers/<int:seeker_id>/positions/slip")
@allow(Permission.SEEKERS_READ)
def slip(seeker_id: int) -> str:
    """Show a slip of positions to print and hand over: Chinese, large; the best without choice."""
    seeker, _person = _seeker_in_reach(seeker_id)
    found = _posts_of(seeker_id, read_post_filter(request.args))
    asked = set(request.args.getlist("position", type=int))
    chosen = [one for one in found.ranked if not asked or one.candidate.id in asked]
    with force_locale("zh"), db().reading() as session:
        lines = _post_lines(session, found, chosen[: _SLIP_AT_MOST if asked else _SLIP])
        return render_template(
            "matching/slip.html",
            seeker=seeker,
            lines=lines,
            day=clock.today(),
            office=who().organisation_name,
        )


@bp.route("/seekers/<int:seeker_id>/positions/<int:position_id>")
@allow(Permission.SEEKERS_READ)
def why(seeker_id: int, position_id: int) -> str:
    """Say why a person fits a position, or why not and what would change it."""
    seeker, _person = _seeker_in_reach(seeker_id)
    found = explain(pool(), seeker_id=seeker_id, position_id=position_id)
    post = pool().post(position_id)
    if found is None or post is None:
        raise NotFound
    return render_template(
        "matching/why.html",
        seeker=seeker,
        post=post,
        found=found,
        parts=parts_of(found.candidate, found.profile, post),
        added=policy_points(found.candidate, found.profile),
        profile=profile_words(found.profile),
        policy=found.profile.points()["priority"],
    )
