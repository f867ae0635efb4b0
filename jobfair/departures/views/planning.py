"""Planning a batch, its page, and its way from state to state."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.departures.forms import BatchForm, ContactForm, StopForm, VehicleForm
from jobfair.departures.queries import batches, roster
from jobfair.departures.rules.roster import Gap, Role, Rung
from jobfair.departures.rules.states import (
    IN_PREPARATION,
    MOVES,
    Mover,
    Plan,
    State,
    StillToCome,
    by_payer,
    lacking,
)
from jobfair.departures.services import moving, planning
from jobfair.departures.views.common import Page, batch_in_reach, bp, costs, recorder
from jobfair.kit import clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.forms import Form, carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.values.dates import NOT_UNDERSTOOD, Day, read_day
from jobfair.kit.web import db
from jobfair.regions import queries as regions

_TOP = "5205"  # an administrator's batch is the prefecture's


def _division() -> str:
    return who().division_code or _TOP


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.DEPARTURES_WRITE)
def new() -> Page:
    """Plan a batch."""
    form = BatchForm()
    made: list[int] = []

    def plan(session: Session) -> None:
        made.append(planning.plan_batch(session, form.draft(), recorder(), division=_division()))

    if carried_out(form, plan):
        flash(_("The batch is planned. Add vehicles and stops, then open it for the roster."))
        return redirect(url_for("departures.batch", batch_id=made[0]), 303)
    page = render_template("departures/batch_form.html", form=form, batch=None)
    return page, 422 if form.errors else 200


@bp.route("/<int:batch_id>/edit", methods=["GET", "POST"])
@allow(Permission.DEPARTURES_WRITE)
def edit(batch_id: int) -> Page:
    """Change what a batch is planned as."""
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
    form = BatchForm(obj=found, cost=found.cost_fen / 100)
    if carried_out(form, lambda session: planning.change_plan(session, batch_id, form.draft())):
        flash(_("The plan is changed."))
        return redirect(url_for("departures.batch", batch_id=batch_id), 303)
    page = render_template("departures/batch_form.html", form=form, batch=found)
    return page, 422 if form.errors else 200


def _divisions(session: Session, division: str) -> list[tuple[str, str]]:
    """Return from where people of a batch may come: its own division, and those below it."""
    own = regions.find_division(session, division)
    below = regions.list_children(session, division)
    return [(one.code, one.name) for one in ([own] if own else []) + below]


def _part_form(part: str, session: Session, batch: batches.BatchRow) -> Form:
    makers: dict[str, Callable[[], Form]] = {
        "vehicle": VehicleForm,
        "stop": lambda: StopForm(_divisions(session, batch.division)),
        "contact": lambda: ContactForm(batches.vehicles_of(session, batch.id)),
    }
    if part not in makers:
        raise NotFound
    return makers[part]()


@bp.route("/<int:batch_id>")
@allow(Permission.DEPARTURES_READ)
def batch(batch_id: int) -> str:
    """Show a batch: where it stands, its numbers, what is to be done, its plan."""
    return _page(batch_id)


def _page(batch_id: int, refused: Form | None = None, later: date | None = None) -> str:
    """Return a batch's page; with a form that was refused, or a day to come offered as planned."""
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_READ)
        riders = roster.list_riders(session, found)
        plan = batches.plan_of(session, found)
        shown: dict[str, Any] = {
            "vehicles": batches.vehicles_of(session, batch_id),
            "stops": batches.stops_of(session, batch_id),
            "contacts": batches.contacts_of(session, batch_id),
            "left_behind": roster.group_left_behind(session, riders),
        }
        forms = {
            part: refused if isinstance(refused, kind) else _part_form(part, session, found)
            for part, kind in (
                ("vehicle", VehicleForm),
                ("stop", StopForm),
                ("contact", ContactForm),
            )
        }
        places = regions.gazetteer(session)
    cost = costs(found, riders)
    return render_template(
        "departures/batch.html",
        batch=found,
        **shown,
        forms=forms,
        later=later,
        today=clock.today(),
        place=lambda code: places.full_name(code) or code,
        numbers={rung: sum(rung in one.rungs for one in riders) for rung in Rung},
        gaps={gap: n for gap in Gap if (n := sum(one.gap is gap for one in riders))},
        late=sum(seen.late for one in riders for seen in one.seen.values()),
        refused_lines=sum(bool(one.refused) for one in riders),
        shares=Counter(cost.values()),
        paid_by=by_payer((one.payer, cost[one.id]) for one in riders if one.id in cost),
        missing=[translate(text) for text in _missing(plan, found.state)],
        preparing=found.state in IN_PREPARATION,
        moves=[to for at, to in MOVES if at is found.state],
    )


def _missing(plan: Plan, state: State) -> list[str]:
    following = {State.DRAFT: State.OPEN, State.OPEN: State.LOCKED}.get(state)
    return lacking(plan, following) if following else []


def _back(batch_id: int) -> Response:
    return redirect(url_for("departures.batch", batch_id=batch_id), 303)


@bp.route("/<int:batch_id>/add", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def add_part(batch_id: int) -> Page:
    """Add a vehicle, a stop or somebody to telephone."""
    part = request.form.get("part", "vehicle")
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        form = _part_form(part, session, found)

    def add(session: Session) -> None:
        match form:
            case VehicleForm():
                planning.add_vehicle(session, batch_id, form.plate.data or "", form.seats.data or 0)
            case StopForm():
                stop = (form.division.data, form.place.data or "", form.leaves_at.data or "")
                planning.add_stop(session, batch_id, *stop)
            case ContactForm():
                planning.add_contact(
                    session,
                    batch_id,
                    Role(form.role.data),
                    form.person.data or "",
                    form.phone.data or "",
                    vehicle_id=form.vehicle.data,
                )

    if carried_out(form, add):
        return _back(batch_id)
    return _page(batch_id, form), 422


@bp.route("/<int:batch_id>/remove", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def remove_part(batch_id: int) -> Response:
    """Take a vehicle, a stop or a contact away."""
    verbs = {
        "vehicle": planning.remove_vehicle,
        "stop": planning.remove_stop,
        "contact": planning.remove_contact,
    }
    verb = verbs.get(request.form.get("part", ""))
    with db().writing() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        if verb is not None:
            verb(session, batch_id, request.form.get("id", 0, type=int))
    return _back(batch_id)


@bp.route("/<int:batch_id>/move", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def move(batch_id: int) -> Page:
    """Move a batch to its next state."""
    to = request.form.get("to", "")
    typed = request.form.get("day", "").strip()
    day = read_day(typed) if typed else None
    with db().reading() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
    if to not in set(State):
        flash(_("Choose what the batch shall be."), "warning")
        return _back(batch_id)
    if typed and not (isinstance(day, Day) and day.exact):
        flash(translate(NOT_UNDERSTOOD), "warning")
        return _back(batch_id)
    step = moving.Step(
        State(to),
        day.value if isinstance(day, Day) else None,
        request.form.get("reason", "").strip()[:300],
    )
    try:
        with db().writing() as session:
            moving.move(session, batch_id, step, recorder(), mover=Mover.OFFICE)
    except StillToCome as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
        return _page(batch_id, later=step.day), 422
    except Refusal as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
        return _page(batch_id), refusal.status
    return _back(batch_id)


@bp.route("/<int:batch_id>/postpone", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def postpone(batch_id: int) -> Response:
    """Keep a day to come as the planned day of departure."""
    day = read_day(request.form.get("day", ""))
    with db().writing() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        if isinstance(day, Day) and day.exact:
            planning.postpone(session, batch_id, day.value)
            flash(_("Kept as the planned day of departure: %(day)s.", day=day.value.isoformat()))
        else:
            flash(translate(NOT_UNDERSTOOD), "warning")
    return _back(batch_id)
