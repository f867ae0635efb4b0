"""Grants paid: the list, taking in a list of the bank, one payment, taking one back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.grants import queries
from jobfair.grants.forms import STANDINGS, PaymentForm, TakeBackForm, read_filter
from jobfair.grants.rules.entitlement import GRANT_NAMES
from jobfair.grants.services.payments import (
    PaymentRow,
    payments_spec,
    record_payment,
    take_back,
)
from jobfair.grants.services.students import Who
from jobfair.grants.views.common import (
    Cell,
    Page,
    bp,
    own_school,
    recorder,
    student_in_reach,
)
from jobfair.kit import imports
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db

_EXPORT_ROWS = 200_000


@bp.route("/grants")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Grants paid"), "C1")
def payments() -> Page:
    """List what was paid, the latest first, with the sum."""
    own = own_school(Permission.STUDENTS_READ)
    wanted = read_filter(request.args, organisation_id=own)
    with db().reading() as session:
        total, students, fen = queries.sum_payments(session, wanted)
        paging = asked_page(total)
        rows = queries.list_payments(session, wanted, limit=paging.size, offset=paging.offset)
        years = queries.school_years(session, own)
    return render_template(
        "grants/payments.html",
        rows=rows,
        total=total,
        students=students,
        fen=fen,
        paging=paging,
        years=[(str(year), f"{year}-{year + 1}") for year in years],
        standings={name: translate(text) for name, text in STANDINGS.items()},
        args=request.args,
    )


@bp.route("/grants/export/<kind>")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Grants paid"), "C1")
def export_payments(kind: str) -> Page:
    """Download the filtered list, masked, as xlsx or csv."""
    wanted = read_filter(request.args, organisation_id=own_school(Permission.STUDENTS_READ))
    with db().reading() as session:
        rows = queries.list_payments(session, wanted, limit=_EXPORT_ROWS)
    titles = (
        _("Name"),
        _("Student number"),
        _("Class"),
        _("Grant"),
        _("School year"),
        _("Amount in yuan"),
        _("Paid on"),
        _("Own card"),
        _("Card number"),
        _("Bank's reference"),
        _("Recorded by"),
        _("Taken back"),
    )
    columns = [Column(str(title), text=place in {1, 8, 9}) for place, title in enumerate(titles)]
    return download(kind, "grants", columns, [_cells(row) for row in rows])


def _cells(row: queries.PaymentLine) -> list[Cell]:
    return [
        row.name,
        row.student_number,
        row.school_class,
        translate(GRANT_NAMES[row.kind]),
        f"{row.school_year}-{row.school_year + 1}",
        row.amount_fen / 100,
        row.paid_on.isoformat(),
        "" if row.own_card is None else _("yes") if row.own_card else _("no"),
        f"*{row.card_last4}" if row.card_last4 else "",
        row.reference,
        row.recorder,
        row.taken_back,
    ]


def _import_words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import a list of grants paid"),
        intro=_(
            "The list as the paying office or the bank gives it: student number or ID number, "
            "grant, amount, day; card holder, card number and the bank's reference where it has "
            "them. What is on record already is left as it is."
        ),
        upload="grants.import_payments",
        preview="grants.payments_preview",
        result="grants.payments_result",
        errors="grants.payments_errors",
        done="grants.payments",
    )


def _spec(file_name: str) -> ImportSpec[PaymentRow]:
    return payments_spec(own_school(Permission.STUDENTS_IMPORT), recorder(), file_name)


@bp.route("/grants/import", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def import_payments() -> imports.Page:
    """Choose the file."""
    return imports.upload_page(_import_words())


@bp.route("/grants/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def payments_preview(import_id: str) -> imports.Page:
    """Show what the file would add, then do it."""
    return imports.preview_page(import_id, _import_words(), _spec)


@bp.route("/grants/import/<string:import_id>/result")
@allow(Permission.STUDENTS_IMPORT)
def payments_result(import_id: str) -> imports.Page:
    """Show what was kept."""
    return imports.result_page(import_id, _import_words())


@bp.route("/grants/import/<string:import_id>/errors.xlsx")
@allow(Permission.STUDENTS_IMPORT)
def payments_errors(import_id: str) -> Response | imports.Page:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)


@bp.route("/<int:student_id>/grants/new", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def new_payment(student_id: int) -> Page:
    """Record one payment of a student."""
    with db().reading() as session:
        found = student_in_reach(session, student_id, Permission.STUDENTS_WRITE, unmasked=True)
    form = PaymentForm()
    new: list[bool] = []

    def record(session: Session) -> None:
        draft = form.draft()
        if draft:
            whom = Who("", found.id_number, "")
            own = own_school(Permission.STUDENTS_WRITE)
            new.append(record_payment(session, own, PaymentRow(whom, draft), recorder()))

    if carried_out(form, record) and new:
        if new[0]:
            flash(_("The payment is recorded."))
        else:
            flash(_("The same payment is on record already; nothing was added."), "warning")
        return redirect(url_for("grants.of_student", student_id=student_id), 303)
    with db().reading() as session:
        masked = student_in_reach(session, student_id, Permission.STUDENTS_WRITE)
    page = render_template("grants/payment_form.html", form=form, student=masked)
    return page, 422 if form.errors else 200


@bp.route("/grants/<int:payment_id>/take-back", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def take_payment_back(payment_id: int) -> Page:
    """Take a wrong payment back, with the reason; it stays to be seen."""
    with db().reading() as session:
        row = queries.find_payment(session, payment_id)
    if row is None:
        raise NotFound
    who().scope(Permission.STUDENTS_WRITE).must_cover(organisation_id=row.organisation_id)
    form = TakeBackForm()

    def undo(session: Session) -> None:
        take_back(session, payment_id, form.reason.data or "", recorder())

    if carried_out(form, undo):
        flash(_("The payment is taken back. It stays to be seen and counts no more."))
        return redirect(url_for("grants.of_student", student_id=row.student_id), 303)
    page = render_template("grants/take_back.html", form=form, row=row)
    return page, 422 if form.errors else 200
