"""A student's statement: for the school, and for the student by an own link without signing in."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from jobfair.accounts.access import Permission, allow, visitor
from jobfair.grants import queries
from jobfair.grants.services.months import note_opening
from jobfair.grants.views.common import Page, bp, student_in_reach
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db, public_url, settings


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="statement")


def statement_link(student_id: int) -> str:
    """Return the address by which a student opens the own statement, without signing in."""
    return public_url("grants.own_statement", statement_token=_signer().dumps(student_id))


@bp.route("/<int:student_id>/statement")
@allow(Permission.STUDENTS_READ)
def of_student(student_id: int) -> Page:
    """Show what a student was paid and the months, with the link to give to the student."""
    with db().reading() as session:
        student = student_in_reach(session, student_id, Permission.STUDENTS_READ)
        statement = queries.statement_of(session, student_id)
    return render_template(
        "grants/of_student.html",
        student=student,
        statement=statement,
        link=statement_link(student_id),
    )


@bp.route("/statements/<statement_token>", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def own_statement(statement_token: str) -> Page:
    """Show whoever has the link what was paid; the page does not say to whom.

    That it was looked at is noted when the student says so: a program that follows links, or
    somebody of the school who is signed in, notes nothing.
    """
    try:
        told: object = _signer().loads(statement_token)
    except BadSignature as fault:
        raise NotFound from fault
    if not isinstance(told, int):
        raise NotFound
    with db().reading() as session:
        if not queries.is_student(session, told):
            raise NotFound
        statement = queries.statement_of(session, told)
    if request.method == "POST":
        if visitor() is None:
            with db().writing() as session:
                note_opening(session, told)
        flash(_("Thank you. The school sees that you have looked at it."))
        return redirect(url_for("grants.own_statement", statement_token=statement_token), 303)
    return render_template("grants/own_statement.html", statement=statement, asks=visitor() is None)
