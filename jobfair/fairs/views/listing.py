"""Fairs for reading: the list, a fair with its positions and employers, files, print; ranking."""

import time
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.fairs import queries
from jobfair.fairs.ranking import rank_and_keep
from jobfair.fairs.rules import STATE_NAMES, FairState
from jobfair.fairs.views.common import (
    PAGE_SIZE,
    bp,
    found,
    group_name,
    head_of,
    hindrance_words,
    industry_name,
    yuan,
)
from jobfair.kit import clock
from jobfair.kit.downloads import download
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.matching.views.common import pool
from jobfair.regions import codes

_NAMED_SORTS = ("employer", "title", "headcount", "wage", "eligible")
_BIG_FIRST = frozenset({"headcount", "wage", "eligible"})


@bp.route("/")
@allow(Permission.FAIRS_READ)
def fairs() -> str:
    """List the fairs; the address may ask for one state."""
    today = clock.today()
    wanted = request.args.get("state", "")
    with db().reading() as session:
        rows = queries.list_fairs(session)
    counts = {state: sum(f.state(today) is state for f in rows) for state in FairState}
    shown = [f for f in rows if not wanted or f.state(today) == wanted]
    tabs = [(f"{_('All')} ({len(rows)})", url_for("fairs.fairs"), not wanted)]
    tabs += [
        (
            f"{translate(STATE_NAMES[state])} ({counts[state]})",
            url_for("fairs.fairs", state=state),
            wanted == state,
        )
        for state in FairState
    ]
    return render_template("fairs/fairs.html", fairs=shown, tabs=tabs)


def _filter() -> queries.FairFilter:
    return queries.FairFilter(
        text=request.args.get("q", "").strip(),
        employer_id=request.args.get("employer", type=int),
        industry=request.args.get("industry", ""),
        group=request.args.get("group", ""),
        standing=request.args.get("standing", ""),
    )


def _kept() -> dict[str, Any]:
    """Return the filter as parameters of an address."""
    names = ("q", "employer", "industry", "group", "standing", "sort")
    return {name: value for name in names if (value := request.args.get(name))}


def _sort() -> str:
    asked = request.args.get("sort", "")
    return asked if asked.lstrip("-") in queries.SORTS else "employer"


def _heads(fair: queries.FairRow) -> dict[str, dict[str, str]]:
    """Return the head of each column that sorts; a second click turns it round."""
    now, kept = _sort(), _kept()
    labels = {
        "employer": _("Employer"),
        "title": _("Position"),
        "headcount": _("Headcount"),
        "wage": _("Yuan a month"),
        "eligible": _("Eligible people"),
    }
    found_heads = {}
    for name in _NAMED_SORTS:
        first = f"-{name}" if name in _BIG_FIRST else name
        turned = now.removeprefix("-") if now.startswith("-") else f"-{now}"
        current = now.lstrip("-") == name
        order = ("descending" if now.startswith("-") else "ascending") if current else ""
        target = kept | {"sort": turned if current else first}
        url = url_for("fairs.fair", fair_code=fair.code, **target)
        found_heads[name] = {"label": labels[name], "url": url, "order": order}
    return found_heads


@bp.route("/<fair_code>")
@allow(Permission.FAIRS_READ)
def fair(fair_code: str) -> str:
    """Show a fair and a page of its positions, with how many people are eligible for each."""
    shown = found(fair_code)
    narrowed, kept = _filter(), _kept()
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        posts = queries.list_fair_positions(
            session,
            shown.id,
            narrowed,
            sort=_sort(),
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
        total, headcount = queries.count_fair_positions(session, shown.id, narrowed)
        choices = queries.choices_of(session, shown.id)
        employers = queries.list_fair_employers(session, shown.id)
        head = head_of(session, shown)
    return render_template(
        "fairs/fair.html",
        **head,
        posts=posts,
        total=total,
        headcount=headcount,
        number=number,
        size=PAGE_SIZE,
        page_url=lambda n: url_for("fairs.fair", fair_code=shown.code, page=n, **kept),
        heads=_heads(shown),
        narrowed=asdict(narrowed),
        is_narrowed=any(kept.get(name) for name in kept if name != "sort"),
        employers=employers,
        industries=[(code, industry_name(code)) for code in choices.industries],
        groups=[(group, group_name(group)) for group in choices.groups],
        kept=kept,
    )


@bp.route("/<fair_code>/print")
@allow(Permission.FAIRS_READ)
def print_fair(fair_code: str) -> str:
    """Show every position that the filter finds on one page, by employer, for printing."""
    shown = found(fair_code)
    by_employer: dict[str, list[queries.FairPositionRow]] = {}
    with db().reading() as session:
        for post in queries.list_fair_positions(session, shown.id, _filter()):
            by_employer.setdefault(post.employer, []).append(post)
        head = head_of(session, shown)
    return render_template("fairs/print.html", **head, by_employer=by_employer)


def _columns() -> list[Column]:
    titles = (
        _("Employer"),
        _("Line of business"),
        _("Position"),
        _("Occupation"),
        _("Headcount"),
        _("Lowest wage in yuan a month"),
        _("Highest wage in yuan a month"),
        _("Workplace"),
        _("Eligible people"),
        _("Why it cannot be booked"),
    )
    return [Column(str(title)) for title in titles]


def _cells(post: queries.FairPositionRow) -> list[Cell]:
    return [
        post.employer,
        industry_name(post.industry_code),
        post.title,
        codes.occupation_name(post.occupation_code),
        post.headcount,
        post.wage_low // 100 if post.wage_low else yuan(None, None),
        post.wage_high // 100 if post.wage_high else yuan(None, None),
        post.workplace_text,
        post.eligible,
        hindrance_words(post.hindrances),
    ]


@bp.route("/<fair_code>/export/<kind>")
@allow(Permission.FAIRS_READ)
def export(fair_code: str, kind: str) -> Response:
    """Give the filtered positions of a fair as xlsx or csv."""
    shown = found(fair_code)
    with db().reading() as session:
        posts = queries.list_fair_positions(session, shown.id, _filter(), sort=_sort())
    return download(kind, f"fair-{shown.code}", _columns(), [_cells(post) for post in posts])


@bp.route("/<fair_code>/rank", methods=["POST"])
@allow(Permission.MATCHING_RUN)
def rank(fair_code: str) -> Response:
    """Rank everybody for every position of the fair, and keep the counts."""
    shown = found(fair_code)
    began = time.perf_counter()
    ranked = rank_and_keep(db(), pool(), shown)
    flash(
        _(
            "%(n)s positions ranked in %(seconds)s s: %(people)s people, "
            "%(eligible)s eligible pairs.",
            n=len(ranked.positions),
            seconds=f"{time.perf_counter() - began:.1f}",
            people=f"{ranked.people:,}",
            eligible=f"{ranked.eligible:,}",
        )
    )
    return redirect(url_for("fairs.fair", fair_code=shown.code), 303)
