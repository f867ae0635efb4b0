"""What is printed before a fair: check-in sheets, booth sheets, walk-in slips."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, may, who
from jobfair.cards.rules import spoken
from jobfair.cards.views import qr
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import PAGE_SIZE, Page, found
from jobfair.interviews.rules import REASON_NAMES
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.lists import last_page
from jobfair.kit.web import db, language
from jobfair.paper import queries, services
from jobfair.paper.forms import SlipsForm
from jobfair.paper.rules import (
    BOOTH_ROWS,
    OUTCOME_NAMES,
    REASON_NUMBERS,
    SHEET_ROWS,
    SLIPS_ON_PAGE,
    booth_label,
    sheet_label,
    slip_label,
)
from jobfair.paper.views.common import bp
from jobfair.regions import queries as regions

_SHEETS = 40  # a browser prints so many without effort
_PER_PART = _SHEETS * SHEET_ROWS
_Row = TypeVar("_Row")
_CODES_IN_QR = str.maketrans("", "", "-")


def _pages(rows: Sequence[_Row], size: int) -> list[Sequence[_Row]]:
    """Cut rows into pages."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _scope() -> str | None:
    """Return the division whose people the caller may list; None for all."""
    return who().scope(Permission.CHECK_IN_SHEETS).division


@bp.route("/fairs/<fair_code>/paper")
@allow(Permission.FAIRS_READ)
def pack(fair_code: str) -> str:
    """Show what can be printed for a fair and how it comes back."""
    return _pack(found(fair_code), SlipsForm())


def _pack(fair: fairs.FairRow, form: SlipsForm) -> str:
    townships: list[dict[str, Any]] = []
    number, total = max(1, request.args.get("page", 1, type=int)), 0
    with db().reading() as session:
        employers = fairs.list_fair_employers(session, fair.id)
        batches = queries.list_batches(session, fair.id)
        if may(Permission.CHECK_IN_SHEETS):
            places = regions.gazetteer(session)
            counts = list(queries.count_townships(session, _scope()).items())
            total = len(counts)
            townships = [
                {
                    "code": code,
                    "name": places.full_name(code) or code,
                    "people": people,
                    "sheets": last_page(people, SHEET_ROWS),
                    "parts": last_page(people, _PER_PART),
                }
                for code, people in counts[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
            ]
    return render_template(
        "paper/pack.html",
        fair=fair,
        title=fair.title(language()),
        form=form,
        townships=townships,
        number=number,
        size=PAGE_SIZE,
        total=total,
        page_url=lambda n: url_for("paper.pack", fair_code=fair.code, page=n),
        employers=employers,
        batches=batches,
        slip_label=slip_label,
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/paper/check-in/<township>")
@allow(Permission.CHECK_IN_SHEETS)
def check_in(fair_code: str, township: str) -> str:
    """Show a township's check-in sheets, names masked; that somebody looked is recorded.

    Printing them checks nobody in.
    """
    fair, scope = found(fair_code), _scope() or ""
    if not township.isdecimal() or not township.startswith(scope):
        raise NotFound
    part = max(1, request.args.get("part", 1, type=int))
    offset = (part - 1) * _PER_PART
    with db().reading() as session:
        people = queries.list_sheet_people(session, township, limit=_PER_PART, offset=offset)
        place = regions.gazetteer(session).full_name(township) or township
    with db().writing() as session:
        services.note_sheets_read(session, fair.id, township, people=len(people))
    first, today = offset // SHEET_ROWS + 1, clock.today()
    sheets = [
        (sheet_label(township, today, number), some)
        for number, some in enumerate(_pages(people, SHEET_ROWS), start=first)
    ]
    return render_template(
        "paper/check_in.html",
        fair=fair,
        title=fair.title(language()),
        place=place,
        sheets=sheets,
        spoken=spoken,
    )


@bp.route("/fairs/<fair_code>/paper/booths")
@allow(Permission.FAIRS_READ)
def booths(fair_code: str) -> str:
    """Show a sheet with blank rows for each position, of one employer or of all, in parts."""
    fair, employer = found(fair_code), request.args.get("employer", type=int)
    narrowed = fairs.FairFilter(employer_id=employer)
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        total, _posts = fairs.count_fair_positions(session, fair.id, narrowed)
        posts = fairs.list_fair_positions(
            session,
            fair.id,
            narrowed,
            sort="employer",
            limit=_SHEETS,
            offset=(number - 1) * _SHEETS,
        )
    return render_template(
        "paper/booths.html",
        fair=fair,
        title=fair.title(language()),
        posts=posts,
        number=number,
        size=_SHEETS,
        total=total,
        page_url=lambda n: url_for("paper.booths", fair_code=fair.code, employer=employer, page=n),
        rows=BOOTH_ROWS,
        outcome_names=OUTCOME_NAMES,
        booth_label=booth_label,
        reasons=REASON_NUMBERS,
        reason_names=REASON_NAMES,
    )


@bp.route("/fairs/<fair_code>/paper/slips", methods=["POST"])
@allow(Permission.PAPER_WRITE)
def issue(fair_code: str) -> Page:
    """Give out slip numbers and show the slips."""
    fair, form = found(fair_code), SlipsForm()
    made: list[int] = []
    done = carried_out(
        form,
        lambda session: made.append(
            services.issue_slips(session, fair.id, form.count.data or 0, user_id=who().user_id)
        ),
    )
    if not done:
        return _pack(fair, form), 422
    flash(_("These numbers are given out and will not be printed for other slips."))
    return redirect(url_for("paper.slips", batch_id=made[0]), 303)


@bp.route("/paper/slips/<int:batch_id>")
@allow(Permission.FAIRS_READ)
def slips(batch_id: int) -> str:
    """Show the slips of a batch, to print or to print again."""
    with db().reading() as session:
        batch = queries.find_batch(session, batch_id)
    if batch is None:
        raise NotFound
    fair = found(str(batch.fair_id))
    labels = [slip_label(batch.first + n) for n in range(batch.count)]
    return render_template(
        "paper/slips.html",
        fair=fair,
        title=fair.title(language()),
        pages=_pages(labels, SLIPS_ON_PAGE),
        qr=lambda label: qr(label.translate(_CODES_IN_QR)),
    )
