"""The card of one person; finding a person by a card; cards of many, to print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.cards import queries, services
from jobfair.cards.forms import FindForm, RevokeForm
from jobfair.cards.rules import REASON_NAMES, RevokeReason, spoken
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.lists import last_page
from jobfair.kit.qr import drawn
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.regions.rules import Gazetteer
from jobfair.seekers.views.listing import asked_filter, kept_filter
from jobfair.seekers.views.room import find_in_reach

bp = Blueprint("cards", __name__, url_prefix="/seekers")

Page = str | tuple[str, int] | Response
PER_SHEET = 8
_PER_PART = 100 * PER_SHEET  # a browser prints a hundred sheets at a time without effort


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates their words."""
    return {
        "beijing": beijing,
        "spoken": spoken,
        "qr": qr,
        "reason_name": lambda code: translate(REASON_NAMES[RevokeReason(code)]),
    }


def _code(token: str) -> segno.QRCode:
    """Return a token's QR code.

    Version 2 at level Q: 25 by 25 modules, of which a quarter may be unreadable.
    """
    return segno.make_qr(token, version=2, error="q", mode="alphanumeric")


def qr(token: str) -> Markup:
    """Return a token's QR code as SVG without a size: the style sheet gives it one."""
    return drawn(_code(token))


def qr_picture(token: str) -> str:
    """Return the address of a token's QR code as a picture that needs no server."""
    return _code(token).svg_data_uri(scale=8)


@bp.route("/<int:seeker_id>/card")
@allow(Permission.SEEKERS_READ)
def card(seeker_id: int) -> str:
    """Show somebody's card and all the cards before it."""
    return _card_page(seeker_id, RevokeForm())


def _card_page(seeker_id: int, form: RevokeForm) -> str:
    form.prepare()
    with db().reading() as session:
        found = find_in_reach(session, seeker_id, Permission.SEEKERS_READ)
        row = queries.find_in_force(session, seeker_id)
        cards = queries.list_cards(session, seeker_id)
    return render_template(
        "cards/card.html",
        found=found,
        in_use=found.row.state not in {"withdrawn", "merged"},
        card=row,
        cards=cards,
        any_in_force=any(one.revoked_at is None for one in cards),
        form=form,
        phone_qr=_phone_qr(row.token) if row else "",
    )


def _phone_qr(token: str) -> Markup:
    """Return the QR code of the address that a person's own phone opens."""
    return drawn(segno.make_qr(url_for("my_day.day", token=token, _external=True), error="m"))


def _back(seeker_id: int) -> Response:
    return redirect(url_for("cards.card", seeker_id=seeker_id), 303)


@bp.route("/<int:seeker_id>/card/issue", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def issue(seeker_id: int) -> Response:
    """Give somebody a card; pressed twice, it is the same card."""
    with db().writing() as session:
        find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
        services.issue_card(session, seeker_id)
    return _back(seeker_id)


@bp.route("/<int:seeker_id>/card/revoke", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def revoke(seeker_id: int) -> Page:
    """Make somebody's card void at once; with ``reissue``, give a new one in the same step."""
    form = RevokeForm()
    form.prepare()
    if not form.validate_on_submit():
        return _card_page(seeker_id, form), 422
    again = "reissue" in request.form
    verb = services.reissue_card if again else services.revoke_card
    with db().writing() as session:
        find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE)
        verb(session, seeker_id, form.chosen())
    flash(
        _("The old card is void from now on; this is the new one.")
        if again
        else _("The card is void from now on.")
    )
    return _back(seeker_id)


def _cards_page(form: FindForm) -> str:
    wanted = asked_filter()
    with db().reading() as session:
        people, with_card = queries.count_people(session, wanted)
    return render_template(
        "cards/cards.html",
        form=form,
        kept=kept_filter(),
        people=people,
        with_card=with_card,
        parts=last_page(with_card, _PER_PART),
        per_part=_PER_PART,
    )


@bp.route("/cards")
@allow(Permission.SEEKERS_READ)
def cards() -> str:
    """Say how many people of a list have a card; find a person by a card."""
    return _cards_page(FindForm())


@bp.route("/cards/find", methods=["POST"])
@allow(Permission.SEEKERS_READ)
def find() -> Page:
    """Go to the person of a card that was read out, typed or scanned."""
    form = FindForm()
    if form.validate_on_submit():
        try:
            return _back(_person_of(form.text.data or ""))
        except Refusal as refusal:
            form.text.errors = [translate(refusal.message, **refusal.params)]
    return _cards_page(form), 422


def _person_of(text: str) -> int:
    """Return whom a card opens.

    Raises:
        Refusal: it opens nobody, with the reason; a card of another office's person is unknown.
    """
    with db().reading() as session:
        found = queries.look_up(session, text)
        if found is None:
            raise services.UnknownCard
        try:
            find_in_reach(session, found.person_id, Permission.SEEKERS_READ)
        except Refusal as refusal:
            raise services.UnknownCard from refusal
    if found.card.revoked_at is not None:
        reason = translate(REASON_NAMES[RevokeReason(found.card.revoked_reason or "")])
        raise services.CardRevoked(at=beijing(found.card.revoked_at), reason=reason)
    if not found.in_use:
        raise services.HolderNotInUse
    return found.person_id


@bp.route("/cards/issue", methods=["POST"])
@allow(Permission.SEEKERS_WRITE)
def issue_many() -> Response:
    """Give a card to everybody in a list who has none."""
    wanted = asked_filter()
    with db().writing() as session:
        lacking = queries.list_without_card(session, wanted)
        issued = services.issue_cards(session, lacking)
    flash(_("%(count)s cards issued.", count=f"{issued:,}"))
    return redirect(url_for("cards.cards", **kept_filter()), 303)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One A4 page of cards of one division, the finest that the homes are known by.

    Attributes:
        villages: the villages on it, in the order of the cards.
        number: which sheet of the division, from 1.
        of: how many sheets the division has here.
    """

    place: str
    villages: tuple[str, ...]
    number: int
    of: int
    cards: tuple[queries.PrintedCard, ...]


def _sheets(cards: Iterable[queries.PrintedCard], places: Gazetteer) -> Iterator[Sheet]:
    """Lay cards on sheets, each division's on its own: they are handed out place by place."""
    for division, of_division in groupby(cards, lambda one: one.home_division):
        place = places.full_name(division) or division
        every = list(of_division)
        sheets = last_page(len(every), PER_SHEET)
        for number in range(sheets):
            some = tuple(every[number * PER_SHEET : (number + 1) * PER_SHEET])
            villages = dict.fromkeys(one.village for one in some if one.village)
            yield Sheet(place, tuple(villages), number + 1, sheets, some)


@bp.route("/cards/print")
@allow(Permission.SEEKERS_UNMASK)
def print_cards() -> str:
    """Show a list's cards with full names, eight to an A4 sheet; that they were shown is kept.

    Printing a card is no check-in: it says nothing of where anybody is.
    """
    part = max(1, request.args.get("part", 1, type=int))
    with db().writing() as session:
        found = services.reveal_cards(
            session, asked_filter(), limit=_PER_PART, offset=(part - 1) * _PER_PART
        )
        places = regions.gazetteer(session)
    return render_template(
        "cards/print.html",
        sheets=list(_sheets(found, places)),
        count=len(found),
        kept=kept_filter(),
    )
