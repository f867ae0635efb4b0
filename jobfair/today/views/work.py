"""What needs doing today, by what a role may do: each item a number, a link, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Actor, Permission, Role
from jobfair.charges.queries import count_day
from jobfair.departures.queries.batches import BatchFilter, count_batches
from jobfair.departures.queries.roster import CandidateFilter, count_candidates
from jobfair.duties.queries import pressing
from jobfair.duties.views import due_words, duty_title
from jobfair.employers.queries import find_employer_of_organisation
from jobfair.employers.rules.drafts import MISSING_LABELS
from jobfair.fairs import queries as fairs
from jobfair.fairs.rules import FairState
from jobfair.follow_ups.queries.confirming import Reach, list_employers
from jobfair.follow_ups.queries.work import OwnedBy, WorkFilter, count_work
from jobfair.fulfilment.queries.duties import DutyFilter, Show, count_duties
from jobfair.fulfilment.queries.mismatches import count_work as count_mismatches
from jobfair.kit import clock, imports
from jobfair.kit.i18n import N_, translate
from jobfair.kit.web import language
from jobfair.ledgers.queries import count_overlaps as count_told_elsewhere
from jobfair.ledgers.queries import count_vague_places
from jobfair.notices.queries import NoticeFilter, Period, count_notices
from jobfair.ownership.queries import HandOverFilter, count_hand_overs
from jobfair.ownership.rules import Standing
from jobfair.placements.queries.back import PERIODS, BackFilter, count_back
from jobfair.placements.queries.overlaps import OverlapFilter, count_overlaps
from jobfair.seekers.queries.duplicates import count_duplicates
from jobfair.subsidies.queries.claims import ClaimFilter, count_claims
from jobfair.subsidies.rules.claims import ClaimState
from jobfair.today import queries

_SHOWN = 5
_CHECK_AFTER_DAYS = 7
_LACKING: Mapping[str, str] = MappingProxyType(
    {
        "guardian": N_("students under 18 without a guardian's consent"),
        "education": N_("students without a school certificate"),
        "number": N_("students without a student number"),
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the first records behind a task."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do now, with how many of it, where, and the first of them."""

    number: str
    text: str
    url: str
    note: str = ""
    items: tuple[Item, ...] = ()


def _count(number: int, text: str, url: str, note: str = "") -> Iterator[Task]:
    """Give a task unless there is nothing to do."""
    if number:
        yield Task(f"{number:,}", text, url, note)


def tasks_of(session: Session, actor: Actor) -> list[Task]:
    """Return what waits for somebody, the most pressing first."""
    found: list[Task] = []
    for part in (
        _imports,
        _duties,
        _fairs,
        _back,
        _follow_ups,
        _fulfilment,
        _ledgers,
        _hand_overs,
        _office,
        _overlaps,
        _journeys,
        _money,
        _recruiter,
        _school,
        _audit,
    ):
        found += part(session, actor)
    return found


def _imports(_session: Session, _actor: Actor) -> Iterator[Task]:
    for file in imports.unmended():
        yield Task("!", _("rows of %(file)s were refused; mend them", file=file.name), file.url)


def _back(session: Session, actor: Actor) -> Iterator[Task]:
    """Give who came back in the last days and waits to be referred again."""
    if not actor.may(Permission.PLACEMENTS_WRITE):
        return
    division = actor.scope(Permission.PLACEMENTS_WRITE).division
    today = clock.today()
    lately = count_back(session, BackFilter(today, division))
    longer = count_back(session, BackFilter(today, division, max(PERIODS))) - lately
    note = _("%(n)s others wait for longer", n=f"{longer:,}") if longer else ""
    if lately or longer:
        yield Task(
            f"{lately:,}",
            _("people whose post ended in the last 3 days wait to be referred again"),
            url_for("placements.back", days=None if lately else max(PERIODS)),
            note,
        )


def _ledgers(session: Session, actor: Actor) -> Iterator[Task]:
    """Give what a ledger left to be asked, and what other offices say of our people."""
    if not actor.may(Permission.PLACEMENTS_WRITE):
        return
    division = actor.scope(Permission.PLACEMENTS_WRITE).division
    yield from _count(
        count_vague_places(session, division),
        _("people at work whose place is not known beyond the province"),
        url_for("ledgers.ledger", todo="place"),
        _("They are missing from the figures by district."),
    )
    yield from _count(
        count_told_elsewhere(session, division),
        _("of our people are at work by another office's ledger, and not by ours"),
        url_for("ledgers.overlaps"),
    )


def _follow_ups(session: Session, actor: Actor) -> Iterator[Task]:
    """Give whom an office has to ask, and whom an employer has to confirm this month."""
    today = clock.today()
    if actor.may(Permission.PLACEMENTS_WRITE):
        division = actor.scope(Permission.PLACEMENTS_WRITE).division
        counts = count_work(session, WorkFilter(today, division, owner=OwnedBy.HOME))
        yield from _count(
            counts.due + counts.overdue,
            _("people on post to be asked how they are"),
            url_for("follow_ups.work"),
            _("%(n)s of them are overdue", n=f"{counts.overdue:,}") if counts.overdue else "",
        )
    if actor.role is Role.RECRUITER:
        for row in list_employers(session, Reach(organisation_id=actor.organisation_id)):
            if row.confirmed_on is None or row.confirmed_on < today.replace(day=1):
                text = _("people on post to confirm for this month")
                yield from _count(row.on_post, text, url_for("follow_ups.employers"))


def _fulfilment(session: Session, actor: Actor) -> Iterator[Task]:
    """Give where employers and offices differ, and the reports that employers owe after fairs."""
    if actor.may(Permission.PLACEMENTS_WRITE):
        division = actor.scope(Permission.PLACEMENTS_WRITE).division
        yield from _count(
            count_mismatches(session, division),
            _("differences between office and employer to be settled"),
            url_for("fulfilment.mismatches"),
        )
    today = clock.today()
    if actor.may(Permission.FULFILMENT_CHASE):
        yield from _count(
            count_duties(session, DutyFilter(today, show=Show.OVERDUE)),
            _("reports of employers after fairs are overdue"),
            url_for("fulfilment.duties", show=Show.OVERDUE.value),
            _("Remind them, and note that you did."),
        )
    if actor.role is Role.RECRUITER:
        own = actor.organisation_id
        late = count_duties(session, DutyFilter(today, own, Show.OVERDUE))
        yield from _count(
            late + count_duties(session, DutyFilter(today, own, Show.NOW)),
            _("reports on people taken at a fair"),
            url_for("fulfilment.duties"),
            _("%(n)s of these reports are overdue", n=f"{late:,}") if late else "",
        )


def _hand_overs(session: Session, actor: Actor) -> Iterator[Task]:
    """Give what a station has to accept, and whom it has to ask."""
    if actor.role is Role.LIAISON:
        own, today = actor.organisation_id, clock.today()
        offered = HandOverFilter(station_id=own, standing=Standing.OFFERED)
        yield from _count(
            count_hand_overs(session, offered),
            _("people are handed over to your station and wait to be accepted"),
            url_for("ownership.hand_overs"),
        )
        people, overdue = count_day(session, own, today)
        yield from _count(
            people,
            _("people on post to be asked how they are"),
            url_for("charges.liaison"),
            _("%(n)s of them are overdue", n=f"{overdue:,}") if overdue else "",
        )


def _office(session: Session, actor: Actor) -> Iterator[Task]:
    if actor.may(Permission.EMPLOYERS_VERIFY):
        yield from _count(
            queries.count_unverified(session),
            _("employers wait to be verified"),
            url_for("employers.verification"),
            _("Their positions cannot be booked or offered until then."),
        )
    if actor.may(Permission.SEEKERS_MERGE):
        division = actor.scope(Permission.SEEKERS_MERGE).division
        yield from _count(
            count_duplicates(session, scope=division),
            _("pairs of seekers may be the same person"),
            url_for("seekers.duplicates"),
        )
    if actor.may(Permission.SEEKERS_READ):
        division = actor.scope(Permission.SEEKERS_READ).division
        yield from _count(
            queries.count_expiring(session, division),
            _("registrations run out within 14 days"),
            url_for("seekers.people", state="expiring"),
            _("A call renews them; expired people leave the rankings."),
        )
    if actor.may(Permission.POSITIONS_WRITE) and actor.role is not Role.RECRUITER:
        yield from _count(
            queries.count_drafts(session, None),
            _("positions lack something before they can be offered"),
            url_for("employers.positions", status="draft"),
        )


def _overlaps(session: Session, actor: Actor) -> Iterator[Task]:
    """Tell each of two offices that both say they placed a person this year."""
    if not actor.may(Permission.PLACEMENTS_WRITE):
        return
    today = clock.today()
    year = OverlapFilter(today.replace(month=1, day=1), today, office_id=actor.organisation_id)
    yield from _count(
        count_overlaps(session, year),
        _("people of your office are claimed by another office too"),
        url_for("reports.overlaps", mine=1),
        _("Each counts once, for the office with the earlier evidence."),
    )


def _journeys(session: Session, actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.DEPARTURES_READ):
        return
    division = actor.scope(Permission.DEPARTURES_READ).division
    yield from _count(
        count_batches(session, BatchFilter(division, unsettled=True)),
        _("journeys should have left and are not settled"),
        url_for("departures.departures", unsettled=1),
        _("Say who boarded, arrived and was handed over."),
    )
    yield from _count(
        count_candidates(session, CandidateFilter(division, missed=True)),
        _("people did not come to a departure and wait"),
        url_for("departures.waiting", missed=1),
    )


def _money(session: Session, actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.SUBSIDIES_WRITE):
        return
    division = actor.scope(Permission.SUBSIDIES_WRITE).division
    untold = ClaimFilter(scope=division, state=ClaimState.ENTITLED)
    yield from _count(
        count_claims(session, untold).persons,
        _("people are entitled to a subsidy and were never told"),
        url_for("subsidies.claims", state=ClaimState.ENTITLED.value),
    )
    objected = NoticeFilter(scope=division, period=Period.OBJECTED)
    yield from _count(
        count_notices(session, objected, clock.now()),
        _("public notices have an objection to decide"),
        url_for("notices.notices", period=Period.OBJECTED.value),
        _("Their lines are not paid until then."),
    )


def _to_confirm(session: Session, organisation_id: int) -> Iterator[Task]:
    """Give what an employer has not confirmed of each fair that is on or to come."""
    employer = find_employer_of_organisation(session, organisation_id)
    if employer is None:
        return
    today = clock.today()
    for fair, row in fairs.fairs_of_employer(session, employer.id):
        if fair.state(today) is not FairState.PAST:
            yield from _count(
                row.positions - row.confirmed,
                _("positions to confirm for %(fair)s", fair=fair.title(language())),
                url_for("fairs.confirm", fair_code=fair.code, employer_id=employer.id),
                f"{fair.starts_on.isoformat()} · {fair.venue}",
            )


def _recruiter(session: Session, actor: Actor) -> Iterator[Task]:
    if actor.role is not Role.RECRUITER:
        return
    own = actor.organisation_id
    yield from _to_confirm(session, own)
    number = queries.count_drafts(session, own)
    if number:
        lines = queries.list_drafts(session, own, limit=_SHOWN)
        yield Task(
            f"{number:,}",
            _("positions lack something before they can be offered"),
            url_for("employers.positions", status="draft"),
            items=tuple(
                Item(
                    line.title,
                    url_for("employers.position", position_id=line.id),
                    ", ".join(translate(MISSING_LABELS[code]) for code in line.missing),
                )
                for line in lines
            ),
        )
    closing = queries.list_closing(session, own)
    if closing:
        yield Task(
            f"{len(closing):,}",
            _("positions end within 14 days"),
            url_for("employers.positions", status="open"),
            items=tuple(
                Item(
                    line.title,
                    url_for("employers.position", position_id=line.id),
                    line.until.isoformat() if line.until else "",
                )
                for line in closing[:_SHOWN]
            ),
        )
    for line in queries.newcomers(session, own, limit=_SHOWN):
        text = _("people registered within 7 days want work like %(title)s", title=line.title)
        yield Task(
            f"{line.people:,}{'+' if line.at_least else ''}",
            text,
            url_for("matching.candidates", position_id=line.position_id),
        )


def _duties(session: Session, actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.FAIRS_WRITE):
        return
    for one in pressing(session, clock.today()):
        url = url_for("duties.duties", fair_code=one.fair.code)
        yield Task(
            f"{len(one.duties):,}",
            _(
                "duties of %(fair)s are due within 7 days or overdue",
                fair=one.fair.title(language()),
            ),
            url,
            items=tuple(
                Item(duty_title(row), url, due_words(row.due_on)) for row in one.duties[:_SHOWN]
            ),
        )


def _fairs(session: Session, actor: Actor) -> Iterator[Task]:
    if not actor.may(Permission.FAIRS_READ):
        return
    today = clock.today()
    fair = fairs.next_fair(session, today)
    if fair is None:
        return
    url = url_for("fairs.fair", fair_code=fair.code)
    running = fair.state(today) is FairState.RUNNING
    text = _("%(fair)s is on", fair=fair.title(language()))
    if not running:
        text = _("days until %(fair)s", fair=fair.title(language()))
    note = f"{fair.starts_on.isoformat()} · {fair.venue}"
    yield Task(_("Now") if running else str((fair.starts_on - today).days), text, url, note)
    if not actor.may(Permission.FAIRS_WRITE):
        return
    if not fair.positions:
        yield Task(
            "0",
            _("positions take part in it yet"),
            url_for("fairs.choose_employer", fair_code=fair.code),
        )
    ready = fairs.readiness(session, fair.id)
    waiting = sum(
        row.confirmed < row.positions for row in fairs.list_fair_employers(session, fair.id)
    )
    yield from _count(
        waiting,
        _("of its employers have not confirmed their positions"),
        url_for("venues.exhibitors", fair_code=fair.code, confirmed="no"),
    )
    yield from _count(ready.unranked, _("of its positions are not ranked"), url)
    yield from _count(
        ready.hindered,
        _("of its positions could not be booked today"),
        url_for("fairs.fair", fair_code=fair.code, standing="hindered"),
    )


def _school(session: Session, actor: Actor) -> Iterator[Task]:
    if actor.role is not Role.REGISTRAR:
        return
    intake = queries.newest_intake(session, actor.organisation_id)
    if intake is None:
        return
    yield from _count(
        intake.waiting,
        _("applicants of %(year)s are not on the roll yet", year=intake.year),
        url_for("school.students", year=intake.year, stage="applied"),
    )
    for code, lines in intake.lacking.items():
        if lines:
            yield Task(
                f"{len(lines):,}",
                translate(_LACKING[code]),
                url_for("school.students", year=intake.year, stage="enrolled"),
                items=tuple(
                    Item(line.name, url_for("school.student", student_id=line.id))
                    for line in lines
                    if line.name
                ),
            )


def _audit(session: Session, actor: Actor) -> Iterator[Task]:
    if actor.role is not Role.AUDITOR:
        return
    check = queries.last_check(session)
    if check is None:
        yield Task("!", _("the audit chain has never been checked here"), "#audit")
    elif not check.valid:
        yield Task("!", _("the audit chain was found broken"), "#audit")
    else:
        days = (clock.today() - clock.day_of(check.at)).days
        if days >= _CHECK_AFTER_DAYS:
            yield Task(f"{days:,}", _("days since the audit chain was checked"), "#audit")


def own_employer_id(session: Session, actor: Actor) -> int | None:
    """Return the employer a recruiter works for."""
    if actor.role is not Role.RECRUITER:
        return None
    found = find_employer_of_organisation(session, actor.organisation_id)
    return found.id if found else None
