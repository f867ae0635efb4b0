"""The counting rules: what a number of people means, and which list counts by which rule.

A list declares the rules it counts by; page and file then print them at the foot, and the page of
the rules names the lists. Source: the project's counting rules C1 to C12; C13 to C15 say how they
are read where records come from several offices and come late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from jobfair.kit.i18n import N_

_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class CountingRule:
    """口径: one rule of counting.

    Attributes:
        code: what lists and agreements call it.
        name: message id.
        short: one line for the foot of a list, message id.
        text: the whole rule, message id.
        source: where it comes from, message id.
    """

    code: str
    name: str
    short: str
    text: str
    source: str


_PROJECT = N_("Counting rules of the project, after §2.7 of its reference")
_READ = N_("Counting rules of the project; order of evidence after §4.5 of its reference")
COUNTING_RULES: Mapping[str, CountingRule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            CountingRule(
                "C1",
                N_("One person, once"),
                N_("each person once, however many records or placements"),
                N_(
                    "A person (人) is counted once. Records that were merged are one person, so "
                    "that earlier figures count anew after a merge."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C2",
                N_("Move"),
                N_("each export begun; within 30 days the same move goes on"),
                N_(
                    "A move (人次) is an export begun in the period. A new employer within 30 "
                    "days, or a return from a season within 90, goes on with the move before it. "
                    "Persons and moves are never added, and no number stands without its unit."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C3",
                N_("Export"),
                N_("work outside the home county, by the start"),
                N_(
                    "Export (劳务输出) is work whose county is not the home county at the start. "
                    "Transfer (转移就业) is any non-farm work."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C4",
                N_("Stock"),
                N_("stock is yesterday's stock and those who came, less those who left"),
                N_(
                    "The stock of a day is that of the day before, more those who came, less those "
                    "who left. New are those without an export running at the end of last year."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C5",
                N_("Organised"),
                N_("organised, assisted and self-arranged are told apart"),
                N_(
                    "Organised (有组织): rode with a batch, or post and travel were arranged by an "
                    "office. Assisted: the post was, the travel not. Self-arranged: recorded "
                    "afterwards. Where one figure says organised, it sums the first two."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C6",
                N_("Where the work is"),
                N_("destination by the workplace at the start, not the head office"),
                N_(
                    "The destination is where the workplace lay at the start: home county, "
                    "prefecture, province, another province, abroad. The head office does not "
                    "matter."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C7",
                N_("Category of the household"),
                N_("household category of the first day, not of today"),
                N_("The household category is that of the first day. Today's is another column."),
                _PROJECT,
            ),
            CountingRule(
                "C8",
                N_("Months of work"),
                N_("months continuous without a gap for money, with 30 days for statistics"),
                N_(
                    "Employed for N months, continuous: spells whose gaps are bridged, up to the "
                    "same day N months on. Gaps: none for money, 30 days for statistics. "
                    "Cumulative: the months of a calendar year with a day of work."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C9",
                N_("Whose figure"),
                N_("by the home at the start, not by the office that recorded it"),
                N_(
                    "A person belongs to the division of the home at the start. Counties add up to "
                    "the prefecture; the figures of offices do not, and the overlap is a list."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C10",
                N_("Whose merit"),
                N_("one origin each: fair offer, fair interview, referral, self"),
                N_(
                    "Each placement has one origin: an offer at a fair, else an interview at a "
                    "fair within 30 days, else a referral, else the person."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C11",
                N_("Students apart"),
                N_("who is on a school's roll on the first day is no exported labourer"),
                N_(
                    "Work begun while on the roll of the work-study school is never an export of "
                    "labour. After leaving the school it is. Exported labourers and students are "
                    "never added."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C12",
                N_("Five different things"),
                N_("intention, contract, departure, arrival and first day are counted apart"),
                N_(
                    "Intention, contract, departure, arrival and first day on post are five "
                    "indicators. An intention is no placement in any report."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C13",
                N_("Employed persons"),
                N_("arrived, and confirmed at least once"),
                N_(
                    "Employed are those who reached their post and of whom at least one "
                    "confirmation is on record: the employer's word, a follow-up, or a first day "
                    "proved by a third party or the employer (evidence A or B)."
                ),
                _PROJECT,
            ),
            CountingRule(
                "C14",
                N_("As of and known at"),
                N_("what had happened by one day, as recorded by another"),
                N_(
                    "A figure counts what had happened by the as-of day and had been recorded by "
                    "the known-at moment, without what had been reversed by then. The same "
                    "question asked again with the same two gives the same figure, unless records "
                    "of one person were merged since."
                ),
                _READ,
            ),
            CountingRule(
                "C15",
                N_("Two offices"),
                N_("a person of two offices counts once, for the earlier evidence"),
                N_(
                    "A person whom two offices placed in one period counts once: for the office "
                    "whose evidence happened first, and if on the same day, was recorded first. "
                    "The other office sees the person, both days and this rule in the list of "
                    "overlaps."
                ),
                _READ,
            ),
        )
    }
)


def counted_by(title: str, *codes: str) -> Callable[[_View], _View]:
    """Declare by which rules a list counts people; stands under the view's permission.

    Args:
        title: what the list is called, a message id.
        codes: of `COUNTING_RULES`.

    Raises:
        KeyError: there is no such rule.
    """
    rules = tuple(COUNTING_RULES[code] for code in codes)

    def declare(view: _View) -> _View:
        view.counting = (title, rules)  # type: ignore[attr-defined]
        return view

    return declare


def count_by(*codes: str) -> None:
    """Say the same for this request only, where one view shows several lists."""
    g.counting = tuple(COUNTING_RULES[code] for code in codes)


def declared_by(view: Callable[..., Any] | None) -> tuple[str, tuple[CountingRule, ...]]:
    """Return the title and the rules a view declared; no rules where it counts no people."""
    found: tuple[str, tuple[CountingRule, ...]] = getattr(view, "counting", ("", ()))
    return found


def rules_here() -> tuple[CountingRule, ...]:
    """Return the rules of the list that this request shows."""
    if "counting" in g:
        said: tuple[CountingRule, ...] = g.counting
        return said
    return declared_by(current_app.view_functions.get(request.endpoint or ""))[1]


def install(app: Flask) -> None:
    """Let every page print the rules it counts by."""
    app.jinja_env.globals["counting_rules_here"] = rules_here
