"""The list of reports, a report with its chart and table, and its files."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs import queries as fairs
from jobfair.kit.charts import bars
from jobfair.kit.counting import count_by
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.reports import files
from jobfair.reports.queries import (
    ABSTRACTS,
    COUNTED,
    DIMENSION_NAMES,
    DIMENSIONS,
    FAIR,
    TITLES,
    Question,
    fair_asked,
    years_of,
)
from jobfair.reports.rules import UNIT_NAMES, Pivot, Report, outline, pivot, shorten
from jobfair.reports.views.common import asked, bp, made, open_to, query

_CHART_GROUPS = 12
_ROWS = 50
_TOLD = 5
_POSTS_SORTS = ("-eligible", "eligible", "-headcount", "employer", "title")


@dataclass(frozen=True, slots=True)
class _Posts:
    """A page of the positions of a fair, with how many people are eligible for each."""

    fair: fairs.FairRow
    ranking: fairs.RankingRow | None
    rows: list[fairs.FairPositionRow]
    number: int
    sort: str


@bp.route("/")
@allow(Permission.REPORTS_READ)
def index() -> str:
    """List the reports."""
    return render_template(
        "reports/index.html", reports=open_to(who()), titles=TITLES, abstracts=ABSTRACTS
    )


@bp.route("/<report_code>")
@allow(Permission.REPORTS_READ)
def report(report_code: str) -> str:
    """Show a report with its chart, each number a link to the people behind it."""
    wanted = asked(report_code)
    count_by(*COUNTED[report_code])
    found = made(report_code, wanted)
    table = pivot(found)
    number = max(1, request.args.get("page", 1, type=int))
    kept = query()
    with db().reading() as session:
        posts = _posts(session, wanted.question) if report_code == FAIR else None
        all_fairs = fairs.list_fairs(session) if report_code == FAIR else []
        years = years_of(session, report_code, wanted.question.organisation_id)
    return render_template(
        "reports/report.html",
        report=found,
        title=TITLES[report_code],
        dimensions=[(n, DIMENSION_NAMES[n]) for n in DIMENSIONS[report_code]],
        dimension_names=DIMENSION_NAMES,
        conditions=files.conditions(found),
        troubles=wanted.troubles,
        units=UNIT_NAMES,
        table=table,
        rows=table.rows[(number - 1) * _ROWS : number * _ROWS],
        number=number,
        size=_ROWS,
        page_url=lambda n: url_for("reports.report", report_code=report_code, page=n, **kept),
        chart=_chart(found, table),
        query=kept,
        may_open=who().may(Permission.REPORTS_PEOPLE),
        posts=posts,
        posts_heads=_posts_heads(report_code, posts, kept) if posts else {},
        posts_url=lambda n: _posts_url(report_code, kept, posts.sort if posts else "", n),
        fairs=[(fair.code, fair.title(language())) for fair in all_fairs],
        year_options=[(year, year) for year in years],
        year=wanted.question.year,
        args=request.args,
    )


def _posts(session: Session, question: Question) -> _Posts | None:
    fair = fair_asked(session, question.fair)
    if fair is None:
        return None
    sort = request.args.get("posts-sort", "")
    sort = sort if sort in _POSTS_SORTS else _POSTS_SORTS[0]
    number = max(1, request.args.get("posts-page", 1, type=int))
    rows = fairs.list_fair_positions(
        session, fair.id, sort=sort, limit=_ROWS, offset=(number - 1) * _ROWS
    )
    return _Posts(fair, fairs.newest_ranking(session, fair.id), rows, number, sort)


def _posts_url(code: str, kept: dict[str, Any], sort: str, number: int) -> str:
    more: dict[str, Any] = {"posts-sort": sort, "posts-page": number}
    return url_for("reports.report", report_code=code, _anchor="posts", **kept, **more)


def _posts_heads(code: str, posts: _Posts, kept: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the heads of the columns the positions are sorted by."""
    labels = {
        "-eligible": _("Eligible people"),
        "-headcount": _("Headcount"),
        "employer": _("Employer"),
        "title": _("Position"),
    }
    found = {}
    for sort, label in labels.items():
        order = "descending" if sort.startswith("-") else "ascending"
        url = _posts_url(code, kept, sort, 1)
        current = order if posts.sort == sort else ""
        if sort == "-eligible" and posts.sort == sort:
            url = _posts_url(code, kept, "eligible", 1)
        elif posts.sort == "eligible" and sort == "-eligible":
            current = "ascending"
        found[sort.lstrip("-")] = {"label": label, "url": url, "order": current}
    return found


def _chart(found: Report, table: Pivot) -> Markup | None:
    """Return bars of the largest rows, the rest summed up; None where there is nothing to draw."""
    short = shorten(outline(table), _CHART_GROUPS)
    if not short.rows:
        return None
    labels = [row.labels[0] for row in short.rows]
    values = [row.values for row in short.rows]
    if short.left_out:
        labels.append(_("Other (%(n)s)", n=short.left_out))
        values.append(short.others)
    series = [
        (files.column_head(indicator), [row[place] for row in values])
        for place, indicator in enumerate(table.indicators)
    ]
    told = ", ".join(
        f"{label} {row[0]:,}" for label, row in list(zip(labels, values, strict=True))[:_TOLD]
    )
    alt = _(
        "Bar chart of %(title)s: %(figures)s; all figures are in the table.",
        title=translate(TITLES[found.code]),
        figures=told,
    )
    return bars(labels, series, alt=alt)


@bp.route("/<report_code>/file/<kind>")
@allow(Permission.REPORTS_READ)
def download(report_code: str, kind: str) -> Response:
    """Give a report as xlsx or csv."""
    wanted = asked(report_code)
    count_by(*COUNTED[report_code])
    found = made(report_code, wanted)
    writers = {"xlsx": (files.as_xlsx, files.XLSX), "csv": (files.as_csv, "text/csv")}
    if kind not in writers:
        raise NotFound
    write, mimetype = writers[kind]
    answer = Response(write(found), HTTPStatus.OK, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{report_code}.{kind}"'
    return answer
