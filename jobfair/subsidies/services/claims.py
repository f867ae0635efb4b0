"""Verbs of claims: propose, tell, take an application, announce, check, approve, refuse.

Whoever decides on a claim locks its row first, so that of two clerks the second sees what the
first did.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Table, exists, func, select
from sqlalchemy.orm import Session

from jobfair.agents.models import Agent
from jobfair.employers.models import Employer
from jobfair.kit import audit, clock, crypto
from jobfair.kit.bulk import in_slices, insert_new
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.ids import new_key
from jobfair.kit.masking import mask_name
from jobfair.notices import services as notices
from jobfair.notices.rules import (
    LineDraft,
    NoticeColumn,
    NoticeDraft,
    NoticeKind,
)
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import kept_record
from jobfair.seekers.queries.sealed import open_column
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule, SubsidyStep
from jobfair.subsidies.queries.facts import labourers
from jobfair.subsidies.queries.terms import find_rule
from jobfair.subsidies.rules.claims import (
    DEAD,
    STATE_NAMES,
    WITH_REASON,
    Application,
    CardOfAnother,
    ClaimState,
    DocumentsMissing,
    NoReason,
    NotAnnounced,
    NotEntitled,
    NotNow,
    SameHands,
    Step,
    Superseded,
    after,
    check_account,
    check_evidence,
    missing_documents,
)
from jobfair.subsidies.rules.entitlement import (
    WHY_TEXTS,
    Labourer,
    Standing,
    Verdict,
    judge,
    judge_payee,
    with_payee,
    within_cap,
)
from jobfair.subsidies.rules.terms import DOCUMENT_NAMES, Document, Payee, Terms, read_stored

_CLAIMS = cast(Table, SubsidyClaim.__table__)
_DIVISION_LENGTHS = (12, 9, 6, 4, 2)
# After these the line comes off the public notice.
_OFF_LIST = frozenset({Step.SEND_BACK, Step.REFUSE})
_APPROVING = frozenset({Step.CHECK, Step.APPROVE})


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one claim of many."""

    claim_id: int
    refusal: Refusal | None = None


def append_step(
    session: Session, claim: SubsidyClaim, step: Step, recorder: Recorder, reason: str = ""
) -> None:
    """Append a step to a locked claim and move it on.

    Raises:
        NotNow: the step cannot be taken from where the claim stands.
    """
    state = after(ClaimState(claim.state), step)
    if state is None:
        raise NotNow(state=translate(STATE_NAMES[claim.state]))
    claim.state = state
    session.add(
        SubsidyStep(
            claim_id=claim.id,
            step=step,
            at=clock.now(),
            user_id=recorder.user_id,
            office_id=recorder.office_id,
            amount_fen=claim.amount_fen,
            reason=reason,
        )
    )
    audit.record(
        session,
        f"claim.{step}",
        subject="claim",
        subject_id=claim.id,
        detail={"state": state.value, "fen": claim.amount_fen},
    )


def lock_claims(session: Session, claim_ids: Collection[int]) -> list[SubsidyClaim]:
    """Return claims that nobody else can decide on until this transaction ends, by id."""
    found = session.execute(
        select(SubsidyClaim)
        .where(SubsidyClaim.id.in_(claim_ids))
        .order_by(SubsidyClaim.id)
        .with_for_update()
    )
    return list(found.scalars())


def lock_claim(session: Session, claim_id: int) -> SubsidyClaim:
    """Return one claim likewise.

    Raises:
        NotFound: no such claim.
    """
    for claim in lock_claims(session, (claim_id,)):
        return claim
    raise NotFound


def terms_of(session: Session, rule_id: int) -> Terms:
    """Return the terms of one version.

    Raises:
        NotFound: no such version.
    """
    rule = session.get(SubsidyRule, rule_id)
    if rule is None:
        raise NotFound
    return read_stored(rule.terms)


def propose(session: Session, rule_id: int, recorder: Recorder, *, scope: str | None = None) -> int:
    """Open a claim for everybody who is entitled today and has none; return how many.

    Where the money is an employer's, it is one for each of its people, as far as its limit goes,
    whose months were complete first come first.

    Args:
        session: the writing session.
        rule_id: the version of the terms.
        recorder: who asks for it.
        scope: only people whose home begins with this.

    Raises:
        NotFound: no such terms.
        Superseded: another version is in force.
    """
    rule = find_rule(session, rule_id)
    if rule is None:
        raise NotFound
    if not rule.newest:
        raise Superseded
    terms, today = rule.terms, clock.today()
    rows: list[dict[str, Any]] = []
    for person, labourer in sorted(labourers(session, terms, scope=scope).items()):
        payee, verdict = judge_payee(terms, labourer, today)
        if verdict.standing is not Standing.ENTITLED:
            continue
        rows.append(
            {
                "key": new_key(),
                "rule_id": rule_id,
                "seeker_id": person,
                "payee": terms.payee,
                "employer_id": payee if terms.payee is Payee.EMPLOYER else None,
                "agent_id": payee if terms.payee is Payee.AGENT else None,
                "home_division": labourer.home,
                "family": terms.family,
                "period": terms.period,
                "state": ClaimState.ENTITLED,
                "since": verdict.since,
                "amount_fen": verdict.amount_fen,
                "documents": [],
                "evidence": "",
                "bank": "",
            }
        )
    rows = _within_caps(session, terms, rows)
    # Where another clerk proposes at the same moment, whoever comes second adds nobody twice.
    opened = insert_new(session, _CLAIMS, rows)
    made = session.execute(
        select(SubsidyClaim.id, SubsidyClaim.amount_fen).where(
            SubsidyClaim.rule_id == rule_id,
            ~exists().where(SubsidyStep.claim_id == SubsidyClaim.id),
        )
    ).all()
    session.add_all(
        SubsidyStep(
            claim_id=claim.id,
            step=Step.PROPOSE,
            at=clock.now(),
            user_id=recorder.user_id,
            office_id=recorder.office_id,
            amount_fen=claim.amount_fen,
            reason="",
        )
        for claim in made
    )
    if made:
        detail = {"claims": opened, "day": today.isoformat()}
        audit.record(
            session, "claim.propose", subject="subsidy_rule", subject_id=rule_id, detail=detail
        )
    return opened


def _within_caps(
    session: Session, terms: Terms, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the new claims that the limits of their payees leave room for."""
    if not terms.payee_cap_fen or terms.payee is Payee.PERSON:
        return rows
    name = f"{terms.payee}_id"
    payees = sorted({row[name] for row in rows})
    column = getattr(SubsidyClaim, name)
    table = Employer if terms.payee is Payee.EMPLOYER else Agent
    # One clerk after another: two must not use the same room.
    wanted = select(table.id).where(table.id.in_(payees)).order_by(table.id)
    session.execute(wanted.with_for_update()).all()
    sums = session.execute(
        select(column, func.sum(SubsidyClaim.amount_fen))
        .where(
            SubsidyClaim.family == terms.family,
            SubsidyClaim.period == terms.period,
            column.in_(payees),
            SubsidyClaim.state.not_in(sorted(DEAD)),
        )
        .group_by(column)
    )
    taken = {row[0]: int(row[1]) for row in sums}
    have = _live(session, terms, [row["seeker_id"] for row in rows])
    kept = []
    for payee in payees:
        own = [row for row in rows if row[name] == payee and row["seeker_id"] not in have]
        own.sort(key=lambda row: (row["since"], row["seeker_id"]))
        paid = taken.get(payee, 0)
        fits = within_cap([row["amount_fen"] for row in own], paid, terms.payee_cap_fen)
        kept += own[:fits]
    return kept


def _live(session: Session, terms: Terms, people: Collection[int]) -> set[int]:
    """Return of whom there is a live claim of the kind already."""
    found: set[int] = set()
    for some in in_slices(people):
        query = select(SubsidyClaim.seeker_id).where(
            SubsidyClaim.seeker_id.in_(some),
            SubsidyClaim.family == terms.family,
            SubsidyClaim.period == terms.period,
            SubsidyClaim.payee == terms.payee,
            SubsidyClaim.state.not_in(sorted(DEAD)),
        )
        found |= set(session.execute(query).scalars())
    return found


def _facts(session: Session, claims: Collection[SubsidyClaim]) -> dict[int, Labourer]:
    """Return what decides about the people of some claims now, by claim.

    A record merged into another meanwhile stands for the kept one.
    """
    found: dict[int, Labourer] = {}
    for rule_id in {claim.rule_id for claim in claims}:
        kept = {
            claim.id: kept_record(session, claim.seeker_id)
            for claim in claims
            if claim.rule_id == rule_id
        }
        people = labourers(session, terms_of(session, rule_id), ids=set(kept.values()))
        found |= {claim_id: people[person] for claim_id, person in kept.items()}
    return found


def _check_entitled(claim: SubsidyClaim, terms: Terms, who: Labourer) -> Verdict:
    """Return the verdict of somebody who is entitled to what the claim is about.

    After the application the day of application counts; the claim itself is left out.

    Raises:
        NotEntitled: not, or to less.
    """
    others = tuple(one for one in who.benefits if one.claim != str(claim.id))
    day = claim.applied_on or clock.today()
    own = with_payee(who, terms.payee, claim.employer_id or claim.agent_id)
    verdict = judge(terms, replace(own, benefits=others), day)
    less = claim.applied_on is not None and verdict.amount_fen < claim.amount_fen
    if verdict.standing is not Standing.ENTITLED or less:
        why = " ".join(translate(WHY_TEXTS[one.why], **one.params) for one in verdict.reasons)
        raise NotEntitled(why=why or verdict.since or "–")
    return verdict


def take_application(
    session: Session, claim_id: int, application: Application, recorder: Recorder
) -> None:
    """Take an application: the documents seen, the account, the amount as of today.

    Raises:
        NotFound: no such claim.
        NotNow: it was applied for before.
        NotEntitled: by what is recorded now the person is not entitled.
        CardOfAnother: somebody else has given the same card.
        Invalid: no account, or documents without a word of where they are.
    """
    claim = lock_claim(session, claim_id)
    check_evidence(application)
    account = check_account(application.account, of_firm=claim.payee != Payee.PERSON)
    _apply(session, claim, application, account, recorder)


def take_payees_application(
    session: Session,
    claim_id: int,
    application: Application,
    recorder: Recorder,
    *,
    scope: str | None,
) -> list[Answer]:
    """Take an employer's or agent's application for all its people who wait for one.

    What stands in the way of one does not stop the others; the claim that was asked about comes
    first.

    Args:
        session: the writing session.
        claim_id: of one of the people.
        application: what the employer brought.
        recorder: who takes it.
        scope: only people whose home begins with this.

    Raises:
        As `take_application`, of the claim that was asked about.
    """
    first = lock_claim(session, claim_id)
    take_application(session, claim_id, application, recorder)
    waiting = session.execute(
        select(SubsidyClaim.id).where(
            SubsidyClaim.rule_id == first.rule_id,
            SubsidyClaim.payee == first.payee,
            SubsidyClaim.employer_id.is_not_distinct_from(first.employer_id),
            SubsidyClaim.agent_id.is_not_distinct_from(first.agent_id),
            SubsidyClaim.home_division.startswith(scope or "", autoescape=True),
            SubsidyClaim.state.in_(sorted(s for s in ClaimState if after(s, Step.APPLY))),
        )
    ).scalars()
    answers = [Answer(claim_id)]
    for claim in lock_claims(session, waiting.all()):
        try:
            with session.begin_nested():
                account = check_account(application.account, of_firm=True)
                _apply(session, claim, application, account, recorder)
        except Refusal as refusal:
            answers.append(Answer(claim.id, refusal))
        else:
            answers.append(Answer(claim.id))
    return answers


def _apply(
    session: Session,
    claim: SubsidyClaim,
    application: Application,
    account: str,
    recorder: Recorder,
) -> None:
    terms = terms_of(session, claim.rule_id)
    if after(ClaimState(claim.state), Step.APPLY) is None:
        raise NotNow(state=translate(STATE_NAMES[claim.state]))
    claim.applied_on = None  # sent back before: the day counts anew
    verdict = _check_entitled(claim, terms, _facts(session, (claim,))[claim.id])
    claim.amount_fen, claim.since = verdict.amount_fen, verdict.since or claim.since
    claim.applied_on = clock.today()
    claim.applicant = application.applicant
    claim.documents = [str(one) for one in application.documents]
    claim.evidence = application.evidence.strip()
    _keep_account(session, claim, account, application.bank)
    append_step(session, claim, Step.APPLY, recorder)


def _keep_account(session: Session, claim: SubsidyClaim, account: str, bank: str) -> None:
    """Keep where the money goes.

    Raises:
        CardOfAnother: somebody else has given the same card.
    """
    index = crypto.vault().index(account, field="subsidy_claim.account")
    whose = SubsidyClaim.seeker_id != claim.seeker_id
    if claim.employer_id is not None:
        whose = func.coalesce(SubsidyClaim.employer_id, 0) != claim.employer_id
    elif claim.agent_id is not None:
        whose = func.coalesce(SubsidyClaim.agent_id, 0) != claim.agent_id
    others = select(SubsidyClaim.id).where(SubsidyClaim.account_index == index, whose)
    other = session.execute(others.limit(1)).scalar_one_or_none()
    if other is not None:
        raise CardOfAnother(claim=other)
    claim.account_index = index
    claim.account_sealed = crypto.vault().seal(
        account, table="subsidy_claim", column="account_sealed", row=claim.key
    )
    claim.bank = bank.strip()


def correct_account(
    session: Session, claim_id: int, account: str, bank: str, recorder: Recorder
) -> None:
    """Put another account to a payment that came back, to be sent again.

    Raises:
        NotFound: no such claim.
        NotNow: nothing came back.
        NoAccount: no number of a card.
        CardOfAnother: somebody else has given the same card.
    """
    claim = lock_claim(session, claim_id)
    number = check_account(account, of_firm=claim.payee != Payee.PERSON)
    _keep_account(session, claim, number, bank)
    append_step(session, claim, Step.CORRECT, recorder)


def take_step(
    session: Session, claim_id: int, step: Step, recorder: Recorder, reason: str = ""
) -> None:
    """Take a step that asks for nothing but perhaps a reason.

    Raises:
        NotFound: no such claim.
        Refusal: not from where it stands, by somebody who must not, or something is missing.
    """
    [answer] = take_steps(session, (claim_id,), step, recorder, reason)
    if answer.refusal:
        raise answer.refusal


def take_steps(
    session: Session,
    claim_ids: Iterable[int],
    step: Step,
    recorder: Recorder,
    reason: str = "",
) -> list[Answer]:
    """Take one step with many claims, by id; a refused one leaves the others alone."""
    asked = sorted(set(claim_ids))
    claims = {claim.id: claim for claim in lock_claims(session, asked)}
    facts = _facts(session, claims.values()) if step in _APPROVING else {}
    answers = []
    for claim_id in asked:
        try:
            if claim_id not in claims:
                raise NotFound
            _take(
                session,
                claims[claim_id],
                step,
                recorder,
                reason=reason.strip(),
                who=facts.get(claim_id),
            )
        except Refusal as refusal:
            answers.append(Answer(claim_id, refusal))
        else:
            answers.append(Answer(claim_id))
    return answers


def _take(
    session: Session,
    claim: SubsidyClaim,
    step: Step,
    recorder: Recorder,
    *,
    reason: str,
    who: Labourer | None,
) -> None:
    """Take a step with a locked claim; approving ones know what decides about the person."""
    if after(ClaimState(claim.state), step) is None:
        raise NotNow(state=translate(STATE_NAMES[claim.state]))
    if step in WITH_REASON and not reason:
        raise NoReason
    if who is not None:
        _check_approval(session, claim, step, recorder, who)
    if step in _OFF_LIST:
        notices.take_off(session, NoticeKind.SUBSIDY, claim.id)
    append_step(session, claim, step, recorder, reason)


def _check_approval(
    session: Session, claim: SubsidyClaim, step: Step, recorder: Recorder, who: Labourer
) -> None:
    terms = terms_of(session, claim.rule_id)
    if step is Step.CHECK:
        shown = tuple(Document(one) for one in claim.documents)
        missing = missing_documents(terms.documents, shown)
        if missing:
            raise DocumentsMissing(
                documents="、".join(translate(DOCUMENT_NAMES[one]) for one in missing)
            )
    elif _last_by(session, (claim.id,), Step.CHECK).get(claim.id) == recorder.user_id:
        raise SameHands
    _check_entitled(claim, terms, who)
    if recorder.user_id is None:
        raise SameHands  # the system itself approves nothing
    try:
        notices.note_approver(session, NoticeKind.SUBSIDY, claim.id, recorder.user_id)
    except NotFound as gone:
        raise NotAnnounced from gone


def _last_by(session: Session, claim_ids: Collection[int], step: Step) -> dict[int, int | None]:
    """Return who took a step last, by claim."""
    found = session.execute(
        select(SubsidyStep.claim_id, SubsidyStep.user_id)
        .where(SubsidyStep.claim_id.in_(claim_ids), SubsidyStep.step == step)
        .order_by(SubsidyStep.id)
    )
    return {row.claim_id: row.user_id for row in found}


def announce(session: Session, claim_ids: Collection[int], title: str, recorder: Recorder) -> int:
    """Put applied claims of one version of terms on one public notice; return its id.

    Raises:
        NotNow: one of them is not applied for, or was announced meanwhile.
        Invalid: the list would show what it may not; nothing is published.
    """
    if recorder.user_id is None:
        raise SameHands
    claims = lock_claims(session, claim_ids)
    if len({claim.rule_id for claim in claims}) > 1:
        raise NotFound
    for claim in claims:
        append_step(session, claim, Step.ANNOUNCE, recorder)
    terms = terms_of(session, claims[0].rule_id) if claims else None
    draft = NoticeDraft(
        NoticeKind.SUBSIDY,
        title,
        _common_place([claim.home_division for claim in claims]),
        terms.notice_days if terms else 0,
        _lines(session, claims, terms) if terms else (),
    )
    return notices.publish(session, draft, user_id=recorder.user_id)


def _common_place(homes: Sequence[str]) -> str:
    """Return the smallest division in which all homes lie; empty for homes of two provinces."""
    first = min(homes, default="")
    inside = (first[:n] for n in _DIVISION_LENGTHS if n <= len(first))
    return next((place for place in inside if all(h.startswith(place) for h in homes)), "")


def _lines(session: Session, claims: Collection[SubsidyClaim], terms: Terms) -> list[LineDraft]:
    people = {
        row.id: row
        for row in session.execute(
            select(
                Seeker.id, Seeker.key, Seeker.name_sealed, Seeker.id_number_sealed, Seeker.village
            ).where(Seeker.id.in_({claim.seeker_id for claim in claims}))
        )
    }
    took = _last_by(session, [claim.id for claim in claims], Step.APPLY)
    found = []
    for claim in claims:
        person = people[claim.seeker_id]
        name = open_column(person, "name_sealed")
        cells = {
            str(NoticeColumn.NAME): mask_name(name),
            str(NoticeColumn.VILLAGE): person.village or "",
            str(NoticeColumn.AMOUNT): f"{claim.amount_fen / 100:.2f}",
            str(NoticeColumn.RULE): f"{terms.year} {terms.title}",
        }
        last4 = open_column(person, "id_number_sealed")[-4:]
        taker = took.get(claim.id)
        approvers = (taker,) if taker else ()
        found.append(LineDraft(claim.id, cells, (name, last4), approvers))
    return found
