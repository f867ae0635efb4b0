"""One student: admit, show, add to the line, take back what was wrong."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, organisation_filter, who
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.school import queries, services
from jobfair.school.forms import StudentEventForm, StudentForm, StudentReversalForm
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

    if _done(form, admit) and made and made[0].student_id:
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
        day = form.occurred_on.data
        if day is None:
            raise ValueError("call after validation")
        services.append_event(
            session,
            student_id,
            form.event_kind(),
            day,
            recorder=recorder(),
            grade=form.event_grade(),
            reason=form.reason.data or "",
        )

    if _done(form, append):
        flash(_("The entry is recorded."))
        return redirect(url_for("school.student", student_id=student_id))
    page = render_template("school/event_form.html", form=form, student=found)
    return page, 422 if form.errors else 200


@bp.route("/events/<int:event_id>/reverse", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def reverse_event(event_id: int) -> Page:
    """Take an entry back, with the reason; the entry stays to be seen."""
    with db().reading() as session:
        row = queries.find_event(session, event_id)
        if row is None:
            raise NotFound
        found = student_in_reach(session, row.student_id, Permission.STUDENTS_WRITE)
    form = StudentReversalForm()

    def reverse(session: Session) -> None:
        services.reverse_event(session, event_id, form.reason.data or "", recorder())

    if _done(form, reverse):
        flash(_("The entry is reversed. It stays visible, struck out, with your reason."))
        return redirect(url_for("school.student", student_id=found.id))
    page = render_template("school/reverse_event.html", form=form, student=found, row=row)
    return page, 422 if form.errors else 200


def _done(form: Form, verb: Callable[[Session], None]) -> bool:
    """Run a verb with a valid form; a refusal is put at the head of the form."""
    if not form.validate_on_submit():
        return False
    try:
        with db().writing() as session:
            verb(session)
    except Refusal as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.params))
    return not form.errors
