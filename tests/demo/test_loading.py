from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from jobfair.accounts.rules import OrganisationKind
from jobfair.accounts.services import OrganisationDraft, create_organisation
from jobfair.demo import loading
from jobfair.demo.earlier_fairs import PEOPLE, live_earlier_fairs
from jobfair.demo.exports import labourers
from jobfair.demo.fair import demo_fair
from jobfair.demo.grants import load_grants
from jobfair.demo.journeys import COUNTY, live_journeys
from jobfair.demo.living import live_fair_day
from jobfair.demo.people import seekers
from jobfair.demo.students import students
from jobfair.departures.queries.batches import BatchFilter, list_batches
from jobfair.departures.rules.states import State
from jobfair.employers.queries import PositionFilter, count_positions
from jobfair.fairs.services import CodeTaken
from jobfair.findings.queries import open_by_rule
from jobfair.findings.rules import Code
from jobfair.findings.services import look
from jobfair.follow_ups.queries.work import WorkFilter, count_work
from jobfair.fulfilment.queries.duties import DutyFilter, Show, list_duties
from jobfair.fulfilment.rules.duties import Term
from jobfair.fulfilment.services import catch_up
from jobfair.hall.queries import count_figures, live, open_matters, signatures
from jobfair.kit import clock
from jobfair.kit.audit import verify
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements.queries.exports import exported_rows
from jobfair.school.queries.intake import intake_rows
from jobfair.seekers.queries.facts import seeker_facts
from jobfair.subsidies.queries.claims import ClaimFilter, count_claims
from jobfair.venues.queries import list_booths
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer


def _organisation(database: Database, kind: OrganisationKind, name: str, division: str) -> int:
    with database.writing() as session:
        return create_organisation(session, OrganisationDraft(kind, name, division))


def test_the_fair_is_loaded_whole_and_only_once(database: Database) -> None:
    with database.writing() as session:
        loaded = loading.load_fair(session, demo_fair())
    assert loaded.positions == 400
    assert len(loaded.employers) == 55
    with database.reading() as session:
        totals = count_positions(session, PositionFilter())
        booths = list_booths(session, loaded.fair_id)
    assert [booth.employer for booth in booths].count(None) == 0
    assert len(booths) == 55
    assert totals.by_status == {"open": 400}
    assert totals.posts == 19_137
    with pytest.raises(CodeTaken), database.writing() as session:
        loading.load_fair(session, demo_fair())


def test_people_are_registered_and_exported_ones_are_at_work(database: Database) -> None:
    office = _organisation(database, OrganisationKind.LABOUR_OFFICE, "毕节市演示局", "5205")
    away = list(islice(labourers(), 300))
    with database.writing() as session:
        ids = loading.load_seekers(session, list(seekers(200)), registered_by=office)
        placements = loading.load_exports(session, away, registered_by=office)
    assert len(set(ids)) == 200
    assert placements == sum(len(labourer.placements) for labourer in away)
    with database.reading() as session:
        exported = exported_rows(session, as_of=date(2010, 12, 31), since=date(2010, 1, 1))
        rows = seeker_facts(session).rows
    assert len({row.seeker_id for row in exported}) == 300
    begun = [p.started_on for labourer in away for p in labourer.placements]
    assert len(exported) == sum(day is not None and day.year == 2010 for day in begun)
    assert len(rows) == 500
    assert all(row.employed_since is None for row in rows if row.id in set(ids))
    assert sum(row.employed_since is not None for row in rows) == 300
    assert sum(row.consent_at is not None for row in rows) == 200


def test_students_enter_the_school_from_the_homes_they_state(database: Database) -> None:
    school = _organisation(database, OrganisationKind.SCHOOL, "演示技工学校", "4401")
    drafts = list(islice(students(), 150))
    with database.writing() as session:
        assert loading.load_students(session, school, drafts) == 150
    with database.reading() as session:
        rows = intake_rows(session, year=2010, as_of=date(2010, 12, 31))
    homes = Counter(draft.home_division[:2] for draft in drafts)
    assert Counter(row.province for row in rows) == homes


def test_the_fair_is_in_full_swing(database: Database) -> None:
    with database.writing() as session:
        fair_id = loading.load_fair(session, demo_fair()).fair_id
        ids = loading.load_seekers(session, list(seekers(120)), registered_by=None)
        live_fair_day(session, fair_id, ids)
    now = clock.now()
    with database.reading() as session:
        figures = count_figures(session, fair_id, now)
        matters = open_matters(session, fair_id, now)
        state = live(session, fair_id, now)
        assert len(signatures(session, fair_id)) == 1
    assert (figures.persons, figures.entries) == (120, 132)
    assert (figures.talks, figures.offers, figures.accepted) == (4 * 7, 4 * 4, 4 * 2)
    assert (matters.offers, matters.claims) == (4, 0)  # nothing a device said was refused
    assert [booth["waiting"] for booth in state["booths"]].count(3) == 4
    assert sum(state["arrivals"]) > 0
    assert len(state["notices"]) == 1


def test_offices_have_work_on_the_day_of_loading(database: Database) -> None:
    drafts = [replace(draft, home_division=f"{COUNTY}100") for draft in seekers(60)]
    office = _organisation(database, OrganisationKind.LABOUR_OFFICE, "演示人社局", COUNTY)
    firm = make_employer(database, name="演示厂"), "演示厂"
    with database.writing() as session:
        ids = loading.load_seekers(session, drafts, registered_by=office)
        people = list(zip(ids, drafts, strict=True))
        assert live_journeys(session, people, [firm], Recorder(office_id=office)) == 60
    with database.reading() as session:
        (batch,) = list_batches(session, BatchFilter())
        work = count_work(session, WorkFilter(clock.today(), COUNTY))
        claims = count_claims(session, ClaimFilter(COUNTY))
    assert (batch.state, batch.going) == (State.DEPARTED, 12)
    assert work.due > 0
    assert work.overdue > 0
    # Three months of this year are asked for: before April nobody has them.
    assert claims.claims == (12 if clock.today().month > 3 else 0)


def test_the_school_reports_a_month_and_what_was_paid_with_a_few_things_to_find(
    database: Database,
) -> None:
    school = make_organisation(database, kind="school", division="4403", name="技校")
    drafts = list(islice(students(), 80))
    with database.writing() as session:
        loading.load_students(session, school, drafts)
        load_grants(session, school, drafts)
    with database.writing() as session:
        look(session)
    with database.reading() as session:
        found = open_by_rule(session, None, school)
    assert found == {
        Code.GRANT_CARD: 1,
        Code.GRANT_BEYOND: 1,
        Code.NO_ATTENDANCE: 1,
        Code.NO_DORMITORY: 1,
        Code.NO_STATEMENT: 4,
    }


def test_employers_owe_reports_of_earlier_fairs_at_every_term(database: Database) -> None:
    with database.writing() as session:
        fair_id = loading.load_fair(session, demo_fair()).fair_id
        ids = loading.load_seekers(session, list(seekers(PEOPLE)), registered_by=None)
        assert live_earlier_fairs(session, fair_id, ids) == PEOPLE
        catch_up(session)
    today = clock.today()
    with database.reading() as session:
        owed = {
            show: {row.term for row in list_duties(session, DutyFilter(today, show=show))}
            for show in (Show.OVERDUE, Show.NOW)
        }
        assert owed[Show.OVERDUE] | owed[Show.NOW] == set(Term)
        assert all(owed.values())
        assert verify(session).valid, "what was recorded in the past stands in the chain"
