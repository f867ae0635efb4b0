"""The map of a fair: see it, lay booths out, move them by hand, by keys or by table."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, found, head_of
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.venues import queries, services
from jobfair.venues.forms import (
    TypedBooth,
    employer_labels,
    read_booth,
    seen_of,
    shown_booths,
    told,
    typed_booths,
)
from jobfair.venues.rules import COLUMNS, LONGEST_ZONE, ROWS, LetterUnusable
from jobfair.venues.services import BoothChange, ZoneDraft
from jobfair.venues.views.common import bp

_SMALLEST = (6, 3)  # columns and rows that even an empty map shows
_MARGIN = 2  # columns and rows beyond the last booth, to drag into
_IN_A_ROW = 10
_MOST_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and could not be done; the page shows it again.

    Attributes:
        faults: id of the field at fault, empty for none, and what is wrong.
        sent: the fields of the small forms.
        booths: the rows of the table.
    """

    faults: list[tuple[str, str]] = field(default_factory=list)
    sent: MultiDict[str, str] = field(default_factory=MultiDict)
    booths: list[TypedBooth] | None = None


def _labels(session: Session, fair_id: int, booths: list[queries.BoothRow]) -> dict[int, str]:
    """Return what the employers that may have a booth are called, those of the fair first."""
    rows = fairs.list_fair_employers(session, fair_id)
    names = {row.employer_id: row.name for row in rows}
    kept = {b.employer_id: b.employer for b in booths if b.employer_id and b.employer}
    return employer_labels(names | kept)


def _page(fair: fairs.FairRow, refused: Refused | None = None) -> Page:
    with db().reading() as session:
        head = head_of(session, fair)
        zones = queries.list_zones(session, fair.id)
        booths = queries.list_booths(session, fair.id)
        labels = _labels(session, fair.id, booths)
        there = fairs.list_fair_employers(session, fair.id)
    having = {booth.employer_id for booth in booths}
    cells = [cell for booth in booths for cell in booth.place.cells()]
    deepest = max((row for row, _column in cells), default=0)
    widest = max((column for _row, column in cells), default=0)
    page = render_template(
        "venues/map.html",
        **head,
        zones=zones,
        booths=booths,
        columns=min(COLUMNS, max(_SMALLEST[0], widest + _MARGIN)),
        rows=min(ROWS, max(_SMALLEST[1], deepest + _MARGIN)),
        typed=(refused and refused.booths) or shown_booths(booths, labels),
        labels=labels,
        lacking=[row for row in there if row.employer_id not in having],
        free=sum(booth.employer_id is None for booth in booths),
        faults=refused.faults if refused else [],
        sent=refused.sent if refused else {},
        in_a_row=_IN_A_ROW,
        longest_name=LONGEST_ZONE,
    )
    return page, 422 if refused else 200


def _back(fair: fairs.FairRow) -> Response:
    return redirect(url_for("venues.map_of", fair_code=fair.code), 303)


@bp.route("/fairs/<fair_code>/map")
@allow(Permission.FAIRS_READ)
def map_of(fair_code: str) -> Page:
    """Show where the booths of a fair stand and who has them."""
    return _page(found(fair_code))


def _said(refusal: Refusal) -> str:
    if isinstance(refusal, services.Clashing):
        return " ".join(told(clash) for clash in refusal.found)
    return translate(refusal.message, **refusal.params)


def _refusing(verb: Callable[[Session], object], sent: MultiDict[str, str]) -> Refused | None:
    """Run a verb of a small form; return what to show again when it is refused."""
    try:
        with db().writing() as session:
            verb(session)
    except services.LetterTaken as refusal:
        return Refused([("new_letter", _said(refusal))], sent)
    except LetterUnusable as refusal:
        return Refused([("new_letter", _said(refusal))], sent)
    except Refusal as refusal:
        return Refused([("", _said(refusal))], sent)
    return None


@bp.route("/fairs/<fair_code>/zones", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def zones(fair_code: str) -> Page:
    """Name, add and remove zones."""
    fair, sent = found(fair_code), request.form
    letter = sent.get("new_letter", "").strip().upper()
    removed = sent.getlist("remove", type=int)
    names = {
        zone_id: sent.get(f"name-{zone_id}", "").strip()[:LONGEST_ZONE]
        for zone_id in sent.getlist("zone", type=int)
        if zone_id not in removed
    }

    def change(session: Session) -> None:
        services.remove_zones(session, fair.id, removed)
        services.name_zones(session, fair.id, names)
        if letter:
            name = sent.get("new_name", "").strip()[:LONGEST_ZONE]
            services.add_zone(session, fair.id, ZoneDraft(letter, name))

    refused = _refusing(change, sent)
    if refused:
        return _page(fair, refused)
    flash(_("The zones are saved."))
    return _back(fair)


def _count(text: str, most: int) -> int | None:
    """Return a typed number, nothing as 0; None when it is none or too large."""
    if not text.strip():
        return 0
    number = int(text) if text.strip().isascii() and text.strip().isdigit() else most + 1
    return number if number <= most else None


@bp.route("/fairs/<fair_code>/lay-out", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def lay_out(fair_code: str) -> Page:
    """Add booths in rows, as many to each zone as typed."""
    fair, sent = found(fair_code), request.form
    with db().reading() as session:
        ids = [zone.id for zone in queries.list_zones(session, fair.id)]
    counts = {zone_id: _count(sent.get(f"count-{zone_id}", ""), _MOST_AT_ONCE) for zone_id in ids}
    in_a_row = _count(sent.get("in_a_row", ""), COLUMNS)
    faults = [
        (f"count-{zone_id}", _("Enter a whole number, at most %(most)s.", most=_MOST_AT_ONCE))
        for zone_id, count in counts.items()
        if count is None
    ]
    if not in_a_row:
        faults.append(("in_a_row", _("Enter a whole number, 1 to %(most)s.", most=COLUMNS)))
    if not faults and not any(counts.values()):
        faults.append(
            (f"count-{ids[0]}" if ids else "", _("Say how many booths a zone is to get."))
        )
    if faults:
        return _page(fair, Refused(faults, sent))
    wanted = {zone_id: count for zone_id, count in counts.items() if count}
    refused = _refusing(
        lambda session: services.lay_out_booths(session, fair.id, wanted, in_a_row=in_a_row or 1),
        sent,
    )
    if refused:
        return _page(fair, refused)
    flash(_("%(n)s booths are laid out.", n=sum(wanted.values())))
    return _back(fair)


@bp.route("/fairs/<fair_code>/fill", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def fill(fair_code: str) -> Response:
    """Give the free booths to the employers that have none, in the order of their names."""
    fair = found(fair_code)
    with db().writing() as session:
        given = services.fill_booths(session, fair.id)
    flash(_("%(n)s employers have a booth now.", n=given))
    return _back(fair)


@bp.route("/fairs/<fair_code>/booths", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def booths(fair_code: str) -> Page:
    """Take in the table of booths: all its changes, or none with each fault beside its field."""
    fair = found(fair_code)
    rows = typed_booths(request.form)
    by_id = {row.id: row for row in rows}
    with db().reading() as session:
        zone_ids = [zone.id for zone in queries.list_zones(session, fair.id)]
        labels = _labels(session, fair.id, queries.list_booths(session, fair.id))
    changes = [read_booth(row, zone_ids, labels) for row in rows if not row.removed]
    if None not in changes:
        try:
            with db().writing() as session:
                number = services.change_booths(
                    session,
                    fair.id,
                    [one for one in changes if isinstance(one, BoothChange)],
                    removed=[row.id for row in rows if row.removed],
                )
        except services.Clashing as refusal:
            for clash in refusal.found:
                by_id[clash.booth_id].name_fault(clash)
        except services.ChangedMeanwhile as refusal:
            by_id[refusal.booth_id].faults["number"] = _said(refusal)
        else:
            flash(_("%(n)s booths changed.", n=number))
            return _back(fair)
    faults = [
        (f"{name}-{row.id}", f"{row.texts['number']}{_(': ')}{text}")
        for row in rows
        for name, text in row.faults.items()
    ]
    return _page(fair, Refused(faults, booths=rows))


@bp.route("/booths/<int:booth_id>/move", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def move(booth_id: int) -> tuple[Response, int] | Response:
    """Put a booth on another cell; answer with how it stands, or with what is in the way."""
    column, row = (request.form.get(name, 0, type=int) for name in ("column", "row"))
    with db().reading() as session:
        booth = queries.find_booth(session, booth_id)
    if booth is None:
        raise NotFound
    try:
        with db().writing() as session:
            booth = services.move_booth(session, booth_id, column=column, row=row)
    except Refusal as refusal:
        return jsonify(fault=f"{booth.number}{_(': ')}{_said(refusal)}"), 422
    place = booth.place
    said = _(
        "Booth %(number)s stands in column %(column)s, row %(row)s.",
        number=booth.number,
        column=place.column,
        row=place.row,
    )
    return jsonify(said=said, column=place.column, row=place.row, seen=seen_of(booth.plan))
