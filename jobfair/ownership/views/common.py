"""What the pages of this room share: the blueprint, its words, bringing hand-overs up to date."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, current_app
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, who
from jobfair.kit import background, clock
from jobfair.kit.background import Work
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import Words
from jobfair.kit.web import db
from jobfair.ownership import queries, services
from jobfair.ownership.rules import ENDED_NAMES, HOME, STANDING_NAMES, Owner, home_of
from jobfair.regions import queries as regions

bp = Blueprint("ownership", __name__)

# Seconds that a page waits for what has changed since last time.
_PATIENCE = 1.0
_SETTLING = "ownership"
EXPORT_ROWS = 200_000
TOWNSHIP = 9
_WORDS: Mapping[str, Mapping[str, str]] = {"standing": STANDING_NAMES, "ended": ENDED_NAMES}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words."""
    words = {subject: Words(names) for subject, names in _WORDS.items()}
    return {"words": words, "beijing": beijing, "reason_text": reason_text}


def reason_text(reason: str) -> str:
    """Return why something was declined or taken back, the system's own reasons in words."""
    return _reasons()[reason] if reason in ENDED_NAMES else reason


def _reasons() -> Words:
    return Words(ENDED_NAMES)


def settle_ownership() -> bool:
    """Offer and take back what has changed since last time; tell whether it still goes on."""
    with db().reading() as session:
        behind = queries.is_behind(session, clock.today())
    if not behind:
        return False
    database = db()

    def task(_work: Work) -> None:
        more = True
        while more:
            with database.writing() as session:
                more = services.catch_up(session)

    patience = current_app.config.get("IMPORT_PATIENCE", _PATIENCE)
    return not background.start(_SETTLING, _SETTLING, task).wait(patience)


@dataclass(frozen=True, slots=True)
class OwnerText:
    """An owner for reading; ``waiting`` names the station that has not answered an offer."""

    name: str
    station: bool
    waiting: str = ""


def owner_text(session: Session, owner: Owner, home_division: str) -> str:
    """Return the name of an owner: the station's, or the home township's."""
    if owner.station_id is not None:
        return queries.station_names(session).get(owner.station_id, "–")
    home = home_of(home_division)
    return regions.names_of(session, {home}).get(home, home)


def owner_of(seeker_id: int, home_division: str) -> OwnerText:
    """Return whose a person's record is now, for other rooms' pages."""
    settle_ownership()
    with db().reading() as session:
        owner = queries.owner_now(session, seeker_id, clock.today())
        waits = [
            row.station
            for row in queries.person_hand_overs(session, seeker_id)
            if row.standing == "offered"
        ]
        name = owner_text(session, owner, home_division)
    return OwnerText(name, owner != HOME, waits[0] if waits else "")


def hand_over_in_reach(
    session: Session, hand_over_id: int, permission: Permission
) -> queries.HandOverRow:
    """Return a hand-over.

    Raises:
        NotFound: none such, or of another office's person, or offered to another station.
    """
    found = queries.find_hand_over(session, hand_over_id)
    if found is None:
        raise NotFound
    scope = who().scope(permission)
    scope.must_cover(division=found.home_division, organisation_id=found.station_id)
    return found
