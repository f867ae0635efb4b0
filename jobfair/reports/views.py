"""Pages of reports."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from jobfair.accounts.access import Actor, Permission, Role, allow, who
from jobfair.kit.charts import bars
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.reports import files
from jobfair.reports.people import lines_of
from jobfair.reports.queries import (
    DIMENSION_NAMES,
    DIMENSIONS,
    EXPORTED,
    FAIR,
    INTAKE,
    TITLES,
    Question,
    build,
    eligible_figures,
)
from jobfair.reports.rules import Report

bp = Blueprint("reports", __name__, url_prefix="/reports")

_CHART_BARS = 25
_PEOPLE_SHOWN = 100


def _open_to(actor: Actor) -> list[str]:
    """Return the reports a role reads: a school its intake, offices the rest too."""
    return [INTAKE] if actor.role is Role.REGISTRAR else [FAIR, EXPORTED, INTAKE]


def _question() -> Question:
    scope = who().scope(Permission.REPORTS_READ)
    by = tuple(request.args.getlist("by")) or None
    as_of = request.args.get("as-of", "")
    return Question(
        by=by,
        as_of=date.fromisoformat(as_of) if _is_day(as_of) else None,
        division=scope.division,
        organisation_id=scope.organisation_id,
        year=request.args.get("year", None, int),
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _build(code: str) -> Report:
    if code not in _open_to(who()):
        raise NotFound
    with db().reading() as session:
        return build(session, code, _question(), language=language())


@bp.route("/")
@allow(Permission.REPORTS_READ)
def index() -> str:
    """List the reports."""
    return render_template("reports/index.html", reports=_open_to(who()), titles=TITLES)


@bp.route("/<report_code>")
@allow(Permission.REPORTS_READ)
def report(report_code: str) -> str:
    """Show a report with its chart, each number a link to the people behind it."""
    made = _build(report_code)
    eligible = []
    if report_code == FAIR:
        with db().reading() as session:
            eligible = eligible_figures(session, None)
    return render_template(
        "reports/report.html",
        report=made,
        title=TITLES[report_code],
        dimensions=[(n, DIMENSION_NAMES[n]) for n in DIMENSIONS[report_code]],
        dimension_names=DIMENSION_NAMES,
        chart=Markup(_chart(made)),  # noqa: S704 - drawn by us from escaped labels
        indicators={f.indicator.code: f.indicator for f in made.figures},
        eligible=eligible,
        query=request.args.to_dict(flat=False),
        may_open=who().may(Permission.REPORTS_PEOPLE),
    )


def _chart(made: Report) -> str:
    by_indicator: dict[str, dict[str, int]] = {}
    for figure in made.figures:
        if any(figure.dimensions):
            label = " · ".join(figure.dimensions)
            by_indicator.setdefault(translate(figure.indicator.name), {})[label] = figure.value
    labels = list(dict.fromkeys(k for v in by_indicator.values() for k in v))
    labels.sort(key=lambda name: -max(v.get(name, 0) for v in by_indicator.values()))
    labels = labels[:_CHART_BARS]
    if not labels:
        return ""
    return bars(labels, [(n, [v.get(k, 0) for k in labels]) for n, v in by_indicator.items()])


@bp.route("/<report_code>/file/<kind>")
@allow(Permission.REPORTS_READ)
def download(report_code: str, kind: str) -> Response:
    """Give a report as xlsx or csv."""
    made = _build(report_code)
    writers = {"xlsx": (files.as_xlsx, files.XLSX), "csv": (files.as_csv, "text/csv")}
    if kind not in writers:
        raise NotFound
    write, mimetype = writers[kind]
    answer = Response(write(made), HTTPStatus.OK, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{report_code}.{kind}"'
    return answer


@bp.route("/<report_code>/people/<int:cell>")
@allow(Permission.REPORTS_PEOPLE)
def people(report_code: str, cell: int) -> str:
    """Show, masked, who stands behind one number."""
    made = _build(report_code)
    if not 0 <= cell < len(made.figures):
        raise NotFound
    figure = made.figures[cell]
    page = max(request.args.get("page", 1, int), 1)
    ids = figure.subjects[(page - 1) * _PEOPLE_SHOWN : page * _PEOPLE_SHOWN]
    with db().reading() as session:
        lines = lines_of(session, figure.indicator.code, ids)
    back: dict[str, Any] = request.args.to_dict(flat=False)
    back.pop("page", None)
    return render_template(
        "reports/people.html",
        figure=figure,
        lines=lines,
        code=report_code,
        title=TITLES[report_code],
        page=page,
        size=_PEOPLE_SHOWN,
        back=url_for("reports.report", report_code=report_code, **back),
        query=back,
        cell=cell,
    )
