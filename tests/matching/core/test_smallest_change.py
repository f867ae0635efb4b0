"""What an ineligible pair is told to change is enough, and no part of it can be left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from jobfair.matching.core.eligibility import OR, Reason, reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from tests.matching.core.test_ranking import TODAY, positions, seekers

Pair = tuple[SeekerFacts, PositionFacts]
DAY = timedelta(days=1)


def _said(reason: Reason, name: str) -> date:
    return date.fromisoformat(dict(reason.params)[name])


def _without(name: str) -> Callable[[Pair, Reason], Pair]:
    def change(pair: Pair, _reason: Reason) -> Pair:
        person, post = pair
        left = frozenset(r for r in person.refusals if not r.startswith(name))
        return replace(person, refusals=left), post

    return change


def _listed(pair: Pair, reason: Reason) -> Pair:
    return replace(pair[0], unlisted=pair[0].unlisted - {reason.code}), pair[1]


def _older(pair: Pair, reason: Reason) -> Pair:
    """Let the person be as much older as there are days to wait for."""
    person, post = pair
    start = max(TODAY, post.starts_on or TODAY)
    age = int(dict(reason.params)["age"])
    assert _said(reason, "day") > start
    return replace(person, born=date(start.year - age, start.month, start.day)), post


def _to_a_higher_age(pair: Pair, reason: Reason) -> Pair:
    return pair[0], replace(pair[1], max_age=int(dict(reason.params)["needed"]))


def _certified(pair: Pair, reason: Reason) -> Pair:
    names = [name.split(OR)[0] for name in dict(reason.params)["names"].split("、")]
    return replace(pair[0], certificates=pair[0].certificates | set(names)), pair[1]


CHANGES: dict[str, Callable[[Pair, Reason], Pair]] = {
    "consent": _listed,
    "placed": _listed,
    "expired": lambda pair, _r: (replace(pair[0], expires_on=TODAY), pair[1]),
    "position_closed": lambda pair, _r: (pair[0], replace(pair[1], closed=False)),
    "position_expired": lambda pair, _r: (pair[0], replace(pair[1], valid_until=TODAY)),
    "too_young": _older,
    "minor_restricted": _older,
    "min_age": _older,
    "max_age": _to_a_higher_age,
    "ages_contradict": _to_a_higher_age,
    "education": lambda pair, _r: (pair[0], replace(pair[1], education=pair[0].education)),
    "certificate": _certified,
    "availability": lambda pair, r: (
        replace(pair[0], available_from=_said(r, "latest")),
        pair[1],
    ),
    **{
        f"refusal_{name}": _without(name)
        for name in ("night_shift", "height_work", "dispatch", "piece_rate")
    },
    "refusal_other_province": _without("other_province"),
    "refusal_division": _without("division"),
}


def _changed(pair: Pair, told: list[Reason]) -> Pair:
    for reason in told:
        pair = CHANGES[reason.code](pair, reason)
    return pair


@given(seekers, positions)
def test_the_changes_told_open_the_pair_and_each_is_needed(
    person: SeekerFacts, post: PositionFacts
) -> None:
    told = reasons(person, post, TODAY)
    assert not reasons(*_changed((person, post), told), TODAY)
    for left_out in told:
        others = [reason for reason in told if reason is not left_out]
        still = reasons(*_changed((person, post), others), TODAY)
        assert left_out.code in {reason.code for reason in still}


@given(seekers, positions)
def test_the_days_told_are_the_first_and_the_last_that_will_do(
    person: SeekerFacts, post: PositionFacts
) -> None:
    told = {reason.code: reason for reason in reasons(person, post, TODAY)}
    for code in ("too_young", "minor_restricted", "min_age"):
        if code in told:
            day = _said(told[code], "day")
            then, before = (replace(post, starts_on=one) for one in (day, day - DAY))
            assert code not in {r.code for r in reasons(person, then, TODAY)}
            young = {r.code for r in reasons(person, before, TODAY)}
            assert young & {"too_young", "minor_restricted", "min_age"}
    if "availability" in told:
        latest, start = (_said(told["availability"], name) for name in ("latest", "start"))
        for day, enough in ((latest, True), (latest + DAY, False)):
            found = reasons(replace(person, available_from=day), post, TODAY)
            assert ("availability" not in {r.code for r in found}) == enough
        for day, enough in ((start, True), (start - DAY, False)):
            found = reasons(person, replace(post, starts_on=day), TODAY)
            assert ("availability" not in {r.code for r in found}) == enough


@given(seekers, positions)
def test_the_highest_age_told_is_the_least_that_will_do(
    person: SeekerFacts, post: PositionFacts
) -> None:
    high = {"max_age", "ages_contradict"}
    for reason in reasons(person, post, TODAY):
        if reason.code in high:
            needed = int(dict(reason.params)["needed"])
            for most, enough in ((needed, True), (needed - 1, False)):
                found = reasons(person, replace(post, max_age=most), TODAY)
                assert (high.isdisjoint(r.code for r in found)) == enough
