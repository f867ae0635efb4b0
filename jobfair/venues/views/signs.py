"""Signs to print: an A4 sheet for each booth, an A5 or A6 card for each position, with QR codes."""

from collections.abc import Sequence
from itertools import groupby

import segno
from flask import render_template, request, url_for
from markupsafe import Markup

from jobfair.accounts.access import Permission, allow
from jobfair.employers.rules.drafts import PositionStatus
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import found
from jobfair.kit.lists import last_page
from jobfair.kit.web import db
from jobfair.venues import queries
from jobfair.venues.views.common import bp

A_SHEET = {"a5": 2, "a6": 4}  # how many of a size an A4 sheet holds
_MOST_ON_SHEET = 26  # lines of positions that an A4 sign has room for
_PER_PART = 200  # a browser prints so many at a time without effort
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def qr(url: str) -> Markup:
    """Return an address's QR code as SVG without a size: the style sheet gives it one."""
    made = segno.make_qr(url, error="q")
    return Markup(made.svg_inline(omitsize=True))  # noqa: S704 - the library writes no text into it


@bp.context_processor
def _words() -> dict[str, object]:
    """Give the signs their codes."""
    return {
        "position_qr": lambda n: qr(url_for("venues.position", position_id=n, _external=True)),
        "booth_qr": lambda n: qr(url_for("venues.booth", booth_id=n, _external=True)),
    }


Posts = list[fairs.FairPositionRow]


def _posts(fair: fairs.FairRow) -> dict[int, Posts]:
    """Return the open positions of a fair by employer."""
    with db().reading() as session:
        every = fairs.list_fair_positions(session, fair.id, sort="employer")
    open_ones = sorted(
        (post for post in every if post.status == PositionStatus.OPEN),
        key=lambda post: post.employer_id,
    )
    return {one: list(some) for one, some in groupby(open_ones, lambda post: post.employer_id)}


def _booths(fair: fairs.FairRow) -> list[queries.BoothRow]:
    with db().reading() as session:
        return queries.list_booths(session, fair.id)


@bp.route("/fairs/<fair_code>/signs")
@allow(Permission.FAIRS_READ)
def signs(fair_code: str) -> str:
    """Say which signs there are, and what their codes open."""
    fair = found(fair_code)
    posts = _posts(fair)
    number = sum(map(len, posts.values()))
    return render_template(
        "venues/signs.html",
        fair=fair,
        booths=len(_booths(fair)),
        positions=number,
        parts=last_page(number, _PER_PART),
        per_part=_PER_PART,
        address=request.host_url,
        only_here=request.host.rsplit(":", 1)[0] in _ONLY_HERE,
        employers=sorted((some[0].employer, one) for one, some in posts.items()),
    )


@bp.route("/fairs/<fair_code>/signs/booths")
@allow(Permission.FAIRS_READ)
def booth_signs(fair_code: str) -> str:
    """Show a sign for each booth, one to an A4 sheet; the address may ask for one employer's."""
    fair = found(fair_code)
    posts = _posts(fair)
    wanted = request.args.get("employer", type=int)
    booths = [one for one in _booths(fair) if wanted in {None, one.employer_id}]
    return render_template(
        "venues/booth_signs.html",
        fair=fair,
        most=_MOST_ON_SHEET,
        sheets=[(booth, posts.get(booth.employer_id or 0, [])) for booth in booths],
    )


@bp.route("/fairs/<fair_code>/signs/positions")
@allow(Permission.FAIRS_READ)
def position_signs(fair_code: str) -> str:
    """Show a sign for each open position, two or four to an A4 sheet, in the order of booths."""
    fair = found(fair_code)
    size = request.args.get("size", "a6")
    size = size if size in A_SHEET else "a6"
    part = max(1, request.args.get("part", 1, type=int))
    wanted = request.args.get("employer", type=int)
    posts = _posts(fair)
    booth_of = {booth.employer_id: booth for booth in _booths(fair)}
    order = [one for one in booth_of if one in posts]
    order += sorted(
        (one for one in posts if one not in booth_of), key=lambda n: posts[n][0].employer
    )
    chosen = [
        (post, booth_of.get(one))
        for one in order
        if wanted in {None, one}
        for post in posts[one or 0]
    ]
    some = chosen[(part - 1) * _PER_PART : part * _PER_PART]
    return render_template(
        "venues/position_signs.html",
        fair=fair,
        size=size,
        count=len(some),
        sheets=_sheets(some, A_SHEET[size]),
    )


def _sheets(
    some: Sequence[tuple[fairs.FairPositionRow, queries.BoothRow | None]], each: int
) -> list[list[tuple[fairs.FairPositionRow, queries.BoothRow | None]]]:
    return [list(some[n : n + each]) for n in range(0, len(some), each)]
