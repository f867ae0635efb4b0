"""Promise against reality: every employer in a list, one employer's card, who answered."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.employers.queries import find_employer, find_employer_of_organisation
from jobfair.fulfilment.queries import promises as queries
from jobfair.fulfilment.rules.promises import PROMISE_NAMES, Promise
from jobfair.fulfilment.views.common import EXPORT_ROWS, amount, bp, bring_up_to_date, percent
from jobfair.kit import audit, clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions

_COUNTY = 6
_COST = "cost"
# The orders of the list; what is not known comes last.
SORTS: dict[str, Callable[[queries.Card], float | None]] = {
    "share": lambda card: card.share,
    "cost": lambda card: -card.cost.mean if card.cost and card.cost.mean is not None else None,
    "overdue": lambda card: -card.duties.overdue,
    "people": lambda card: -card.people,
}


def _listed() -> tuple[list[queries.Card], queries.Priors]:
    """Return the cards that the address asks for; a recruiter sees the own employer's."""
    own = who().scope(Permission.FULFILMENT_READ).organisation_id
    text, sort = request.args.get("q", "").strip(), request.args.get("sort", "")
    with db().reading() as session:
        ids = None
        if own is not None:
            employer = find_employer_of_organisation(session, own)
            ids = [employer.id] if employer else []
        cards, priors = queries.weigh_all(session, clock.today(), ids)
    cards = [card for card in cards if text.casefold() in card.employer.casefold()]
    if sort in SORTS:
        by = SORTS[sort]
        cards.sort(key=lambda card: (by(card) is None, by(card) or 0.0))
    return cards, priors


@bp.route("/employers")
@allow(Permission.FULFILMENT_READ)
def employers() -> Page:
    """List employers with how they keep what they owe and promise."""
    bring_up_to_date()
    cards, priors = _listed()
    paging = asked_page(len(cards))
    return render_template(
        "fulfilment/employers.html",
        cards=cards[paging.offset : paging.offset + paging.size],
        total=len(cards),
        priors=priors,
        paging=paging,
        args=request.args,
        sorts={
            "share": _("Promises kept, the fewest first"),
            "cost": _("Cost to the people, the most first"),
            "overdue": _("Overdue reports, the most first"),
            "people": _("People asked, the most first"),
        },
    )


@bp.route("/employers/export/<kind>")
@allow(Permission.FULFILMENT_READ)
def export_employers(kind: str) -> Page:
    """Download the list with every figure of the cards."""
    bring_up_to_date()
    cards, _priors = _listed()
    titles = [_("Employer"), _("Reports kept in time"), _("Late"), _("Overdue"), _("People asked")]
    for name in PROMISE_NAMES.values():
        said = translate(name)
        titles += [
            f"{said}: {_('answers')}",
            f"{said}: {_('posted')}",
            f"{said}: {_('found')}",
            f"{said}: {_('kept, weighed')}",
        ]
    titles += [_("Cost in months of wage: answers"), _("Cost in months of wage, weighed")]
    rows = [_cells(card) for card in cards[:EXPORT_ROWS]]
    return download(kind, "employer-promises", [Column(str(title)) for title in titles], rows)


def _cells(card: queries.Card) -> list[Cell]:
    duties = card.duties
    cells: list[Cell] = [card.employer, duties.in_time, duties.late, duties.overdue, card.people]
    for promise in Promise:
        one = card.promise(promise)
        if one is None or one.few:
            cells += [one.n if one else 0, "", "", _("too few")]
            continue
        figures = [amount(promise, one.posted), amount(promise, one.found), percent(one.share)]
        cells += [one.n, *figures]
    cost = card.cost
    weighed = "" if cost is None or cost.mean is None else round(cost.mean, 2)
    return [*cells, cost.n if cost else 0, weighed]


def _known(employer_id: int, permission: Permission) -> str:
    """Return the name of an employer that the user reaches.

    Raises:
        NotFound: none such, or another's.
    """
    with db().reading() as session:
        found = find_employer(session, employer_id)
    if found is None:
        raise NotFound
    scope = who().scope(permission)
    if scope.organisation_id is not None:
        scope.must_cover(organisation_id=found.organisation_id)
    return found.name


@bp.route("/employers/<int:employer_id>")
@allow(Permission.FULFILMENT_READ)
def employer(employer_id: int) -> Page:
    """Show what an employer posted against what people found there."""
    name = _known(employer_id, Permission.FULFILMENT_READ)
    bring_up_to_date()
    with db().reading() as session:
        cards, priors = queries.weigh_all(session, clock.today(), [employer_id])
    return render_template(
        "fulfilment/employer.html", card=cards[0], name=name, priors=priors, promises=list(Promise)
    )


def _behind(employer_id: int) -> list[queries.AnswerRow]:
    asked = request.args.get("of", "")
    with db().reading() as session:
        return queries.answers_of(
            session,
            clock.today(),
            employer_id,
            scope=division_filter(who(), Permission.PLACEMENTS_READ),
            promise=asked if asked in {*PROMISE_NAMES, _COST} else "",
        )


@bp.route("/employers/<int:employer_id>/answers")
@allow(Permission.PLACEMENTS_READ)
def answers(employer_id: int) -> Page:
    """List who found what at an employer, masked, within the reader's division."""
    name = _known(employer_id, Permission.PLACEMENTS_READ)
    rows = _behind(employer_id)
    paging = asked_page(len(rows))
    shown = rows[paging.offset : paging.offset + paging.size]
    with db().reading() as session:
        places = regions.names_of(session, {row.home_division[:_COUNTY] for row in shown})
    return render_template(
        "fulfilment/answers.html",
        rows=shown,
        total=len(rows),
        paging=paging,
        name=name,
        employer_id=employer_id,
        places=places,
        promises=list(Promise),
        asked=request.args.get("of", ""),
        args=request.args,
    )


@bp.route("/employers/<int:employer_id>/answers/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
def export_answers(employer_id: int, kind: str) -> Page:
    """Download who found what, masked; that it was taken is recorded."""
    _known(employer_id, Permission.PLACEMENTS_READ)
    rows = _behind(employer_id)
    with db().reading() as session:
        places = regions.names_of(session, {row.home_division[:_COUNTY] for row in rows})
    titles: list[Any] = [_("Name"), _("Home"), _("Post or kind of work"), _("Asked on")]
    for promise in PROMISE_NAMES.values():
        titles += [f"{translate(promise)}: {_('posted')}", f"{translate(promise)}: {_('found')}"]
    titles += [_("Paid to get the job, yuan"), _("In months of wage")]
    cells = [_answer_cells(row, places) for row in rows]
    answer = download(kind, "employer-answers", [Column(str(title)) for title in titles], cells)
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(
            session,
            "fulfilment.download",
            subject="employer",
            subject_id=employer_id,
            detail=detail,
        )
    return answer


def _answer_cells(row: queries.AnswerRow, places: dict[str, str]) -> list[Cell]:
    county = row.home_division[:_COUNTY]
    cells: list[Cell] = [row.name, places.get(county, county), row.title, row.asked_on.isoformat()]
    for promise in Promise:
        pair = row.found.pairs.get(promise)
        cells += [amount(promise, pair.posted), amount(promise, pair.found)] if pair else ["", ""]
    months, cost = row.found.months, row.found.cost_fen
    return [
        *cells,
        cost / 100 if cost is not None else "",
        round(months, 2) if months is not None else "",
    ]
