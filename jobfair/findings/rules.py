"""Named rules of data quality and what each asks of whom. Pure.

A finding is something to look at, never an accusation: it says what the records say and leaves the
explanation to the office that keeps them. Source: DQ numbers and rules follow the project's list,
drawn from published audits of training, placement and poverty registers; FS are signals of records
that were made up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day

# Thresholds of the rules, by the rule's code where the text does not say them.
SHARED_PHONE = 3  # people with one phone before it is looked at
LEAVING_SHARE, LEAVING_LEAST = 0.5, 10
SAME_DAY = 20
CALLS_AN_HOUR, CALLS_A_MINUTE = 60, 10
CALLS_AT_THE_END, LAST_DAYS = 20, 2
SHORT_LEAST, SHORT_SHARE = 10, 0.5
SHORT_SPELL = range(28, 93)  # days
TIMES_MEDIAN = 5
STALE_DAYS = 365
CONTRACT_DAYS, CONTRACT_YEAR = 30, 365
STATEMENT_DAYS = 60  # after a grant was paid, a statement was looked at
# By then a first wage was paid, and somebody knows where the work is.
SETTLED_DAYS = 62


class Code(StrEnum):
    """A rule."""

    TWO_NAMES = "DQ01"
    TWIN = "DQ02-N"
    PHONE = "DQ02-P"
    OVERLAP = "DQ03"
    PAID_TO_EXEMPT = "DQ04"
    BEFORE_ELIGIBLE = "DQ05"
    LEAVING = "DQ06-L"
    SAME_DAY = "DQ06-D"
    CONTACT_PLACED = "DQ07"
    AGENT_PLACED = "DQ07-A"
    DENIED = "DQ08-E"
    NEVER_BOARDED = "DQ08-B"
    HASTY_CALLS = "DQ09"
    NO_CHECK_IN = "DQ10"
    SUBSIDY_TWICE = "DQ11-T"
    SUBSIDY_EXCLUDED = "DQ11-X"
    SUBSIDY_UNFOUNDED = "DQ11-N"
    WAGE = "DQ12"
    STALE_CATEGORY = "DQ13"
    STUDENT_AT_WORK = "DQ15"
    NO_WAGE = "HR01"
    NO_PLACE = "HR02"
    NO_EMPLOYER = "HR03"
    NO_CONTRACT = "CT01"
    ONE_MINUTE = "FS01"
    NO_DEPARTURE = "FS02"
    ABOVE_HEADCOUNT = "FS03"
    AT_A_FAIR = "FS04"
    # Of households, work told of half, and what only many records show.
    SHORT_SPELLS = "DQ06-S"
    LAST_DAYS = "DQ09-E"
    RELATION_SEX = "HH01"
    NO_HEAD = "HH02-N"
    TWO_HEADS = "HH02-T"
    WORK_WITHOUT_CAPACITY = "HH03"
    WITHOUT_CAPACITY = "HH04"
    EXIT_CONTRADICTS = "HH05"
    NO_INDUSTRY = "HR04"
    # Of students.
    GRANT_CARD = "DQ02-G"
    GRANT_BEYOND = "DQ14"
    NO_ATTENDANCE = "DQ15-A"
    NO_DORMITORY = "DQ15-D"
    NO_REPORT = "DQ15-R"
    NO_STATEMENT = "DQ15-S"
    TWO_SCHOOLS = "DQ15-T"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule is called, what it finds and what the office does about it: message ids.

    Attributes:
        told: with the parameters of the finding.
    """

    name: str
    told: str
    to_do: str


RULES: Mapping[Code, Rule] = MappingProxyType(
    {
        Code.TWO_NAMES: Rule(
            N_("One ID number, two names"),
            N_("A student on the roll of %(year)s has this ID number and another name."),
            N_("Compare both with the ID card and correct the wrong one."),
        ),
        Code.TWIN: Rule(
            N_("Same name, birth date and village"),
            N_("Another record has the same name, birth date and village and another ID number."),
            N_("Compare both records with the ID cards; merge them or note that they are two."),
        ),
        Code.PHONE: Rule(
            N_("One phone for many people"),
            N_("%(count)s people are registered with this phone number."),
            N_("Ask whose phone it is and enter each person's own, or note why it is shared."),
        ),
        Code.OVERLAP: Rule(
            N_("Two placements at one time"),
            N_("On record at %(a)s and at %(b)s on the same days."),
            N_("Ask the person where the work is; reverse the other, or record the change."),
        ),
        Code.PAID_TO_EXEMPT: Rule(
            N_("Subsidy in spite of death, prison, army or study"),
            N_(
                "Claim %(claim)s was applied for on %(day)s; a death, prison, army or full-time "
                "study is on record since %(since)s."
            ),
            N_("Stop the claim until it is cleared; recover what was paid without right."),
        ),
        Code.BEFORE_ELIGIBLE: Rule(
            N_("Placed before the household category began"),
            N_("Counted as %(category)s from %(day)s, but the category holds since %(since)s."),
            N_("Check the day of recognition; correct it, or the placement's category."),
        ),
        Code.LEAVING: Rule(
            N_("Most people leave within a year"),
            N_("%(left)s of %(count)s people placed here in the last year have left."),
            N_("Visit the employer; look at contracts and pay before sending more people."),
        ),
        Code.SAME_DAY: Rule(
            N_("Many first days on one day"),
            N_("%(count)s people began here on %(day)s without travelling in a batch."),
            N_("Compare with the employer's own list and the contracts of that day."),
        ),
        Code.CONTACT_PLACED: Rule(
            N_("The employer's contact is among the placed"),
            N_("The phone of %(employer)s's contact is that of a person placed there."),
            N_("Ask whether somebody of its staff was recorded as placed, or lends the phone."),
        ),
        Code.AGENT_PLACED: Rule(
            N_("The agent's contact is among the placed"),
            N_("The phone of %(agent)s's contact is that of a person it placed."),
            N_("Ask whether somebody of the agent was recorded as placed, or lends the phone."),
        ),
        Code.DENIED: Rule(
            N_("The employer does not know the person"),
            N_("On post since %(since)s by our record; the employer said on %(day)s: not here."),
            N_("Call the person; record the end, or have the employer correct its word."),
        ),
        Code.NEVER_BOARDED: Rule(
            N_("Handed over but never boarded"),
            N_("On the roster of %(batch)s, handed over on %(day)s, with no boarding on record."),
            N_("Ask the escort; record the boarding, or take the hand-over back."),
        ),
        Code.HASTY_CALLS: Rule(
            N_("Too many follow-ups in an hour"),
            N_("%(count)s follow-ups recorded within one hour on %(day)s, all of them on post."),
            N_("Have another office call a sample of them again."),
        ),
        Code.NO_CHECK_IN: Rule(
            N_("Placed at a fair without having come"),
            N_("A post was accepted at %(fair)s, where nobody checked in with a card of theirs."),
            N_("Ask the booth how it came about; add the entry by hand, or take the offer back."),
        ),
        Code.SUBSIDY_TWICE: Rule(
            N_("Two subsidies for one thing"),
            N_("Claims %(claim)s and %(other)s of one person are for the same thing and time."),
            N_("Refuse the later one, or recover what it paid."),
        ),
        Code.SUBSIDY_EXCLUDED: Rule(
            N_("Two subsidies that exclude each other"),
            N_("The terms of claims %(claim)s and %(other)s exclude each other."),
            N_("Let the person choose one of them; refuse the other or recover it."),
        ),
        Code.SUBSIDY_UNFOUNDED: Rule(
            N_("Subsidy without its grounds"),
            N_(
                "Claim %(claim)s was applied for on %(day)s; by today's records the person was not "
                "entitled to it then."
            ),
            N_("Open the claim and compare the work that it stands on; correct one of them."),
        ),
        Code.WAGE: Rule(
            N_("Wage far from others"),
            N_("%(wage)s yuan a month; usual and lawful here: %(low)s to %(high)s."),
            N_("Ask for the last pay slip; a year's pay is divided by twelve."),
        ),
        Code.STALE_CATEGORY: Rule(
            N_("Household category not renewed for a year"),
            N_("The category holds since %(since)s and was not confirmed since %(seen)s."),
            N_("Compare with the register of this year and enter the day it was confirmed."),
        ),
        Code.STUDENT_AT_WORK: Rule(
            N_("On a school's roll and at work elsewhere"),
            N_("On the roll since %(entered)s and on post at %(employer)s since %(since)s."),
            N_("Ask the school and the person; one of the two has ended."),
        ),
        Code.NO_WAGE: Rule(
            N_("Two months of work without a wage"),
            N_("On post since %(since)s, and no wage is on record."),
            N_("Ask at the next follow-up what was paid and enter it."),
        ),
        Code.NO_PLACE: Rule(
            N_("Two months of work without a place"),
            N_("On post since %(since)s, and no workplace is on record."),
            N_("Ask where the work is; without it the person counts for no destination."),
        ),
        Code.NO_EMPLOYER: Rule(
            N_("Two months of work without an employer"),
            N_("On post since %(since)s, and no employer is on record."),
            N_("Ask for whom the person works; casual work is entered as such."),
        ),
        Code.NO_CONTRACT: Rule(
            N_("No contract a month after the first day"),
            N_("On post since %(since)s, and no contract is on record."),
            N_("Ask person and employer; a written contract is due within a month."),
        ),
        Code.ONE_MINUTE: Rule(
            N_("Follow-ups recorded in one minute"),
            N_("%(count)s follow-ups recorded by one user in the minute of %(at)s."),
            N_("Ask how they were made; have another office call a sample of them again."),
        ),
        Code.NO_DEPARTURE: Rule(
            N_("Organised arrival without a departure"),
            N_("Organised travel, arrived on %(day)s, with no departure on record."),
            N_(
                "Find the batch and record the departure, or note that the travel was the person's."
            ),
        ),
        Code.ABOVE_HEADCOUNT: Rule(
            N_("More people confirmed than posts"),
            N_("The employer confirms %(count)s people on a position of %(headcount)s."),
            N_("Ask the employer for the list; correct the headcount or the people."),
        ),
        Code.GRANT_CARD: Rule(
            N_("Grant paid to a card that is not the student's own"),
            N_(
                "%(count)s payments to another name or to a card of several students; the last on "
                "%(day)s."
            ),
            N_("Look at the card with the student; have what went elsewhere paid to the student."),
        ),
        Code.GRANT_BEYOND: Rule(
            N_("Grant paid above entitlement"),
            N_(
                "%(grant)s %(year)s: %(paid)s yuan paid in %(count)s payments, entitled to "
                "%(entitled)s."
            ),
            N_("Compare with the bank's list; take wrong entries back, return what was too much."),
        ),
        Code.NO_ATTENDANCE: Rule(
            N_("On the roll and not at school"),
            N_("On the roll, but in the report of %(month)s not there, or not named at all."),
            N_("Ask the class teacher; record that the student left, or correct the month."),
        ),
        Code.NO_DORMITORY: Rule(
            N_("On the roll without a bed"),
            N_("At school in %(month)s, but the report names no dormitory room."),
            N_("Enter the room, or note that the student lives outside."),
        ),
        Code.NO_REPORT: Rule(
            N_("Grant paid and no month at school reported"),
            N_("A grant was paid in %(month)s; the school reported no month at school before it."),
            N_("Take in the monthly reports; return what was paid for months without the student."),
        ),
        Code.NO_STATEMENT: Rule(
            N_("Statement never opened"),
            N_("Grants were paid from %(since)s on; nobody ever opened the student's statement."),
            N_("Give the student the link to the own statement and look at it together."),
        ),
        Code.TWO_SCHOOLS: Rule(
            N_("On the roll of two schools"),
            N_("Also on the roll of %(school)s, since %(since)s."),
            N_("Ask the student and the other school; one of the two takes the entry back."),
        ),
        Code.AT_A_FAIR: Rule(
            N_("At work and at a fair on one day"),
            N_("On post at %(employer)s since %(since)s, but checked in at %(fair)s on %(day)s."),
            N_("Ask the person; the work may be over, or the card may have been lent."),
        ),
        Code.SHORT_SPELLS: Rule(
            N_("Most work lasts one to three months"),
            N_("%(short)s of %(count)s people who left in the last year had stayed 1 to 3 months."),
            N_("Compare with contracts and insurance lists; look whether anybody worked at all."),
        ),
        Code.LAST_DAYS: Rule(
            N_("A month's follow-ups in its last two days"),
            N_("All %(count)s follow-ups of %(month)s by one user are from its last two days."),
            N_("Ask how they were made; have another office call a sample of them again."),
        ),
        Code.RELATION_SEX: Rule(
            N_("Sex and relation to the head do not fit"),
            N_("The relation to the head is one of the other sex than the ID number's."),
            N_("Look into the register of households and correct the relation."),
        ),
        Code.NO_HEAD: Rule(
            N_("Household without a head"),
            N_("%(count)s members are on record, and nobody is or names the head."),
            N_("Ask who the head is and enter each member's relation."),
        ),
        Code.TWO_HEADS: Rule(
            N_("Two heads of one household"),
            N_("%(count)s people are on record as heads of this household."),
            N_("Ask who the head is now; correct the others' relation, or the household's number."),
        ),
        Code.WORK_WITHOUT_CAPACITY: Rule(
            N_("At work and recorded as not able to work"),
            N_("On post since %(since)s, and recorded as not able to work."),
            N_("Ask person and village; enter the verdict of today, or the end of the work."),
        ),
        Code.WITHOUT_CAPACITY: Rule(
            N_("Of working age and not able to work"),
            N_("Between 16 and 65 and recorded as not able to work; to be confirmed in %(year)s."),
            N_("Have the verdict confirmed; enter the new one, or note who confirmed it."),
        ),
        Code.EXIT_CONTRADICTS: Rule(
            N_("Household category contradicts the exit from poverty"),
            N_("Category and state of the exit on record cannot both be right."),
            N_("Compare with the register of this year and correct the wrong one."),
        ),
        Code.NO_INDUSTRY: Rule(
            N_("Two months of work without an industry"),
            N_("On post since %(since)s, and no industry of work or employer is on record."),
            N_("Ask what the employer does; enter it with the employer, or in the next ledger."),
        ),
    }
)

# Days until an office has looked at a finding, counted from the day on which it was found.
_MONEY_DAYS, _USUAL_DAYS, _ASKING_DAYS = 3, 14, 30
_DUE_DAYS: Mapping[Code, int] = MappingProxyType(
    dict.fromkeys(
        (
            Code.PAID_TO_EXEMPT,
            Code.SUBSIDY_TWICE,
            Code.SUBSIDY_EXCLUDED,
            Code.SUBSIDY_UNFOUNDED,
            Code.DENIED,
        ),
        _MONEY_DAYS,
    )
    | dict.fromkeys(
        (
            Code.PHONE,
            Code.STALE_CATEGORY,
            Code.NO_WAGE,
            Code.NO_PLACE,
            Code.NO_EMPLOYER,
            Code.NO_INDUSTRY,
            Code.NO_HEAD,
            Code.WITHOUT_CAPACITY,
        ),
        _ASKING_DAYS,
    )
)


def due_on(code: Code, found_on: date) -> date:
    """Return the last day on which the office looks at a finding.

    What may cost money is looked at within 3 days, what the next call or survey answers within
    30, all else within 14.
    """
    return found_on + timedelta(days=_DUE_DAYS.get(code, _USUAL_DAYS))


class FindingState(StrEnum):
    """What became of a finding."""

    OPEN = "open"
    EXPLAINED = "explained"
    FIXED = "fixed"  # the records do not say it any more


STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        FindingState.OPEN: N_("To be looked at"),
        FindingState.EXPLAINED: N_("Explained"),
        FindingState.FIXED: N_("Gone from the records"),
    }
)


class Subject(StrEnum):
    """What a finding is about."""

    SEEKER = "seeker"
    PLACEMENT = "placement"
    EMPLOYER = "employer"
    POSITION = "position"
    USER = "user"
    STUDENT = "student"


class SettledElsewhere(Refusal):
    """What employer and office say differently is settled between the two of them."""

    code = "settled_elsewhere"
    message = N_("This is settled on the list of what office and employer say differently.")


class NoteMissing(Invalid):
    """An explanation says something."""

    code = "note_missing"
    message = N_("Enter how it is explained. The finding stays on record with your words.")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found in the records.

    Attributes:
        mark: tells findings of one rule about one subject apart: a day, another record.
        seeker_id: whose line it opens, where it is about one person.
        division: whose office looks at it.
        told: parameters of the rule's text; nothing personal.
        organisation_id: the school that keeps the record, where one does.
    """

    code: Code
    subject: Subject
    subject_id: int
    division: str
    mark: str = ""
    seeker_id: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    organisation_id: int | None = None


def stale(since: date, today: date) -> bool:
    """Return whether a category must be confirmed again."""
    return (today - since).days > STALE_DAYS


def common_division(first: str, last: str) -> str:
    """Return the smallest division of two codes: the office that looks at what concerns both."""
    for length in (12, 9, 6, 4, 2):
        if len(first) >= length and first[:length] == last[:length]:
            return first[:length]
    return ""


class StopKind(StrEnum):
    """Why a person must not be paid a subsidy for a time."""

    DEATH = "death"
    PRISON = "prison"
    CONSCRIPTION = "conscription"
    STUDY = "study"


STOP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        StopKind.DEATH: N_("Death"),
        StopKind.PRISON: N_("In prison"),
        StopKind.CONSCRIPTION: N_("Called up for military service"),
        StopKind.STUDY: N_("In full-time study"),
    }
)
# Heads of the columns of the lists.
STOP_HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
        "kind": ("类别", "原因", "停发原因", "人员类别", "reason", "kind"),
        "since": ("起", "开始日期", "起始日期", "死亡日期", "入学日期", "from", "since"),
        "until": ("止", "结束日期", "终止日期", "毕业日期", "to", "until"),
    }
)
_STOP_WORDS = (
    (re.compile(r"死|亡|故|death|died", re.IGNORECASE), StopKind.DEATH),
    (re.compile(r"刑|监|狱|押|prison", re.IGNORECASE), StopKind.PRISON),
    (re.compile(r"军|兵|伍|army|military|conscript", re.IGNORECASE), StopKind.CONSCRIPTION),
    (re.compile(r"读|学|study|student", re.IGNORECASE), StopKind.STUDY),
)
NO_KIND = N_("Enter the reason: death, prison, military service or full-time study.")
NO_SINCE = N_("Enter the first day, like 2025-03-01.")
BAD_UNTIL = N_("The last day cannot be read, or lies before the first.")


@dataclass(frozen=True, slots=True)
class Stop:
    """One row of a list: whose payments stop, why, and when.

    Attributes:
        until: the last day; None while it lasts.
    """

    id_number: str = field(repr=False)
    kind: StopKind
    since: date
    until: date | None = None


def read_stop(id_number: str, kind: str, since: str, until: str) -> Stop | list[tuple[str, str]]:
    """Return what a row says, or field and reason of what is wrong with it.

    The ID number is tidy, and checked by the caller.
    """
    found = next((one for shape, one in _STOP_WORDS if shape.search(kind)), None)
    first, last = _day(since), _day(until)
    bad_end = bool(until.strip()) and (last is None or (first is not None and last < first))
    wrong = [
        (name, fault)
        for name, fault, holds in (
            ("kind", NO_KIND, found is None),
            ("since", NO_SINCE, first is None),
            ("until", BAD_UNTIL, bad_end),
        )
        if holds
    ]
    if wrong or found is None or first is None:
        return wrong
    return Stop(id_number, found, first, last)


def _day(text: str) -> date | None:
    read = read_day(text)
    return read.value if isinstance(read, Day) and read.exact else None
