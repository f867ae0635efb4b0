"""Pages of public notices: for everybody while they stand, for the office and auditors after."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as PageResponse
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import clock
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import N_, Words, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, public_url
from jobfair.notices import queries, services
from jobfair.notices.forms import DecisionForm, ObjectionForm, QuestionForm, RecordedForm
from jobfair.notices.queries import NoticeFilter, NoticeRow, Period
from jobfair.notices.rules import (
    COLUMN_NAMES,
    COLUMNS,
    STATE_NAMES,
    WAY_NAMES,
    NoticeKind,
    NoticeOver,
    Way,
)
from jobfair.regions import queries as regions

bp = Blueprint("notices", __name__)

Page = str | tuple[str, int] | Response
_EXPORT_ROWS = 50_000
PERIOD_NAMES = {
    Period.OPEN: N_("Open to objections"),
    Period.OVER: N_("Time over"),
    Period.OBJECTED: N_("With an objection to decide"),
}


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "column_names": Words(COLUMN_NAMES),
        "heads_of": _heads,
        "state_names": Words(STATE_NAMES),
        "way_names": Words(WAY_NAMES),
        "period_names": Words({str(key): text for key, text in PERIOD_NAMES.items()}),
        "columns_of": lambda notice: [str(one) for one in COLUMNS[NoticeKind(notice.kind)]],
        "beijing": beijing,
        "now": clock.now,
    }


def _heads(notice: NoticeRow) -> list[str]:
    columns = [translate(COLUMN_NAMES[one]) for one in COLUMNS[NoticeKind(notice.kind)]]
    return [_("No."), *columns, _("State")]


# For everybody, while a notice stands.


@bp.after_request
def _out_of_search_engines(response: PageResponse) -> PageResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _standing(notice_key: str) -> NoticeRow:
    """Return a notice that is open.

    Raises:
        NotFound: none of this address.
        NoticeOver: it came down.
    """
    with db().reading() as session:
        found = queries.find_public(session, notice_key)
    if found is None:
        raise NotFound
    if clock.now() >= found.closes_at:
        raise NoticeOver
    return found


@bp.route("/public-notices")
@allow(Permission.PUBLIC)
def public_notices() -> Page:
    """List the notices that stand now."""
    with db().reading() as session:
        wanted, at = NoticeFilter(period=Period.OPEN), clock.now()
        total = queries.count_notices(session, wanted, at)
        paging = asked_page(total)
        rows = queries.list_notices(session, wanted, at, limit=paging.size, offset=paging.offset)
        places = regions.gazetteer(session)
    return render_template(
        "notices/public_notices.html",
        rows=rows,
        total=total,
        paging=paging,
        place=lambda code: places.full_name(code) or code,
    )


def _public_page(
    notice: NoticeRow,
    question: QuestionForm,
    objection: ObjectionForm,
    *,
    listed: bool | None = None,
) -> Page:
    with db().reading() as session:
        paging = asked_page(notice.lines)
        lines = queries.list_lines(
            session, notice, clock.now(), limit=paging.size, offset=paging.offset
        )
        places = regions.gazetteer(session)
    page = render_template(
        "notices/public_notice.html",
        notice=notice,
        lines=lines,
        paging=paging,
        place=places.full_name(notice.place) or notice.place,
        question=question,
        objection=objection,
        listed=listed,
    )
    return page, 422 if question.errors or objection.errors else 200


@bp.route("/public-notices/<notice_key>")
@allow(Permission.PUBLIC)
def public_notice(notice_key: str) -> Page:
    """Show a list while it stands: masked, without a way to take it away."""
    return _public_page(
        _standing(notice_key), QuestionForm(formdata=None), ObjectionForm(formdata=None)
    )


@bp.route("/public-notices/<notice_key>/question", methods=["POST"])
@allow(Permission.PUBLIC)
def ask(notice_key: str) -> Page:
    """Answer whether somebody stands on the list: yes or no."""
    notice = _standing(notice_key)
    form = QuestionForm()
    found: list[bool] = []

    def look(session: Session) -> None:
        found.append(
            services.is_listed(
                session,
                notice.id,
                name=form.name.data or "",
                last4=form.last4.data or "",
                address=request.remote_addr or "-",
            )
        )

    carried_out(form, look)
    return _public_page(
        notice, form, ObjectionForm(formdata=None), listed=found[0] if found else None
    )


@bp.route("/public-notices/<notice_key>/objections", methods=["POST"])
@allow(Permission.PUBLIC)
def make_objection(notice_key: str) -> Page:
    """Take an objection by anybody."""
    notice = _standing(notice_key)
    form = ObjectionForm()
    if not carried_out(form, _objecting(notice.id, form, Way.PAGE)):
        return _public_page(notice, QuestionForm(formdata=None), form)
    flash(_("Your objection is noted. Line %(n)s is held until it is decided.", n=form.number.data))
    return redirect(url_for("notices.public_notice", notice_key=notice_key), 303)


def _objecting(notice_id: int, form: ObjectionForm, way: Way) -> Callable[[Session], None]:
    def verb(session: Session) -> None:
        services.make_objection(
            session,
            notice_id,
            form.number.data or 0,
            form.reason.data or "",
            contact=form.contact.data or "",
            way=way,
            address=request.remote_addr or "-",
            user_id=None if way is Way.PAGE else who().user_id,
        )

    return verb


# For the office, and for auditors.


def _wanted() -> NoticeFilter:
    period = request.args.get("period", "")
    return NoticeFilter(
        scope=division_filter(who(), Permission.NOTICES_READ),
        period=Period(period) if period in set(Period) else None,
        text=request.args.get("text", "").strip(),
    )


@bp.route("/notices")
@allow(Permission.NOTICES_READ)
def notices() -> Page:
    """List every notice of the office's people, those that came down, too."""
    at = clock.now()
    with db().reading() as session:
        wanted = _wanted()
        total = queries.count_notices(session, wanted, at)
        paging = asked_page(total)
        rows = queries.list_notices(session, wanted, at, limit=paging.size, offset=paging.offset)
        places = regions.gazetteer(session)
    return render_template(
        "notices/notices.html",
        rows=rows,
        total=total,
        paging=paging,
        args=request.args,
        place=lambda code: places.full_name(code) or code,
    )


@bp.route("/notices/export/<kind>")
@allow(Permission.NOTICES_READ)
def export(kind: str) -> Page:
    """Download the list of notices the address asks for."""
    with db().reading() as session:
        rows = queries.list_notices(session, _wanted(), clock.now(), limit=_EXPORT_ROWS)
        places = regions.gazetteer(session)
    titles = (
        _("Title"),
        _("Division"),
        _("Published"),
        _("Last day"),
        _("Lines"),
        _("Taken off"),
        _("Objections"),
        _("Not decided"),
        _("Digest of the list"),
    )
    cells: list[list[Cell]] = [
        [
            row.title,
            places.full_name(row.place) or row.place,
            beijing(row.published_at),
            row.last_day.isoformat(),
            row.lines,
            row.removed,
            row.objections,
            row.undecided,
            row.digest,
        ]
        for row in rows
    ]
    return download(kind, "notices", [Column(title) for title in titles], cells)


def _in_reach(notice: NoticeRow | None, permission: Permission) -> NoticeRow:
    """Return a notice about people the user looks after.

    Raises:
        NotFound: none such, or another office's.
    """
    if notice is None:
        raise NotFound
    who().scope(permission).must_cover(division=notice.place)
    return notice


def _page(notice: NoticeRow, recording: RecordedForm) -> Page:
    at = clock.now()
    with db().reading() as session:
        paging = asked_page(notice.lines)
        lines = queries.list_lines(session, notice, at, limit=paging.size, offset=paging.offset)
        objections = queries.list_objections(session, notice.id)
        places = regions.gazetteer(session)
    page = render_template(
        "notices/notice.html",
        notice=notice,
        lines=lines,
        paging=paging,
        objections=objections,
        recording=recording,
        place=places.full_name(notice.place) or notice.place,
        is_open=at < notice.closes_at,
        address=public_url("notices.public_notice", notice_key=notice.key),
        me=who().user_id,
    )
    return page, 422 if recording.errors else 200


@bp.route("/notices/<int:notice_id>")
@allow(Permission.NOTICES_READ)
def notice(notice_id: int) -> Page:
    """Show a notice with its objections."""
    with db().reading() as session:
        found = _in_reach(queries.find_notice(session, notice_id), Permission.NOTICES_READ)
    return _page(found, RecordedForm(formdata=None))


@bp.route("/notices/<int:notice_id>/objections", methods=["POST"])
@allow(Permission.NOTICES_WRITE)
def record_objection(notice_id: int) -> Page:
    """Write down an objection that came by telephone or on paper."""
    with db().reading() as session:
        found = _in_reach(queries.find_notice(session, notice_id), Permission.NOTICES_WRITE)
    form = RecordedForm()
    way = Way.PAPER if form.way.data == Way.PAPER else Way.TELEPHONE
    if not carried_out(form, _objecting(notice_id, form, way)):
        return _page(found, form)
    flash(_("The objection is noted. Line %(n)s is held until it is decided.", n=form.number.data))
    return redirect(url_for("notices.notice", notice_id=notice_id), 303)


@bp.route("/objections/<int:objection_id>", methods=["GET", "POST"])
@allow(Permission.NOTICES_WRITE)
def objection(objection_id: int) -> Page:
    """Decide about an objection."""
    with db().reading() as session:
        notice = _in_reach(
            queries.notice_of_objection(session, objection_id), Permission.NOTICES_WRITE
        )
        [row] = [o for o in queries.list_objections(session, notice.id) if o.id == objection_id]
    form = DecisionForm()

    def decide(session: Session) -> None:
        services.decide_objection(
            session,
            objection_id,
            upheld=form.upheld.data == "yes",
            answer=form.answer.data or "",
            user_id=who().user_id,
        )

    if carried_out(form, decide):
        told = (
            N_("The line was taken off the list.")
            if form.upheld.data == "yes"
            else N_("The line goes on.")
        )
        flash(translate(told))
        return redirect(url_for("notices.notice", notice_id=notice.id), 303)
    page = render_template("notices/objection.html", notice=notice, row=row, form=form)
    return page, 422 if form.errors else 200
