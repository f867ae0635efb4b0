"""What the pages of this room share: the blueprint, its words, and bringing things up to date."""

from collections.abc import Collection, Mapping

from flask import Blueprint, current_app

from jobfair.accounts.access import Permission, visitor
from jobfair.follow_ups.rules.outcomes import WAY_NAMES
from jobfair.fulfilment import services
from jobfair.fulfilment.queries import duties as queries
from jobfair.fulfilment.queries import promises
from jobfair.fulfilment.rules import mismatches
from jobfair.fulfilment.rules.duties import SAID_NAMES, TERM_ASKS, TERM_NAMES, WHY_NAMES, Kept
from jobfair.fulfilment.rules.promises import PROMISE_NAMES, PROMISE_RULES, YES_OR_NO, Promise
from jobfair.kit import background, clock
from jobfair.kit.background import Work
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.events.rules import PRECISION_NAMES, day_text
from jobfair.kit.i18n import N_, Words, translate
from jobfair.kit.web import db
from jobfair.placements.rules.words import ANY_REASON_NAMES, GRADE_NAMES, KIND_NAMES

bp = Blueprint("fulfilment", __name__, url_prefix="/fulfilment")

EXPORT_ROWS = 50_000
SHOW_NAMES: Mapping[str, str] = {
    "overdue": N_("Overdue"),
    "now": N_("To be answered now"),
    "later": N_("Not yet asked"),
    "done": N_("Reported"),
    "excused": N_("Excused"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "term": TERM_NAMES,
    "asks": TERM_ASKS,
    "said": SAID_NAMES,
    "why": WHY_NAMES,
    "show": SHOW_NAMES,
    "way": WAY_NAMES,
    "promise": PROMISE_NAMES,
    "rule": PROMISE_RULES,
    "differs": mismatches.KIND_NAMES,
    "kind": KIND_NAMES,
    "grade": GRADE_NAMES,
    "precision": PRECISION_NAMES,
    "reason": ANY_REASON_NAMES,
    "state": mismatches.STATE_NAMES,
    "how": mismatches.SETTLING_NAMES,
}
# Seconds that a page waits for what has changed since last time.
_PATIENCE = 1.0
_CATCHING_UP = "fulfilment"
_FEN = frozenset({Promise.PAY, Promise.FEES})


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how figures read."""
    words = {subject: Words(names) for subject, names in _WORDS.items()}
    return {
        "words": words,
        "yuan": yuan,
        "beijing": beijing,
        "day_text": day_text,
        "amount": amount,
        "percent": percent,
        "shown_as": shown_as,
        "yes_or_no": YES_OR_NO,
    }


def percent(share: float | None) -> str:
    """Return a share for reading."""
    return "–" if share is None else f"{share * 100:.0f} %"


def amount(promise: str, value: float) -> str:
    """Return what was posted or found, for reading."""
    if promise in _FEN:
        return f"{value / 100:,.0f}"
    if promise in YES_OR_NO:
        return translate(N_("yes")) if value >= 1 else translate(N_("no"))
    return f"{value:.1f}".removesuffix(".0")


def shown_as(row: queries.DutyRow) -> str:
    """Return in which part of a list a duty stands."""
    today = clock.today()
    if row.overdue(today):
        return "overdue"
    if row.state == "open":
        return "now" if row.opened(today) else "later"
    return row.state


def bring_up_to_date() -> None:
    """Make what has changed since last time; what takes long goes on behind the page."""
    with db().reading() as session:
        behind = queries.is_behind(session, clock.today())
    if behind:
        _catch_up()


def _catch_up() -> None:
    database = db()

    def task(_work: Work) -> None:
        with database.writing() as session:
            services.catch_up(session)

    patience = current_app.config.get("IMPORT_PATIENCE", _PATIENCE)
    background.start(_CATCHING_UP, _CATCHING_UP, task).wait(patience)


def records_of_employers(employer_ids: Collection[int]) -> dict[int, Kept]:
    """Return how exhibitors did what they owed after earlier fairs, for who may see it.

    For the pages on which somebody decides who takes part.
    """
    actor = visitor()
    if actor is None or not actor.may(Permission.FULFILMENT_READ) or not employer_ids:
        return {}
    today = clock.today()
    with db().reading() as session:
        made_on = queries.swept_on(session)
    if made_on != today:  # once a day: on a fair's day these pages are opened all the time
        _catch_up()
    with db().reading() as session:
        return queries.kept_by(session, employer_ids, today)


def promises_in_short(employer_id: int) -> str:
    """Return what people who went to an employer before say of its promises; empty where few did.

    For the pages on which a position is explained to a seeker; nobody need sign in.
    """
    with db().reading() as session:
        found = promises.standing_of(session, employer_id)
    if found is None:
        return ""
    text = N_("%(n)s people who went there were asked: %(share)s of the promises were kept.")
    return translate(text, n=found.people, share=percent(found.share))
