"""Add an employer's positions to a fair, and take them off again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow
from jobfair.employers import queries as employers
from jobfair.fairs import queries, services
from jobfair.fairs.rules import hindrances
from jobfair.fairs.views.common import PAGE_SIZE, Page, bp, found
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db


@bp.route("/<fair_code>/book")
@allow(Permission.FAIRS_WRITE)
def choose_employer(fair_code: str) -> Page:
    """Find the employer whose positions are to take part."""
    fair = found(fair_code)
    text = request.args.get("q", "").strip()
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        rows = employers.list_employers(
            session, text=text, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
        total = employers.count_employers(session, text=text)
        there = {r.employer_id: r for r in queries.list_fair_employers(session, fair.id)}
    return render_template(
        "fairs/choose_employer.html",
        fair=fair,
        rows=rows,
        there=there,
        total=total,
        number=number,
        size=PAGE_SIZE,
        text=text,
        page_url=lambda n: url_for("fairs.choose_employer", fair_code=fair.code, q=text, page=n),
    )


@bp.route("/<fair_code>/book/<int:employer_id>", methods=["GET", "POST"])
@allow(Permission.FAIRS_WRITE)
def book(fair_code: str, employer_id: int) -> Page:
    """Show an employer's positions: those that take part, could, or cannot and why; add some."""
    fair = found(fair_code)
    fault = ""
    if request.method == "POST":
        everything = "all" in request.form
        chosen = _bookable(employer_id) if everything else _chosen(employer_id)
        try:
            if not chosen:
                fault = _("Choose at least one position.")
            else:
                with db().writing() as session:
                    added = services.add_positions(session, fair.id, chosen)
                flash(_("%(n)s positions added to the fair.", n=added))
                return redirect(_back(fair, employer_id), 303)
        except Refusal as refusal:
            fault = translate(refusal.message, **refusal.params)
    with db().reading() as session:
        employer = employers.find_employer(session, employer_id)
        if employer is None:
            raise NotFound
        rows = employers.list_positions(
            session,
            employers.PositionFilter(employer_id=employer_id),
            sort="title",
            limit=None,
        )
        there = queries.present(session, fair.id, [row.id for row in rows])
    page = render_template(
        "fairs/book.html",
        fair=fair,
        employer=employer,
        taking_part=[row for row in rows if row.id in there],
        others=[
            (row, hindrances(row.status, row.employer_status, row.missing))
            for row in rows
            if row.id not in there
        ],
        fault=fault,
    )
    return page, 422 if fault else 200


@bp.route("/<fair_code>/take-off/<int:employer_id>", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def take_off(fair_code: str, employer_id: int) -> Page:
    """Take positions of an employer off the fair."""
    fair = found(fair_code)
    chosen = _chosen(employer_id)
    with db().writing() as session:
        gone = services.take_off_positions(session, fair.id, chosen)
    if gone:
        flash(_("%(n)s positions taken off the fair.", n=gone))
    else:
        flash(_("Choose at least one position."), "warning")
    return redirect(_back(fair, employer_id), 303)


def _back(fair: queries.FairRow, employer_id: int) -> str:
    return url_for("fairs.book", fair_code=fair.code, employer_id=employer_id)


def _chosen(employer_id: int) -> list[int]:
    """Return the ticked positions that are the employer's.

    Raises:
        NotFound: there is no such employer.
    """
    ids = request.form.getlist("position", type=int)
    with db().reading() as session:
        if employers.find_employer(session, employer_id) is None:
            raise NotFound
        narrowed = employers.PositionFilter(employer_id=employer_id, ids=ids)
        return [row.id for row in employers.list_positions(session, narrowed, limit=None)]


def _bookable(employer_id: int) -> list[int]:
    """Return every position of an employer that may be booked today."""
    with db().reading() as session:
        narrowed = employers.PositionFilter(employer_id=employer_id)
        rows = employers.list_positions(session, narrowed, limit=None)
    return [row.id for row in rows if row.bookable]
