"""Employers of a simulated year who send a list of their people every month, and its books.

Each says what is so: who is still here, who has left and when, also of people whose leaving nobody
has told the office. One employer never sends anything; every list comes twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from jobfair.demo.lives import Job, Person
from jobfair.employers.rules.drafts import EmployerDraft
from jobfair.employers.services import register_employers
from jobfair.follow_ups.queries.confirming import (
    Reach,
    find_named,
    list_employers,
    list_on_post,
)
from jobfair.follow_ups.rules.confirming import SAID_WORDS, Confirmation, Said, read_confirmation
from jobfair.follow_ups.services.confirming import confirm
from jobfair.fulfilment.queries.mismatches import differing
from jobfair.fulfilment.rules.mismatches import Kind
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder

_EVERYBODY = 100_000
_PAID = "4800"
MONTH = timedelta(days=31)  # always lies in another calendar month


class Employers:
    """The employers and what they have said."""

    def __init__(self, database: Database, seekers: int) -> None:
        """Register some; one for each seventy-five people, and three at least."""
        self._database = database
        drafts = [EmployerDraft(f"厂{place}") for place in range(max(3, seekers // 75))]
        with database.writing() as session:
            self.ids = register_employers(session, drafts)
        self.ours: list[dict[str, int]] = []
        self.books: list[dict[str, int]] = []
        self.records = 0

    def _known(self, people: Iterable[Person]) -> Iterator[Job]:
        """Give the jobs that the office takes for lasting, at one of these employers."""
        for person in people:
            for job in person.jobs:
                if job.placement_id and job.employer_id and job.known_end is None:
                    yield job

    def send(self, people: Sequence[Person], recorder: Recorder) -> None:
        """Let all but the first employer send what is so today, and again what they sent."""
        today = clock.today()
        jobs = {job.placement_id: job for job in self._known(people)}
        answers: Counter[str] = Counter()
        books: Counter[str] = Counter(on_post=len(jobs))
        for employer_id in self.ids[1:]:
            with self._database.writing() as session:
                sheet = self._sheet(session, employer_id, jobs, today)
                for _time in range(2):
                    found = confirm(session, sheet, Reach(), recorder)
                    answers.update(one.kind for one in found)
            self.records += len(sheet)
        for job in jobs.values():
            if job.employer_id == self.ids[0]:
                continue
            here = job.until is None or job.until > today
            books.update(here=here, left=not here, again=1)
            job.denied = not here
            if here:
                job.seen.append(today)
                job.lost = False
        spoke = {
            job.employer_id
            for job in jobs.values()
            if job.seen[-1] == today and job.employer_id != self.ids[0]
        }
        with self._database.reading() as session:
            rows = list_employers(session, Reach(), limit=_EVERYBODY)
            denied = sum(one.kind is Kind.DENIED for one in differing(session, today))
        self.ours.append(
            {
                "on_post": sum(row.on_post for row in rows),
                "here": answers["created"],
                "left": answers["updated"],
                "again": answers["unchanged"],
                "refused": answers["refused"],
                "denied": denied,
                "employers": sum(row.confirmed_on == today for row in rows),
            }
        )
        self.books.append(
            {
                "on_post": books["on_post"],
                "here": books["here"],
                "left": books["left"],
                "again": books["again"],
                "refused": 0,
                "denied": books["left"],
                "employers": len(spoke),
            }
        )

    def _sheet(
        self, session: Session, employer_id: int, jobs: dict[int, Job], today: date
    ) -> list[Confirmation]:
        """Return the sheet that was downloaded, filled in by what really is so."""
        keys = [one.key for one in list_on_post(session, employer_id, Reach(), limit=_EVERYBODY)]
        filled = []
        for key, named in find_named(session, keys, Reach()).items():
            until = jobs[named.id].until
            left = until is not None and until <= today
            row = read_confirmation(
                key=key,
                said=SAID_WORDS[Said.LEFT if left else Said.HERE],
                left_on=f"{until:%Y-%m-%d}" if left else "",
                wage="" if left else _PAID,
            )
            if not isinstance(row, Confirmation):
                raise TypeError(row)
            filled.append(row)
        return filled
