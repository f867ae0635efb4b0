"""Vacancy rules: what a posting may not say or offer, each with its clause and a way out."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobfair.employers.rules import clauses
from jobfair.employers.rules.drafts import PayType, PositionDraft
from jobfair.employers.rules.phrases import PHRASE_RULES, STOP, WARN, PhraseRule
from jobfair.kit.i18n import N_

# division code and day → the monthly minimum wage in fen, or None when it is not known
MinimumWage = Callable[[str, date], int | None]

WORKING_AGE = 16
ADULT_AGE = 18
_YOUNG_CAP = 35
_EDGES = " \t\n,，;；。、.:：()（）"
_TEXT_FIELDS = ("title", "requirements", "description")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule a vacancy breaks.

    Attributes:
        code: the rule's name.
        severity: ``stop`` or ``warn``.
        clause: the law, a msgid.
        message: what is wrong, a msgid.
        suggestion: what to write instead, a msgid.
        place: the field it stands in.
        phrase: the words found; empty for a figure.
        params: what fills the places of the message.
    """

    code: str
    severity: str
    clause: str
    message: str
    suggestion: str
    place: str
    phrase: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


def _overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _spans(pattern: re.Pattern[str] | None, text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text)] if pattern else []


def _broken(rule: PhraseRule, text: str, place: str) -> Iterator[Finding]:
    matches = list(rule.pattern.finditer(text))
    if not matches:
        return
    innocent = _spans(rule.innocent, text)
    lawful = rule.lawful is not None and rule.lawful.search(text) is not None
    severity = WARN if lawful else rule.severity
    for match in matches:
        if not _overlaps(match.span(), innocent):
            yield Finding(
                rule.code,
                severity,
                rule.clause,
                rule.message,
                rule.suggestion,
                place,
                match.group().strip(_EDGES),
            )


def check_text(text: str, *, place: str = "description") -> tuple[Finding, ...]:
    """Return what one text breaks, in rule order."""
    return tuple(found for rule in PHRASE_RULES for found in _broken(rule, text, place))


def _age_findings(draft: PositionDraft) -> Iterator[Finding]:
    if draft.min_age is not None and draft.min_age < WORKING_AGE:
        yield Finding(
            "child_labour",
            STOP,
            clauses.MINIMUM_AGE,
            N_("The lowest age is %(age)s; nobody under 16 may be hired."),
            N_("Write 16 or more; 18 or more where the work is restricted for minors."),
            "min_age",
            params={"age": draft.min_age},
        )
    risky = draft.restricted_for_minors or draft.height_work
    if risky and draft.min_age is not None and WORKING_AGE <= draft.min_age < ADULT_AGE:
        yield Finding(
            "minors",
            WARN,
            clauses.MINORS,
            N_("This work is restricted for minors: nobody under 18 will be proposed."),
            N_("Write 18 as the lowest age."),
            "min_age",
        )
    if draft.max_age is not None and draft.max_age < _YOUNG_CAP:
        yield Finding(
            "age_cap",
            WARN,
            clauses.FAIR_CONDITIONS,
            N_("The highest age is %(age)s; say why the work cannot be done later in life."),
            N_("Leave the highest age out, or raise it."),
            "max_age",
            params={"age": draft.max_age},
        )


def _wage_findings(draft: PositionDraft, minimum: MinimumWage, on: date) -> Iterator[Finding]:
    if draft.wage is None or not draft.workplace_division:
        return
    if draft.pay_type in {PayType.HOURLY, PayType.NEGOTIABLE}:  # part-time has its own hourly rate
        return
    floor = minimum(draft.workplace_division, draft.starts_on or on)
    if floor is not None and draft.wage.low < floor:
        yield Finding(
            "minimum_wage",
            STOP,
            clauses.MINIMUM_WAGE,
            N_("The wage starts at %(wage)s yuan; the minimum at this workplace is %(floor)s."),
            N_("Raise the lower end to the minimum or above."),
            "wage_low",
            params={"wage": draft.wage.low // 100, "floor": floor // 100},
        )


def no_minimum(_division: str, _on: date) -> int | None:
    """Say that no minimum wage is known anywhere."""
    return None


def check_draft(
    draft: PositionDraft, *, on: date, minimum: MinimumWage = no_minimum
) -> tuple[Finding, ...]:
    """Return every rule a position breaks.

    Args:
        draft: the position.
        on: today; a wage is judged by the day the work starts, today when none is said.
        minimum: the minimum wage of a division on a day.
    """
    texts = (check_text(getattr(draft, name), place=name) for name in _TEXT_FIELDS)
    found = [finding for part in texts for finding in part]
    found += _age_findings(draft)
    found += _wage_findings(draft, minimum, on)
    return tuple(found)


def stops(findings: tuple[Finding, ...]) -> bool:
    """Say whether the position may not be published."""
    return any(finding.severity == STOP for finding in findings)
