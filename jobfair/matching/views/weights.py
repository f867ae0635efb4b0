"""Pages of the weights: their versions, the next one with what it would change, which is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.queries import recorder_names
from jobfair.employers.queries import RANKABLE, PositionRow
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, hide_query, show_query
from jobfair.matching import queries, services
from jobfair.matching.core.weights import COMPONENTS, STANDARD, WEIGHTS, Profile, profile_of
from jobfair.matching.explain import COMPONENT_NAMES, PRIORITY_NAME, PlainPart, parts_of
from jobfair.matching.forms.weights import WeightsForm
from jobfair.matching.moves import Move, moves
from jobfair.matching.views.common import COUNTY, Page, bp, pool, reaches
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers

_TOP = 20
# So deep a place is looked for, to say from where somebody comes and where somebody goes.
_DEPTH = 2_000
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
        """How many of those shown stand elsewhere than before, or were not among them."""
        return sum(1 for line in self.lines if line.move.rise or line.move.enters)

    @property
    def entered(self) -> int:
        """How many are new among those shown."""
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


@bp.route("/weights")
@allow(Permission.WEIGHTS_READ)
def weights() -> str:
    """List the versions, and since when each was used."""
    with db().reading() as session:
        rows = queries.list_profiles(session)
        uses = queries.list_uses(session)
        ids = {row.created_by for row in rows} | {use.chosen_by for use in uses}
        names, _offices = recorder_names(session, [i for i in ids if i is not None], [])
    used = uses[0].version if uses else STANDARD.version
    previous = uses[1].version if len(uses) > 1 else STANDARD.version
    return render_template(
        "matching/weights.html",
        rows=rows,
        versions=_options(rows),
        uses=uses,
        names=names,
        used=used,
        previous=previous if uses else None,
    )


@bp.route("/weights/compare")
@allow(Permission.WEIGHTS_READ)
def compare_weights() -> str:
    """Lay two versions side by side."""
    with db().reading() as session:
        versions = _options(queries.list_profiles(session))
        pair = [_version(session, name) for name in ("a", "b")]
    parts = [(COMPONENT_NAMES[name], name) for name in COMPONENTS]
    return render_template(
        "matching/weights_compare.html", versions=versions, pair=pair, parts=parts
    )


@bp.route("/weights/<int:version>/use", methods=["GET", "POST"])
@allow(Permission.WEIGHTS_WRITE)
def use_weights(version: int) -> Page:
    """Let rankings use a version, once that is confirmed."""
    if request.method == "POST" and request.form.get("confirmed"):
        with db().writing() as session:
            services.use_profile(session, version, user_id=who().user_id)
        flash(_("Rankings use version %(version)s from now on.", version=version))
        return redirect(url_for("matching.weights"), 303)
    with db().reading() as session:
        row = queries.find_profile(session, version)
        used = queries.version_in_use(session)
    if row is None:
        raise NotFound
    return render_template("matching/weights_use.html", row=row, used=used)


@bp.route("/weights/new", methods=["GET", "POST"])
@allow(Permission.WEIGHTS_WRITE)
def edit_weights() -> Page:
    """Edit the weights, look at what changes, and save the next version."""
    with db().reading() as session:
        base = _version(session, "from")
        newest = queries.newest_version(session)
    newest = request.values.get("newest", newest, type=int)
    act = request.form.get("act", "")
    if act in {"use", "keep"}:
        return _save(base, newest, use=act == "use")
    form = _form(base.profile)
    if request.method == "POST" and form.has_points():
        return redirect(_preview_url(form, base, newest), 303)
    return _edit_page(form, base, newest)


def _options(rows: Sequence[queries.ProfileRow]) -> list[tuple[int, str]]:
    """Return the versions to choose from."""
    numbers = [row.profile.version for row in rows]
    return [(n, _("Version %(version)s", version=n)) for n in numbers]


def _version(session: Session, name: str) -> queries.ProfileRow:
    """Return the version a parameter of the address names, the one in use without."""
    used = queries.version_in_use(session)
    row = queries.find_profile(session, request.args.get(name, used, type=int))
    if row is None:
        raise NotFound
    return row


def _form(profile: Profile) -> WeightsForm:
    """Return the form with what was sent, what the address says, or a version's points."""
    if request.method == "POST":
        return WeightsForm()
    if not any(name in request.args for name in WEIGHTS):
        return WeightsForm(data=profile.points())
    form = WeightsForm(formdata=request.args, meta={"csrf": False})
    form.note.data = show_query(request.args.get("why", ""))
    form.has_points()
    return form


def _fingerprint(form: WeightsForm) -> str:
    return "-".join(str(n) for n in form.points().values())


def _preview_url(form: WeightsForm, base: queries.ProfileRow, newest: int) -> str:
    """Return the address that shows what was typed with what it changes."""
    choice = _choice()
    values: dict[str, Any] = {"from": base.profile.version, "newest": newest, **form.points()}
    values["find"] = choice.text or None
    values["position"] = choice.post.id if choice.post else None
    values["why"] = hide_query(form.note.data) if form.note.data else None
    return url_for("matching.edit_weights", _anchor="preview", **values)


def _save(base: queries.ProfileRow, newest: int, *, use: bool) -> Page:
    """Save what was looked at; what was not is shown first."""
    form = WeightsForm()
    if not form.validate():
        return _edit_page(form, base, newest)
    if request.form.get("seen") != _fingerprint(form):
        flash(_("The points were changed after you looked. See what changes, then save."))
        return redirect(_preview_url(form, base, newest), 303)
    user_id = who().user_id
    try:
        with db().writing() as session:
            profile = services.save_profile(
                session, form.draft(), base=base.profile.version, newest=newest, user_id=user_id
            )
            if use:
                services.use_profile(session, profile.version, user_id=user_id)
    except Refusal as refusal:
        form.refuse(refusal)
        with db().reading() as session:
            newest = queries.newest_version(session)
        return _edit_page(form, base, newest)
    if use:
        flash(_("Saved. Rankings use version %(version)s from now on.", version=profile.version))
    else:
        flash(_("Version %(version)s is saved and not used yet.", version=profile.version))
    return redirect(url_for("matching.weights"), 303)


def _edit_page(form: WeightsForm, base: queries.ProfileRow, newest: int) -> Page:
    """Show the form; below it, where the points hold, what they would change."""
    choice = _choice()
    used = pool().profile
    points = form.points()
    holds = not any(form[name].errors for name in WEIGHTS) and any(points[n] for n in COMPONENTS)
    wanted = profile_of(STANDARD.name, newest + 1, points) if holds else None
    preview = None
    if wanted is not None and choice.post is not None:
        preview = _preview(choice.post, used, wanted)
        browser[_LAST_POSITION] = choice.post.id
    page = render_template(
        "matching/weights_form.html",
        form=form,
        base=base,
        used=used,
        newest=newest,
        wanted=wanted,
        changed=wanted is not None and wanted.points() != used.points(),
        unlike_base=wanted is not None and wanted.points() != base.profile.points(),
        seen=_fingerprint(form) if wanted else "",
        choice=choice,
        preview=preview,
        components=COMPONENTS,
        top=_TOP,
        depth=_DEPTH,
    )
    return page, 422 if form.errors else 200


def _choice() -> Choice:
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


def _preview(post: PositionRow, used: Profile, wanted: Profile) -> Preview:
    within = who().scope(Permission.CANDIDATES_READ).division
    (eligible, before), (_same, after) = pool().candidates_by(
        post.id, (used, wanted), top=_DEPTH, within=within
    )
    found = moves(before, after, weights=(used, wanted), top=_TOP)
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
            lines.append(MoveLine(move, person, home, _gains(move), parts))
    return Preview(post, eligible, lines)


def _gains(move: Move) -> list[Gain]:
    """Return the parts of the score that moved somebody most."""
    labels = COMPONENT_NAMES | {"priority": PRIORITY_NAME}
    felt = [(name, points) for name, points in move.gains.items() if abs(points) >= _FELT]
    felt.sort(key=lambda one: -abs(one[1]))
    return [Gain(translate(labels[name]), points) for name, points in felt[:_REASONS]]
