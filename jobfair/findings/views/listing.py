"""The review list of findings: look, read, explain, take away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.findings import queries, services
from jobfair.findings.forms import ExplanationForm
from jobfair.findings.queries import FindingFilter, FindingRow
from jobfair.findings.rules import RULES, STATE_NAMES, Code, FindingState, Subject
from jobfair.fulfilment.queries.mismatches import open_task_of
from jobfair.fulfilment.rules.mismatches import Kind
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.queries import home_counties
from jobfair.regions import queries as regions

bp = Blueprint("findings", __name__, url_prefix="/findings")

Page = str | tuple[str, int] | Response
_EXPORT_ROWS = 50_000
_COUNTY = 6
# What a finding opens; a person's line, else what it is about.
_PAGES = {
    Subject.EMPLOYER: (Permission.EMPLOYERS_READ, "employers.employer", "employer_id"),
    Subject.STUDENT: (Permission.STUDENTS_READ, "grants.of_student", "student_id"),
    Subject.POSITION: (Permission.POSITIONS_READ, "employers.position", "position_id"),
}


def told(row: FindingRow) -> str:
    """Return what the records say, in words."""
    return translate(RULES[row.code].told, **row.told)


def _opens(row: FindingRow) -> str:
    """Return the page of whom or what a finding is about; empty where the reader may not go."""
    if row.seeker_id is not None:
        if who().may(Permission.PLACEMENTS_READ):
            return url_for("placements.person", seeker_id=row.seeker_id)
        if who().may(Permission.LINES_INSPECT):
            return url_for("reports.seeker_line", seeker_id=row.seeker_id)
        return ""
    if row.subject in _PAGES:
        permission, endpoint, parameter = _PAGES[row.subject]
        values: dict[str, int] = {parameter: row.subject_id}
        return url_for(endpoint, **values) if who().may(permission) else ""  # type: ignore[arg-type]
    return ""


def _wanted() -> FindingFilter:
    code, state = request.args.get("code", ""), request.args.get("state", FindingState.OPEN)
    county = request.args.get("county", "")
    reach = who().scope(Permission.FINDINGS_READ)
    return FindingFilter(
        scope=reach.division,
        organisation_id=reach.organisation_id,
        code=code if code in set(Code) else None,
        state=state if state in set(FindingState) else None,
        county=county if county.isascii() and county.isdigit() else None,
        overdue=request.args.get("due") == "overdue",
    )


@bp.route("/")
@allow(Permission.FINDINGS_READ)
def findings() -> Page:
    """List findings by rule, with how many are open of each."""
    wanted = _wanted()
    with db().reading() as session:
        total = queries.count_findings(session, wanted)
        paging = asked_page(total)
        rows = queries.list_findings(session, wanted, limit=paging.size, offset=paging.offset)
        counts = queries.open_by_rule(session, wanted.scope, wanted.organisation_id)
        homes = home_counties(session, wanted.scope) if wanted.organisation_id is None else ()
        counties = regions.names_of(session, set(homes))
        places = regions.names_of(session, {row.division[:_COUNTY] for row in rows})
    return render_template(
        "findings/findings.html",
        rows=rows,
        total=total,
        paging=paging,
        counts={code: counts[code] for code in Code if code in counts},
        names={str(code): translate(rule.name) for code, rule in RULES.items()},
        states=[
            *((str(state), translate(name)) for state, name in STATE_NAMES.items()),
            ("all", _("All")),
        ],
        counties=sorted(counties.items()),
        dues=[("overdue", _("Overdue"))],
        places=places,
        args=request.args,
        chosen=wanted,
        told=told,
        opens=_opens,
        rules=RULES,
    )


@bp.route("/look", methods=["POST"])
@allow(Permission.FINDINGS_WRITE)
def look() -> Page:
    """Look through all records now."""
    with db().writing() as session:
        looked = services.look(session)
    flash(
        _(
            "Looked through all records: %(new)s new, %(fixed)s gone, %(standing)s as before.",
            new=looked.new,
            fixed=looked.fixed,
            standing=looked.standing,
        )
    )
    return redirect(url_for("findings.findings"))


@bp.route("/<int:finding_id>")
@allow(Permission.FINDINGS_READ)
def finding(finding_id: int) -> Page:
    """Show a finding with what to do about it."""
    return _finding_page(_in_reach(finding_id, Permission.FINDINGS_READ), ExplanationForm())


@bp.route("/<int:finding_id>/explain", methods=["POST"])
@allow(Permission.FINDINGS_WRITE)
def explain(finding_id: int) -> Page:
    """Note how a finding is explained."""
    row = _in_reach(finding_id, Permission.FINDINGS_WRITE)
    form = ExplanationForm()

    def verb(session: Session) -> None:
        services.explain(session, finding_id, form.note.data or "", who().user_id)

    if carried_out(form, verb):
        flash(_("The explanation is kept. The finding opens again if the records change."))
        return redirect(url_for("findings.findings", code=row.code))
    return _finding_page(row, form), 422


@bp.route("/<int:finding_id>/reopen", methods=["POST"])
@allow(Permission.FINDINGS_WRITE)
def reopen(finding_id: int) -> Page:
    """Open a finding again."""
    _in_reach(finding_id, Permission.FINDINGS_WRITE)
    with db().writing() as session:
        services.reopen(session, finding_id)
    flash(_("The finding is open again."))
    return redirect(url_for("findings.finding", finding_id=finding_id))


@bp.route("/export/<kind>")
@allow(Permission.FINDINGS_READ)
def export(kind: str) -> Page:
    """Download the filtered list, masked, as xlsx or csv."""
    with db().reading() as session:
        rows = queries.list_findings(session, _wanted(), limit=_EXPORT_ROWS)
        places = regions.names_of(session, {row.division[:_COUNTY] for row in rows})
    return download(kind, "findings", _columns(), [_cells(row, places) for row in rows])


def _in_reach(finding_id: int, permission: Permission) -> FindingRow:
    with db().reading() as session:
        row = queries.find_finding(session, finding_id)
    if row is None:
        raise NotFound
    who().scope(permission).must_cover(division=row.division, organisation_id=row.organisation_id)
    return row


def _task_of(row: FindingRow) -> str:
    """Return the page on which an employer's word is settled; empty for other findings."""
    if row.code is not Code.DENIED or not who().may(Permission.PLACEMENTS_WRITE):
        return ""
    with db().reading() as session:
        task = open_task_of(session, row.subject_id, Kind.DENIED)
    return url_for("fulfilment.mismatch", mismatch_id=task) if task else ""


def _finding_page(row: FindingRow, form: ExplanationForm) -> str:
    with db().reading() as session:
        names = regions.names_of(session, {row.division})
    return render_template(
        "findings/finding.html",
        row=row,
        rule=RULES[row.code],
        state=translate(STATE_NAMES[row.state]),
        office=names.get(row.division, row.division),
        told=told(row),
        url=_opens(row),
        task=_task_of(row),
        explains=row.code is not Code.DENIED,
        form=form,
        beijing=beijing,
    )


def _columns() -> list[Column]:
    titles = (
        _("Rule"),
        _("Kind of finding"),
        _("About"),
        _("What the records say"),
        _("Office"),
        _("State"),
        _("Since"),
        _("To be looked at by"),
        _("Overdue"),
        _("Explanation"),
    )
    return [Column(str(title), text=True) for title in titles]


def _cells(row: FindingRow, places: dict[str, str]) -> list[Cell]:
    return [
        row.code,
        translate(RULES[row.code].name),
        row.name,
        told(row),
        places.get(row.division[:_COUNTY], row.division),
        translate(STATE_NAMES[row.state]),
        beijing(row.found_at),
        row.due_on.isoformat(),
        _("yes") if row.overdue else "",
        row.note,
    ]
