"""One student: admit, show, add to the line, take back what was wrong."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, organisation_filter, who
from jobfair.kit.errors import NotFound
from jobfair.kit.events.forms import REVERSED, ReversalForm
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.school import queries, services
from jobfair.school.forms import StudentEventForm, StudentForm
from jobfair.school.rules.drafts import OPEN_NAMES, Admitted
from jobfair.school.views.common import Page, bp, recorder, student_in_reach


@bp.route("/<int:student_id>")
@allow(Permission.STUDENTS_READ)
def student(student_id: int) -> Page:
    """Show a student's record, masked, and the whole line of events."""
    with db().reading() as session:
        found = student_in_reach(session, student_id, Permission.STUDENTS_READ)
        home = regions.gazetteer(session).full_name(found.home_division)
    return render_template("school/student.html", student=found, home=home, unmasked=False)


@bp.route("/<int:student_id>/unmask", methods=["POST"])
@allow(Permission.STUDENTS_UNMASK)
def unmask(student_id: int) -> Page:
    """Show a student's full data; that somebody saw them is written down."""
    with db().writing() as session:
        found = student_in_reach(session, student_id, Permission.STUDENTS_UNMASK, unmasked=True)
        home = regions.gazetteer(session).full_name(found.home_division)
        services.note_unmasked_read(session, student_id)
    return render_template("school/student.html", student=found, home=home, unmasked=True)


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def new_student() -> Page:
    """Take in one applicant."""
    form = StudentForm()
    own = organisation_filter(who(), Permission.STUDENTS_WRITE)
    made: list[Admitted] = []

    def admit(session: Session) -> None:
        home = regions.gazetteer(session).find(form.home.data or "")
        if home is None or len(home) < 6:
            form.home.errors = [_("No such county is known. Write prefecture and county.")]
            return
        school = queries.only_school(session, own)
        answer = services.admit_students(session, school, [form.draft(home)], recorder())[0]
        if answer.refusal:
            raise answer.refusal
        made.append(answer)

    if carried_out(form, admit) and made and made[0].student_id:
        flash(_("The applicant is recorded."))
        for name in made[0].open:
            flash(translate(OPEN_NAMES[name]), "warning")
        return redirect(url_for("school.student", student_id=made[0].student_id))
    page = render_template("school/student_form.html", form=form)
    return page, 422 if form.errors else 200


@bp.route("/<int:student_id>/events/new", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def new_event(student_id: int) -> Page:
    """Record a step of a student's line."""
    with db().reading() as session:
        found = student_in_reach(session, student_id, Permission.STUDENTS_WRITE)
    form = StudentEventForm()

    def append(session: Session) -> None:
        services.append_event(session, student_id, form.fact(), recorder())

    if carried_out(form, append):
        flash(_("The entry is recorded."))
        return redirect(url_for("school.student", student_id=student_id))
    page = render_template(
        "kit/event_form.html",
        form=form,
        about=f"{found.name} · {found.major}",
        rows=found.events,
        reverse="school.reverse_event",
        back=url_for("school.student", student_id=student_id),
    )
    return page, 422 if form.is_submitted() and form.errors else 200


@bp.route("/events/<int:event_id>/reverse", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def reverse_event(event_id: int) -> Page:
    """Take an entry back, with the reason; the entry stays to be seen."""
    with db().reading() as session:
        student_id = queries.student_of_event(session, event_id)
        if student_id is None:
            raise NotFound
        found = student_in_reach(session, student_id, Permission.STUDENTS_WRITE)
    form = ReversalForm()

    def reverse(session: Session) -> None:
        services.reverse_event(session, event_id, form.reason.data or "", recorder())

    if carried_out(form, reverse):
        flash(_(REVERSED))
        return redirect(url_for("school.student", student_id=found.id))
    page = render_template(
        "kit/reverse_event.html",
        form=form,
        heading=_("Reverse an entry"),
        about=f"{found.name} · {found.major}",
        rows=[row for row in found.events if row.event.id == event_id],
        back=url_for("school.student", student_id=found.id),
    )
    return page, 422 if form.errors else 200
