"""An office's and a caller's pages: who is to be asked, the number, the answer, cases, samples."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.follow_ups.models import Recall, RecallSample
from jobfair.follow_ups.queries.calls import list_dues, list_follow_ups
from jobfair.follow_ups.rules.drafts import FollowUpDraft, FoundTerms
from jobfair.follow_ups.rules.outcomes import Outcome, Problem, Way
from jobfair.follow_ups.services import record_follow_up, reverse_follow_up
from jobfair.follow_ups.services.recalls import draw_samples
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements.queries import find_placement
from jobfair.seekers.services import edit_seeker
from tests.accounts.factory import make_organisation
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.seekers.factory import draft

SignIn = Callable[..., FlaskClient]
TODAY = clock.today()
FIRST = TODAY - timedelta(days=30)
LIST = "/follow-ups"
ON_POST = {"outcome": "on_post_same", "way": "phone", "happened_on": TODAY.isoformat()}


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in("clerk", division="520502")


@pytest.fixture
def placement(database: Database, make: Make) -> int:
    """Somebody of the clerk's county in the first month at work."""
    return make_placement(database, make.seeker(1), started_on=FIRST)


def tiles(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'jf-tile__number">(?:<a[^>]*>)?(\d+)', page)]


def test_the_list_makes_itself_and_shows_only_the_own_county(
    database: Database, make: Make, clerk: FlaskClient, placement: int
) -> None:
    late = make_placement(
        database, make.seeker(2), started_on=TODAY - timedelta(days=20), employer_name="东莞鞋厂"
    )
    other = make.seeker(3, home_division="520521001")
    make_placement(database, other, started_on=FIRST, employer_name="别县的厂")
    page = clerk.get(LIST).text
    assert tiles(page) == [1, 1, 0]
    assert "别县的厂" not in page
    assert page.index("东莞鞋厂") < page.index("深圳某电子厂")  # what closed first is on top
    for query, shown in (
        ("show=overdue", "东莞鞋厂"),
        ("show=due", "深圳某电子厂"),
        ("checkpoint=d7", "东莞鞋厂"),
        ("checkpoint=m1", "深圳某电子厂"),
    ):
        found = clerk.get(f"{LIST}?{query}").text
        hidden = {"东莞鞋厂", "深圳某电子厂"} - {shown}
        assert shown in found
        assert not any(word in found for word in hidden)
    for query in ("show=tried", "show=missed", "caller=me", "place=520502999"):
        assert "Nobody is to be asked now" in clerk.get(f"{LIST}?{query}").text
    clerk.post(f"{LIST}/{late}", data=ON_POST | {"outcome": "unreached"})
    assert tiles(clerk.get(LIST).text) == [1, 1, 1]
    assert "failed attempts: 1" in clerk.get(f"{LIST}?show=tried").text
    first = clerk.get("/").text
    assert "people on post to be asked how they are" in first
    assert "1 of them are overdue" in first


def test_work_is_given_to_colleagues_and_each_sees_the_own(
    clerk: FlaskClient, placement: int
) -> None:
    page = clerk.get(LIST).text
    me = re.findall(r'name="user" id="user-(\d+)"', page)[0]
    assert (
        "Choose at least one colleague" in clerk.post(f"{LIST}/share", follow_redirects=True).text
    )
    assert (
        "given to callers: 0"
        in clerk.post(f"{LIST}/share?checkpoint=m3", data={"user": me}, follow_redirects=True).text
    )
    answer = clerk.post(f"{LIST}/share", data={"user": me}, follow_redirects=True)
    assert "given to callers: 1" in answer.text
    assert f"/follow-ups/{placement}" in clerk.get(f"{LIST}?caller=me").text
    assert "Nobody is to be asked now" in clerk.get(f"{LIST}?caller=nobody").text
    rows = clerk.get(f"{LIST}/export/csv?caller=me").text.splitlines()
    assert len(rows) == 2


def test_the_number_is_shown_once_asked_for_and_the_look_is_recorded(
    database: Database, clerk: FlaskClient, placement: int
) -> None:
    assert "tel:" not in clerk.get(f"{LIST}/{placement}").text
    shown = clerk.post(f"{LIST}/{placement}/phone").text
    assert re.search(r'href="tel:\d{11}"', shown)
    with database.reading() as session:
        looks = select(AuditEntry.detail).where(AuditEntry.action == "seeker.unmask")
        assert [one["reason"] for one in session.execute(looks).scalars()] == ["follow_up"]


def test_an_answer_is_recorded_with_wage_and_a_case_and_taken_back(
    database: Database, clerk: FlaskClient, placement: int
) -> None:
    page = f"{LIST}/{placement}"
    typed = ON_POST | {"wage": "35000", "problems": ["unpaid_wages", "family"], "note": "欠两个月"}
    refused = clerk.post(page, data=typed)
    assert refused.status_code == 422
    assert "35,000 yuan a month? The median here is 1,800" in refused.text
    assert 'value="35000"' in refused.text
    assert "欠两个月" in refused.text
    answer = clerk.post(page, data=typed | {"wage": "1750.50"}, follow_redirects=True)
    assert "Recorded." in answer.text
    shown = clerk.get(page).text
    assert "1,750.50 yuan a month" in shown
    assert "Unpaid wages" in shown
    with database.reading() as session:
        [row] = list_follow_ups(session, placement)
    back = f"{LIST}/calls/{row.id}/reverse"
    assert "Enter the reason" in clerk.post(back).text
    assert clerk.post(back, data={"reason": "other person"}).status_code == 303
    assert "other person" in clerk.get(page).text
    assert "reversed before" in clerk.post(back, data={"reason": "again"}).text


def test_what_cannot_be_recorded_is_told(clerk: FlaskClient, placement: int) -> None:
    for typed, said in (
        ({"outcome": ""}, "Choose what was found"),
        ({"happened_on": (TODAY + timedelta(days=1)).isoformat()}, "lies in the future"),
        ({"outcome": "returned_final"}, "Choose a reason that belongs"),
        ({"outcome": "unreached", "way": "relative"}, "Enter which relative was asked"),
        ({"outcome": "on_post_other"}, "Enter the new employer"),
        ({"outcome": "exempt", "reason": "death"}, "needs evidence"),
        ({"wage": "-3"}, "Enter an amount"),
    ):
        answer = clerk.post(f"{LIST}/{placement}", data=ON_POST | typed)
        assert answer.status_code == 422
        assert said in answer.text


def test_a_second_clerk_sees_what_the_first_recorded(clerk: FlaskClient, placement: int) -> None:
    page = f"{LIST}/{placement}"
    clerk.get(page)
    assert clerk.post(page, data=ON_POST | {"seen": "0"}).status_code == 303
    again = clerk.post(page, data=ON_POST | {"seen": "0"})
    assert again.status_code == 422
    assert "was recorded at" in again.text
    seen = re.findall(r'name="seen"[^>]*value="(\d+)"', again.text)[0]
    assert clerk.post(page, data=ON_POST | {"seen": seen}).status_code == 303


def test_on_post_after_a_death_shows_both_entries(clerk: FlaskClient, placement: int) -> None:
    page = f"{LIST}/{placement}"
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    died = {"outcome": "exempt", "reason": "death", "evidence": "派出所证明", "since": yesterday}
    assert clerk.post(page, data=ON_POST | died).status_code == 303
    answer = clerk.post(page, data=ON_POST)
    assert answer.status_code == 422
    assert f"the line says: Taken out of the count on {yesterday}" in answer.text
    assert "/placements/events/" in answer.text  # where one of the two is reversed


def test_people_answer_by_their_own_link_once_a_checkpoint(
    database: Database, clerk: FlaskClient, client: FlaskClient, placement: int
) -> None:
    client.set_cookie("language", "en")
    link = re.findall(r'href="https?://[^/]+(/f/[^"]+)"', _opened(clerk, placement))[0]
    assert "How is your work going?" in client.get(link).text
    assert "Enter the new employer" in client.post(link, data={"outcome": "on_post_other"}).text
    assert client.post(link, data={"outcome": "exempt"}).status_code == 422
    sent = client.post(
        link, data={"outcome": "on_post_same", "wage": "1900"}, follow_redirects=True
    )
    assert "Thank you" in sent.text
    assert "Nothing is asked at the moment" in sent.text
    client.post(link, data={"outcome": "returned_seasonal"})
    with database.reading() as session:
        [row] = list_follow_ups(session, placement)
        states = {due.checkpoint: due.state for due in list_dues(session, placement)}
    assert (row.grade, row.way, row.checkpoint, row.wage_fen) == ("C", "own_link", "m1", 190_000)
    assert states["m1"] == "done"
    assert client.get("/f/forged").status_code == 404


def _opened(clerk: FlaskClient, placement: int) -> str:
    clerk.get(LIST)
    return clerk.get(f"{LIST}/{placement}").text


def test_a_rights_case_goes_from_step_to_step_to_its_end(
    database: Database, clerk: FlaskClient, placement: int
) -> None:
    assert "No case here" in clerk.get("/rights-cases").text
    _record(database, placement, problems=(Problem.UNPAID_WAGES,))
    page = clerk.get("/rights-cases?standing=open").text
    case = re.findall(r"/rights-cases/(\d+)\"", page)[0]
    deadline = (TODAY - timedelta(days=1)).isoformat()
    step = {"note": "去厂里谈了", "recovered": "1200.50", "claimed": "3600", "deadline": deadline}
    steps = f"/rights-cases/{case}/steps"
    assert "Enter what was done" in clerk.post(steps, data=step | {"note": ""}).text
    clerk.post(steps, data=step)
    assert "1,200.50 yuan recovered" in clerk.get("/rights-cases?standing=overdue").text
    clerk.post(steps, data=step | {"note": "付清", "recovered": "2399.50", "outcome": "settled"})
    assert "This case was closed on" in clerk.post(steps, data=step).text
    shown = clerk.get(f"/rights-cases/{case}").text
    assert "Settled in full" in shown
    assert "3,600 yuan recovered" in clerk.get("/rights-cases?standing=closed").text
    assert "3600" in clerk.get("/rights-cases/export/csv").text
    again = f"/rights-cases/{case}/reopen"
    assert clerk.post(again).status_code == 422
    assert clerk.post(again, data={"note": "又欠了"}).status_code == 303
    assert "This case is open already" in clerk.post(again, data={"note": "又欠了"}).text


def test_a_rights_case_is_opened_by_hand_and_stands_in_the_lists(
    database: Database, clerk: FlaskClient, placement: int, sign_in: SignIn
) -> None:
    form = f"/placements/{placement}/rights-cases/new"
    with database.reading() as session:
        line = find_placement(session, placement)
    assert line is not None
    assert form in clerk.get(f"/placements/people/{line.seeker_id}").text
    empty = clerk.post(form, data={"kind": "unpaid_wages", "note": " "})
    assert (empty.status_code, "Enter what happened" in empty.text) == (422, True)
    said = {"kind": "unpaid_wages", "note": "三月起没发工资", "claimed": "3600"}
    past = clerk.post(form, data=said | {"deadline": (TODAY - timedelta(days=1)).isoformat()})
    assert (past.status_code, "has not passed" in past.text) == (422, True)
    assert "三月起没发工资" in past.text, "what was typed stays"
    made = clerk.post(form, data=said, follow_redirects=True).text
    assert "三月起没发工资" in made
    assert (TODAY + timedelta(days=15)).isoformat() in made
    again = clerk.post(form, data=said)
    assert (again.status_code, "is open for this work since" in again.text) == (422, True)
    assert "Rights case open" in clerk.get(LIST).text
    for asked, count in (
        (f"employer={line.employer_name}", 1),
        ("employer=nobody", 0),
        (f"person={line.seeker_id}", 1),
        (f"person={line.seeker_id + 1}", 0),
    ):
        assert f"{count} cases" in clerk.get(f"/rights-cases?{asked}").text, asked
    stranger = sign_in("clerk", division="520521")
    assert stranger.get(form).status_code == 404
    assert stranger.post(form, data=said).status_code == 404


def _record(
    database: Database, placement: int, *, day: date = TODAY, problems: tuple[Problem, ...] = ()
) -> int:
    draft = FollowUpDraft(Outcome.ON_POST_SAME, Way.PHONE, day, problems=problems)
    with database.writing() as session:
        return record_follow_up(session, placement, draft, Recorder()).follow_up_id


def test_a_month_is_drawn_by_its_seed_and_called_again_by_another_office(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    last_month = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
    for n in (1, 2, 3):
        placement = make_placement(
            database, make.seeker(n), started_on=last_month - timedelta(days=30)
        )
        _record(database, placement, day=last_month)
    own = make_organisation(database, kind="labour_office", division="520502", name="七星关")
    here = sign_in("clerk", organisation=own)
    refused = here.post("/recalls/draw")
    assert refused.status_code == 409
    assert "no labour office outside 520502" in refused.text
    office = make_organisation(database, kind="labour_office", division="520521", name="大方")
    there = sign_in("clerk", organisation=office)
    assert ": 1" in there.post("/recalls/draw", follow_redirects=True).text
    assert ": 0" in here.post("/recalls/draw", follow_redirects=True).text  # once a month
    assert "No sample is yours" in here.get("/recalls").text
    with database.reading() as session:
        sample = session.execute(select(RecallSample)).scalar_one()
        session.expunge(sample)
        recalls = list(session.execute(select(Recall.id)).scalars())
    assert (sample.drawn_from, len(recalls), sample.county) == (3, 3, "520502")
    page = f"/recalls/{sample.id}"
    assert here.get(page).status_code == 404
    assert "first call:" not in there.get(page).text
    assert re.search(r"tel:\d{11}", there.post(f"/recalls/people/{recalls[0]}/phone").text)
    assert here.post(f"/recalls/people/{recalls[0]}/phone").status_code == 404
    for recall, outcome in zip(
        recalls, ("on_post_same", "returned_final", "unreached"), strict=True
    ):
        assert (
            "Choose what was found"
            in there.post(f"/recalls/people/{recall}", follow_redirects=True).text
        )
        there.post(f"/recalls/people/{recall}", data={"outcome": outcome})
    assert (
        there.post(f"/recalls/people/{recalls[0]}", data={"outcome": "refused"}).status_code == 409
    )
    assert "first call: On post, same employer" in there.get(page).text
    assert "1 of 2 (50.0%)" in there.get("/recalls").text
    assert f"2,1,50.0,{sample.seed}" in there.get("/recalls/export/csv").text


def test_a_month_is_drawn_once_and_only_what_can_be_judged(database: Database, make: Make) -> None:
    for division in ("520502", "520521"):
        make_organisation(database, kind="labour_office", division=division, name=division)
    placement = make_placement(database, make.seeker(1), started_on=FIRST)
    refused = FollowUpDraft(Outcome.REFUSED, Way.PHONE, TODAY)
    with database.writing() as session:
        record_follow_up(session, placement, refused, Recorder())
    kept, taken_back = _record(database, placement), _record(database, placement)
    with database.writing() as session:
        reverse_follow_up(session, taken_back, "other person", Recorder())
    month = TODAY.replace(day=1)
    with database.writing() as session:
        assert [draw_samples(session, month, Recorder(), seed="2010") for _ in range(2)] == [1, 0]
        assert list(session.execute(select(Recall.follow_up_id)).scalars()) == [kept]


def test_who_moved_is_asked_by_the_office_of_the_new_home(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker = make.seeker(1)
    placement = make_placement(database, seeker, started_on=FIRST)
    old, new = sign_in("clerk", division="520502"), sign_in("clerk", division="520521")
    typed = ON_POST | {"problems": ["dispute"]}
    assert old.post(f"{LIST}/{placement}", data=typed).status_code == 303
    second = make.seeker(2)
    later = make_placement(database, second, started_on=FIRST)
    assert tiles(old.get(LIST).text) == [1, 0, 0]
    assert "/rights-cases/1" in old.get("/rights-cases").text
    with database.writing() as session:
        for n, one in ((1, seeker), (2, second)):
            edit_seeker(session, one, draft(n, home_division="520521001"))
    assert tiles(old.get(LIST).text) == [0, 0, 0]
    assert old.get(f"{LIST}/{later}").status_code == 404
    assert tiles(new.get(LIST).text) == [1, 0, 0]
    assert f'href="{LIST}/{later}"' in new.get(LIST).text
    assert new.get(f"{LIST}/{later}").status_code == 200
    assert "/rights-cases/1" in new.get("/rights-cases").text
    assert "/rights-cases/1" not in old.get("/rights-cases").text


def test_what_a_checkpoint_asks_has_its_field_and_is_kept(
    clerk: FlaskClient, placement: int
) -> None:
    clerk.get(LIST)
    url = f"/follow-ups/{placement}"
    first, _more, rest = clerk.get(url).text.partition("More answers")
    assert 'name="insured"' in first
    for name in ("as_promised", "lodging", "contract", "wants_change", "stays_next_year"):
        assert f'name="{name}"' in rest
    clerk.post(url, data=ON_POST | {"insured": "no", "contract": "yes", "wants_change": "yes"})
    page = clerk.get(url).text
    for words in ("Social insurance is not paid", "There is a written contract", "Wants another"):
        assert words in page
    assert page.count("The work is as promised") == 1  # nothing was said of it: only the field


def test_people_answer_the_same_questions_by_their_link(
    client: FlaskClient, clerk: FlaskClient, database: Database, placement: int
) -> None:
    clerk.get(LIST)
    [link] = re.findall(r"/f/[^<\"]+", clerk.get(f"/follow-ups/{placement}").text)[:1]
    page = client.get(link).text
    assert page.index('name="insured"') < page.index("govuk-details")
    client.post(link, data={"outcome": "on_post_same", "insured": "yes"})
    with database.reading() as session:
        [told] = list_follow_ups(session, placement)
    assert (told.terms.insured, told.terms.contract) == (True, None)


def test_follow_ups_made_are_listed_by_month_filtered_and_taken_away(
    database: Database, make: Make, clerk: FlaskClient, placement: int
) -> None:
    url = "/follow-ups/made"
    assert "Nobody was asked in this month" in clerk.get(url).text
    other = make_placement(
        database,
        make.seeker(3, home_division="520521001"),
        started_on=FIRST,
        employer_name="别县的厂",
    )
    answers = FoundTerms(contract=False, insured=True)
    for each, terms in ((placement, answers), (other, FoundTerms())):
        told = FollowUpDraft(
            Outcome.ON_POST_SAME, Way.PHONE, TODAY, wage_fen=450_000, terms=terms, note="=1+1"
        )
        with database.writing() as session:
            record_follow_up(session, each, told, Recorder())
    page = clerk.get(url).text
    assert "1 follow-ups of 1 persons" in page
    assert "4,500 yuan a month · There is no written contract · Social insurance is paid" in page
    assert "别县的厂" not in page
    for asked, listed in (
        ("told=contract-no", True),
        ("told=contract-yes", False),
        ("checkpoint=m1&grade=C&outcome=on_post_same", True),
        ("checkpoint=contact", False),
        (f"month={clock.add_months(TODAY.replace(day=1), -1):%Y-%m}", False),
        ("month=soon&told=x-yes&grade=F", True),
    ):
        assert ("There is no written contract ·" in clerk.get(f"{url}?{asked}").text) is listed
    file = clerk.get(f"{url}/export/csv?told=contract-no").get_data(as_text=True)
    assert "There is no written contract; Social insurance is paid" in file
    assert ",'=1+1," in file
    assert len(file.splitlines()) == 2
    with database.reading() as session:
        [detail] = session.execute(
            select(AuditEntry.detail).where(AuditEntry.action == "follow_up.download")
        ).scalars()
    assert detail["follow_ups"] == 1


def test_a_follow_up_taken_back_is_not_listed_as_made(
    database: Database, clerk: FlaskClient, placement: int
) -> None:
    with database.writing() as session:
        kept = record_follow_up(
            session, placement, FollowUpDraft(Outcome.ON_POST_SAME, Way.PHONE, TODAY), Recorder()
        )
    assert "1 follow-ups" in clerk.get("/follow-ups/made").text
    with database.writing() as session:
        reverse_follow_up(session, kept.follow_up_id, "wrong person", Recorder())
    assert "Nobody was asked in this month" in clerk.get("/follow-ups/made").text
