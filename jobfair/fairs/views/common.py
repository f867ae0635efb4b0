"""What the pages of this room share: the blueprint, a fair by its code, words."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, may, who
from jobfair.fairs import queries
from jobfair.fairs.rules import HINDRANCE_LABELS, STATE_NAMES, FairState
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.regions import codes
from jobfair.regions import queries as regions

bp = Blueprint("fairs", __name__, url_prefix="/fairs")

Page = str | tuple[str, int] | Response
PAGE_SIZE = 50
_LOOKS = {FairState.COMING: "warn", FairState.RUNNING: "good", FairState.PAST: ""}


def found(fair_code: str) -> queries.FairRow:
    """Return a fair.

    Raises:
        NotFound: none has this code.
    """
    with db().reading() as session:
        fair = queries.find_fair(session, fair_code)
    if fair is None:
        raise NotFound
    return fair


def fair_of(session: Session, fair_id: int) -> queries.FairRow:
    """Return the fair that something belongs to.

    Raises:
        NotFound: there is none.
    """
    fair = queries.find_fair(session, str(fair_id))
    if fair is None:
        raise NotFound
    return fair


def managed(fair: queries.FairRow) -> queries.FairRow:
    """Return a fair that the caller may run: an office with a division only its own ones.

    Raises:
        NotFound: it is another office's.
    """
    who().scope(Permission.STATIONS_MANAGE).must_cover(division=fair.division_code)
    return fair


@bp.app_template_global()
def may_manage(fair: queries.FairRow) -> bool:
    """Return whether the caller runs a fair, for templates."""
    if not may(Permission.STATIONS_MANAGE):
        return False
    return who().scope(Permission.STATIONS_MANAGE).covers(division=fair.division_code)


def hindrance_words(hindrances: tuple[str, ...]) -> str:
    """Return in words why a position may not be booked."""
    return ", ".join(translate(HINDRANCE_LABELS[code]) for code in hindrances)


def industry_name(code: str | None) -> str:
    """Return an industry's name, a dash where it is not known."""
    return codes.industries().get(code or "", "–")


def group_name(group: str) -> str:
    """Return the name of a group of occupations by the first signs of its code."""
    return codes.occupation_name(f"{group}-00-00") or group


def yuan(low: int | None, high: int | None) -> str:
    """Return a monthly wage for reading; amounts in fen."""
    if low is None or high is None:
        return str(_("negotiable"))
    return f"{low // 100:,}" if low == high else f"{low // 100:,}–{high // 100:,}"


def head_of(session: Session, fair: queries.FairRow) -> dict[str, Any]:
    """Return what stands at the head of each page of a fair."""
    place = regions.names_of(session, {fair.division_code}).get(fair.division_code, "")
    return {
        "fair": fair,
        "place": place,
        "ranking": queries.newest_ranking(session, fair.id),
        "readiness": queries.readiness(session, fair.id),
    }


@bp.context_processor
def words() -> dict[str, object]:
    """Give templates the words about fairs."""
    today = clock.today()

    def state(fair: queries.FairRow) -> tuple[str, str]:
        standing = fair.state(today)
        return translate(STATE_NAMES[standing]), _LOOKS[standing]

    return {
        "fair_title": lambda fair: fair.title(language()),
        "fair_state": state,
        "hindrance_words": hindrance_words,
        "industry_name": industry_name,
        "fair_yuan": yuan,
        "beijing": beijing,
        "days_to": lambda day: (day - today).days,
    }
