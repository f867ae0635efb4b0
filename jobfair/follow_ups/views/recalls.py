"""Samples called again by another office."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.follow_ups.queries import recalls as queries
from jobfair.follow_ups.rules.outcomes import Outcome
from jobfair.follow_ups.services import recalls as services
from jobfair.follow_ups.views.common import bp
from jobfair.follow_ups.views.work import EXPORT_ROWS
from jobfair.kit import clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db
from jobfair.placements.views.common import Page, recorder
from jobfair.regions import queries as regions
from jobfair.seekers.services import reveal_seeker


def _office() -> int | None:
    return who().scope(Permission.RECALLS).organisation_id


def _sample(session: Session, sample_id: int) -> queries.SampleRow:
    """Return a sample.

    Raises:
        NotFound: none such, or another office's to call.
    """
    found = queries.find_sample(session, sample_id)
    if found is None:
        raise NotFound
    who().scope(Permission.RECALLS).must_cover(organisation_id=found.office_id)
    return found


def _recall(session: Session, recall_id: int) -> queries.RecallRow:
    found = queries.find_recall(session, recall_id)
    if found is None:
        raise NotFound
    who().scope(Permission.RECALLS).must_cover(organisation_id=found.office_id)
    return found


@bp.route("/recalls")
@allow(Permission.RECALLS)
def samples() -> Page:
    """List the samples that the caller's office calls again."""
    with db().reading() as session:
        total = queries.count_samples(session, _office())
        paging = asked_page(total)
        rows = queries.list_samples(session, _office(), limit=paging.size, offset=paging.offset)
        names = regions.names_of(session, {row.county for row in rows})
    return render_template(
        "follow_ups/samples.html", rows=rows, total=total, paging=paging, names=names
    )


@bp.route("/recalls/draw", methods=["POST"])
@allow(Permission.RECALLS)
def draw() -> Page:
    """Draw last month's samples of all counties; those drawn before stay as they are."""
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    with db().writing() as session:
        drawn = services.draw_samples(session, month, recorder())
    flash(_("Samples drawn for %(month)s: %(n)s", month=f"{month:%Y-%m}", n=drawn))
    return redirect(url_for("follow_ups.samples"), 303)


@bp.route("/recalls/export/<kind>")
@allow(Permission.RECALLS)
def export_samples(kind: str) -> Page:
    """Download the samples with their rates of disagreement."""
    with db().reading() as session:
        rows = queries.list_samples(session, _office(), limit=EXPORT_ROWS)
        names = regions.names_of(session, {row.county for row in rows})
    titles = (
        _("Month"),
        _("Home county"),
        _("Called by"),
        _("Follow-ups of the month"),
        _("Drawn"),
        _("Judged"),
        _("Differ"),
        _("Share that differs, percent"),
        _("Seed"),
    )
    cells = [
        [
            f"{row.month:%Y-%m}",
            names.get(row.county, row.county),
            row.office,
            row.drawn_from,
            row.agreement.drawn,
            row.agreement.judged,
            row.agreement.differ,
            "" if row.agreement.rate is None else round(row.agreement.rate * 100, 1),
            row.seed,
        ]
        for row in rows
    ]
    return download(kind, "recalls", [Column(str(title)) for title in titles], cells)


def _page(sample_id: int, shown: int = 0, phone: str = "") -> str:
    with db().reading() as session:
        sample = _sample(session, sample_id)
        rows = queries.list_recalls(session, sample_id)
        names = regions.names_of(session, {sample.county})
    return render_template(
        "follow_ups/sample.html", sample=sample, rows=rows, names=names, shown=shown, phone=phone
    )


@bp.route("/recalls/<int:sample_id>")
@allow(Permission.RECALLS)
def sample(sample_id: int) -> Page:
    """Show who of a sample is to be called, without what the first office found."""
    return _page(sample_id)


@bp.route("/recalls/people/<int:recall_id>", methods=["POST"])
@allow(Permission.RECALLS)
def recall(recall_id: int) -> Page:
    """Record what the second call found."""
    with db().reading() as session:
        row = _recall(session, recall_id)
    outcome = request.form.get("outcome", "")
    if outcome in set(Outcome):
        with db().writing() as session:
            services.record_recall(session, recall_id, Outcome(outcome), recorder())
        flash(_("The second call is recorded."))
    else:
        flash(_("Choose what was found."), "warning")
    return redirect(url_for("follow_ups.sample", sample_id=row.sample_id), 303)


@bp.route("/recalls/people/<int:recall_id>/phone", methods=["POST"])
@allow(Permission.RECALLS)
def recall_phone(recall_id: int) -> Page:
    """Show the number to dial of somebody drawn; that it was read is recorded."""
    with db().reading() as session:
        row = _recall(session, recall_id)
    with db().writing() as session:
        number = reveal_seeker(session, row.seeker_id, reason="recall").phone
    return _page(row.sample_id, recall_id, number or "–")
