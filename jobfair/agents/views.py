"""Pages of agents: the list, adding and editing one, whom one placed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.agents import queries, services
from jobfair.agents.forms import AgentForm, ArrangeForm, read_filter
from jobfair.agents.queries import AgentFilter, AgentRow, Arranged
from jobfair.agents.rules import KIND_NAMES
from jobfair.kit import clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import Words, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.views.common import Page, placement_in_reach, recorder
from jobfair.regions import queries as regions

bp = Blueprint("agents", __name__, url_prefix="/agents")
_EXPORT_ROWS = 50_000
_CHOICES = 1_000


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words."""
    return {"words": {"agent_kind": Words(KIND_NAMES)}, "today": clock.today()}


def agent_of(placement_id: int) -> Arranged | None:
    """Return which agent arranged a placement; for the page of a person's line."""
    with db().reading() as session:
        return queries.arranged(session, [placement_id]).get(placement_id)


def _in_reach(agent_id: int) -> AgentRow:
    with db().reading() as session:
        found = queries.find_agent(session, agent_id)
    if found is None:
        raise NotFound
    who().scope(Permission.AGENTS_WRITE).must_cover(division=found.division)
    return found


@bp.route("/")
@allow(Permission.AGENTS_READ)
def agents() -> Page:
    """List agents by name."""
    wanted = read_filter(request.args, scope=division_filter(who(), Permission.AGENTS_READ))
    with db().reading() as session:
        total = queries.count_agents(session, wanted)
        paging = asked_page(total)
        rows = queries.list_agents(session, wanted, limit=paging.size, offset=paging.offset)
        names = regions.names_of(session, {row.division for row in rows})
    return render_template(
        "agents/agents.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        standings=[("active", _("At work"))],
        args=request.args,
    )


@bp.route("/export/<kind>")
@allow(Permission.AGENTS_READ)
def export(kind: str) -> Page:
    """Download the filtered list, masked, as xlsx or csv."""
    wanted = read_filter(request.args, scope=division_filter(who(), Permission.AGENTS_READ))
    with db().reading() as session:
        rows = queries.list_agents(session, wanted, limit=_EXPORT_ROWS)
        names = regions.names_of(session, {row.division for row in rows})
    titles = (
        _("Name of the agent"),
        _("Kind of agent"),
        _("Area"),
        _("Number of the licence"),
        _("Licence valid until"),
        _("Contact person"),
        _("Telephone"),
        _("Placements arranged"),
        _("Ended"),
    )
    columns = [Column(str(title), text=place in {3, 6}) for place, title in enumerate(titles)]
    cells: list[list[Cell]] = [
        [
            row.name,
            translate(KIND_NAMES[row.kind]),
            names.get(row.division, row.division),
            row.licence,
            row.licence_until,
            row.contact_name,
            row.contact_phone,
            row.placed,
            row.ended_on,
        ]
        for row in rows
    ]
    return download(kind, "agents", columns, cells)


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.AGENTS_WRITE)
def new_agent() -> Page:
    """Add an agent of the caller's area."""
    form = AgentForm()
    division = who().division_code or ""

    def add(session: Session) -> None:
        services.add_agent(session, form.draft(), recorder(), division=division)

    if carried_out(form, add):
        flash(_("The agent is added."))
        return redirect(url_for("agents.agents"), 303)
    page = render_template("agents/agent_form.html", form=form, agent=None, contact=None)
    return page, 422 if form.errors else 200


@bp.route("/<int:agent_id>", methods=["GET", "POST"])
@allow(Permission.AGENTS_WRITE)
def agent(agent_id: int) -> Page:
    """Show an agent for its office, and edit it."""
    found = _in_reach(agent_id)
    form = AgentForm(found)
    if carried_out(form, lambda session: services.edit_agent(session, agent_id, form.draft())):
        flash(_("The agent is changed."))
        return redirect(url_for("agents.agents"), 303)
    page = render_template("agents/agent_form.html", form=form, agent=found, contact=None)
    return page, 422 if form.errors else 200


@bp.route("/<int:agent_id>/contact", methods=["POST"])
@allow(Permission.AGENTS_WRITE)
def contact(agent_id: int) -> Page:
    """Show whom to telephone; that it was read is recorded."""
    found = _in_reach(agent_id)
    with db().writing() as session:
        clear = queries.find_agent(session, agent_id, unmasked=True)
        services.note_contact_read(session, agent_id)
    form = AgentForm(found)
    return render_template("agents/agent_form.html", form=form, agent=found, contact=clear)


@bp.route("/<int:agent_id>/end", methods=["POST"])
@allow(Permission.AGENTS_WRITE)
def end(agent_id: int) -> Page:
    """Say that an agent places nobody any more, or does so again."""
    found = _in_reach(agent_id)
    with db().writing() as session:
        services.end_agent(session, agent_id, ended=found.ended_on is None)
    flash(_("Noted."))
    return redirect(url_for("agents.agent", agent_id=agent_id), 303)


@bp.route("/placements/<int:placement_id>", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def arrange(placement_id: int) -> Page:
    """Say which agent arranged a placement, or that none did."""
    scope = division_filter(who(), Permission.PLACEMENTS_WRITE)
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
        known = queries.arranged(session, [placement_id]).get(placement_id)
        placing = AgentFilter(scope, active=True, licensed_on=clock.today())
        offered = queries.list_agents(session, placing, limit=_CHOICES)
    form = ArrangeForm()
    names = {str(row.id): row.name for row in offered}
    if known:
        names[str(known.agent_id)] = known.name
    form.agent.choices = [("", _("Nobody: the office, or the person")), *names.items()]
    if request.method == "GET" and known:
        form.agent.data, form.evidence.data = str(known.agent_id), known.evidence

    def note(session: Session) -> None:
        agent_id = int(form.agent.data) if form.agent.data else None
        services.arrange(session, placement_id, agent_id, form.evidence.data or "", recorder())

    if carried_out(form, note):
        flash(_("Noted."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id), 303)
    page = render_template("agents/arrange.html", form=form, line=line, seeker=seeker)
    return page, 422 if form.errors else 200
