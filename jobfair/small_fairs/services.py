"""The verb of small fairs: everything that a fair needs, by one form."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy.orm import Session

from jobfair.employers import places
from jobfair.employers import queries as employers
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    PayType,
    PositionDraft,
    PositionStatus,
)
from jobfair.employers.rules.identity import tidy_code
from jobfair.employers.services import post_position, register_employer, verify_employer
from jobfair.fairs.queries import find_fair
from jobfair.fairs.services import FairDraft, add_positions, confirm_positions, open_fair
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.small_fairs.rules import SmallBoothDraft, SmallFairDraft, code_for
from jobfair.stations.rules import LONGEST_NAME, Job
from jobfair.stations.services import add_station
from jobfair.venues.queries import list_booths
from jobfair.venues.services import ZoneDraft, add_zone, fill_booths, lay_out_booths

_ZONE = "A"
_IN_A_ROW = 5


class EmployerNotKnown(Invalid):
    """Nobody is called that, and no credit code says who it is."""

    code = "small_fair_employer_not_known"
    message = N_("This employer is not known yet. Type its credit code, too.")


class EmployerRefused(Refusal):
    """The office refused the employer before."""

    code = "small_fair_employer_refused"
    message = N_("This employer was refused. Open its page and verify it first.")


class SeveralOfThisName(Invalid):
    """Several employers are called that."""

    code = "small_fair_several_of_this_name"
    message = N_("Several employers are called that. Type the credit code of the one meant.")


class BoothRefused(Refusal):
    """A booth cannot be set up, so the fair is not.

    Attributes:
        place: which booth, from 0.
        reason: why.
    """

    code = "small_fair_booth_refused"

    def __init__(self, place: int, reason: Refusal) -> None:
        super().__init__()
        self.place, self.reason = place, reason


def set_up_small_fair(session: Session, draft: SmallFairDraft, *, user_id: int | None) -> str:
    """Set up a fair of a day with booths, confirmed exhibitors and stations; return its code.

    The entrance is a desk: it checks people in and registers those who come without a card. Who
    sets the fair up answers for the employers: one that is new is verified by its credit code.

    Raises:
        BoothRefused: an employer or its position cannot take part.
    """
    positions: dict[int, int] = {}
    for place, booth in enumerate(draft.booths):
        try:
            position_id = _position(session, booth, draft.division_code, user_id)
        except Refusal as refusal:
            raise BoothRefused(place, refusal) from refusal
        positions[position_id] = positions.get(position_id, 0) + booth.headcount
    fair = open_fair(
        session,
        FairDraft(
            code=_free_code(session, draft),
            name=draft.name,
            name_en="",
            starts_on=draft.day,
            ends_on=draft.day,
            venue=draft.venue,
            division_code=draft.division_code,
            gates=(draft.entrance,),
        ),
    )
    add_positions(session, fair.id, list(positions))
    confirm_positions(session, fair.id, positions, user_id=user_id)
    add_station(session, fair.id, draft.entrance, Job.DESK, user_id=user_id)
    for name, employer_id in _booths(session, fair.id, len(draft.booths)):
        add_station(session, fair.id, name, Job.BOOTH, employer_id=employer_id, user_id=user_id)
    return fair.code


def _free_code(session: Session, draft: SmallFairDraft) -> str:
    codes = (code_for(draft.division_code, draft.day, number) for number in count(1))
    return next(code for code in codes if find_fair(session, code) is None)


def _booths(session: Session, fair_id: int, most: int) -> Iterator[tuple[str, int]]:
    """Give every employer a booth; give what its station is called, and the employer."""
    zone_id = add_zone(session, fair_id, ZoneDraft(_ZONE, ""))
    lay_out_booths(session, fair_id, {zone_id: most}, in_a_row=_IN_A_ROW)
    fill_booths(session, fair_id)
    for booth in list_booths(session, fair_id):
        if booth.employer_id is not None:
            yield f"{booth.number} {booth.employer}"[:LONGEST_NAME], booth.employer_id


def _position(
    session: Session, booth: SmallBoothDraft, division_code: str, user_id: int | None
) -> int:
    """Return the position a booth offers: an open one of this title, else a new one."""
    employer = _employer(session, booth, division_code, user_id)
    opened = employers.PositionFilter(employer_id=employer.id, status=PositionStatus.OPEN)
    for row in employers.list_positions(session, opened, limit=None):
        if row.title == booth.title:
            return row.id
    workplace = employer.division_code or division_code
    draft = PositionDraft(
        title=booth.title,
        headcount=booth.headcount,
        wage=booth.wage,
        pay_type=PayType.MONTHLY if booth.wage else PayType.NEGOTIABLE,
        workplace_division=workplace,
        workplace_text=places.name_of(session, workplace),
    )
    return post_position(
        session,
        employer.id,
        places.with_occupation(session, draft),
        created_by=user_id,
        minimum=places.minimum_wage,
    ).id


def _employer(
    session: Session, booth: SmallBoothDraft, division_code: str, user_id: int | None
) -> employers.EmployerDetail:
    """Return the employer a booth is for, verified.

    Raises:
        EmployerNotKnown, SeveralOfThisName: it takes a credit code to know who is meant.
        EmployerRefused: the office refused it.
        BadCreditCode: the code does not check out.
    """
    found = _known(session, booth)
    if found is None:
        if not booth.credit_code:
            raise EmployerNotKnown
        made = EmployerDraft(booth.employer, booth.credit_code, division_code=division_code)
        employer_id = register_employer(session, made, status=EmployerStatus.UNVERIFIED).id
        verify_employer(session, employer_id, user_id=user_id)
    else:
        employer_id = found.id
        if found.status == EmployerStatus.REFUSED:
            raise EmployerRefused
        if found.status != EmployerStatus.VERIFIED:
            verify_employer(session, employer_id, user_id=user_id)
    return employers.details_of(session, [employer_id])[employer_id]


def _known(session: Session, booth: SmallBoothDraft) -> employers.EmployerDetail | None:
    if booth.credit_code:
        return employers.find_employer_by_code(session, tidy_code(booth.credit_code))
    ids = employers.same_name_employers(session, booth.employer)
    if len(ids) > 1:
        raise SeveralOfThisName
    return employers.find_employer(session, ids[0]) if ids else None
