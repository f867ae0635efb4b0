"""The page of a fair's offers: make one to who shows a card, note the answer, see what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.cards import queries as cards
from jobfair.employers.queries import (
    EmployerDetail,
    PositionRow,
    find_employer,
    find_position,
)
from jobfair.employers.rules.drafts import LABELS, Shift
from jobfair.employers.views.common import own_organisation, position_in_reach
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, fair_of, found
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_, in_each_language, translate
from jobfair.kit.ids import new_key
from jobfair.kit.web import db, language
from jobfair.offers import queries, services
from jobfair.offers.rules import RELEASE_NAMES, HoldState, Release
from jobfair.offers.views.common import PAGE_SIZE, bp
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers

_TABS = {
    HoldState.OFFERED: N_("Open offers"),
    HoldState.ACCEPTED: N_("Taken by acceptance"),
    HoldState.RELEASED: N_("Given back"),
}
# What may be said of an open offer, and of one that was accepted.
_ENDS = (Release.DECLINED, Release.NO_SHOW, Release.LEFT, Release.WITHDRAWN)


class UnknownCard(Invalid):
    """Nobody has this card, or it opens nothing any more."""

    code = "offer_to_unknown_card"
    message = N_("No card in force says this. Read it again, or let the desk issue a new card.")


class ChoosePosition(Invalid):
    """No position was chosen."""

    code = "offer_without_position"
    message = N_("Choose the position to offer.")


@dataclass(frozen=True, slots=True)
class Term:
    """One line of an agreement; an empty value is written in by hand."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed to make an offer; kept when it is refused."""

    key: str
    position_id: int | None = None
    card: str = ""
    fault: str = ""
    at: str = ""


@bp.route("/fairs/<fair_code>/offers", methods=["GET", "POST"])
@allow(Permission.OFFERS_MAKE)
def offers(fair_code: str) -> Page:
    """Show what is left of each position and who holds an offer; make one."""
    fair = found(fair_code)
    typed = Typed(new_key())
    if request.method == "POST":
        typed = _make(fair.id)
        if not typed.fault:
            return redirect(url_for("offers.offers", fair_code=fair.code), 303)
    state, now, own = _state(), clock.now(), own_organisation(Permission.OFFERS_MAKE)
    number, posts_number = (max(1, request.args.get(n, 1, type=int)) for n in ("page", "posts"))
    with db().reading() as session:
        narrowed = fairs.FairFilter(organisation_id=own)
        posts = fairs.list_fair_positions(session, fair.id, narrowed, sort="employer")
        left = queries.posts_left(session, fair.id, now)
        counts = queries.count_offers(session, fair.id, now, organisation_id=own)
        rows = queries.list_offers(
            session,
            fair.id,
            state,
            now,
            organisation_id=own,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
    page = render_template(
        "offers/offers.html",
        fair=fair,
        title=fair.title(language()),
        choices=[
            (employer, list(some))
            for employer, some in groupby(
                ((post, left[post.position_id].left) for post in posts),
                key=lambda pair: pair[0].employer,
            )
        ],
        posts=_fullest(posts, left)[(posts_number - 1) * PAGE_SIZE : posts_number * PAGE_SIZE],
        posts_total=len(posts),
        posts_number=posts_number,
        posts_url=lambda n: url_for("offers.offers", fair_code=fair.code, state=state, posts=n),
        rows=rows,
        state=state,
        tabs_of=[
            (f"{translate(name)} ({counts[one]:,})", one, one is state)
            for one, name in _TABS.items()
        ],
        typed=typed,
        ends=[(one, translate(RELEASE_NAMES[one])) for one in _ENDS],
        release_names=RELEASE_NAMES,
        number=number,
        size=PAGE_SIZE,
        total=counts[state],
        page_url=lambda n: url_for("offers.offers", fair_code=fair.code, state=state, page=n),
        beijing=beijing,
    )
    return page, 422 if typed.fault else 200


def _fullest(
    posts: Sequence[fairs.FairPositionRow], left: Mapping[int, queries.PostsLeft]
) -> list[tuple[fairs.FairPositionRow, queries.PostsLeft]]:
    """Return positions with what is left of each, those of which most is held first."""
    found = [(post, left[post.position_id]) for post in posts]
    return sorted(found, key=lambda pair: pair[1].left / pair[1].headcount)


def _state() -> HoldState:
    asked = request.args.get("state", "")
    return next((state for state in _TABS if state == asked), HoldState.OFFERED)


def _make(fair_id: int) -> Typed:
    """Make the offer of the form; give back what was typed with the fault, if there is one."""
    key, card = request.form.get("key", ""), request.form.get("card", "").strip()
    position_id = request.form.get("position", type=int)
    try:
        if position_id is None:
            raise ChoosePosition
        with db().reading() as session:
            position_in_reach(session, position_id, Permission.OFFERS_MAKE)
            holder = cards.look_up(session, card)
            if holder is None or not holder.opens:
                raise UnknownCard
            person = seekers.names_of(session, [holder.person_id])[holder.person_id]
        with db().writing() as session:
            made = services.offer(
                session, fair_id, position_id, holder.person_id, key=key, user_id=who().user_id
            )
    except Refusal as refusal:
        at = "position" if isinstance(refusal, (ChoosePosition, services.NoneLeft)) else "card"
        fault = translate(refusal.message, **refusal.params)
        again = new_key() if isinstance(refusal, services.KeyUnusable) else key
        return Typed(again, position_id, card, fault, at)
    if made.expires_at is not None:
        until = beijing(made.expires_at)
        flash(
            _(
                "Offered to %(person)s; to be answered by %(until)s.",
                person=person.name,
                until=until,
            )
        )
    return Typed(key)


def _held(session: Session, hold_key: str) -> fairs.FairRow:
    """Return the fair of an offer of the caller's.

    Raises:
        NotFound: there is no such offer, or it is another employer's.
    """
    hold = queries.find_hold(session, hold_key)
    if hold is None:
        raise NotFound
    position_in_reach(session, hold.position_id, Permission.OFFERS_MAKE)
    return fair_of(session, hold.fair_id)


@bp.route("/offers/<hold_key>/accept", methods=["POST"])
@allow(Permission.OFFERS_MAKE)
def accept(hold_key: str) -> Response:
    """Note that the person accepts."""
    with db().writing() as session:
        fair = _held(session, hold_key)
        services.accept(session, hold_key)
    flash(_("Accepted. The post is taken."))
    return redirect(url_for("offers.offers", fair_code=fair.code, state=HoldState.ACCEPTED), 303)


@bp.route("/offers/<hold_key>/agreement")
@allow(Permission.OFFERS_MAKE)
def agreement(hold_key: str) -> str:
    """Show the intention agreement of an accepted offer in both languages, to print and sign.

    The person stands there masked and writes name, number and telephone by hand: an employer's
    screen shows nobody in clear.

    Raises:
        NotFound: there is no such offer, it is another employer's, or it was not accepted.
    """
    with db().reading() as session:
        fair = _held(session, hold_key)
        hold = queries.find_hold(session, hold_key)
        post = find_position(session, hold.position_id) if hold else None
        employer = find_employer(session, post.employer_id) if post else None
        if (
            hold is None
            or post is None
            or employer is None
            or hold.seeker_id is None
            or hold.state is not HoldState.ACCEPTED
        ):
            raise NotFound
        person = seekers.names_of(session, [hold.seeker_id])[hold.seeker_id]
        place = regions.gazetteer(session).full_name(post.workplace_division or "")
    return render_template(
        "offers/agreement.html",
        fair=fair,
        number=f"{fair.code}-{hold.id}",
        rows=_terms(post, employer, person.name, post.workplace_text or place or ""),
        promise=_both(_PROMISE),
        binding=_both(_NOT_BINDING),
        signs=[_both(text) for text in _SIGNS],
        both=_both(_TITLE),
    )


_TITLE = N_("Agreement of intention to work")
_PROMISE = N_("The employer takes no fee, deposit or document from the person.")
_NOT_BINDING = N_(
    "This paper says what both sides intend. It is no labour contract; that is signed before the "
    "first day of work, with the terms named here."
)
_SIGNS = (N_("For the employer"), N_("The person"), N_("Noted by"), N_("Day"))


def _both(text: str) -> str:
    """Return a text in every language, the Chinese first."""
    return " / ".join(in_each_language(text).values())


def _terms(post: PositionRow, employer: EmployerDetail, person: str, place: str) -> list[Term]:
    """Return what both sides agree on, by name; what nobody said is left to be written in."""

    def said(*, yes: bool | None) -> str:
        return "" if yes is None else _both(N_("Yes") if yes else N_("No"))

    wage = f"{post.wage_low // 100:,}" if post.wage_low else ""
    if post.wage_high and post.wage_low and post.wage_high != post.wage_low:
        wage += f"–{post.wage_high // 100:,}"
    return [
        Term(_both(name), value)
        for name, value in (
            (N_("Employer"), employer.name),
            (N_("Unified social credit code"), employer.credit_code or ""),
            (N_("Person, last four of the ID number, telephone"), person),
            (N_("Position"), f"{post.title} {post.occupation_code or ''}"),
            (N_("Yuan a month, how made up, during probation"), wage),
            (N_("Hours a day, days a week, shifts"), _hours(post)),
            (N_("Lodging provided"), said(yes=post.lodging)),
            (N_("Meals provided"), said(yes=post.meals)),
            (N_("Social insurance"), said(yes=post.insurance)),
            (N_("Kind and length of the contract"), ""),
            (N_("Day and place to report, and how to get there"), place),
            (N_("People who go together"), ""),
            (N_("Holds until"), ""),
        )
    ]


def _hours(post: PositionRow) -> str:
    shift = _both(LABELS[Shift(post.shift)]) if post.shift else ""
    parts = (post.hours_per_day, post.days_per_week)
    return " · ".join([*(f"{one:g}" for one in parts if one), *filter(None, [shift])])


@bp.route("/offers/<hold_key>/release", methods=["POST"])
@allow(Permission.OFFERS_MAKE)
def release(hold_key: str) -> Response:
    """Give the post back, for the reason chosen."""
    reason = next((one for one in _ENDS if one == request.form.get("reason")), None)
    with db().writing() as session:
        fair = _held(session, hold_key)
        if reason is not None:
            services.release(session, hold_key, reason)
    if reason is None:
        flash(_("Choose why the post is given back."), "warning")
    else:
        flash(_("The post is free again."))
    return redirect(url_for("offers.offers", fair_code=fair.code), 303)
