"""A village collector's phone: neighbours, who came home, who went out, who has a new number."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.charges import queries
from jobfair.charges.forms import ContactForm, GoneForm, NeighbourForm, NumberForm, ReturnedForm
from jobfair.charges.views.common import bp
from jobfair.follow_ups.services import record_follow_up
from jobfair.kit import clock
from jobfair.kit.errors import Refusal
from jobfair.kit.forms import Form, carried_out
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db, hide_query, language, show_query
from jobfair.occupations.queries import occupations
from jobfair.placements.services import record_placement
from jobfair.placements.views.common import Page, recorder, seeker_in_reach
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers import services
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.searching import understand
from jobfair.seekers.views.room import STATE_LABELS, STATE_LOOKS

REPORTS = {
    "returned": N_("Came home"),
    "gone": N_("Went out to work"),
    "number": N_("New phone number"),
    "contact": N_("Spoken to, nothing new"),
}


class NotInWork(Refusal):
    """Nobody comes home from work that is not on record."""

    code = "not_in_work"
    message = N_("No work of this person is on record. If the person is home, nothing is to do.")


class NotRegistered(Refusal):
    """Only who is in the register is reported on."""

    code = "not_registered_now"
    message = N_("This record is not in use any more. Register the person again first.")


def _scope() -> str:
    return who().scope(Permission.VILLAGE_WORK).division or ""


@bp.route("/village")
@allow(Permission.VILLAGE_WORK)
def village() -> Page:
    """List the neighbours."""
    text = show_query(request.args.get("find", ""))
    wanted = seekers.SeekerFilter(scope=_scope(), search=understand(text), sort="-registered")
    with db().reading() as session:
        total = seekers.count_seekers(session, wanted)
        paging = asked_page(total)
        rows = seekers.list_seekers(session, wanted, limit=paging.size, offset=paging.offset)
        jobs = queries.jobs_of(session, [row.id for row in rows])
        place = regions.names_of(session, {_scope()}).get(_scope(), who().organisation_name)
    return render_template(
        "charges/village.html",
        rows=rows,
        jobs=jobs,
        total=total,
        paging=paging,
        place=place,
        search=text,
        states=STATE_LABELS,
        looks=STATE_LOOKS,
    )


@bp.route("/village/search", methods=["POST"])
@allow(Permission.VILLAGE_WORK)
def search_village() -> Page:
    """Find a neighbour; what is typed travels sealed, so that no name stands in a URL."""
    text = request.form.get("text", "").strip()
    return redirect(url_for("charges.village", find=hide_query(text) if text else None), 303)


@bp.route("/village/new", methods=["GET", "POST"])
@allow(Permission.VILLAGE_WORK)
def new_neighbour() -> Page:
    """Register a neighbour, or bring the record of the same ID number up to date."""
    form = NeighbourForm()
    made: list[services.Registered] = []

    def register(session: Session) -> None:
        known = occupations(session)
        draft = form.draft(_scope(), known.code_of(form.wish.data or ""))
        made.append(
            services.register_seeker(
                session, draft, registered_by=who().organisation_id, scope_division=_scope()
            )
        )

    if carried_out(form, register):
        new = made[-1].created
        flash(_("Registered.") if new else _("Registered before: the record is up to date now."))
        return redirect(url_for("charges.neighbour", seeker_id=made[-1].seeker_id), 303)
    page = render_template(
        "charges/new_neighbour.html", form=form, consent_text=consent.FORM.in_language(language())
    )
    return page, 422 if form.errors else 200


@bp.route("/village/<int:seeker_id>")
@allow(Permission.VILLAGE_WORK)
def neighbour(seeker_id: int) -> Page:
    """Show a neighbour, masked, with the buttons of what there may be to report."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.VILLAGE_WORK)
        job = queries.jobs_of(session, [seeker_id]).get(seeker_id)
    return render_template(
        "charges/neighbour.html",
        seeker=seeker,
        job=job,
        reports={name: translate(text) for name, text in REPORTS.items()},
        states=STATE_LABELS,
        looks=STATE_LOOKS,
    )


@dataclass(frozen=True, slots=True)
class _Report:
    """One kind of report: its form, and what it does with a person who has a job or none."""

    form: Callable[[], Form]
    carry_out: Callable[[Session, int, queries.Job | None, Form], None]


@bp.route(
    "/village/<int:seeker_id>/<any(returned, gone, number, contact):report>",
    methods=["GET", "POST"],
)
@allow(Permission.VILLAGE_WORK)
def report(seeker_id: int, report: str) -> Page:
    """Report one thing about a neighbour."""
    kind = _KINDS[report]
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.VILLAGE_WORK)
    form = kind.form()

    def carry_out(session: Session) -> None:
        if seeker.row.state in {"withdrawn", "merged"}:
            raise NotRegistered
        job = queries.jobs_of(session, [seeker_id]).get(seeker_id)
        kind.carry_out(session, seeker_id, job, form)

    if carried_out(form, carry_out):
        flash(_("Recorded. Thank you."))
        return redirect(url_for("charges.neighbour", seeker_id=seeker_id), 303)
    page = render_template(
        "charges/report.html",
        form=form,
        seeker=seeker,
        heading=translate(REPORTS[report]),
    )
    return page, 422 if form.errors else 200


def _returned(session: Session, _seeker: int, job: queries.Job | None, form: Form) -> None:
    if job is None or job.started_on is None:
        raise NotInWork
    if isinstance(form, ReturnedForm):
        record_follow_up(session, job.placement_id, form.draft(), recorder())


def _gone(session: Session, seeker_id: int, _job: queries.Job | None, form: Form) -> None:
    if isinstance(form, GoneForm):
        place = regions.gazetteer(session).find(form.workplace.data or "")
        record_placement(session, seeker_id, form.draft(place), recorder())


def _number(session: Session, seeker_id: int, _job: queries.Job | None, form: Form) -> None:
    if isinstance(form, NumberForm):
        services.correct_phone(session, seeker_id, form.number())


def _contact(session: Session, seeker_id: int, job: queries.Job | None, form: Form) -> None:
    """Keep a contact: of who works it is a follow-up, of others it renews the registration."""
    works = job is not None and job.started_on is not None and job.started_on <= clock.today()
    if job is not None and works and isinstance(form, ContactForm):
        record_follow_up(session, job.placement_id, form.draft(), recorder())
    else:
        services.renew_registration(session, seeker_id)


_KINDS = {
    "returned": _Report(ReturnedForm, _returned),
    "gone": _Report(GoneForm, _gone),
    "number": _Report(NumberForm, _number),
    "contact": _Report(ContactForm, _contact),
}
