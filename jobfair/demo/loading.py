"""Loads the demonstration through the verbs of the rooms; the edge gives the transactions."""

import string
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from jobfair.accounts.rules import OrganisationKind
from jobfair.accounts.services import OrganisationDraft, create_organisation
from jobfair.demo.exports import Labourer
from jobfair.demo.fair import DemoFair, Offer
from jobfair.employers.queries import PositionFilter, list_positions
from jobfair.employers.rules.drafts import EmployerStatus, PositionStatus
from jobfair.employers.services.employers import register_employer
from jobfair.employers.services.importing import post_positions
from jobfair.fairs.services import FairDraft, add_positions, open_fair, publish_fair
from jobfair.kit.events.rules import Recorder
from jobfair.placements.services.recording import record_placements
from jobfair.school.rules.drafts import StudentDraft
from jobfair.school.services.admission import admit_students
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.services.bulk import bulk_upsert
from jobfair.venues.services import ZoneDraft, add_zone, fill_booths, lay_out_booths

SOURCE = "demo"
_GATES = ("东门", "西门")
_IN_A_ROW = 10
# Large inserts that give ids back cost more than their share; people are recorded in blocks.
_BLOCK = 1_000


class NotLoaded(RuntimeError):
    """A row of the demonstration was refused: its data and the rules have grown apart."""


@dataclass(frozen=True, slots=True)
class LoadedEmployer:
    """An employer of the demonstration and the organisation its people sign in for."""

    employer_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class LoadedFair:
    """The fair as stored."""

    fair_id: int
    employers: tuple[LoadedEmployer, ...]
    positions: int


def load_fair(session: Session, fair: DemoFair) -> LoadedFair:
    """Set up the fair with its employers, each an organisation of its own, and its positions.

    Raises:
        NotLoaded: a position was refused.
    """
    opened = open_fair(
        session,
        FairDraft(
            code=fair.code,
            name=fair.name,
            name_en=fair.name_en,
            starts_on=fair.starts_on,
            ends_on=fair.ends_on,
            venue=fair.venue,
            division_code=fair.division_code,
            gates=_GATES,
            synthetic=True,
        ),
    )
    employers: list[LoadedEmployer] = []
    position_ids: list[int] = []
    for offer in fair.offers:
        employer, ids = _load_offer(session, offer)
        employers.append(employer)
        position_ids += ids
    added = add_positions(session, opened.id, position_ids)
    _arrange(session, opened.id, len(employers))
    publish_fair(session, opened.id)
    return LoadedFair(opened.id, tuple(employers), added)


def _arrange(session: Session, fair_id: int, employers: int) -> None:
    """Give every employer a booth: zones of two rows each, an aisle before each row."""
    each = 2 * _IN_A_ROW
    zones = [
        add_zone(session, fair_id, ZoneDraft(letter, ""))
        for letter in string.ascii_uppercase[: -(-employers // each)]
    ]
    counts = {zone: min(each, employers - n * each) for n, zone in enumerate(zones)}
    lay_out_booths(session, fair_id, counts, in_a_row=_IN_A_ROW)
    fill_booths(session, fair_id)


def _load_offer(session: Session, offer: Offer) -> tuple[LoadedEmployer, list[int]]:
    draft = OrganisationDraft(
        OrganisationKind.EMPLOYER, offer.employer.name, offer.employer.division_code
    )
    organisation_id = create_organisation(session, draft)
    employer = register_employer(
        session,
        offer.employer,
        organisation_id=organisation_id,
        status=EmployerStatus.VERIFIED,
    )
    post_positions(session, employer.id, offer.positions, source=SOURCE)
    opened = PositionFilter(employer_id=employer.id, status=PositionStatus.OPEN)
    ids = [position.id for position in list_positions(session, opened, limit=None)]
    if len(ids) != len(offer.positions):
        raise NotLoaded(f"{len(offer.positions) - len(ids)} positions of the demonstration")
    return LoadedEmployer(employer.id, organisation_id), ids


def load_seekers(
    session: Session, drafts: Sequence[SeekerDraft], *, registered_by: int | None
) -> list[int]:
    """Register people and return their ids in order.

    Raises:
        NotLoaded: somebody was refused.
    """
    outcomes = bulk_upsert(
        session, drafts, registered_by=registered_by, source=SOURCE, look_for_duplicates=False
    )
    ids = [outcome.seeker_id for outcome in outcomes if outcome.seeker_id is not None]
    if len(ids) != len(drafts):
        raise NotLoaded(f"{len(drafts) - len(ids)} people of the demonstration")
    return ids


def load_exports(
    session: Session, labourers: Sequence[Labourer], *, registered_by: int | None
) -> int:
    """Register the exported labourers and record their placements; return how many placements.

    Raises:
        NotLoaded: somebody, or some placement, was refused.
    """
    people = [labourer.person for labourer in labourers]
    ids = load_seekers(session, people, registered_by=registered_by)
    recorded = 0
    for start in range(0, len(ids), _BLOCK):
        drafts = [
            (seeker_id, placement)
            for seeker_id, labourer in zip(
                ids[start : start + _BLOCK], labourers[start : start + _BLOCK], strict=True
            )
            for placement in labourer.placements
        ]
        answers = record_placements(session, drafts, Recorder(office_id=registered_by))
        refused = [answer.refusal for answer in answers if answer.refusal]
        if refused:
            raise NotLoaded(f"{len(refused)} placements of the demonstration: {refused[0].code}")
        recorded += len(answers)
    return recorded


def load_students(session: Session, school_id: int, drafts: Sequence[StudentDraft]) -> int:
    """Admit the students of the intake; return how many.

    Raises:
        NotLoaded: somebody was refused.
    """
    answers = admit_students(session, school_id, drafts, Recorder(office_id=school_id))
    refused = [answer.refusal for answer in answers if answer.refusal]
    if refused:
        raise NotLoaded(f"{len(refused)} students of the demonstration: {refused[0].code}")
    return len(answers)
