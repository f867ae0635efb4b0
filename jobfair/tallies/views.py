"""The page of a fair's service tallies: count, take back, totals, export."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs.queries import FairRow
from jobfair.fairs.views.common import PAGE_SIZE, Page, found
from jobfair.kit import clock
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, language
from jobfair.tallies import queries, services
from jobfair.tallies.forms import TallyForm
from jobfair.tallies.rules import SERVICE_NAMES, Service

bp = Blueprint("tallies", __name__)
_STEPS = (1, 10)


def service_name(service: Service, name: str) -> str:
    """Return a service in words; something else by its own name."""
    return name or translate(SERVICE_NAMES[service])


def _day_of(fair: FairRow) -> date:
    """Return today where the fair is on, else its nearest day."""
    return min(max(clock.today(), fair.starts_on), fair.ends_on)


def _kept() -> dict[str, str]:
    """Return what the last entry said and the address keeps: most come in rows."""
    return {
        name: request.args[name] for name in ("service", "name", "place") if name in request.args
    }


def _page(fair: FairRow, form: TallyForm) -> str:
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        totals = queries.totals(session, fair.id)
        entries = queries.list_entries(
            session, fair.id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
        count = queries.count_entries(session, fair.id)
    days = sorted({one.day for one in totals})
    kinds: dict[tuple[Service, str], dict[date, int]] = {}
    for one in totals:
        kinds.setdefault((one.service, one.name), {})[one.day] = one.number
    return render_template(
        "tallies/tallies.html",
        fair=fair,
        title=fair.title(language()),
        form=form,
        steps=_STEPS,
        days=days,
        kinds=kinds,
        entries=entries,
        count=count,
        number=number,
        size=PAGE_SIZE,
        page_url=lambda n: url_for("tallies.tallies", fair_code=fair.code, page=n),
        service_name=service_name,
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/tallies")
@allow(Permission.FAIRS_READ)
def tallies(fair_code: str) -> str:
    """Show what was counted at a fair, by service and day, and the entries behind it."""
    fair = found(fair_code)
    return _page(fair, TallyForm(_day_of(fair), _kept()))


@bp.route("/fairs/<fair_code>/tallies", methods=["POST"])
@allow(Permission.TALLIES_WRITE)
def count(fair_code: str) -> Page:
    """Count so many more of a service; a button of a step sends its number itself."""
    fair = found(fair_code)
    form = TallyForm(_day_of(fair))
    step = request.form.get("step", type=int)
    if step in _STEPS:
        form.number.process(MultiDict({form.number.name: str(step)}))
    done = carried_out(
        form,
        lambda session: services.count_more(session, fair.id, form.draft(), user_id=who().user_id),
    )
    if not done:
        return _page(fair, form), 422
    draft = form.draft()
    name = service_name(draft.service, draft.name)
    flash(_("%(service)s: %(n)s more.", service=name, n=f"{draft.number:,}"))
    back = url_for(
        "tallies.tallies",
        fair_code=fair.code,
        service=draft.service.value,
        name=draft.name or None,
        place=draft.place,
    )
    return redirect(back, 303)


@bp.route("/tallies/<int:entry_id>/take-back", methods=["POST"])
@allow(Permission.TALLIES_WRITE)
def take_back(entry_id: int) -> Response:
    """Take a wrong entry back."""
    with db().writing() as session:
        fair_id = queries.fair_of_entry(session, entry_id)
        if fair_id is None:
            raise NotFound
        services.take_back(session, entry_id, user_id=who().user_id)
    flash(_("The entry is taken back."))
    return redirect(url_for("tallies.tallies", fair_code=found(str(fair_id)).code), 303)


@bp.route("/fairs/<fair_code>/tallies/export/<kind>")
@allow(Permission.FAIRS_READ)
def export(fair_code: str, kind: str) -> Response:
    """Give every entry of a fair as xlsx or csv; the totals are their sums."""
    fair = found(fair_code)
    with db().reading() as session:
        entries = queries.list_entries(session, fair.id)
    columns = [
        Column(title)
        for title in (
            _("Service"),
            _("How many more"),
            _("Day"),
            _("Desk or gate"),
            _("Entered at"),
            _("Entered by"),
        )
    ]
    rows: list[list[Cell]] = [
        [
            service_name(one.service, one.name),
            one.number,
            one.day,
            one.place,
            beijing(one.entered_at),
            one.entered_by,
        ]
        for one in entries
    ]
    return download(kind, f"tallies-{fair.code}", columns, rows)
