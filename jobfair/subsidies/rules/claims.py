"""A claim from the day somebody is entitled until the money: states, steps, who may take them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.subsidies.rules.terms import Document


class ClaimState(StrEnum):
    """Where a claim stands."""

    ENTITLED = "entitled"
    TOLD = "told"
    APPLIED = "applied"
    ANNOUNCED = "announced"
    CHECKED = "checked"
    APPROVED = "approved"
    SENT = "sent"
    PAID = "paid"
    REFUSED = "refused"
    RETURNED = "returned"
    RECOVERED = "recovered"


class Step(StrEnum):
    """What is done with a claim; each is appended and none is taken back."""

    PROPOSE = "propose"
    TELL = "tell"
    APPLY = "apply"
    ANNOUNCE = "announce"
    CHECK = "check"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SEND = "send"
    PAY = "pay"
    RETURN = "return"
    CORRECT = "correct"
    REFUSE = "refuse"
    RECOVER = "recover"


class Applicant(StrEnum):
    """Who brings the application."""

    SELF = "self"
    RELATIVE = "relative"
    VILLAGE_WORKER = "village_worker"
    PAYEE = "payee"


STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ClaimState.ENTITLED: N_("Entitled, not told yet"),
        ClaimState.TOLD: N_("Told, has not applied"),
        ClaimState.APPLIED: N_("Has applied"),
        ClaimState.ANNOUNCED: N_("On public notice in the village"),
        ClaimState.CHECKED: N_("Checked by the township"),
        ClaimState.APPROVED: N_("Approved by the county"),
        ClaimState.SENT: N_("Sent for payment"),
        ClaimState.PAID: N_("Paid"),
        ClaimState.REFUSED: N_("Refused"),
        ClaimState.RETURNED: N_("Payment came back"),
        ClaimState.RECOVERED: N_("Money recovered"),
    }
)
STEP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Step.PROPOSE: N_("Found entitled"),
        Step.TELL: N_("Told the person"),
        Step.APPLY: N_("Application taken"),
        Step.ANNOUNCE: N_("Put on public notice"),
        Step.CHECK: N_("Check: in order"),
        Step.APPROVE: N_("Approve for payment"),
        Step.SEND_BACK: N_("Send back to be corrected"),
        Step.SEND: N_("Put into a payment file"),
        Step.PAY: N_("Paid, says the bank"),
        Step.RETURN: N_("Came back, says the bank"),
        Step.CORRECT: N_("Account corrected"),
        Step.REFUSE: N_("Refuse the claim"),
        Step.RECOVER: N_("Money recovered from the person"),
    }
)
APPLICANT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Applicant.SELF: N_("The labourer in person"),
        Applicant.RELATIVE: N_("A relative"),
        Applicant.VILLAGE_WORKER: N_("A village worker"),
        Applicant.PAYEE: N_("The employer or agent"),
    }
)

_OPEN = frozenset(
    {
        ClaimState.ENTITLED,
        ClaimState.TOLD,
        ClaimState.APPLIED,
        ClaimState.ANNOUNCED,
        ClaimState.CHECKED,
        ClaimState.APPROVED,
        ClaimState.RETURNED,
    }
)
# Step → the states it is taken from, and the one it leads to.
STEPS: Mapping[Step, tuple[frozenset[ClaimState], ClaimState]] = MappingProxyType(
    {
        Step.TELL: (frozenset({ClaimState.ENTITLED}), ClaimState.TOLD),
        Step.APPLY: (frozenset({ClaimState.ENTITLED, ClaimState.TOLD}), ClaimState.APPLIED),
        Step.ANNOUNCE: (frozenset({ClaimState.APPLIED}), ClaimState.ANNOUNCED),
        Step.CHECK: (frozenset({ClaimState.ANNOUNCED}), ClaimState.CHECKED),
        Step.APPROVE: (frozenset({ClaimState.CHECKED}), ClaimState.APPROVED),
        Step.SEND_BACK: (
            frozenset({ClaimState.APPLIED, ClaimState.ANNOUNCED, ClaimState.CHECKED})
            | {ClaimState.APPROVED},
            ClaimState.TOLD,
        ),
        Step.SEND: (frozenset({ClaimState.APPROVED}), ClaimState.SENT),
        Step.PAY: (frozenset({ClaimState.SENT}), ClaimState.PAID),
        Step.RETURN: (frozenset({ClaimState.SENT, ClaimState.PAID}), ClaimState.RETURNED),
        Step.CORRECT: (frozenset({ClaimState.RETURNED}), ClaimState.APPROVED),
        Step.REFUSE: (_OPEN, ClaimState.REFUSED),
        Step.RECOVER: (frozenset({ClaimState.PAID}), ClaimState.RECOVERED),
    }
)
# The person has no money by it and may claim anew.
DEAD = frozenset({ClaimState.REFUSED, ClaimState.RECOVERED})
WITH_REASON = frozenset({Step.SEND_BACK, Step.RETURN, Step.REFUSE, Step.RECOVER})


class NotNow(Refusal):
    """The claim stands elsewhere, perhaps since a moment ago."""

    code = "claim_not_now"
    message = N_("This claim is now: %(state)s. Look at it again before you go on.")


class SameHands(Refusal):
    """The one who checked it must not approve it."""

    code = "same_hands"
    message = N_("You checked this claim: somebody else must approve it.")


class DocumentsMissing(Invalid):
    """Not everything that the terms ask for was shown."""

    code = "documents_missing"
    message = N_("Not shown: %(documents)s. Tick what you have seen and say where it is kept.")


class EvidenceNote(Invalid):
    """Documents were ticked and nothing says where they are."""

    code = "evidence_note_missing"
    message = N_("Say where the documents are kept.")


class NoReason(Invalid):
    """A step that needs a reason has none."""

    code = "claim_reason_missing"
    message = N_("Enter the reason; the person will be told.")


class NoAccount(Invalid):
    """Without an account nothing can be paid."""

    code = "account_missing"
    message = N_("Enter the number of the person's own social-security card, 12 to 19 digits.")


class CardOfAnother(Refusal):
    """Money goes to the own card only, and one card is one person's."""

    code = "card_of_another"
    message = N_("Claim %(claim)s of another person names the same card. Ask whose it is.")


class Superseded(Refusal):
    """Claims are opened by the terms in force."""

    code = "terms_superseded"
    message = N_("Another version of these terms is in force. Use that one.")


class NotEntitled(Refusal):
    """The events no longer say that the person is entitled, or to less."""

    code = "no_longer_entitled"
    message = N_("By what is recorded today the person is not entitled to this: %(why)s")


class NotAnnounced(Refusal):
    """The public notice is missing."""

    code = "not_announced"
    message = N_("It is not on public notice. Announce it first.")


class NoticeOpen(Refusal):
    """The public notice still stands."""

    code = "notice_open"
    message = N_("The public notice is open: it may be paid from %(hour)s.")


class NoticeHeld(Refusal):
    """An objection is not decided."""

    code = "notice_held"
    message = N_("An objection to it waits for a decision. Decide it first.")


class TakenOff(Refusal):
    """An objection was upheld."""

    code = "taken_off"
    message = N_("It was taken off the public notice. Refuse it, or send it back to be corrected.")


@dataclass(frozen=True, slots=True)
class Application:
    """What is brought with an application.

    Attributes:
        documents: what was seen.
        evidence: where it is kept; nothing personal.
        account: number of the person's own social-security card; empty when not known yet.
        bank: which bank keeps it.
    """

    applicant: Applicant
    documents: tuple[Document, ...]
    evidence: str
    account: str
    bank: str


def after(state: ClaimState, step: Step) -> ClaimState | None:
    """Return where a step leads, None where it cannot be taken."""
    found = STEPS.get(step)
    return found[1] if found and state in found[0] else None


def steps_from(state: ClaimState) -> list[Step]:
    """Return the steps that can be taken, in their order."""
    return [step for step in STEPS if after(state, step)]


def check_evidence(application: Application) -> None:
    """Check that documents which were ticked can be found again.

    Raises:
        EvidenceNote: something is ticked and nothing says where it is kept.
    """
    if application.documents and not application.evidence.strip():
        raise EvidenceNote


def missing_documents(
    needed: Iterable[Document], shown: Collection[Document]
) -> tuple[Document, ...]:
    """Return what is missing of the documents.

    A village's certificate stands in for a contract and an employer's certificate: casual work
    has neither.
    """
    covered = set(shown)
    if Document.VILLAGE_CERTIFICATE in covered:
        covered |= {Document.CONTRACT, Document.EMPLOYER_CERTIFICATE}
    return tuple(one for one in needed if one not in covered)


_SHORTEST, _LONGEST_CARD, _LONGEST_ACCOUNT = 12, 19, 30


def check_account(text: str, *, of_firm: bool = False) -> str:
    """Return a card's number without the spaces; a firm's account may be longer than a card's.

    Raises:
        NoAccount: it is none.
    """
    plain = "".join(text.split())
    if not (
        plain.isascii()
        and plain.isdecimal()
        and 12 <= len(plain) <= (_LONGEST_ACCOUNT if of_firm else _LONGEST_CARD)
    ):
        raise NoAccount
    return plain
