"""Pages of plans: make one, read it, compare two, set pairs by hand, invite."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, may, who
from jobfair.allocations import queries, services
from jobfair.allocations.comparing import compare
from jobfair.allocations.forms import PlanForm
from jobfair.allocations.making import make_and_keep
from jobfair.allocations.rules import (
    EDIT_NAMES,
    GROUP_RULE_NAMES,
    LACK_NAMES,
    OBJECTIVE_SHORT,
    EditKind,
    NoSuchPlan,
    NotEligible,
)
from jobfair.fairs.queries import FairRow, find_fair
from jobfair.fairs.views.common import found as fair_by_code
from jobfair.kit import audit, background
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, language
from jobfair.matching.explain import why
from jobfair.matching.plans import GroupRule, Lack
from jobfair.matching.views.common import pool
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.forms import category_choices
from jobfair.seekers.queries.refs import find_by_ref

bp = Blueprint("allocations", __name__)

Page = str | tuple[str, int] | Response
_SOON = 3.0  # a small fair's plan is done within the request
_REFRESH = 2
_RIVALS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a plan as the page shows them."""

    line: queries.SeatLine
    person: seekers.MaskedPerson
    home: str
    category: str
    invited: bool


def _plan(session: Session, plan_id: int) -> tuple[FairRow, queries.AllocationRow]:
    found = queries.find_allocation(session, plan_id)
    fair = find_fair(session, str(found.fair_id)) if found else None
    if found is None or fair is None:
        raise NoSuchPlan
    return fair, found


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates their words."""
    return {
        "beijing": beijing,
        "fair_title": lambda fair: fair.title(language()),
        "objective_name": lambda code: translate(OBJECTIVE_SHORT[code]),
        "group_rule_name": lambda code: translate(GROUP_RULE_NAMES[GroupRule(code)]),
        "lack_name": lambda code: translate(LACK_NAMES[Lack(code)]),
        "edit_name": lambda code: translate(EDIT_NAMES[EditKind(code)]),
    }


def _key(fair: FairRow) -> str:
    return f"plan-{fair.id}"


@bp.route("/fairs/<fair_code>/plans")
@allow(Permission.ALLOCATIONS_READ)
def plans(fair_code: str) -> Page:
    """List the plans of a fair and what is set by hand; while one is being made, say so."""
    fair = fair_by_code(fair_code)
    if background.find(_key(fair)) is not None:
        return _waiting(fair)
    return _plans_page(fair, PlanForm())


def _plans_page(fair: FairRow, form: PlanForm) -> str:
    with db().reading() as session:
        rows = queries.list_allocations(session, fair.id)
        edits = queries.list_edits(session, fair.id)
        known = _in_reach(session, [one.seeker_id for one in edits])
        invited = queries.count_invited(session, fair.id)
    return render_template(
        "allocations/plans.html",
        fair=fair,
        rows=rows,
        form=form,
        edits=[one for one in edits if one.seeker_id in known],
        hidden=sum(one.seeker_id not in known for one in edits),
        people=known,
        invited=invited,
    )


def _waiting(fair: FairRow) -> Response:
    """Say that a plan is being made; the page renews itself, with scripts or without."""
    response = make_response(render_template("allocations/waiting.html", fair=fair))
    address = url_for("allocations.plans", fair_code=fair.code)
    response.headers["Refresh"] = f"{_REFRESH}; url={address}"
    return response


def _within() -> str:
    """Return the division whose people the reader may see; empty for everybody."""
    return who().scope(Permission.ALLOCATIONS_EDIT).division or ""


def _in_reach(session: Session, ids: Sequence[int]) -> dict[int, seekers.MaskedPerson]:
    """Return those of some people the reader may see, masked; nobody without the permission."""
    if not may(Permission.ALLOCATIONS_EDIT):
        return {}
    within, names = _within(), seekers.names_of(session, ids)
    return {i: one for i, one in names.items() if one.home_division.startswith(within)}


@bp.route("/fairs/<fair_code>/plans", methods=["POST"])
@allow(Permission.MATCHING_RUN)
def make(fair_code: str) -> Page:
    """Make a plan; one that takes long goes on in the background."""
    fair, form = fair_by_code(fair_code), PlanForm()
    if not form.validate_on_submit():
        return _plans_page(fair, form), 422
    wanted, user_id = form.wanted(), who().user_id
    database, people_and_posts = db(), pool()
    made: list[int] = []
    refused: list[Refusal] = []

    def task(_work: background.Work) -> None:
        try:
            made.append(make_and_keep(database, people_and_posts, fair, wanted, user_id=user_id)[0])
        except Refusal as refusal:
            refused.append(refusal)

    work = background.start(_key(fair), "plan", task)
    if not work.wait(_SOON):
        return redirect(url_for("allocations.plans", fair_code=fair.code), 303)
    if refused:
        raise refused[0]
    if not made:
        flash(_("The plan could not be made. Try again."), "warning")
        return redirect(url_for("allocations.plans", fair_code=fair.code), 303)
    return redirect(url_for("allocations.plan", plan_id=made[0]), 303)


@bp.route("/plans/<int:plan_id>")
@allow(Permission.ALLOCATIONS_READ)
def plan(plan_id: int) -> str:
    """Show a plan: what is filled, what stays empty and why, for whom."""
    lacking = request.args.get("lacking") == "1"
    with db().reading() as session:
        fair, row = _plan(session, plan_id)
        positions = queries.list_positions(session, plan_id, lacking=lacking)
        counts = queries.count_people(session, plan_id)
        others = [one for one in queries.list_allocations(session, fair.id) if one.id != plan_id]
        names = regions.names_of(session, {county for county, _category in counts})
        rivals = _rivals(session, plan_id)
        uninvited = len(queries.uninvited(session, plan_id))
    paging = asked_page(len(positions))
    categories = dict(category_choices())
    return render_template(
        "allocations/plan.html",
        fair=fair,
        row=row,
        positions=positions[paging.offset : paging.offset + paging.size],
        total=len(positions),
        paging=paging,
        lacking=lacking,
        counties=_sums((names.get(c, c), n) for (c, _k), n in counts.items()),
        categories=_sums(
            (categories.get(k or "", _("not known")), n) for (_c, k), n in counts.items()
        ),
        others=others,
        rivals=rivals,
        uninvited=uninvited,
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the sum for each name, the largest first."""
    found: Counter[str] = Counter()
    for name, count in pairs:
        found[name] += count
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _rivals(session: Session, plan_id: int) -> list[tuple[seekers.MaskedPerson, int, str]]:
    """Return people in reach, and the position each would rather have and that would have them."""
    pairs = queries.list_rivals(session, plan_id, limit=_RIVALS_SHOWN)
    known = _in_reach(session, [seeker for seeker, _position in pairs])
    posts = pool().posts()
    return [
        (known[seeker], position, posts[position].title)
        for seeker, position in pairs
        if seeker in known and position in posts
    ]


def _seats(session: Session, fair: FairRow, lines: Sequence[queries.SeatLine]) -> list[Seat]:
    known = _in_reach(session, [line.seeker_id for line in lines])
    homes = regions.names_of(session, {p.home_division[: queries.COUNTY] for p in known.values()})
    invited = queries.invited_pairs(session, fair.id)
    categories = dict(category_choices())
    return [
        Seat(
            line,
            person,
            homes.get(person.home_division[: queries.COUNTY], ""),
            categories.get(person.household_category or "", ""),
            (line.seeker_id, line.position_id) in invited,
        )
        for line in lines
        if (person := known.get(line.seeker_id)) is not None
    ]


@bp.route("/plans/<int:plan_id>/people")
@allow(Permission.ALLOCATIONS_EDIT)
def people(plan_id: int) -> str:
    """Show who gets a post, of one position where asked, and let people be pinned or barred."""
    position_id = request.args.get("position", type=int)
    with db().reading() as session:
        fair, row = _plan(session, plan_id)
        line = None
        if position_id is not None:
            lines_of_it = queries.list_positions(session, plan_id, position_id=position_id)
            if not lines_of_it:
                raise NotFound
            line = lines_of_it[0]
        lines = queries.list_seats(session, plan_id, within=_within(), position_id=position_id)
        paging = asked_page(len(lines))
        shown = lines[paging.offset : paging.offset + paging.size]
        seats = _seats(session, fair, shown)
        edits = {
            (one.seeker_id, one.position_id): one for one in queries.list_edits(session, fair.id)
        }
    return render_template(
        "allocations/people.html",
        fair=fair,
        row=row,
        line=line,
        seats=seats,
        total=len(lines),
        paging=paging,
        hidden=(line or row).filled - len(lines),
        edits=edits,
    )


@bp.route("/fairs/<fair_code>/plans/by-hand", methods=["POST"])
@allow(Permission.ALLOCATIONS_EDIT)
def set_pair(fair_code: str) -> Response:
    """Pin somebody to a position, or bar the pair, for every plan made from now on."""
    fair = fair_by_code(fair_code)
    kind = request.form.get("kind", "")
    position_id = request.form.get("position", 0, type=int)
    back = url_for("allocations.plans", fair_code=fair.code)
    plan_id = request.form.get("plan", 0, type=int)
    if plan_id:
        back = url_for("allocations.people", plan_id=plan_id, position=position_id or None)
    with db().reading() as session:
        seeker_id = find_by_ref(session, request.form.get("seeker", "").strip())
        known = _in_reach(session, [seeker_id] if seeker_id else [])
    if seeker_id not in known:
        flash(_("There is nobody with this number whom you look after."), "warning")
        return redirect(back, 303)
    if kind not in EDIT_NAMES:
        raise NotFound
    try:
        _check_pin(EditKind(kind), seeker_id, position_id)
        with db().writing() as session:
            services.set_by_hand(
                session,
                fair.id,
                EditKind(kind),
                seeker_id=seeker_id,
                position_id=position_id,
                user_id=who().user_id,
            )
    except Refusal as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
    else:
        flash(_("Set. It holds for every plan made from now on; earlier plans stay as they are."))
    return redirect(back, 303)


def _check_pin(kind: EditKind, seeker_id: int, position_id: int) -> None:
    """Refuse to pin somebody who may not take the position.

    Raises:
        NotEligible: with the reasons.
    """
    if kind is EditKind.BARRED:
        return
    found = why(pool(), seeker_id=seeker_id, position_id=position_id)
    if found is not None and found.reasons:
        raise NotEligible(reason=" ".join(one.text for one in found.reasons))


@bp.route("/plans/by-hand/<int:edit_id>/take-back", methods=["POST"])
@allow(Permission.ALLOCATIONS_EDIT)
def take_back(edit_id: int) -> Response:
    """Take back what was set by hand."""
    with db().reading() as session:
        edit = queries.find_edit(session, edit_id)
        fair = find_fair(session, str(edit.fair_id)) if edit else None
        if edit is None or fair is None or not _in_reach(session, [edit.seeker_id]):
            raise NotFound
    with db().writing() as session:
        services.take_back(session, edit_id, user_id=who().user_id)
    flash(_("Taken back. Plans made from now on decide for themselves."))
    return redirect(url_for("allocations.plans", fair_code=fair.code), 303)


@bp.route("/plans/<int:plan_id>/compare")
@allow(Permission.ALLOCATIONS_READ)
def compare_plans(plan_id: int) -> str | Response:
    """Show two plans of a fair beside each other, and who moves between them."""
    other_id = request.args.get("with", 0, type=int)
    with db().reading() as session:
        fair, one = _plan(session, plan_id)
        other = queries.find_allocation(session, other_id)
        if other is None or other.fair_id != one.fair_id:
            return redirect(url_for("allocations.plan", plan_id=plan_id))
        found = compare(
            queries.seats_by_seeker(session, plan_id), queries.seats_by_seeker(session, other_id)
        )
        titles = {
            line.position_id: line
            for line in (
                *queries.list_positions(session, plan_id),
                *queries.list_positions(session, other_id),
            )
        }
    return render_template(
        "allocations/compare.html", fair=fair, one=one, other=other, found=found, titles=titles
    )


@bp.route("/plans/<int:plan_id>/export/<kind>")
@allow(Permission.ALLOCATIONS_EDIT)
def export(plan_id: int, kind: str) -> Response:
    """Download the people of a plan, masked; that it was taken is recorded."""
    with db().reading() as session:
        fair, _row = _plan(session, plan_id)
        seats = _seats(session, fair, queries.list_seats(session, plan_id, within=_within()))
    answer = download(kind, f"plan-{fair.code}-{plan_id}", _columns(), [_cells(s) for s in seats])
    with db().writing() as session:
        audit.record(
            session,
            "allocation.download",
            subject="allocation",
            subject_id=plan_id,
            detail={"rows": len(seats), "kind": kind},
        )
    return answer


def _columns() -> list[Column]:
    titles = (
        _("Employer"),
        _("Position"),
        _("Name"),
        _("Number"),
        _("Home county"),
        _("Household category"),
        _("Score"),
        _("Set by hand"),
        _("Invited"),
    )
    return [Column(str(title)) for title in titles]


def _cells(seat: Seat) -> list[Cell]:
    return [
        seat.line.employer,
        seat.line.title,
        seat.person.name,
        seat.person.id,
        seat.home,
        seat.category,
        round(seat.line.score * 100, 1),
        translate(EDIT_NAMES[EditKind.PINNED]) if seat.line.pinned else "",
        str(_("yes")) if seat.invited else "",
    ]


@bp.route("/plans/<int:plan_id>/invite", methods=["GET", "POST"])
@allow(Permission.MATCHING_RUN)
def invite(plan_id: int) -> Page:
    """Ask, then invite everybody the plan has a post for."""
    with db().reading() as session:
        fair, row = _plan(session, plan_id)
    if request.method == "GET":
        return render_template("allocations/invite.html", fair=fair, row=row)
    with db().writing() as session:
        done = services.invite(session, plan_id, user_id=who().user_id)
    flash(
        _(
            "%(fresh)s people invited; %(before)s had been invited before.",
            fresh=f"{done.fresh:,}",
            before=f"{done.before:,}",
        )
    )
    return redirect(url_for("allocations.plan", plan_id=plan_id), 303)
