"""A sample record for every parameter that stands in a URL: one's own, another's, a missing one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.accounts import services as accounts
from jobfair.accounts.rules import OrganisationKind, Reach, Role
from jobfair.allocations.rules import EditKind
from jobfair.allocations.services import keep_plan, set_by_hand
from jobfair.cards.queries import find_in_force
from jobfair.cards.services import issue_card
from jobfair.duties.services import add_duty
from jobfair.employers.rules.drafts import EmployerDraft, MonthlyWage, PositionDraft
from jobfair.employers.services import post_position, register_employer
from jobfair.evidence.queries import Of
from jobfair.evidence.services import Owner, keep_file
from jobfair.fairs.models import FairPosition
from jobfair.fairs.services import FairDraft, add_positions, open_fair, publish_fair
from jobfair.findings.queries import FindingFilter, list_findings
from jobfair.findings.rules import Code
from jobfair.findings.services import look
from jobfair.follow_ups.models import Recall, RecallSample, RightsCase
from jobfair.follow_ups.rules.drafts import FollowUpDraft
from jobfair.follow_ups.rules.outcomes import Outcome, Problem, Way
from jobfair.follow_ups.services import record_follow_up
from jobfair.fulfilment.models import EmployerDuty, WordMismatch
from jobfair.fulfilment.services import catch_up
from jobfair.grants.models import GrantPayment
from jobfair.hall.services import announce
from jobfair.interviews.rules import read_facts as read_booth_facts
from jobfair.interviews.services import take_in as take_in_booth
from jobfair.kit import audit, clock
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.ids import new_key
from jobfair.matching.core.weights import STANDARD
from jobfair.matching.plans import FairOrder, FairPlan
from jobfair.notices import rules as notices
from jobfair.notices.queries import find_notice
from jobfair.notices.rules import LineDraft, NoticeDraft, NoticeKind
from jobfair.notices.services import make_objection, publish
from jobfair.occupations.queries import list_aliases, occupations
from jobfair.occupations.rules import AliasStatus
from jobfair.occupations.services import propose_alias
from jobfair.offers.services import offer
from jobfair.ownership.queries import find_hand_over
from jobfair.ownership.services import accept as accept_hand_overs
from jobfair.ownership.services import offer as offer_hand_over
from jobfair.paper.services import issue_slips
from jobfair.placements.models import Placement, PlacementClaim, PlacementEvent
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, record_placement
from jobfair.regions.queries import gazetteer
from jobfair.reports.queries import INTAKE
from jobfair.school.models import StudentEventRecord
from jobfair.school.rules.drafts import StudentDraft
from jobfair.school.services import admit_students
from jobfair.seekers.models import NearDuplicate
from jobfair.seekers.rules.drafts import SeekerDraft, Wish
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.services import bulk_upsert, merge_seekers
from jobfair.seekers.services.importing import places_of
from jobfair.stations.models import Station
from jobfair.stations.queries import find_device
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from jobfair.subsidies.models import SubsidyClaim, SubsidyRun
from jobfair.subsidies.services.terms import add_version
from jobfair.tallies.queries import list_entries
from jobfair.tallies.rules import Service
from jobfair.tallies.services import TallyDraft, count_more
from jobfair.venues.queries import list_booths
from jobfair.venues.services import ZoneDraft, add_zone, lay_out_booths
from jobfair.walk_ins.rules import WalkInFact
from jobfair.walk_ins.services import take_in
from tests.accounts.factory import kind_for, make_organisation, make_user
from tests.agents.factory import make_agent
from tests.departures.factory import make_batch
from tests.employers.factory import make_employer, make_position
from tests.grants.factory import pay
from tests.ledgers.factory import make_import, make_overlap
from tests.permissions import OTHER_DIVISION, OWN_DIVISION, Sample, World
from tests.planted import Person, person
from tests.subsidies.factory import TRAVEL

BY_ORGANISATION = frozenset({Reach.ORGANISATION})
BY_DIVISION = frozenset({Reach.DIVISION})
_SUBJECTS = count(1_000_000)  # of no claim that is on record
_NUMBERS = count(1)


def _someone(division: str) -> Person:
    n = next(_NUMBERS)
    born = date(1975, 1, 1) + timedelta(days=n % 9000)
    return person(n % 200, division=division, born=born)


def _seeker_draft(found: Person, division: str) -> SeekerDraft:
    return SeekerDraft(
        name=found.name,
        id_number=IdNumber.parse(found.id_number, today=clock.today()),
        home_division=f"{division}001",
        phone=found.phone,
        wishes=(Wish("普工"),),
        consent_version="form-1",
    )


def _seekers(session: Session, drafts: list[SeekerDraft]) -> list[int]:
    outcomes = bulk_upsert(session, drafts, registered_by=None)
    ids = [outcome.seeker_id for outcome in outcomes]
    assert None not in ids, [outcome.reason for outcome in outcomes]
    return [seeker_id for seeker_id in ids if seeker_id is not None]


def _new_seeker(world: World, division: str) -> int:
    with world.database.writing() as session:
        return _seekers(session, [_seeker_draft(_someone(division), division)])[0]


def _new_card(world: World) -> str:
    """Issue a card and return its token."""
    seeker_id = _new_seeker(world, OWN_DIVISION)
    with world.database.writing() as session:
        issue_card(session, seeker_id)
        card = find_in_force(session, seeker_id)
        assert card
        return card.token


def _new_pair(session: Session, division: str) -> tuple[int, int]:
    """Add two records that look like one person: same name and birth date, other sequence."""
    first = _someone(division)
    twin = person(
        next(n for n in range(200, 400) if person(n).name == first.name),
        division=division,
        born=first.born,
    )
    draft = _seeker_draft(first, division)
    other = replace(_seeker_draft(twin, division), phone=first.phone)
    [a, b] = _seekers(session, [draft, other])
    return a, b


def _new_duplicate(world: World, division: str) -> int:
    with world.database.writing() as session:
        a, b = sorted(_new_pair(session, division))
        pair = (NearDuplicate.a_id == a) & (NearDuplicate.b_id == b)
        return session.execute(select(NearDuplicate.id).where(pair)).scalar_one()


def _new_merge(world: World, division: str) -> int:
    with world.database.writing() as session:
        kept, merged = _new_pair(session, division)
        return merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)


def _new_finding(world: World, division: str) -> int:
    """Return the finding that an employer denies somebody whom we have on post."""
    placement = _new_placement(world, division)
    word = Fact(EventKind.EMPLOYER_CONFIRMED, clock.today(), grade=Grade.B, reason="not_here")
    with world.database.writing() as session:
        append_event(session, placement, word, Recorder())
        look(session)
        found = list_findings(session, FindingFilter(code=Code.DENIED), limit=1_000)
    return next(row.id for row in found if row.subject_id == placement)


def _new_school_finding(world: World, school_id: int) -> int:
    """Return the finding that a student of the school was paid too much."""
    payment = _new_payment(world, school_id, 900_000)
    with world.database.writing() as session:
        look(session)
        student = session.get_one(GrantPayment, payment).student_id
        wanted = FindingFilter(code=Code.GRANT_BEYOND, organisation_id=school_id)
        found = list_findings(session, wanted, limit=1_000)
    return next(row.id for row in found if row.subject_id == student)


def _finding(world: World) -> Sample:
    school = world.organisations[OrganisationKind.SCHOOL]
    return Sample(
        own=lambda role: (
            _new_school_finding(world, school)
            if role is Role.REGISTRAR
            else _new_finding(world, OWN_DIVISION)
        ),
        other=_new_finding(world, OTHER_DIVISION),
        limits=BY_DIVISION | BY_ORGANISATION,
    )


def _new_payment(world: World, school_id: int, fen: int = 75_000) -> int:
    return pay(world.database, _new_student(world, school_id), fen)


def _payment(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_payment(world, world.organisations[OrganisationKind.SCHOOL]),
        other=_new_payment(world, world.others[OrganisationKind.SCHOOL]),
        limits=BY_ORGANISATION,
    )


def _new_agent(world: World, division: str) -> int:
    return make_agent(world.database, f"劳务{next(_NUMBERS)}", division=division)


def _new_placement(world: World, division: str) -> int:
    draft = PlacementDraft(
        "某电子厂", channel=Channel.ORGANISED, started_on=clock.today(), workplace_division="440306"
    )
    seeker_id = _new_seeker(world, division)
    with world.database.writing() as session:
        return record_placement(session, seeker_id, draft, Recorder())


def _new_departure(world: World, division: str) -> int:
    return make_batch(world.database, division=division)


def _new_event(world: World, division: str) -> int:
    placement_id = _new_placement(world, division)
    with world.database.reading() as session:
        of_placement = PlacementEvent.placement_id == placement_id
        last = select(PlacementEvent.id).where(of_placement).order_by(PlacementEvent.id.desc())
        return session.execute(last.limit(1)).scalar_one()


def _new_alias(world: World) -> int:
    title = f"捉蝉师傅{chr(0x4E00 + next(_NUMBERS))}"
    with world.database.writing() as session:
        # What others have accepted may draw this title: propose what it does not lead to.
        known = occupations(session).code_of(title)
        code = next(one for one in ("5-03-02-01", "6-18-02-04") if one != known)
        propose_alias(session, title, code, before=None, user_id=None)
    with world.database.reading() as session:
        return list_aliases(session, AliasStatus.PROPOSED)[0].id


def _by_division(make: Callable[[World, str], object]) -> Callable[[World], Sample]:
    def sample(world: World) -> Sample:
        return Sample(
            own=lambda _role: make(world, OWN_DIVISION),
            other=make(world, OTHER_DIVISION),
            limits=BY_DIVISION,
        )

    return sample


def _new_employer(world: World, organisation_id: int | None) -> int:
    draft = EmployerDraft(name=f"第{next(_NUMBERS)}电子厂", division_code="440306")
    with world.database.writing() as session:
        return register_employer(session, draft, organisation_id=organisation_id).id


def _new_position(world: World, employer_id: int) -> int:
    draft = PositionDraft(
        title=f"普工{next(_NUMBERS)}",
        headcount=3,
        wage=MonthlyWage.from_yuan(1800, 2600),
        pay_type="monthly",
        workplace_division="440306",
    )
    with world.database.writing() as session:
        return post_position(session, employer_id, draft).id


def _own_employer(world: World) -> int:
    """Return the one employer of the walkers' organisation."""
    if world.own_employer is None:
        organisation_id = world.organisations[OrganisationKind.EMPLOYER]
        world.own_employer = _new_employer(world, organisation_id)
    return world.own_employer


def _other_employer(world: World) -> int:
    if world.other_employer is None:
        organisation_id = world.others[OrganisationKind.EMPLOYER]
        world.other_employer = _new_employer(world, organisation_id)
    return world.other_employer


def _employer(world: World) -> Sample:
    def own(role: Role) -> int:
        return _own_employer(world) if role is Role.RECRUITER else _new_employer(world, None)

    return Sample(own=own, other=_other_employer(world), limits=BY_ORGANISATION)


def _position(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_position(world, _own_employer(world)),
        other=_new_position(world, _other_employer(world)),
        limits=BY_ORGANISATION,
    )


def _new_student(world: World, school_id: int, division: str = OWN_DIVISION) -> int:
    found = _someone(division)
    draft = StudentDraft(
        name=found.name,
        id_number=IdNumber.parse(found.id_number, today=clock.today()),
        home_division=division,
        intake_year=2010,
        applied_on=date(2010, 7, 1),
        enrolled_on=date(2010, 9, 1),
        major="电子技术应用",
        education="71",
    )
    with world.database.writing() as session:
        [admitted] = admit_students(session, school_id, [draft], Recorder())
    assert admitted.student_id is not None, admitted
    return admitted.student_id


def _student(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_student(world, world.organisations[OrganisationKind.SCHOOL]),
        other=_new_student(world, world.others[OrganisationKind.SCHOOL]),
        limits=BY_ORGANISATION,
    )


def _new_student_event(world: World, school_id: int) -> int:
    of_student = StudentEventRecord.student_id == _new_student(world, school_id)
    last = select(StudentEventRecord.id).where(of_student).order_by(StudentEventRecord.id.desc())
    with world.database.reading() as session:
        return session.execute(last.limit(1)).scalar_one()


def _student_event(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_student_event(world, world.organisations[OrganisationKind.SCHOOL]),
        other=_new_student_event(world, world.others[OrganisationKind.SCHOOL]),
        limits=BY_ORGANISATION,
    )


def _report(world: World) -> Sample:
    for division in (OWN_DIVISION, OTHER_DIVISION):  # so that there is something to count
        _new_student(world, world.organisations[OrganisationKind.SCHOOL], division)
        _new_placement(world, division)
    return Sample(own=lambda _role: INTAKE, other=None, missing="no-such-report")


def _fair_draft(division: str = "5205") -> FairDraft:
    return FairDraft(
        code=f"fair-{next(_NUMBERS)}",
        name="春风行动招聘会",
        name_en="Spring fair",
        starts_on=date(2010, 3, 6),
        ends_on=date(2010, 3, 7),
        venue="毕节",
        division_code=division,
    )


def _managed_fair(world: World) -> Sample:
    def opened(division: str) -> str:
        with world.database.writing() as session:
            return open_fair(session, _fair_draft(division)).code

    return Sample(
        own=lambda _role: opened(OWN_DIVISION),
        other=opened(OTHER_DIVISION),
        limits=BY_DIVISION,
        missing="no-such-fair",
    )


def _fair(world: World) -> Sample:
    def own(_role: Role) -> str:
        with world.database.writing() as session:
            return open_fair(session, _fair_draft()).code

    return Sample(own=own, other=None, missing="no-such-fair")


def _new_plan(world: World) -> int:
    draft = _fair_draft()
    order = FairOrder({}, draft.starts_on, "stable")
    plan = FairPlan(STANDARD.label, (), (), (), 0, 0, 0.0, 0, 0, 0, "")
    with world.database.writing() as session:
        fair_id = open_fair(session, draft).id
        return keep_plan(session, fair_id, order, plan, user_id=None)


def _new_edit(world: World, division: str) -> int:
    seeker_id = _new_seeker(world, division)
    employer_id = make_employer(world.database)
    position_id = make_position(world.database, employer_id)
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        add_positions(session, fair_id, [position_id])
        return set_by_hand(
            session,
            fair_id,
            EditKind.BARRED,
            seeker_id=seeker_id,
            position_id=position_id,
            user_id=None,
        )


def _new_station(world: World, division: str) -> int:
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft(division)).id
        return add_station(session, fair_id, "A", Job.GATE)


def _new_walk_in(world: World) -> str:
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        station = add_station(session, fair_id, "Desk 1", Job.DESK)
        found = find_device(session, pair(session, offer_pairing(session, station)).secret)
        assert found
        fact = WalkInFact(new_key(), bytes(16), clock.now(), b"")
        take_in(session, found, [fact], places_of(gazetteer(session), occupations(session)))
        return fact.id


def _new_announcement(world: World, division: str) -> int:
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft(division)).id
        return announce(session, fair_id, "请到A区", "Please come to zone A", user_id=None)


def _new_claim(world: World, division: str) -> str:
    employer_id = make_employer(world.database)
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft(division)).id
        station = Station(
            fair_id=fair_id, name="A", job=Job.BOOTH, employer_id=employer_id, added_at=clock.now()
        )
        session.add(station)
        session.flush()
        found = find_device(session, pair(session, offer_pairing(session, station.id)).secret)
        assert found
        fact = read_booth_facts(
            [
                {
                    "id": new_key(),
                    "seq": 1,
                    "kind": "offer",
                    "card": "00" * 16,  # nobody's
                    "position": 1,
                    "at": 0,
                }
            ]
        )[0]
        take_in_booth(session, found, fact)
        return fact.id


def _new_rule(world: World) -> int:
    today = clock.today()
    terms = replace(
        TRAVEL,
        code=f"terms-{new_key()[-12:]}",
        jurisdiction="52",
        year=today.year,
        opens_on=today.replace(month=1, day=1),
        closes_on=today.replace(month=12, day=31),
    )
    with world.database.writing() as session:
        return add_version(session, terms, user_id=None)


def _keep(world: World, of: Of, owner_id: int) -> int:
    """Keep a document with an entry or a claim."""
    with world.database.writing() as session:
        query = {
            Of.EVENT: select(PlacementEvent.seeker_id).where(PlacementEvent.id == owner_id),
            Of.CLAIM: select(SubsidyClaim.seeker_id).where(SubsidyClaim.id == owner_id),
        }[of]
        owner = Owner(of, owner_id, session.execute(query).scalar_one())
        return keep_file(session, owner, b"%PDF-1.4 %%EOF", Recorder(), most_mb=1)


def _new_event_file(world: World, division: str) -> int:
    return _keep(world, Of.EVENT, _new_event(world, division))


def _new_claim_file(world: World, division: str) -> int:
    return _keep(world, Of.CLAIM, _new_claim_of_subsidy(world, division))


def _new_placement_claim(world: World, division: str, office: int) -> int:
    """Let an office's list name somebody whom another office placed."""
    placement = _new_placement(world, division)
    with world.database.writing() as session:
        row = PlacementClaim(
            placement_id=placement,
            seeker_id=session.get_one(Placement, placement).seeker_id,
            office_id=office,
            employer_name="某电子厂",
            started_on=clock.today(),
            grade=Grade.D,
            recorded_at=clock.now(),
            withdrawn_why="",
        )
        session.add(row)
        session.flush()
        audit.record(session, "test.claim", subject="placement", subject_id=placement)
        return row.id


def _placement_claim(world: World) -> Sample:
    office = OrganisationKind.LABOUR_OFFICE
    return Sample(
        own=lambda role: _new_placement_claim(world, OWN_DIVISION, world.organisation_of(role)),
        other=_new_placement_claim(world, OTHER_DIVISION, world.others[office]),
        limits=BY_DIVISION,
    )


def _new_claim_of_subsidy(world: World, division: str) -> int:
    rule_id = _new_rule(world)
    with world.database.writing() as session:
        claim = SubsidyClaim(
            key=new_key(),
            rule_id=rule_id,
            seeker_id=_seekers(session, [_seeker_draft(_someone(division), division)])[0],
            home_division=division,
            family="travel",
            period=clock.today().year,
            state="entitled",
            since=clock.today(),
            amount_fen=50_000,
            documents=[],
            evidence="",
            bank="",
        )
        session.add(claim)
        session.flush()
        audit.record(session, "test.claim", subject="claim", subject_id=claim.id)
        return claim.id


def _new_run(world: World, division: str) -> int:
    rule_id = _new_rule(world)
    with world.database.writing() as session:
        run = SubsidyRun(
            rule_id=rule_id,
            division=division,
            claims=1,
            total_fen=50_000,
            made_at=clock.now(),
        )
        session.add(run)
        session.flush()
        audit.record(session, "test.run", subject="subsidy_run", subject_id=run.id)
        return run.id


def _new_notice(world: World, division: str) -> int:
    publisher = make_user(world.database, Role.CLERK, world.organisation_of(Role.CLERK)).id
    line = LineDraft(next(_SUBJECTS), {"name": "张*", "amount": "500"}, ("张三", "0012"), ())
    draft = NoticeDraft(NoticeKind.SUBSIDY, "交通补贴公示", division, 10, [line])
    with world.database.writing() as session:
        return publish(session, draft, user_id=publisher)


def _new_public_notice(world: World) -> str:
    notice_id = _new_notice(world, OWN_DIVISION)
    with world.database.reading() as session:
        found = find_notice(session, notice_id)
    assert found
    return found.key


def _new_objection(world: World, division: str) -> int:
    notice_id = _new_notice(world, division)
    with world.database.writing() as session:
        return make_objection(session, notice_id, 1, "不属实", way=notices.Way.PAPER)


def _new_duty(world: World) -> int:
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        return add_duty(session, fair_id, "租桌椅", date(2010, 3, 1))


def _new_tally(world: World) -> int:
    day = date(2010, 3, 6)
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        draft = TallyDraft(new_key(), Service.LEAFLETS, "", 10, day, "Gate B")
        count_more(session, fair_id, draft, user_id=None)
        return list_entries(session, fair_id)[0].id


def _new_batch(world: World) -> int:
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        return issue_slips(session, fair_id, 4, user_id=None)


def _new_booth(world: World) -> int:
    """Add a booth at a published fair."""
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        publish_fair(session, fair_id)
        zone_id = add_zone(session, fair_id, ZoneDraft("A", ""))
        lay_out_booths(session, fair_id, {zone_id: 1}, in_a_row=1)
        return list_booths(session, fair_id)[0].id


def _published_position(world: World) -> int:
    position_id = make_position(world.database, make_employer(world.database))
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        publish_fair(session, fair_id)
        add_positions(session, fair_id, [position_id])
    return position_id


def _new_hold(world: World, employer_id: int) -> str:
    seeker_id, position_id = _new_seeker(world, OWN_DIVISION), _new_position(world, employer_id)
    with world.database.writing() as session:
        fair_id = open_fair(session, _fair_draft()).id
        # As if the employer had been verified meanwhile.
        session.add(FairPosition(fair_id=fair_id, position_id=position_id, headcount=3))
        return offer(session, fair_id, position_id, seeker_id, key=new_key()).key


def _hold(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_hold(world, _own_employer(world)),
        other=_new_hold(world, _other_employer(world)),
        limits=BY_ORGANISATION,
        missing="0" * 32,
    )


def _new_employer_duty(world: World, employer_id: int) -> int:
    """Return the first duty of an employer after a fair that has just ended."""
    position_id = _new_position(world, employer_id)
    today = clock.today()
    with world.database.writing() as session:
        fair_id = open_fair(session, replace(_fair_draft(), starts_on=today, ends_on=today)).id
        session.add(FairPosition(fair_id=fair_id, position_id=position_id, headcount=3))
        session.flush()
        catch_up(session)
        found = select(func.min(EmployerDuty.id)).where(EmployerDuty.fair_id == fair_id)
        return session.execute(found).scalar_one()


def _employer_duty(world: World) -> Sample:
    return Sample(
        own=lambda _role: _new_employer_duty(world, _own_employer(world)),
        other=_new_employer_duty(world, _other_employer(world)),
        limits=BY_ORGANISATION,
    )


def _new_mismatch(world: World, division: str) -> int:
    """Return the task that an employer denies somebody whom we have on post."""
    placement = _new_placement(world, division)
    word = Fact(EventKind.EMPLOYER_CONFIRMED, clock.today(), grade=Grade.B, reason="not_here")
    with world.database.writing() as session:
        append_event(session, placement, word, Recorder())
        catch_up(session)
        of_placement = WordMismatch.placement_id == placement
        return session.execute(select(WordMismatch.id).where(of_placement)).scalar_one()


def _user(world: World) -> Sample:
    return Sample(
        own=lambda role: make_user(world.database, role, world.organisation_of(role)).id,
        other=make_user(world.database, Role.CLERK, world.others[kind_for(Role.CLERK)]).id,
        limits=BY_ORGANISATION,
    )


def _organisation(world: World) -> Sample:
    return Sample(
        own=world.organisation_of,
        other=world.others[kind_for(Role.CLERK)],
        limits=BY_ORGANISATION,
    )


def _invitation(world: World) -> Sample:
    def own(role: Role) -> str:
        with world.database.writing() as session:
            return accounts.invite(
                session, organisation_id=world.organisation_of(role), role=role, invited_by=None
            ).secret

    return Sample(own=own, other=None, missing="m" * 32)


def _fixed(value: object) -> Callable[[World], Sample]:
    """Return a sample for what is no record: a file name, a format."""
    return lambda _world: Sample(own=lambda _role: value, other=None, missing=None)


def _new_follow_up(world: World, division: str) -> int:
    placement_id = _new_placement(world, division)
    draft = FollowUpDraft(
        Outcome.ON_POST_SAME, Way.PHONE, clock.today(), problems=(Problem.DISPUTE,)
    )
    with world.database.writing() as session:
        return record_follow_up(session, placement_id, draft, Recorder()).follow_up_id


def _new_case(world: World, division: str) -> int:
    _new_follow_up(world, division)
    with world.database.reading() as session:
        return session.execute(select(func.max(RightsCase.id))).scalar_one() or 0


def _new_recall(world: World, office_id: int) -> tuple[int, int]:
    """Draw a sample of one for an office to call; return the sample and its only call."""
    follow_up_id = _new_follow_up(world, OWN_DIVISION)
    with world.database.writing() as session:
        sample = RecallSample(
            month=date(1990, 1, 1) + timedelta(days=next(_NUMBERS)),
            county=OWN_DIVISION,
            seed="seed",
            drawn_from=1,
            office_id=office_id,
            drawn_at=clock.now(),
        )
        session.add(sample)
        session.flush()
        recall = Recall(sample_id=sample.id, follow_up_id=follow_up_id)
        session.add(recall)
        session.flush()
        audit.record(session, "recall.draw", subject="recall_sample", subject_id=sample.id)
        return sample.id, recall.id


def _new_overlap(world: World, division: str) -> int:
    """Return a row of another office's ledger about somebody of a division."""
    other = make_organisation(world.database, division="520523", name=f"局{next(_NUMBERS)}")
    return make_overlap(world.database, _new_seeker(world, division), other)


def _new_ledger(world: World, division: str) -> int:
    office = make_organisation(world.database, division=division, name=f"局{next(_NUMBERS)}")
    return make_import(world.database, office)


def _recall(place: int) -> Callable[[World], Sample]:
    def sample(world: World) -> Sample:
        office = OrganisationKind.LABOUR_OFFICE
        return Sample(
            own=lambda role: _new_recall(world, world.organisation_of(role))[place],
            other=_new_recall(world, world.others[office])[place],
            limits=BY_ORGANISATION,
        )

    return sample


def _new_hand_over(world: World, division: str, station_id: int) -> int:
    placement_id = _new_placement(world, division)
    with world.database.writing() as session:
        return offer_hand_over(session, placement_id, station_id, Recorder())


def _hand_over(world: World) -> Sample:
    kind = OrganisationKind.LABOUR_STATION
    own, other = world.organisations[kind], world.others[kind]
    return Sample(
        own=lambda _role: _new_hand_over(world, OWN_DIVISION, own),
        other=_new_hand_over(world, OTHER_DIVISION, other),
        limits=BY_ORGANISATION | BY_DIVISION,
    )


def _labour_station(world: World) -> Sample:
    kind = OrganisationKind.LABOUR_STATION
    return Sample(own=lambda _role: world.organisations[kind], other=None)


def _held(place: str) -> Callable[[World], Sample]:
    """Return the sample of a placement, or of its person, whom a station has accepted."""

    def made(world: World, division: str, station_id: int) -> int:
        hand_over = _new_hand_over(world, division, station_id)
        with world.database.writing() as session:
            accept_hand_overs(session, [hand_over], Recorder())
        with world.database.reading() as session:
            row = find_hand_over(session, hand_over)
        assert row
        found: int = getattr(row, place)
        return found

    def sample(world: World) -> Sample:
        kind = OrganisationKind.LABOUR_STATION
        own, other = world.organisations[kind], world.others[kind]
        return Sample(
            own=lambda _role: made(world, OWN_DIVISION, own),
            other=made(world, OTHER_DIVISION, other),
            limits=BY_ORGANISATION | BY_DIVISION,
        )

    return sample


SAMPLES: dict[str, Callable[[World], Sample]] = {
    "alias_id": lambda world: Sample(own=lambda _role: _new_alias(world), other=None),
    "answer_token": lambda _world: Sample(own=lambda _role: "none", other=None, secret=True),
    "batch_id": lambda world: Sample(own=lambda _role: _new_batch(world), other=None),
    "booth_id": lambda world: Sample(own=lambda _role: _new_booth(world), other=None),
    "case_id": _by_division(_new_case),
    "demo_token": lambda _world: Sample(own=lambda _role: "no-demo-here", other=None, secret=True),
    "departures.batch_id": _by_division(_new_departure),
    "duplicate_id": _by_division(_new_duplicate),
    "duty_id": lambda world: Sample(own=lambda _role: _new_duty(world), other=None),
    "duty_key": _fixed("filing"),
    "edit_id": _by_division(_new_edit),
    "employer_id": _employer,
    "entry_id": lambda world: Sample(own=lambda _role: _new_tally(world), other=None),
    "event_id": _by_division(_new_event),
    "fair_code": _fair,
    "fairs.edit_fair.fair_code": _managed_fair,
    "file_id": _by_division(_new_event_file),
    "placement_claim_id": _placement_claim,
    "claim_file_id": _by_division(_new_claim_file),
    "file_format": _fixed("csv"),
    "follow_up_id": _by_division(_new_follow_up),
    "filename": _fixed("js/app.js"),
    "finding_id": _finding,
    "hand_over_id": _hand_over,
    "hold_key": _hold,
    # Bound to the browser that uploaded: no other one's exists for anybody.
    "import_id": lambda _world: Sample(own=lambda _role: "0" * 32, other=None, secret=True),
    "indicator_code": lambda _world: Sample(own=lambda _role: "S01", other=None, missing="X99"),
    "invitation_token": _invitation,
    "payment_id": _payment,
    "statement_token": lambda _world: Sample(own=lambda _role: "none", other=None, secret=True),
    "kind": _fixed("csv"),
    "line_id": _by_division(_new_overlap),
    "labour_station_id": _labour_station,
    "agent_id": _by_division(_new_agent),
    "ownership.seeker_id": _held("seeker_id"),
    "charges.placement_id": _held("placement_id"),
    "report": _fixed("contact"),
    "merge_id": _by_division(_new_merge),
    "organisation_id": _organisation,
    "plan_id": lambda world: Sample(own=lambda _role: _new_plan(world), other=None),
    "employer_duty_id": _employer_duty,
    "mismatch_id": _by_division(_new_mismatch),
    "placement_id": _by_division(_new_placement),
    "position_id": _position,
    "recall_id": _recall(1),
    "report_code": _report,
    "sample_id": _recall(0),
    "school.event_id": _student_event,
    "announcement_id": _by_division(_new_announcement),
    "corrections.fair_code": _managed_fair,
    "hall.fair_code": _managed_fair,
    "interviews.fair_code": _managed_fair,
    "record_id": _by_division(_new_claim),
    "offers.fair_code": _managed_fair,
    "stations.fair_code": _managed_fair,
    "seeker_id": _by_division(_new_seeker),
    "station_id": _by_division(_new_station),
    "student_id": _student,
    "token": lambda world: Sample(own=lambda _role: _new_card(world), other=None, missing="0" * 29),
    "taken_in_id": _by_division(_new_ledger),
    "township": lambda _world: Sample(
        own=lambda _role: f"{OWN_DIVISION}001",
        other=f"{OTHER_DIVISION}001",
        limits=BY_DIVISION,
        missing="nowhere",
    ),
    "user_id": _user,
    "walk_in_id": lambda world: Sample(own=lambda _role: _new_walk_in(world), other=None),
    "rule_id": lambda world: Sample(own=lambda _role: _new_rule(world), other=None),
    "claim_id": _by_division(_new_claim_of_subsidy),
    "run_id": _by_division(_new_run),
    "notice_id": _by_division(_new_notice),
    "notice_key": lambda world: Sample(own=lambda _role: _new_public_notice(world), other=None),
    "objection_id": _by_division(_new_objection),
    "wish_place": lambda _world: Sample(own=lambda _role: 1, other=None),
    "venues.position_id": lambda world: Sample(
        own=lambda _role: _published_position(world), other=None
    ),
    "version": lambda _world: Sample(own=lambda _role: STANDARD.version, other=None),
}
