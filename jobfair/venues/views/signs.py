"""Signs to print: an A4 sheet for each booth, an A5 or A6 card for each position, with QR codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from flask import render_template, request
from markupsafe import Markup

from jobfair.accounts.access import Permission, allow
from jobfair.employers.rules.drafts import PositionStatus
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import found
from jobfair.kit.lists import last_page
from jobfair.kit.qr import drawn
from jobfair.kit.web import db, public_url, settings
from jobfair.venues import queries
from jobfair.venues.views.common import bp

A_SHEET = {"a5": 2, "a6": 4}  # how many of a size an A4 sheet holds
_MOST_ON_SHEET = 26  # lines of positions that an A4 sign has room for
_PER_PART = 200  # a browser prints so many at a time without effort
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def qr(url: str) -> Markup:
    """Return an address's QR code as SVG without a size: the style sheet gives it one."""
    return drawn(segno.make_qr(url, error="q"))


@dataclass(frozen=True, slots=True)
class Sign:
    """A position to print, with the booth it is at."""

    post: fairs.FairPositionRow
    booth: queries.BoothRow | None


@bp.context_processor
def _words() -> dict[str, object]:
    """Give the signs their codes."""
    return {
        "position_qr": lambda n: qr(public_url("venues.position", position_id=n)),
        "booth_qr": lambda n: qr(public_url("venues.booth", booth_id=n)),
    }


def _posts(fair: fairs.FairRow) -> dict[int, list[fairs.FairPositionRow]]:
    """Return the open positions of a fair by employer, these by name."""
    found_posts: dict[int, list[fairs.FairPositionRow]] = {}
    with db().reading() as session:
        for post in fairs.list_fair_positions(session, fair.id, sort="employer"):
            if post.status == PositionStatus.OPEN:
                found_posts.setdefault(post.employer_id, []).append(post)
    return found_posts


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
        address=settings().address or request.host_url,
        only_here=urlsplit(settings().address or request.host_url).hostname in _ONLY_HERE,
        employers=[(some[0].employer, one) for one, some in posts.items()],
    )


@bp.route("/fairs/<fair_code>/signs/booths")
@allow(Permission.FAIRS_READ)
def booth_signs(fair_code: str) -> str:
    """Show a sign for each booth, one to an A4 sheet."""
    fair = found(fair_code)
    posts = _posts(fair)
    return render_template(
        "venues/booth_signs.html",
        fair=fair,
        most=_MOST_ON_SHEET,
        sheets=[(booth, posts.get(booth.employer_id or 0, [])) for booth in _booths(fair)],
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
    every = [
        Sign(post, booth)
        for one, booth in queries.in_booth_order(_booths(fair), posts)
        if wanted in {None, one}
        for post in posts[one]
    ]
    some = every[(part - 1) * _PER_PART : part * _PER_PART]
    each = A_SHEET[size]
    return render_template(
        "venues/position_signs.html",
        fair=fair,
        size=size,
        count=len(some),
        sheets=[some[n : n + each] for n in range(0, len(some), each)],
    )
