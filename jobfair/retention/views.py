"""The page of retention: rates with their bounds, the curve, and the people behind each number."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.follow_ups.rules.checkpoints import CHECKPOINT_NAMES, Checkpoint
from jobfair.kit.bulk import in_slices
from jobfair.kit.charts import Step, steps
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements import queries as placements
from jobfair.placements.rules.counting import CHANNEL_NAMES
from jobfair.regions import queries as regions
from jobfair.retention.forms import Wanted, read_wanted
from jobfair.retention.queries import followed
from jobfair.retention.rules.courses import ENDPOINT_NAMES, LEAVING_NAMES, Course
from jobfair.retention.rules.curves import LEAST_AT_RISK, Curve, curve_of
from jobfair.retention.rules.rates import Rate, Standing, rate_at
from jobfair.seekers.rules.drafts import CATEGORY_NAMES

bp = Blueprint("retention", __name__, url_prefix="/retention")

Page = str | tuple[str, int] | Response
_OF_PAGE = frozenset({"page", "size"})
_OF_PEOPLE = _OF_PAGE | {"checkpoint", "standing"}
# Days at which the curve is read off into the table beside it.
_READ_AT = (7, 30, 60, 90, 120, 180, 270, 365)


def _wanted() -> Wanted:
    return read_wanted(request.args, scope=division_filter(who(), Permission.RETENTION_READ))


def _followed(wanted: Wanted) -> list[Course]:
    with db().reading() as session:
        return followed(session, wanted.asked)


def _rates(wanted: Wanted, courses: Sequence[Course]) -> list[Rate]:
    return [rate_at(courses, c, wanted.since, wanted.until) for c in Checkpoint]


@bp.route("/")
@allow(Permission.RETENTION_READ)
@counted_by(N_("Retention"), "C1", "C3", "C12", "C14")
def retention() -> Page:
    """Show how many stayed at each checkpoint and the curve, filtered."""
    wanted = _wanted()
    courses = _followed(wanted)
    cohort = [c for c in courses if wanted.since <= c.started_on <= wanted.until]
    curve = curve_of(cohort, wanted.asked.as_of) if cohort else None
    rates = _rates(wanted, courses)
    # Ends are told by those who are found: where few are, the middle line would say more of that.
    reportable = all(rate.reportable for rate in rates if rate.due)
    with db().reading() as session:
        codes = placements.home_counties(session, wanted.asked.scope)
        counties = regions.names_of(session, set(codes))
    return render_template(
        "retention/retention.html",
        wanted=wanted,
        rates=rates,
        reportable=reportable,
        courses=len(courses),
        curve=curve,
        read_at=_readings(curve) if curve else [],
        chart=_chart(curve, reportable=reportable) if curve else None,
        ends=_ends(curve) if curve else [],
        checkpoints={str(c): translate(n) for c, n in CHECKPOINT_NAMES.items()},
        endpoints=[(str(e), translate(n)) for e, n in ENDPOINT_NAMES.items()],
        channels=[(str(c), translate(n)) for c, n in CHANNEL_NAMES.items()],
        categories=[(c, translate(n)) for c, n in CATEGORY_NAMES.items()],
        counties=sorted(counties.items()),
        args=request.args,
        least_at_risk=LEAST_AT_RISK,
        translate=translate,
    )


@bp.route("/export/<kind>")
@allow(Permission.RETENTION_READ)
@counted_by(N_("Retention"), "C1", "C3", "C12", "C14")
def export(kind: str) -> Page:
    """Download the table of checkpoints as xlsx or csv."""
    wanted = _wanted()
    rows = _rates(wanted, _followed(wanted))
    return download(kind, "retention", _columns(), [_cells(rate) for rate in rows])


def _counted(wanted: Wanted) -> tuple[dict[int, Course], tuple[int, ...], str]:
    """Return all courses by placement id, who stands where the address says, and its heading.

    Raises:
        NotFound: there is no such checkpoint or standing.
    """
    standing = request.args.get("standing", Standing.STAYED)
    checkpoint = request.args.get("checkpoint", Checkpoint.MONTH_3)
    if checkpoint not in set(Checkpoint) or standing not in set(Standing):
        raise NotFound
    courses = {course.id: course for course in _followed(wanted)}
    rate = rate_at(courses.values(), Checkpoint(checkpoint), wanted.since, wanted.until)
    return courses, getattr(rate, standing), _heading(Checkpoint(checkpoint), Standing(standing))


@bp.route("/people")
@allow(Permission.RETENTION_READ)
@counted_by(N_("Retention"), "C1", "C3", "C12", "C14")
def people() -> Page:
    """Show, masked, who is counted where at a checkpoint."""
    wanted = _wanted()
    courses, ids, heading = _counted(wanted)
    paging = asked_page(len(ids))
    with db().reading() as session:
        shown = placements.PlacementFilter(ids=ids[paging.offset : paging.offset + paging.size])
        rows = placements.list_placements(session, shown, limit=paging.size)
        names = regions.names_of(session, {row.home_division[:6] for row in rows})
    return render_template(
        "retention/people.html",
        rows=rows,
        courses=courses,
        names=names,
        total=len(ids),
        paging=paging,
        heading=heading,
        kept={n: v for n, v in request.args.items() if n not in _OF_PEOPLE},
        taken={n: v for n, v in request.args.items() if n not in _OF_PAGE},
        wanted=wanted,
    )


@bp.route("/people/export/<kind>")
@allow(Permission.RETENTION_READ)
@counted_by(N_("Retention"), "C1", "C3", "C12", "C14")
def export_people(kind: str) -> Page:
    """Download, masked, who is counted where at a checkpoint, as xlsx or csv."""
    courses, ids, heading = _counted(_wanted())
    with db().reading() as session:
        rows = [
            row
            for some in in_slices(ids)
            for row in placements.list_placements(
                session, placements.PlacementFilter(ids=tuple(some)), limit=len(some)
            )
        ]
        names = regions.names_of(session, {row.home_division[:6] for row in rows})
    titles = (
        _("Name"),
        _("Home county"),
        _("Employer"),
        _("First day"),
        _("Last confirmed"),
        _("Ended"),
        _("Counted as"),
    )
    cells = [
        [
            row.name,
            names.get(row.home_division[:6], row.home_division),
            row.employer_name,
            courses[row.id].started_on,
            courses[row.id].seen[-1] if courses[row.id].seen else "",
            courses[row.id].ended_on,
            heading,
        ]
        for row in rows
    ]
    return download(kind, "retention-people", [Column(str(title)) for title in titles], cells)


def _heading(checkpoint: Checkpoint, standing: Standing) -> str:
    names = {
        Standing.STAYED: _("Known to have stayed"),
        Standing.LEFT: _("Known to have left"),
        Standing.UNKNOWN: _("Not known"),
        Standing.EXEMPT: _("Out of the count"),
    }
    return f"{translate(CHECKPOINT_NAMES[checkpoint])}{_(': ')}{names[standing]}"


def _columns() -> list[Column]:
    titles = (
        _("Checkpoint"),
        _("Due (persons)"),
        _("Known to have stayed"),
        _("Known to have left"),
        _("Not known"),
        _("Out of the count"),
        _("Known share"),
        _("Least"),
        _("Among those known"),
        _("Most"),
    )
    return [Column(str(title)) for title in titles]


def _cells(rate: Rate) -> list[Cell]:
    shares = (rate.known_share, rate.low, rate.confirmed, rate.high)
    return [
        translate(CHECKPOINT_NAMES[rate.checkpoint]),
        rate.due,
        len(rate.stayed),
        len(rate.left),
        len(rate.unknown),
        len(rate.exempt),
        *(round(share, 4) if share is not None else "" for share in shares),
    ]


def _readings(curve: Curve) -> list[tuple[int, float, float, float, int]]:
    """Return the curve with its bounds and how many were followed, at round days."""
    found = []
    for day in _READ_AT:
        place = int((curve.days <= day).sum())
        at_risk = int(curve.at_risk[min(place, len(curve.days) - 1)]) if len(curve.days) else 0
        bounds = [float(line[place - 1]) if place else 1.0 for line in (curve.least, curve.most)]
        found.append((day, bounds[0], curve.share_on(day), bounds[1], at_risk))
    return found


def _ends(curve: Curve) -> list[tuple[str, float]]:
    return [
        (translate(LEAVING_NAMES[leaving]), float(share[-1]) if len(share) else 0.0)
        for leaving, share in curve.ends.items()
    ]


def _chart(curve: Curve, *, reportable: bool) -> Markup:
    """Return the curve as far as enough people are followed, its bounds dashed.

    Args:
        curve: what to draw.
        reportable: whether the line between the bounds may be drawn.
    """
    enough = curve.at_risk >= LEAST_AT_RISK
    days = [0, *curve.days[enough].tolist()]

    def line(name: str, shares: Sequence[float], *, dashed: bool = False) -> Step:
        return Step(name, days, [100.0, *(100 * share for share in shares)], dashed)

    drawn = [
        line(_("Least"), curve.least[enough].tolist(), dashed=True),
        line(_("Most"), curve.most[enough].tolist(), dashed=True),
    ]
    if reportable:
        drawn.insert(0, line(_("Still at work"), curve.share[enough].tolist()))
    alt = _("Curve of how many per cent are still at work by days since the first; see the table.")
    return steps(drawn, x_title=_("Days since the first day at work"), alt=alt)
