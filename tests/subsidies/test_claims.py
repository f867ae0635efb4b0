"""A claim's way from being found until the money, and everything that stops it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from jobfair.kit.clock import BEIJING
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.notices.queries import list_objections
from jobfair.notices.rules import (
    DecidedIt,
    NoticeKind,
    NotYours,
    NumberShown,
    ObjectionOver,
    Way,
)
from jobfair.notices.services import decide_objection, make_objection, take_off
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event, append_events
from jobfair.seekers.services import merge_seekers
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule, SubsidyStep
from jobfair.subsidies.queries.claims import find_claim, payment_lines
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.queries.terms import find_rule
from jobfair.subsidies.rules.claims import (
    STEPS,
    Application,
    CardOfAnother,
    ClaimState,
    DocumentsMissing,
    EvidenceNote,
    NoAccount,
    NoReason,
    NotAnnounced,
    NotEntitled,
    NoticeHeld,
    NoticeOpen,
    NotNow,
    SameHands,
    Step,
    Superseded,
    TakenOff,
    after,
)
from jobfair.subsidies.rules.terms import Document, Journey
from jobfair.subsidies.services.claims import correct_account, take_application, take_steps
from jobfair.subsidies.services.payment import (
    NOT_SENT,
    OTHER_AMOUNT,
    BankLine,
    Sent,
    result_spec,
    send_for_payment,
)
from tests.factories import Make
from tests.subsidies.factory import (
    ACCOUNT,
    PAPERS,
    Time,
    announce,
    apply_for,
    at_work,
    clerk,
    make_terms,
    propose,
    state_of,
    step,
)


@pytest.fixture
def clerks(make: Make) -> tuple[Recorder, Recorder, Recorder]:
    """Who takes applications, who checks and who approves."""
    return clerk(make), clerk(make), clerk(make)


Clerks = tuple[Recorder, Recorder, Recorder]


def announced(database: Database, make: Make, clerks: Clerks, people: int = 1) -> list[int]:
    """Bring claims as far as the public notice."""
    rule = make_terms(database)
    for n in range(1, people + 1):
        at_work(make, n)
    claims = propose(database, rule, clerks[0])
    for claim in claims:
        apply_for(database, claim, clerks[0])
    announce(database, claims, clerks[0])
    return claims


def approved(database: Database, make: Make, clerks: Clerks, people: int = 1) -> list[int]:
    """Bring claims as far as the approval."""
    claims = announced(database, make, clerks, people)
    for claim in claims:
        step(database, claim, Step.CHECK, clerks[1])
        step(database, claim, Step.APPROVE, clerks[2])
    return claims


def send(database: Database, who: Recorder) -> Sent:
    with database.writing() as session:
        rule = session.execute(select(SubsidyRule.id)).scalar_one()
        return send_for_payment(session, rule, who, division="520502")


def bank(database: Database, who: Recorder, *lines: BankLine) -> list[tuple[str, str | None]]:
    with database.writing() as session:
        found = result_spec(who, scope="520502").apply(session, list(lines))
    return [(one.kind, one.reason) for one in found]


def test_only_those_entitled_are_found_and_nobody_twice(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database, journey=Journey.OWN)
    entitled = at_work(make, 1)
    at_work(make, 2, channel=Channel.ORGANISED)
    at_work(make, 3, started_on=date(2025, 3, 3))  # until tomorrow
    at_work(make, 4, grade=Grade.D)
    [claim] = propose(database, rule, clerks[0])
    with database.reading() as session:
        found = find_claim(session, claim)
        assert found
        assert (found.row.seeker_id, found.row.amount_fen) == (entitled, 50_000)
        assert (found.row.since, found.row.state) == (date(2025, 4, 6), ClaimState.ENTITLED)
    assert propose(database, rule, clerks[1]) == [claim]
    # Another county's terms for the same thing find the same people, and open nothing.
    other = make_terms(database, code="other-county", jurisdiction="52", journey=Journey.OWN)
    assert propose(database, other, clerks[0]) == []
    june.go(days=1)
    assert len(propose(database, rule, clerks[0])) == 2


def test_the_database_itself_refuses_a_second_live_claim(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database)
    seeker = at_work(make, 1)
    [claim] = propose(database, rule, clerks[0])
    other = make_terms(database, code="other", jurisdiction="52")
    again = {
        "key": "k" * 32,
        "rule_id": other,
        "seeker_id": seeker,
        "home_division": "520521",
        "family": "travel",
        "period": 2025,
        "state": "entitled",
        "since": date(2025, 4, 6),
        "amount_fen": 1,
        "documents": [],
        "evidence": "",
        "bank": "",
    }
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(insert(SubsidyClaim), [again])
    step(database, claim, Step.REFUSE, clerks[0], "会领取其他补贴")
    assert len(propose(database, rule, clerks[0])) == 2  # refused claims make room


def test_terms_and_steps_stand_for_ever(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    [claim] = propose(database, rule, clerks[0])
    assert make_terms(database, cap_fen=40_000) != rule
    for table in (SubsidyRule, SubsidyStep):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.delete(session.execute(select(table)).scalars().first())
    apply_for(database, claim, clerks[0])  # by the version it was opened by
    with database.reading() as session:
        found = find_claim(session, claim)
        assert found
        assert (found.version, found.row.amount_fen) == (1, 50_000)
        assert ACCOUNT not in found.account


def test_the_whole_way_until_the_money_and_back_again(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    one, two = approved(database, make, clerks, people=2)
    june.at = datetime(2025, 6, 11, 9, tzinfo=BEIJING)  # day 9 of 10
    with pytest.raises(NoticeOpen) as early:
        send(database, clerks[0])
    assert early.value.params == {"hour": "2025-06-13 00:00"}
    june.at = datetime(2025, 6, 13, tzinfo=BEIJING)
    sent = send(database, clerks[0])
    assert sent.left_out == ()
    with database.reading() as session:
        lines = payment_lines(session, sent.run_id)
    assert [(line.claim_id, line.account, line.amount_fen) for line in lines] == [
        (one, f"{ACCOUNT}1", 50_000),
        (two, f"{ACCOUNT}2", 50_000),
    ]
    answers = bank(
        database,
        clerks[0],
        BankLine(sent.run_id, one, 50_000, True, ""),
        BankLine(sent.run_id, two, 50_000, False, "账号与户名不符"),
        BankLine(sent.run_id, one, 40_000, True, ""),
        BankLine(sent.run_id, 999, 50_000, True, ""),
    )
    assert answers == [
        ("updated", None),
        ("updated", None),
        ("refused", OTHER_AMOUNT),
        ("refused", NOT_SENT),
    ]
    assert bank(database, clerks[0], BankLine(sent.run_id, one, 50_000, True, "")) == [
        ("unchanged", None)
    ]
    assert (state_of(database, one), state_of(database, two)) == ("paid", "returned")
    with database.writing() as session:
        correct_account(session, two, "6217 0000 0000 9999", "", clerks[0])
    again = send(database, clerks[0])
    late = BankLine(sent.run_id, two, 50_000, True, "")  # of the file it is no longer in
    assert bank(database, clerks[0], late) == [("refused", NOT_SENT)]
    bank(database, clerks[0], BankLine(again.run_id, two, 50_000, True, ""))
    with pytest.raises(NoReason):
        step(database, two, Step.RECOVER, clerks[0])
    step(database, two, Step.RECOVER, clerks[0], "重复领取")
    with database.reading() as session:
        found = find_claim(session, two)
        assert found
    taken = [Step(row.step) for row in found.steps]
    assert taken == [
        Step.PROPOSE,
        Step.APPLY,
        Step.ANNOUNCE,
        Step.CHECK,
        Step.APPROVE,
        Step.SEND,
        Step.RETURN,
        Step.CORRECT,
        Step.SEND,
        Step.PAY,
        Step.RECOVER,
    ]
    state = ClaimState.ENTITLED
    for one_step in taken[1:]:
        reached = after(state, one_step)
        assert reached
        state = reached
    assert state == found.row.state


def test_checked_and_approved_by_two_persons_with_every_document(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    [claim] = propose(database, rule, clerks[0])
    for wrong, refusal in (
        (Application(PAPERS.applicant, PAPERS.documents, " ", ACCOUNT, ""), EvidenceNote),
        (Application(PAPERS.applicant, (), "", "12", ""), NoAccount),
    ):
        with pytest.raises(refusal), database.writing() as session:
            take_application(session, claim, wrong, clerks[0])
    bare = Application(PAPERS.applicant, (), "", ACCOUNT, "")
    with database.writing() as session:
        take_application(session, claim, bare, clerks[0])
    announce(database, [claim], clerks[0])
    with pytest.raises(DocumentsMissing) as missing:
        step(database, claim, Step.CHECK, clerks[1])
    assert missing.value.params == {"documents": "The employer's certificate of work"}
    step(database, claim, Step.SEND_BACK, clerks[1], "缺务工证明")
    village = Application(PAPERS.applicant, (Document.VILLAGE_CERTIFICATE,), "村委会", ACCOUNT, "")
    with database.writing() as session:  # for casual work the village's word is enough
        take_application(session, claim, village, clerks[0])
    announce(database, [claim], clerks[0])
    with pytest.raises(NotNow):
        step(database, claim, Step.APPROVE, clerks[2])
    step(database, claim, Step.CHECK, clerks[1])
    with pytest.raises(SameHands):
        step(database, claim, Step.APPROVE, clerks[1])
    step(database, claim, Step.APPROVE, clerks[2])


def test_nobody_is_approved_whose_work_turned_out_otherwise(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    [claim] = announced(database, make, clerks)
    with database.writing() as session:
        gone = Fact(EventKind.RETURNED_HOME, date(2025, 2, 1), grade=Grade.B, reason="final")
        append_event(session, 1, gone, clerks[1])
    with pytest.raises(NotEntitled) as no_longer:
        step(database, claim, Step.CHECK, clerks[1])
    assert "0 months and 26 days" in str(no_longer.value.params["why"])


def test_an_objection_in_the_last_minute_holds_its_line_and_not_the_list(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    one, two = approved(database, make, clerks, people=2)
    june.at = datetime(2025, 6, 12, 23, 59, tzinfo=BEIJING)
    with database.writing() as session:
        objection = make_objection(session, 1, 1, "此人一直在家", address="10.0.0.1")
    june.at = datetime(2025, 6, 13, tzinfo=BEIJING)
    with pytest.raises(ObjectionOver), database.writing() as session:
        make_objection(session, 1, 2, "迟到", way=Way.PAPER, user_id=clerks[0].user_id)
    sent = send(database, clerks[0])
    [held] = sent.left_out
    assert held.claim_id == one
    assert isinstance(held.refusal, NoticeHeld)
    assert state_of(database, two) == "sent"
    for own in clerks:  # took it in, checked it, approved it
        with pytest.raises(NotYours), database.writing() as session:
            decide_objection(
                session, objection, upheld=False, answer="查无此事", user_id=own.user_id or 0
            )
    judge = clerk(make)
    with database.writing() as session:
        decide_objection(
            session, objection, upheld=True, answer="经核实，属实", user_id=judge.user_id or 0
        )
    with pytest.raises(TakenOff):
        send(database, clerks[0])
    step(database, one, Step.SEND_BACK, clerks[1], "异议成立")
    apply_for(database, one, clerks[0])
    announce(database, [one], clerks[0])  # the notice of that line begins anew
    step(database, one, Step.CHECK, clerks[1])
    step(database, one, Step.APPROVE, clerks[2])
    with pytest.raises(NoticeOpen):
        send(database, clerks[0])


def test_who_decided_an_objection_approves_nothing_of_it(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    [claim] = announced(database, make, clerks)
    with database.writing() as session:
        objection = make_objection(session, 1, 1, "不属实", contact="村口老王", address="10.0.0.1")
        decide_objection(
            session, objection, upheld=False, answer="查无此事", user_id=clerks[1].user_id or 0
        )
    with pytest.raises(DecidedIt):
        step(database, claim, Step.CHECK, clerks[1])
    step(database, claim, Step.CHECK, clerks[2])
    with database.reading() as session:
        [shown] = list_objections(session, 1)
    assert (shown.reason, shown.contact, shown.upheld) == ("不属实", "村口老王", False)


def test_without_a_notice_nothing_is_checked_and_a_number_stops_the_list(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    [claim] = propose(database, rule, clerks[0])
    with pytest.raises(NotNow):
        announce(database, [claim], clerks[0])
    apply_for(database, claim, clerks[0])
    with pytest.raises(NumberShown):
        announce(database, [claim], clerks[0], title="咨询电话13812345678")
    assert state_of(database, claim) == "applied"
    announce(database, [claim], clerks[0])
    with database.writing() as session:
        take_off(session, NoticeKind.SUBSIDY, claim)
    with pytest.raises(NotAnnounced):
        step(database, claim, Step.CHECK, clerks[1])


def test_of_two_clerks_at_once_one_approves_and_the_other_sees_it(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    [claim] = announced(database, make, clerks)
    step(database, claim, Step.CHECK, clerks[0])

    def try_it(who: Recorder) -> Refusal | None:
        with database.writing() as session:
            [answer] = take_steps(session, [claim], Step.APPROVE, who)
        return answer.refusal

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(try_it, clerks[1:]))
    assert sorted(type(one).__name__ for one in answers) == ["NoneType", "NotNow"]
    [refused] = [one for one in answers if one]
    assert refused.params == {"state": "Approved by the county"}


def test_every_state_of_the_diagram_is_reached_and_opened_only_once() -> None:
    reachable = {ClaimState.ENTITLED}
    for _ in ClaimState:
        reachable |= {found for state in reachable for s in STEPS if (found := after(state, s))}
    assert reachable == set(ClaimState)
    assert all(after(state, Step.PROPOSE) is None for state in ClaimState)


def test_one_card_is_one_persons_and_old_terms_open_no_claims(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    rule = make_terms(database)
    at_work(make, 1)
    at_work(make, 2)
    one, two = propose(database, rule, clerks[0])
    apply_for(database, one, clerks[0])
    same = replace(PAPERS, account=f"{ACCOUNT}{one}")
    with pytest.raises(CardOfAnother), database.writing() as session:
        take_application(session, two, same, clerks[0])
    make_terms(database)
    with pytest.raises(Superseded):
        propose(database, rule, clerks[0])


def test_what_a_placements_line_says_decides_about_its_days(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    own = make_terms(database, journey=Journey.OWN)
    rode = at_work(make, 1)
    denied, lost, month = (at_work(make, n) for n in (2, 3, 4))
    told = [
        (rode, Fact(EventKind.BATCH_ASSIGNED, date(2025, 1, 3), reason="2025-03")),
        (rode, Fact(EventKind.BOARDED, date(2025, 1, 4))),
        (
            denied,
            Fact(EventKind.EMPLOYER_CONFIRMED, date(2025, 5, 1), grade=Grade.B, reason="not_here"),
        ),
        (lost, Fact(EventKind.LOST_CONTACT, date(2025, 5, 1))),
        (month, Fact(EventKind.FOLLOW_UP, date(2025, 5, 1), grade=Grade.A)),
    ]
    with database.writing() as session:
        answers = append_events(session, told, clerks[0])
    assert [one.refusal for one in answers] == [None] * len(told)
    with database.reading() as session:
        terms = find_rule(session, own)
        assert terms
        people = labourers(session, terms.terms)
    [work] = people[rode].works
    assert (work.organised, work.batch) == (True, "2025-03")
    assert [people[who].works[0].last for who in (denied, lost)] == [date(2025, 1, 6)] * 2
    assert (people[month].works[0].last, people[month].works[0].grade) == (None, Grade.A)
    assert len(propose(database, own, clerks[0])) == 1


def test_two_records_that_prove_to_be_one_person_are_paid_once(
    database: Database, make: Make, june: Time, clerks: Clerks
) -> None:
    one, two = announced(database, make, clerks, people=2)
    with database.writing() as session:
        merge_seekers(session, kept_id=1, merged_id=2, user_id=None)
    for claim, other in ((one, two), (two, one)):
        with pytest.raises(NotEntitled) as met:
            step(database, claim, Step.CHECK, clerks[1])
        assert f"Has claim {other} for the same" in str(met.value.params["why"])
    step(database, two, Step.REFUSE, clerks[1], "同一人")
    step(database, one, Step.CHECK, clerks[1])
