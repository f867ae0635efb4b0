"""The roster of a batch: who is on it, who could be, seats, consent, and what happened to each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.cards import queries as cards
from jobfair.departures.forms import CompanionForm
from jobfair.departures.queries import batches, roster
from jobfair.departures.queries.roster import RiderRow
from jobfair.departures.rules.roster import COMPANY_NAMES, Company, Gap, Rung
from jobfair.departures.rules.scans import Kind
from jobfair.departures.rules.states import (
    IN_PREPARATION,
    PAYER_NAMES,
    UNDER_WAY,
    Mode,
    Payer,
    State,
)
from jobfair.departures.services import recording
from jobfair.departures.services import roster as rosters
from jobfair.departures.views.common import Page, batch_in_reach, bp, costs, recorder
from jobfair.departures.views.listing import asked_candidates
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.values.dates import NOT_UNDERSTOOD, Day, read_day
from jobfair.kit.web import db
from jobfair.placements.rules.kinds import OffBatch
from jobfair.placements.rules.words import OFF_BATCH_NAMES
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.rules.searching import understand

_COUNTY = 6


def _asked() -> dict[str, str]:
    """Return what the address narrows the roster to."""
    known: dict[str, set[str]] = {"rung": set(Rung), "gap": set(Gap)}
    asked = {name: request.args.get(name, "") for name in ("rung", "gap", "county", "show")}
    for name, values in known.items():
        if asked[name] not in values:
            asked[name] = ""
    return {name: value for name, value in asked.items() if value}


def _narrowed(riders: Sequence[RiderRow], asked: dict[str, str]) -> list[RiderRow]:
    """Return whom the address asks for; those taken off only where they belong to a number."""
    tests: dict[str, Callable[[RiderRow, str], bool]] = {
        "rung": lambda one, rung: rung in one.rungs,
        "gap": lambda one, gap: one.gap == gap,
        "county": lambda one, county: one.township.startswith(county),
        "show": lambda one, show: {
            "off": one.left is not None,
            "late": any(seen.late for seen in one.seen.values()),
            "refused": bool(one.refused),
        }.get(show, True),
    }
    everybody = asked.get("rung") or asked.get("show")
    return [
        one
        for one in riders
        if (everybody or one.left is None)
        and all(tests[name](one, value) for name, value in asked.items())
    ]


@bp.route("/<int:batch_id>/roster")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Roster"), "C1", "C12")
def riders(batch_id: int) -> str:
    """Show who is on a roster, by county, groups together."""
    asked = _asked()
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_READ)
        everybody = roster.list_riders(session, found)
        vehicles = batches.vehicles_of(session, batch_id)
        places = regions.gazetteer(session)
    rows = _narrowed(everybody, asked)
    paging = asked_page(len(rows))
    counties = sorted({one.township[:_COUNTY] for one in everybody})
    return render_template(
        "departures/roster.html",
        batch=found,
        rows=rows[paging.offset : paging.offset + paging.size],
        total=len(rows),
        paging=paging,
        asked=asked,
        vehicles=vehicles,
        place=lambda code: places.full_name(code) or code,
        counties=[(code, places.full_name(code) or code) for code in counties],
        preparing=found.state in IN_PREPARATION,
        under_way=found.state in UNDER_WAY,
        seated=found.mode is not Mode.SELF_DRIVE,
        settled=found.state in {State.CLOSED, State.CANCELLED},
    )


@bp.route("/<int:batch_id>/roster/export/<kind>")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Roster"), "C1", "C12")
def export_roster(batch_id: int, kind: str) -> Page:
    """Download a roster, masked, as xlsx or csv."""
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_READ)
        everybody = roster.list_riders(session, found)
        places = regions.gazetteer(session)
    rows = _narrowed(everybody, _asked())
    cost = costs(found, everybody)
    titles = (
        _("Batch"),
        _("Vehicle"),
        _("Seat"),
        _("Name"),
        _("ID number"),
        _("Telephone"),
        _("Home"),
        _("Travel group"),
        _("Why the person travels along"),
        _("Employer"),
        _("Post or kind of work"),
        _("Boards at"),
        _("Insured"),
        _("Guardian's consent"),
        _("Boarded"),
        _("Arrived"),
        _("Handed over"),
        _("Why off the roster"),
        _("Cost in yuan"),
        _("Who pays"),
    )
    columns = [Column(str(title), text=place == 4) for place, title in enumerate(titles)]
    cells = [
        _cells(found, one, places.full_name(one.township) or one.township, cost.get(one.id))
        for one in rows
    ]
    return download(kind, f"roster-{found.number}", columns, cells)


def _cells(batch: batches.BatchRow, one: RiderRow, home: str, cost: int | None) -> list[Cell]:
    stop = one.stop
    times = [
        beijing(one.seen[kind].at) if kind in one.seen else ""
        for kind in (Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER)
    ]
    return [
        batch.number,
        one.plate,
        one.seat,
        one.person.name,
        one.person.id_number,
        one.person.phone,
        home,
        one.group,
        translate(COMPANY_NAMES[one.company]),
        one.employer,
        one.title,
        f"{stop.leaves_at} {stop.place}" if stop else "",
        _("yes") if one.insured else "",
        one.consent_on,
        *times,
        translate(OFF_BATCH_NAMES[one.left]) if one.left else "",
        None if cost is None else cost / 100,
        translate(PAYER_NAMES[one.payer]),
    ]


def _back(batch_id: int) -> Response:
    kept = {name: request.form.get(f"kept_{name}") or None for name in ("rung", "gap", "county")}
    page = request.form.get("kept_page") or None
    address: dict[str, Any] = {**kept, "page": page}
    return redirect(url_for("departures.riders", batch_id=batch_id, **address), 303)


def _chosen() -> list[int]:
    return request.form.getlist("rider", type=int)


def _off(session: Session, batch_id: int) -> str:
    reason = request.form.get("reason", "")
    if reason not in set(OffBatch):
        return translate(N_("Choose why the person does not go."))
    count = rosters.take_off(session, batch_id, _chosen(), OffBatch(reason), recorder())
    return translate(N_("%(n)s taken off the roster; they wait for another journey."), n=count)


def _seat(session: Session, batch_id: int) -> str:
    [rider] = _chosen()[:1] or [0]
    vehicle = request.form.get("vehicle", 0, type=int)
    number = request.form.get("seat", 0, type=int)
    rosters.change_seat(session, batch_id, rider, vehicle, number)
    return translate(N_("The seat is changed."))


def _consent(session: Session, batch_id: int) -> str:
    day = read_day(request.form.get("day", ""))
    if not (isinstance(day, Day) and day.exact):
        return translate(NOT_UNDERSTOOD)
    [rider] = _chosen()[:1] or [0]
    rosters.note_consent(session, batch_id, rider, day.value)
    return translate(N_("The guardian's consent is noted."))


def _record(kind: Kind) -> Callable[[Session, int], str]:
    def record(session: Session, batch_id: int) -> str:
        recording.record_by_hand(session, batch_id, _chosen(), kind, recorder())
        return translate(N_("Recorded for %(n)s."), n=len(_chosen()))

    return record


def _take_back(session: Session, batch_id: int) -> str:
    count = recording.take_back(session, batch_id, _chosen(), recorder())
    return translate(N_("Taken back for %(n)s."), n=count)


def _payer(session: Session, batch_id: int) -> str:
    payer = request.form.get("payer", "")
    if payer not in set(Payer):
        return translate(N_("Choose who pays."))
    count = rosters.set_payer(session, batch_id, _chosen(), Payer(payer))
    return translate(N_("Who pays is noted for %(n)s."), n=count)


_DEEDS: dict[str, Callable[[Session, int], str]] = {
    "off": _off,
    "seat": _seat,
    "consent": _consent,
    "payer": _payer,
    "take_back": _take_back,
    **{kind.value: _record(kind) for kind in (Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER)},
}


@bp.route("/<int:batch_id>/roster", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def change_riders(batch_id: int) -> Response:
    """Do something with chosen riders: take off, seat, note a consent, record what happened."""
    deed = _DEEDS.get(request.form.get("deed", ""))
    with db().reading() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
    if deed is None or not _chosen():
        flash(_("Choose people and what to do with them."), "warning")
        return _back(batch_id)
    try:
        with db().writing() as session:
            told = deed(session, batch_id)
    except Refusal as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
    else:
        flash(told)
    return _back(batch_id)


@bp.route("/<int:batch_id>/seats", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def seats(batch_id: int) -> Response:
    """Give everybody a seat anew."""
    with db().writing() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        found = rosters.give_seats(session, batch_id)
    flash(_("%(n)s have a seat.", n=len(found.seats)))
    if found.standing:
        flash(
            _("%(n)s have no seat: add a vehicle, or take people off.", n=len(found.standing)),
            "warning",
        )
    if found.parted:
        flash(
            _("No vehicle could hold these groups whole: %(names)s", names="、".join(found.parted)),
            "warning",
        )
    return _back(batch_id)


@bp.route("/<int:batch_id>/insured", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def insured(batch_id: int) -> Response:
    """Note that the insurer was sent the roster as it stands."""
    with db().writing() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        count = rosters.note_insured(session, batch_id)
    flash(_("%(n)s people are on the insured list.", n=count))
    return _back(batch_id)


@bp.route("/<int:batch_id>/candidates", methods=["GET", "POST"])
@allow(Permission.DEPARTURES_WRITE)
def candidates(batch_id: int) -> Page:
    """Show who could be put on a roster; put the chosen on it, or all of the list."""
    wanted = asked_candidates(Permission.DEPARTURES_WRITE)
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        within = _inside(wanted, found.division)
        total = roster.count_candidates(session, within)
        paging = asked_page(None if request.method == "POST" else total)
        every = request.method == "POST" and "all" in request.form
        limit = None if every else paging.size
        offset = 0 if every else paging.offset
        rows = roster.list_candidates(session, within, limit=limit, offset=offset)
        places = regions.gazetteer(session)
        counties = roster.home_counties(session, within.scope)
    if request.method == "POST":
        chosen = request.form.getlist("placement", type=int)
        return _put_on(found, [one.placement_id for one in rows] if every else chosen)
    return render_template(
        "departures/candidates.html",
        batch=found,
        rows=rows,
        total=total,
        paging=paging,
        args=request.args,
        form=CompanionForm(),
        place=lambda code: places.full_name(code) or code,
        counties=[(code, places.full_name(code) or code) for code in counties],
    )


def _inside(wanted: roster.CandidateFilter, division: str) -> roster.CandidateFilter:
    """Return those of a batch's own division: an administrator sees other prefectures' too."""
    scope = max(wanted.scope or "", division, key=len)
    return replace(wanted, scope=scope)


def _put_on(batch: batches.BatchRow, ids: list[int]) -> Response:
    with db().writing() as session:
        scope = division_filter(who(), Permission.DEPARTURES_WRITE)
        added = rosters.add_placed(session, batch.id, ids, recorder(), scope=scope)
    if not ids:
        flash(_("Choose people first."), "warning")
    else:
        flash(_("%(n)s put on the roster.", n=added))
    if added < len(ids):
        n = len(ids) - added
        flash(_("%(n)s have departed or are on another roster meanwhile.", n=n), "warning")
    return redirect(url_for("departures.riders", batch_id=batch.id), 303)


@bp.route("/<int:batch_id>/companions", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def companions(batch_id: int) -> Response:
    """Put somebody on the roster who goes to no post of ours."""
    form = CompanionForm()
    with db().reading() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        people = _meant(session, form.found.data or "")

    def add(session: Session) -> None:
        rosters.add_companion(session, batch_id, people[0], Company(form.company.data), recorder())

    if len(people) != 1:
        flash(
            _("%(n)s people are meant by this. Type the whole ID number.", n=len(people)), "warning"
        )
    elif carried_out(form, add):
        flash(_("Put on the roster."))
    else:
        every = [*form.form_errors, *(text for texts in form.errors.values() for text in texts)]
        flash(str(every[0]), "warning")
    return redirect(url_for("departures.candidates", batch_id=batch_id), 303)


def _meant(session: Session, text: str) -> list[int]:
    """Return whom a card code, an ID number or a telephone means, of those in reach."""
    scope = division_filter(who(), Permission.DEPARTURES_WRITE)
    try:
        card = cards.look_up(session, text)
    except Refusal:
        card = None
    if card is not None and card.opens:
        home = seekers.names_of(session, [card.person_id])[card.person_id].home_division
        return [card.person_id] if home.startswith(scope or "") else []
    search = understand(text)
    if search is None:
        return []
    wanted = seekers.SeekerFilter(scope=scope, search=search)
    return [row.id for row in seekers.list_seekers(session, wanted, limit=3)]
