"""The ledger of an office's own people: filters, totals by channel, and its file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import kept_files
from jobfair.kit.background import Work
from jobfair.kit.counting import counted_by
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column, write_sheets
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.web import db
from jobfair.ledgers import queries
from jobfair.ledgers.queries import LedgerFilter
from jobfair.ledgers.rules.words import State
from jobfair.ledgers.services.giving_out import (
    COLUMNS,
    ledger_cells,
    note_given_out,
    note_taken,
)
from jobfair.ledgers.views.common import Page, bp
from jobfair.ledgers.views.importing import AS_TEXT
from jobfair.placements.queries import home_counties
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.forms import RevealForm

EVERYBODY = "all"
_FILE = "transfer-ledger-filled.xlsx"
# So many lines are written while somebody waits: about a second's work.
WITHIN_REQUEST = 5_000
_RENEWS = 3  # seconds until a page of files renews itself
_STEP = 500  # lines from one word about how far it is to the next


def read_filter(args: MultiDict[str, str], *, scope: str | None) -> LedgerFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    state, county = args.get("state", ""), args.get("county", "")
    days = {name: read_day(args.get(name, "")) for name in ("from", "to", "on")}
    first = {name: day.first if isinstance(day, Day) else None for name, day in days.items()}
    last = days["to"].last if isinstance(days["to"], Day) else None
    return LedgerFilter(
        scope=scope,
        county=county if county.isascii() and county.isdigit() else None,
        state=None
        if state == EVERYBODY
        else State(state)
        if state in set(State)
        else State.EMPLOYED,
        channel=args["channel"] if args.get("channel") in CHANNEL_NAMES else None,
        destination=args["destination"] if args.get("destination") in DESTINATION_NAMES else None,
        started_from=first["from"],
        started_to=last,
        at_work_on=first["on"],
        vague=args.get("todo") == "place",
    )


@bp.route("/", methods=["GET"])
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Transfer ledger"), "C1", "C2", "C3", "C5", "C6", "C9")
def ledger() -> Page:
    """List who works where and who does not, with the totals of each channel."""
    return _page(RevealForm())


def _page(form: RevealForm) -> Page:
    form.prepare()
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    wanted = read_filter(request.args, scope=scope)
    with db().reading() as session:
        work, idle = queries.count_work(session, wanted)
        paging = asked_page(work + idle)
        rows = (
            queries.list_work(session, wanted, limit=paging.size, offset=paging.offset)
            if (work)
            else []
        )
        if idle and len(rows) < paging.size:
            rows += queries.list_idle(
                session,
                wanted,
                limit=paging.size - len(rows),
                offset=max(0, paging.offset - work),
            )
        sums = queries.totals(session, wanted) if work else []
        people = seekers.names_of(session, {row.seeker_id for row in rows})
        places = {r.home_division[:6] for r in rows} | {r.workplace_division or "" for r in rows}
        names = regions.names_of(session, {place for place in places if place})
        counties = regions.names_of(session, set(home_counties(session, scope)))
        overlaps = queries.count_overlaps(session, scope)
    page = render_template(
        "ledgers/ledger.html",
        rows=rows,
        work=work,
        idle=idle,
        paging=paging,
        sums=sums,
        people=people,
        names=names,
        counties=counties,
        overlaps=overlaps,
        args=request.args,
        form=form,
    )
    return page, 422 if form.is_submitted() and form.errors else 200


@bp.route("/give-out", methods=["POST"])
@allow(Permission.SEEKERS_UNMASK)
@counted_by(N_("Transfer ledger"), "C1", "C2", "C3", "C5", "C6", "C9")
def give_out_ledger() -> Page:
    """Give the ledger out in its own columns, people in clear; who took it and why is recorded."""
    form = RevealForm()
    form.prepare()
    if not form.validate_on_submit():
        return _page(form)
    wanted = read_filter(request.args, scope=division_filter(who(), Permission.SEEKERS_UNMASK))
    with db().writing() as session:
        rows = note_given_out(session, wanted, reason=form.reason.data)
    maker = _maker(wanted)
    if rows <= WITHIN_REQUEST:
        return _download(maker(Work(_FILE)), _FILE)
    kept_files.make(who().user_id, _FILE, rows, maker)
    flash(_("The file is being made. You may leave the page; the file is kept for 7 days."))
    return redirect(url_for("ledgers.files"), 303)


def _maker(wanted: LedgerFilter) -> Callable[[Work], bytes]:
    """Return what makes the file, in this request's language."""
    database = db()
    columns = [Column(title, text=name in AS_TEXT) for name, title in COLUMNS]

    def make(work: Work) -> bytes:
        target = BytesIO()
        with database.reading() as session:
            sums = _sums_sheet(queries.totals(session, wanted))
            cells = _counted(ledger_cells(session, wanted), work)
            write_sheets(target, [("", columns, cells), (_("Persons and moves"), *sums)])
        return target.getvalue()

    return make


def _counted(rows: Iterable[list[str]], work: Work) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _STEP == 0:
            work.step(number, work.total)


def _download(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), as_attachment=True, download_name=name)


@bp.route("/files", methods=["GET"])
@allow(Permission.SEEKERS_UNMASK)
def files() -> Response:
    """List the files that the caller asked for; the page renews itself while one is made."""
    mine = kept_files.files_of(who().user_id)
    page = make_response(render_template("ledgers/files.html", files=mine))
    if any(one.under_way for one in mine):
        page.headers["Refresh"] = f"{_RENEWS}; url={url_for('ledgers.files')}"
    return page


@bp.route("/files", methods=["POST"])
@allow(Permission.SEEKERS_UNMASK)
def take_file() -> Page:
    """Download a file that was made; each time is recorded."""
    try:
        found, content = kept_files.take(who().user_id, request.form.get("file", ""))
    except NotFound:
        flash(_("This file is not ready or is no longer kept. Ask for it again."), "warning")
        return redirect(url_for("ledgers.files"), 303)
    with db().writing() as session:
        note_taken(session)
    return _download(content, found.name)


def _sums_sheet(sums: Sequence[queries.Total]) -> tuple[list[Column], list[list[Cell]]]:
    """Return the totals beside the rows; its headers are none that an import would take."""
    titles = (_("Organised or not"), _("Persons"), _("Moves"))
    columns = [Column(str(title)) for title in titles]
    columns += [Column(translate(text)) for text in DESTINATION_NAMES.values()]
    rows: list[list[Cell]] = [
        [
            translate(CHANNEL_NAMES[one.channel]),
            one.persons,
            one.moves,
            *(one.by_destination.get(code, 0) for code in DESTINATION_NAMES),
        ]
        for one in sums
    ]
    return columns, rows
