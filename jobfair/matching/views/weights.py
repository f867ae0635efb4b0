"""Pages of the weights: their versions, the next one with what it would change, which is used."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.queries import recorder_names
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.web import db, hide_query, show_query
from jobfair.matching import queries, services
from jobfair.matching.core.weights import COMPONENTS, STANDARD, WEIGHTS, Profile, profile_of
from jobfair.matching.explain import COMPONENT_NAMES
from jobfair.matching.forms.weights import WeightsForm
from jobfair.matching.views.common import Page, bp, pool
from jobfair.matching.views.preview import DEPTH, TOP, chosen, preview_of


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
    choice = chosen()
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
    choice = chosen()
    used = pool().profile
    points = form.points()
    holds = not any(form[name].errors for name in WEIGHTS) and any(points[n] for n in COMPONENTS)
    wanted = profile_of(STANDARD.name, newest + 1, points) if holds else None
    preview = None
    if wanted is not None and choice.post is not None:
        preview = preview_of(choice.post, used, wanted)
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
        top=TOP,
        depth=DEPTH,
    )
    return page, 422 if form.errors else 200
