"""Hand-overs are offered by themselves, answered once, and end with the work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from jobfair.accounts.rules import OrganisationKind
from jobfair.accounts.services import OrganisationDraft, edit_organisation
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.ownership.models import HandOverOffer, Held, OwnershipMark
from jobfair.ownership.queries import histories, is_behind, owner_now
from jobfair.ownership.rules import (
    AnsweredAlready,
    NothingToHandOver,
    OfferedAlready,
    Owner,
    PlaceServedAlready,
    ReasonNeeded,
    owner_on,
)
from jobfair.ownership.services import accept, decline, offer, serve_place, take_back
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, change_employer, reverse_placement
from jobfair.seekers.services import merge_seekers, unmerge
from tests.factories import Make
from tests.ownership.factory import make_station, offered, settle
from tests.placements.factory import make_placement

SignIn = Callable[..., FlaskClient]
TODAY = clock.today()
FIRST = TODAY - timedelta(days=30)
BY = Recorder()


def owner(database: Database, seeker_id: int) -> int | None:
    """Return the station that owns a person, by the facts; and see that the list says the same."""
    settle(database)
    with database.reading() as session:
        found = owner_now(session, seeker_id, TODAY).station_id
        noted = session.execute(
            select(Held.station_id).where(Held.seeker_id == seeker_id)
        ).scalar_one_or_none()
    assert noted == found
    return found


def end(database: Database, placement: int, kind: EventKind, day: date) -> None:
    with database.writing() as session:
        append_event(session, placement, Fact(kind, day), BY)


def take_all(database: Database) -> None:
    """Let the stations accept all that waits."""
    waiting = offered(database)
    with database.writing() as session:
        accept(session, waiting, BY)


def test_work_is_offered_by_itself_and_owned_from_the_acceptance_to_the_end(
    database: Database, make: Make
) -> None:
    seeker = make.seeker(1)
    near = make.seeker(2)
    make_placement(database, near, started_on=FIRST, workplace_division="520502")
    station = make_station(database, "4403")
    placement = make_placement(database, seeker, started_on=FIRST)
    [waiting] = offered(database)
    assert offered(database) == [waiting], "settled again, it changes nothing"
    assert owner(database, seeker) is None, "until the station accepts, the home owns"
    with database.writing() as session:
        done = accept(session, [waiting], BY)
        again = accept(session, [waiting], BY)
    assert (done.accepted, done.answered_before) == (1, 0)
    assert (again.accepted, again.answered_before) == (0, 1)
    assert owner(database, seeker) == station
    end(database, placement, EventKind.RETURNED_HOME, TODAY)
    assert owner(database, seeker) is None
    with database.reading() as session:
        assert histories(session, [near])[near].hand_overs == []
        assert not is_behind(session, TODAY)


def test_on_the_way_is_at_work_and_who_turns_back_before_an_answer_is_offered_no_more(
    database: Database, make: Make
) -> None:
    make_station(database, "440306")
    placement = make_placement(database, make.seeker(1), started_on=None, departed_on=TODAY)
    [waiting] = offered(database)
    with database.writing() as session:
        reverse_placement(session, placement, "坐错了车", BY)
    assert offered(database) == []
    with database.writing() as session, pytest.raises(AnsweredAlready):
        decline(session, waiting, "没有来", BY)


def test_a_change_of_employer_keeps_the_station_or_waits_for_the_next(
    database: Database, make: Make
) -> None:
    seeker = make.seeker(1)
    near, far = make_station(database, "440306"), make_station(database, "440307", name="龙岗站")
    placement = make_placement(database, seeker, started_on=FIRST)
    take_all(database)

    def moved(placement: int, days: int, place: str) -> int:
        draft = PlacementDraft(
            f"{place}厂",
            Channel.SELF_ARRANGED,
            started_on=FIRST + timedelta(days=days),
            workplace_division=place,
        )
        with database.writing() as session:
            return change_employer(session, placement, draft, BY)

    second = moved(placement, 5, "440306")
    assert offered(database) == [], "the same station goes on without being asked"
    assert owner(database, seeker) == near
    third = moved(second, 10, "440307")
    assert owner(database, seeker) == near, "until the next one accepts"
    take_all(database)
    assert owner(database, seeker) == far
    moved(third, 15, "4401")
    assert owner(database, seeker) is None, "no station serves that place"


def test_what_was_declined_is_offered_again_by_hand_and_can_be_taken_back(
    database: Database, make: Make
) -> None:
    seeker = make.seeker(1)
    station, other = make_station(database, "440306"), make_station(database, name="龙岗站")
    placement = make_placement(database, seeker, started_on=FIRST)
    [waiting] = offered(database)
    with database.writing() as session:
        with pytest.raises(ReasonNeeded):
            decline(session, waiting, " ", BY)
        with pytest.raises(OfferedAlready):
            offer(session, placement, other, BY)
        decline(session, waiting, "不在宝安", BY)
    assert offered(database) == [], "it is not offered by itself again"
    with database.writing() as session:
        second = offer(session, placement, other, BY)
        accept(session, [second], BY)
    assert owner(database, seeker) == other
    with database.writing() as session:
        take_back(session, second, "送错了站", BY)
        with pytest.raises(AnsweredAlready):
            take_back(session, second, "再来一次", BY)
    assert owner(database, seeker) is None
    end(database, placement, EventKind.LEFT_POST, TODAY)
    with database.writing() as session, pytest.raises(NothingToHandOver):
        offer(session, placement, station, BY)


def test_two_who_answer_at_once_are_told_apart(database: Database, make: Make) -> None:
    station = make_station(database, "440306")
    seeker = make.seeker(1)
    make_placement(database, seeker, started_on=FIRST)
    [waiting] = offered(database)

    def answer(_n: int) -> int:
        with database.writing() as session:
            return accept(session, [waiting], BY).accepted

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, range(4))) == [0, 0, 0, 1]
    assert owner(database, seeker) == station


def test_people_follow_merged_records_and_part_with_them(database: Database, make: Make) -> None:
    kept, merged = make.seeker(1), make.seeker(2)
    station = make_station(database, "440306")
    make_placement(database, merged, started_on=FIRST)
    take_all(database)
    with database.writing() as session:
        merge = merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)
    assert owner(database, kept) == station
    with database.writing() as session:
        unmerge(session, merge, user_id=None)
    assert owner(database, merged) == station
    assert owner(database, kept) is None


def test_an_end_learnt_late_leaves_what_was_known_before(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker = make.seeker(1)
    station = make_station(database, "440306")
    placement = make_placement(database, seeker, started_on=FIRST)
    take_all(database)
    before = clock.now()
    end(database, placement, EventKind.RETURNED_HOME, TODAY)
    with database.reading() as session:
        then = histories(session, [seeker], known_at=before)[seeker].tenures(known_at=before)
        now = histories(session, [seeker])[seeker].tenures()
    assert owner_on(then, TODAY).station_id == station
    assert owner_on(now, TODAY) == Owner()
    clerk = sign_in("clerk", division="520502")
    asked = before.astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M:%S.%f")
    spans = [
        clerk.get(f"/owners/{seeker}{query}").text.split("From when to when")[1].split("</ol>")[0]
        for query in (f"?known-at={asked}", "", "?known-at=gestern")
    ]
    assert ["驻深圳宝安劳务站" in one for one in spans] == [True, False, False]
    assert "could not be read" in clerk.get(f"/owners/{seeker}?known-at=gestern").text


def test_people_of_a_station_that_closes_are_home_with_the_next_day(
    database: Database, make: Make
) -> None:
    make.user("admin", division="5205")
    seeker, other = make.seeker(1), make.seeker(2)
    station = make_station(database, "440306")
    make_placement(database, seeker, started_on=FIRST)
    take_all(database)
    make_placement(database, other, started_on=FIRST)
    assert len(offered(database)) == 1
    with database.writing() as session:
        draft = OrganisationDraft(
            OrganisationKind.LABOUR_STATION, "驻深圳宝安劳务站", "440306", active=False
        )
        edit_organisation(session, station, draft)
        session.get_one(OwnershipMark, 1).swept_on = FIRST
    assert owner(database, seeker) is None
    assert offered(database) == []


def test_offers_stand_for_ever_and_a_place_has_one_station(database: Database, make: Make) -> None:
    station = make_station(database, "440306")
    make_placement(database, make.seeker(1), started_on=FIRST)
    [waiting] = offered(database)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(
            update(HandOverOffer).where(HandOverOffer.id == waiting).values(station_id=station)
        )
    other = make_station(database, name="龙岗站")
    with database.writing() as session, pytest.raises(PlaceServedAlready):
        serve_place(session, other, "440306")


def test_a_station_accepts_several_at_once_and_declines_with_a_reason(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    strange = make_station(database, "440307", name="龙岗站")
    for n in (1, 2, 3):
        make_placement(database, make.seeker(n), started_on=FIRST)
    make_placement(
        database,
        make.seeker(4),
        started_on=FIRST,
        workplace_division="440307",
        employer_name="龙岗厂",
    )
    liaison = sign_in("liaison", organisation=station)
    ids = offered(database, station)
    [others] = offered(database, strange)
    page = liaison.get("/hand-overs").text
    assert page.count('name="hand_over"') == 3
    assert "龙岗厂" not in page
    assert "Choose at least one" in liaison.post("/hand-overs/accept", follow_redirects=True).text
    answer = liaison.post(
        "/hand-overs/accept", data={"hand_over": [*ids[:2], others]}, follow_redirects=True
    )
    assert "Hand-overs accepted: 2" in answer.text
    assert offered(database, strange) == [others], "another station's is left alone"
    away = f"/hand-overs/{ids[2]}/decline"
    refused = liaison.post(away, data={"reason": ""})
    assert refused.status_code == 422
    assert "Enter the reason" in refused.text
    assert "declined" in liaison.post(away, data={"reason": "厂已搬走"}, follow_redirects=True).text
    late = liaison.post(away, data={"reason": "还是不行"})
    assert late.status_code == 422
    assert "answered or taken back already" in late.text
    assert 'value="还是不行"' in late.text
    assert liaison.get(f"/hand-overs/{others}/decline").status_code == 404
    shown = liaison.get("/hand-overs?standing=declined").text
    assert "厂已搬走" in shown
    assert len(liaison.get("/hand-overs/export/csv?standing=all").text.splitlines()) == 4
    make_placement(database, make.seeker(5), started_on=FIRST)
    offered(database)
    for query, said in (("?employer=别的", "Choose at least one"), ("", "Hand-overs accepted: 1")):
        every = {"every": "1"}
        told = liaison.post(f"/hand-overs/accept{query}", data=every, follow_redirects=True)
        assert said in told.text
    assert offered(database) == [others]
    with database.reading() as session:
        taken = select(AuditEntry.detail).where(AuditEntry.action == "hand_over.download")
        assert [one["people"] for one in session.execute(taken).scalars()] == [3]


def test_the_home_office_sees_offers_again_and_takes_back(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    seeker = make.seeker(1)
    placement = make_placement(database, seeker, started_on=FIRST)
    other = make.seeker(2, home_division="520521001")
    make_placement(database, other, started_on=FIRST, employer_name="别县的厂")
    clerk = sign_in("clerk", division="520502")
    listed = clerk.get("/hand-overs").text
    assert "深圳某电子厂" in listed
    assert "别县的厂" not in listed
    assert 'name="hand_over"' not in listed, "only a station accepts"
    assert "Nobody" in clerk.get("/charges?owner=station").text
    line = clerk.get(f"/placements/people/{seeker}").text
    assert "offered to 驻深圳宝安劳务站, not yet accepted" in line
    [waiting] = [one for one in offered(database) if one in _of(database, seeker)]
    with database.writing() as session:
        decline(session, waiting, "没有来", BY)
    page = clerk.get(f"/owners/{seeker}").text
    assert "没有来" in page
    assert f"/hand-overs/offer/{placement}" in page
    again = f"/hand-overs/offer/{placement}"
    assert clerk.post(again, data={"station": ""}).status_code == 422
    assert "Offered." in clerk.post(again, data={"station": station}, follow_redirects=True).text
    [second] = [one for one in offered(database) if one in _of(database, seeker)]
    with database.writing() as session:
        accept(session, [second], BY)
    assert "驻深圳宝安劳务站" in clerk.get("/charges?owner=station").text
    back = clerk.post(
        f"/hand-overs/{second}/take-back", data={"reason": "回来了"}, follow_redirects=True
    )
    assert "from today the home owns" in back.text
    assert clerk.get(f"/owners/{other}").status_code == 404


def _of(database: Database, seeker_id: int) -> list[int]:
    with database.reading() as session:
        return [one.id for one in histories(session, [seeker_id])[seeker_id].hand_overs]


def test_an_administrator_says_what_a_station_serves(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database)
    make_placement(database, make.seeker(1), started_on=FIRST)
    admin = sign_in("admin", division="5205")
    page = f"/labour-stations/{station}"
    for typed, said in (
        ({}, "Enter a division or an employer"),
        ({"place": "没有这个地方"}, "No such place"),
        ({"employer": "没有这家厂"}, "No employer on record has this name"),
    ):
        answer = admin.post(page, data=typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert all(f'value="{text}"' in answer.text for text in typed.values())
    admin.post(page, data={"place": "深圳市宝安区"})
    assert "宝安区" in admin.get(page).text
    assert len(offered(database)) == 1, "who works there already is offered, too"
    assert "served by 驻深圳宝安劳务站 already" in admin.post(page, data={"place": "440306"}).text
    assert "宝安区" in admin.get("/labour-stations").text
    admin.post(f"{page}/leave-off", data={"place": "440306"})
    assert "Nothing yet" in admin.get(page).text
    assert "驻深圳宝安劳务站" in admin.get("/labour-stations/export/csv").text
