"""One person: register, look, edit, see in clear, renew, withdraw, erase."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.regions.rules import Gazetteer
from jobfair.seekers import queries, services
from jobfair.seekers.forms import LookupForm, RevealForm, SeekerForm
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.drafts import SEX_LABELS, Change, SeekerDraft
from jobfair.seekers.views.room import (
    STATE_LABELS,
    STATE_LOOKS,
    bp,
    changes_in_words,
    education_name,
    find_in_reach,
    label,
    occupations,
    registering_office,
    relation_name,
    wishes_shown,
    yuan,
)

Page = str | tuple[str, int] | Response


def _gazetteer() -> Gazetteer:
    with db().reading() as session:
        return regions.gazetteer(session)


def _form(places: Gazetteer, values: dict[str, object] | None = None) -> SeekerForm:
    form = SeekerForm(data=values)
    within = who().scope(Permission.SEEKERS_WRITE).division or ""
    groups = codes.code_list("ethnic_groups").values()
    relations = codes.code_list("relations").values()
    form.prepare(
        ethnic_groups=[(group.code, group.name(language())) for group in groups],
        relations=[(one.code, one.name(language())) for one in relations],
        find_place=lambda text: places.find(text, within=within),
        find_occupation=occupations().code_of,
    )
    return form


def _neighbour(places: Gazetteer) -> dict[str, object] | None:
    """Return home and village of the person the next one lives beside; None for nobody's."""
    like = request.args.get("like", type=int)
    if like is None or request.method == "POST":
        return None
    with db().reading() as session:
        row = find_in_reach(session, like, Permission.SEEKERS_WRITE).row
    home = places.full_name(row.home_division) or row.home_division
    return {"home": home, "village": row.village}


def _changed_page(seeker_id: int, changes: tuple[Change, ...]) -> str:
    wished = any(change.name == "wishes" for change in changes)
    with db().reading() as session:
        shown = changes_in_words(session, changes)
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE) if wished else None
    return render_template(
        "seekers/changed.html",
        seeker_id=seeker_id,
        changes=shown,
        wishes=wishes_shown(found) if found else [],
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.SEEKERS_WRITE)
def new_seeker() -> Page:
    """Register a person; the same ID number is the same person.

    ``like`` fills in home and village of somebody registered before: a village comes together.
    """
    places = _gazetteer()
    form = _form(places, _neighbour(places))
    if form.validate_on_submit():
        draft = form.draft()
        scope = who().scope(Permission.SEEKERS_WRITE)
        if not scope.covers(division=draft.home_division):
            form.home.errors = [_("This home lies outside your office's division")]
        else:
            try:
                with db().writing() as session:
                    made = services.register_seeker(
                        session,
                        draft,
                        registered_by=registering_office(),
                        scope_division=scope.division,
                    )
            except (
                services.RegisteredElsewhere,
                services.TooYoungToRegister,
                services.WithdrawnBefore,
            ) as refusal:
                _tell(form, refusal)
            else:
                return _registered(made)
    page = render_template(
        "seekers/form.html",
        form=form,
        seeker_id=None,
        consent_text=consent.FORM.in_language(language()),
    )
    return page, 422 if form.errors else 200


def _registered(made: services.Registered) -> Page:
    if made.created:
        flash(_("The person is registered."))
    elif made.changes:
        flash(_("This person was registered already; the record is brought up to date."))
        return _changed_page(made.seeker_id, made.changes)
    else:
        flash(_("This person was registered already and nothing has changed."))
    return redirect(url_for("seekers.seeker", seeker_id=made.seeker_id), 303)


def _tell(form: SeekerForm, refusal: Refusal) -> None:
    form.id_number.errors = [translate(refusal.message, **refusal.params)]


@bp.route("/lookup", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def lookup() -> tuple[dict[str, str | bool], int]:
    """Say whether an ID number is registered, and by whom it may be seen."""
    form = LookupForm()
    if not form.validate_on_submit():
        errors = form.id_number.errors
        return {"fault": str(errors[0]) if errors else _("Enter the ID number")}, 422
    number = form.number()
    with db().reading() as session:
        seeker_id = queries.find_by_id_numbers(session, [number]).get(number)
        found = queries.find_seeker(session, seeker_id) if seeker_id else None
    if found is None:
        return {"registered": False, "text": _("This ID number is not registered yet.")}, 200
    scope = who().scope(Permission.SEEKERS_WRITE)
    if not scope.covers(division=found.row.home_division):
        return {"registered": True, "text": translate(services.RegisteredElsewhere.message)}, 200
    text = _("Registered already: %(name)s. Saving brings that record up to date.")
    answer = text % {"name": found.row.name}
    return {
        "registered": True,
        "text": answer,
        "url": url_for("seekers.edit_seeker", seeker_id=found.row.id),
    }, 200


def _record_page(
    found: queries.SeekerDetail, form: RevealForm, clear: SeekerDraft | None = None
) -> str:
    row = found.row
    with db().reading() as session:
        wanted = {row.home_division, found.id_division, *found.wanted_divisions}
        places = regions.names_of(session, wanted)
        home = regions.gazetteer(session).full_name(row.home_division)
        merges = queries.list_merges(session, seeker_id=row.id)
        records = queries.household_records(session, row.id)
    text = consent.TEXTS.get(found.consent_version or "")
    return render_template(
        "seekers/seeker.html",
        found=found,
        row=row,
        home=home or row.home_division,
        places=places,
        form=form,
        clear=clear,
        wishes=wishes_shown(found),
        merges=[merge for merge in merges if merge.undone_at is None],
        consent_text=text.in_language(language()) if text else "",
        education=education_name(row.education),
        ethnic_group=codes.name_of("ethnic_groups", found.ethnic_group, language()),
        label=label,
        relation=relation_name,
        records=records,
        yuan=yuan,
        sex=translate(SEX_LABELS[row.sex]),
        state=translate(STATE_LABELS[row.state]),
        look=STATE_LOOKS.get(row.state, ""),
    )


@bp.route("/<int:seeker_id>")
@allow(Permission.SEEKERS_READ)
def seeker(seeker_id: int) -> str:
    """Show a record, masked."""
    form = RevealForm()
    form.prepare()
    with db().reading() as session:
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_READ)
    return _record_page(found, form)


@bp.route("/<int:seeker_id>/unmask", methods=["POST"])
@allow(Permission.SEEKERS_UNMASK)
def unmask(seeker_id: int) -> Page:
    """Show a record in clear; who looked and why is recorded."""
    form = RevealForm()
    form.prepare()
    with db().reading() as session:
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_UNMASK)
    if not form.validate_on_submit():
        return _record_page(found, form), 422
    with db().writing() as session:
        clear = services.reveal_seeker(session, seeker_id, reason=form.reason.data)
    return _record_page(found, form, clear)


@bp.route("/<int:seeker_id>/edit", methods=["GET", "POST"])
@allow(Permission.SEEKERS_WRITE)
def edit_seeker(seeker_id: int) -> Page:
    """Edit a record; opening the form shows it in clear and is recorded."""
    places = _gazetteer()
    with db().reading() as session:
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
    if found.row.state in {"withdrawn", "merged"}:
        raise services.WithdrawnBefore
    values = None
    if request.method == "GET":
        with db().writing() as session:
            record = services.reveal_seeker(session, seeker_id, reason="edit")
        wanted = tuple(places.full_name(code) or code for code in record.wanted_divisions or ())
        home = places.full_name(record.home_division) or record.home_division
        values = SeekerForm.values_of(record, home=home, places=wanted)
    form = _form(places, values)
    form.must_agree = False
    if form.validate_on_submit():
        draft = form.draft()
        if who().scope(Permission.SEEKERS_WRITE).covers(division=draft.home_division):
            try:
                with db().writing() as session:
                    changes = services.edit_seeker(
                        session, seeker_id, draft, office_id=registering_office()
                    )
            except services.IdNumberTaken as refusal:
                _tell(form, refusal)
            else:
                return _edited(seeker_id, changes)
        else:
            form.home.errors = [_("This home lies outside your office's division")]
    page = render_template(
        "seekers/form.html",
        form=form,
        seeker_id=seeker_id,
        consent_text=consent.FORM.in_language(language()),
    )
    return page, 422 if form.errors else 200


def _edited(seeker_id: int, changes: tuple[Change, ...]) -> Page:
    if changes:
        flash(_("The changes are saved."))
        return _changed_page(seeker_id, changes)
    flash(_("Nothing was changed."))
    return redirect(url_for("seekers.seeker", seeker_id=seeker_id), 303)


def _back(seeker_id: int) -> Response:
    return redirect(url_for("seekers.seeker", seeker_id=seeker_id), 303)


@bp.route("/<int:seeker_id>/renew", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def renew(seeker_id: int) -> Response:
    """Let the registration hold again for its whole time."""
    with db().writing() as session:
        find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
        until = services.renew_registration(session, seeker_id)
    flash(_("The registration holds until %(day)s.", day=until.isoformat()))
    return _back(seeker_id)


@bp.route("/<int:seeker_id>/withdraw", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def withdraw(seeker_id: int) -> Response:
    """Take the person out of every ranking."""
    with db().writing() as session:
        find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
        services.withdraw_consent(session, seeker_id)
    flash(_("Consent is withdrawn; the person is recommended to nobody any more."))
    return _back(seeker_id)


@bp.route("/<int:seeker_id>/erase", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def erase(seeker_id: int) -> Response:
    """Erase the personal data of somebody who withdrew."""
    with db().writing() as session:
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
        if found.row.state != "withdrawn":
            raise services.NotWithdrawn
        services.erase_seeker(session, seeker_id)
    flash(_("The personal data are erased."))
    return _back(seeker_id)


@bp.route("/consent")
@allow(Permission.SEEKERS_READ)
def consent_texts() -> str:
    """Show the consent texts by version, to read to somebody or to print."""
    return render_template("seekers/consent.html", texts=consent.TEXTS.values())
