"""Promise against reality: what follow-ups find stands against what each employer posted."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from jobfair.fairs.queries import find_fair, position_ids
from jobfair.fairs.services import publish_fair
from jobfair.follow_ups.rules.drafts import FollowUpDraft, FoundTerms
from jobfair.follow_ups.rules.outcomes import Outcome, Way
from jobfair.follow_ups.services import record_follow_up, reverse_follow_up
from jobfair.fulfilment.queries.promises import Card, weigh_all
from jobfair.fulfilment.services import catch_up
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer
from tests.factories import Make
from tests.fulfilment.factory import TODAY, Exhibited, make_exhibited

SignIn = Callable[..., FlaskClient]
GOOD = FoundTerms(hours_per_day=8, days_per_week=6, lodging=True, fee_fen=0)
BAD = FoundTerms(hours_per_day=11, days_per_week=6.5, lodging=False, fee_fen=90_000)


def find(
    database: Database, placement: int, wage: int, terms: FoundTerms, way: Way = Way.PHONE
) -> int:
    """Record what somebody found; return the follow-up's id."""
    draft = FollowUpDraft(Outcome.ON_POST_SAME, way, TODAY, wage_fen=wage, terms=terms)
    with database.writing() as session:
        return record_follow_up(session, placement, draft, Recorder()).follow_up_id


def begin(database: Database, shown: Exhibited) -> None:
    for placement in shown.placements:
        fact = Fact(EventKind.ON_POST, TODAY - timedelta(days=30), grade=Grade.C)
        with database.writing() as session:
            append_event(session, placement, fact, Recorder())


def cards(database: Database) -> dict[int, Card]:
    with database.reading() as session:
        return {card.employer_id: card for card in weigh_all(session, TODAY)[0]}


def test_hours_bed_and_costs_are_asked_at_a_follow_up(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=40, people=1)
    begin(database, shown)
    [placement] = shown.placements
    clerk = sign_in("clerk")
    url = f"/follow-ups/{placement}"
    told = {"outcome": "on_post_same", "way": "phone", "happened_on": TODAY.isoformat()}
    told |= {"wage": "1850", "hours": "30", "days": "6.5", "lodging": "no", "fee": "300"}
    refused = clerk.post(url, data=told)
    assert refused.status_code == 422
    assert "Enter hours from 1 to 24" in refused.text
    assert 'value="6.5"' in refused.text
    clerk.post(url, data=told | {"hours": "10"})
    page = clerk.get(url).text
    for words in ("10.0 hours a day", "6.5 days a week", "not as promised", "paid 300 yuan"):
        assert words in page
    [answer] = [card for card in cards(database).values() if card.people]
    # What was not entered beside an amount counts as nothing paid.
    assert answer.cost
    assert (answer.cost.n, answer.cost.nothing) == (1, 0)
    assert round(answer.cost.median, 3) == round(300 / 1850, 3)


def test_a_card_shows_what_was_posted_and_found_and_every_number_opens(
    database: Database, make: Make, sign_in: SignIn, client: FlaskClient
) -> None:
    good = make_exhibited(database, make, ended=40, people=4, code="good")
    bad = make_exhibited(database, make, ended=40, people=3, code="bad", first=11)
    for shown, wage, terms in ((good, 200_000, GOOD), (bad, 150_000, BAD)):
        begin(database, shown)
        for placement in shown.placements:
            find(database, placement, wage, terms)
    found = cards(database)
    kept = {
        code: {str(one.promise): (one.n, one.kept) for one in found[shown.employer].promises}
        for code, shown in (("good", good), ("bad", bad))
    }
    assert set(kept["good"].values()) == {(4, 4)}
    assert set(kept["bad"].values()) == {(3, 0)}
    pay = found[bad.employer].promise("pay")
    assert pay
    assert pay.share
    assert (pay.posted, pay.found, pay.difference) == (180_000, 150_000, -30_000)
    assert 0 < pay.share < 4 / 7  # between its own share and that of all
    cost = found[bad.employer].cost
    assert cost
    assert cost.mean
    assert 0 < cost.mean < 0.6
    clerk = sign_in("clerk")
    with database.writing() as session:
        catch_up(session)
        fair = find_fair(session, good.fair_code)
        assert fair
        publish_fair(session, fair.id)
        [position] = position_ids(session, fair.id)
    # Whoever looks at a position is told in short, without signing in.
    client.set_cookie("language", "en")
    told = client.get(f"/p/{position}")
    assert "4 people who went there were asked" in told.text
    url = f"/fulfilment/employers/{bad.employer}"
    page = clerk.get(url).text
    assert "-300" in page
    assert f'href="{url}/answers?of=pay"' in page
    answers = clerk.get(f"{url}/answers?of=pay").text
    assert answers.count("1,800 / 1,500") == 3
    assert f"/follow-ups/{bad.placements[0]}" in answers
    away = sign_in("clerk", division="520521")
    assert "Nobody of your division" in away.get(f"{url}/answers").text
    told = clerk.get(f"{url}/answers/export/csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told)))
    assert len(rows) == 4
    assert rows[1][-2:] == ["900.0", "0.6"]
    listed = clerk.get("/fulfilment/employers?sort=share").text
    assert listed.index("厂bad") < listed.index("厂good")


def test_an_employer_sees_its_own_card_and_nobodys_name(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=40, people=3)
    begin(database, shown)
    for placement in shown.placements:
        find(database, placement, 180_000, GOOD)
    own = sign_in("recruiter", organisation=shown.organisation)
    url = f"/fulfilment/employers/{shown.employer}"
    page = own.get(url).text
    assert "3 / 3" in page
    assert "/answers" not in page
    assert own.get(f"{url}/answers").status_code == 403
    stranger = make_organisation(database, kind="employer", name="别的厂")
    make_employer(database, organisation_id=stranger, name="别的厂")
    other = sign_in("recruiter", organisation=stranger)
    assert other.get(url).status_code == 404
    assert "龙岗电子厂" not in other.get("/fulfilment/employers").text
    assert own.get("/fulfilment/employers/999999").status_code == 404


def test_too_few_answers_the_employers_own_and_those_taken_back_show_nothing(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    shown = make_exhibited(database, make, ended=40, people=4)
    begin(database, shown)
    first, second, third, fourth = shown.placements
    for placement in (first, second):
        find(database, placement, 100_000, BAD)
    find(database, third, 180_000, GOOD, Way.EMPLOYER)
    wrong = find(database, fourth, 180_000, GOOD)
    with database.writing() as session:
        reverse_follow_up(session, wrong, "问错了人", Recorder())
    card = cards(database)[shown.employer]
    assert card.people == 2
    pay = card.promise("pay")
    assert pay
    assert (pay.n, pay.few, pay.share) == (2, True, None)
    page = sign_in("leader").get(f"/fulfilment/employers/{shown.employer}").text
    assert "too few" in page
    assert "1,000" not in page


def test_the_newest_answer_of_a_person_counts(database: Database, make: Make) -> None:
    shown = make_exhibited(database, make, ended=40, people=1)
    begin(database, shown)
    find(database, shown.placements[0], 100_000, BAD)
    find(database, shown.placements[0], 180_000, FoundTerms(hours_per_day=8))
    card = cards(database)[shown.employer]
    assert {str(one.promise): one.kept for one in card.promises} == {
        "pay": 1,
        "hours": 1,
        "days": 0,
        "lodging": 0,
        "fees": 0,
    }


def test_a_contract_counts_as_missing_only_a_month_after_the_first_day(
    database: Database, make: Make
) -> None:
    shown = make_exhibited(database, make, ended=40, people=3)
    told = zip(shown.placements, (20, 40, 20), (False, False, True), strict=True)
    for one, days, has_contract in told:
        fact = Fact(EventKind.ON_POST, TODAY - timedelta(days=days), grade=Grade.C)
        with database.writing() as session:
            append_event(session, one, fact, Recorder())
        find(database, one, 180_000, FoundTerms(contract=has_contract, as_promised=True))
    card = cards(database)[shown.employer]
    contract, work = card.promise("contract"), card.promise("work")
    assert contract
    assert work
    assert (contract.n, contract.kept) == (2, 1)
    assert (work.n, work.kept) == (3, 3)
    assert card.promise("insurance") is None  # it was not posted
