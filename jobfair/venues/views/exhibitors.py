"""The employers at a fair in the order of their booths, whether they confirmed; as a file, too."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.employers import queries as employers
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import PAGE_SIZE, found, head_of, industry_name
from jobfair.kit.downloads import download
from jobfair.kit.masking import mask_name, mask_phone
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.venues import queries
from jobfair.venues.views.common import bp


@dataclass(frozen=True, slots=True)
class Exhibitor:
    """An employer at a fair, with its booth if it has one; its contact masked."""

    row: fairs.FairEmployerRow
    booth: queries.BoothRow | None
    contact: str
    phone: str

    @property
    def confirmed(self) -> bool:
        """Whether it has confirmed every position it brings."""
        return self.row.confirmed == self.row.positions


def _exhibitors(fair: fairs.FairRow) -> list[Exhibitor]:
    """Return the exhibitors the address asks for: by booth, then by name those without one."""
    text = request.args.get("q", "").strip()
    with db().reading() as session:
        rows = {r.employer_id: r for r in fairs.list_fair_employers(session, fair.id, text=text)}
        booths = queries.list_booths(session, fair.id)
        details = employers.details_of(session, rows)
    return [
        Exhibitor(
            rows[one],
            booth,
            mask_name(details[one].contact_name),
            mask_phone(details[one].contact_phone),
        )
        for one, booth in queries.in_booth_order(booths, rows)
    ]


def _narrowed(every: list[Exhibitor]) -> list[Exhibitor]:
    wanted = request.args.get("confirmed", "")
    return [one for one in every if not wanted or one.confirmed == (wanted == "yes")]


@bp.route("/fairs/<fair_code>/employers")
@allow(Permission.FAIRS_READ)
def exhibitors(fair_code: str) -> str:
    """Show the employers at a fair, where they stand, what they bring, and who confirmed."""
    fair = found(fair_code)
    every = _exhibitors(fair)
    rows = _narrowed(every)
    number = max(1, request.args.get("page", 1, type=int))
    kept: dict[str, Any] = {
        name: value for name in ("q", "confirmed") if (value := request.args.get(name))
    }
    with db().reading() as session:
        head = head_of(session, fair)
    confirmed = sum(one.confirmed for one in every)
    return render_template(
        "venues/exhibitors.html",
        **head,
        rows=rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        total=len(rows),
        states=[
            ("no", f"{_('To be confirmed')} ({len(every) - confirmed:,})"),
            ("yes", f"{_('Confirmed')} ({confirmed:,})"),
        ],
        kept=kept,
        number=number,
        size=PAGE_SIZE,
        page_url=lambda n: url_for("venues.exhibitors", fair_code=fair.code, **kept | {"page": n}),
    )


def _cells(one: Exhibitor) -> list[Cell]:
    return [
        one.booth.number if one.booth else "",
        f"{one.booth.letter} {one.booth.zone}".strip() if one.booth else "",
        one.row.name,
        industry_name(one.row.industry_code),
        one.row.positions,
        one.row.posts,
        one.contact,
        one.phone,
        _("confirmed") if one.confirmed else _("to be confirmed"),
    ]


@bp.route("/fairs/<fair_code>/employers/export/<kind>")
@allow(Permission.FAIRS_READ)
def export(fair_code: str, kind: str) -> Response:
    """Give the list of exhibitors as xlsx or csv."""
    fair = found(fair_code)
    titles = (
        _("Booth"),
        _("Zone"),
        _("Employer"),
        _("Line of business"),
        _("Positions"),
        _("Posts"),
        _("Contact person"),
        _("Phone"),
        _("State"),
    )
    rows = [_cells(one) for one in _narrowed(_exhibitors(fair))]
    return download(kind, f"exhibitors-{fair.code}", [Column(str(title)) for title in titles], rows)
