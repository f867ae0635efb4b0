"""After a fair an employer answers on a phone; the office settles where it says something else."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from jobfair import config
from jobfair.accounts.models import Organisation, UserAccount
from jobfair.employers.models import Employer, Position
from jobfair.fairs.services import FairDraft, add_positions, open_fair
from jobfair.kit import audit, clock
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.home import open_home
from jobfair.kit.ids import new_key
from jobfair.offers.rules import PLACEMENT_MARK
from jobfair.offers.services import accept, may_be_offered, offer
from jobfair.placements.queries import find_by_fingerprint
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from jobfair.seekers.models import Seeker
from tests.browser.conftest import LINK, serving
from tests.browser.watching import watching

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def home(tmp_path: Path, made_once: Path) -> Path:
    """A demonstration with a fair three days ago, at which the recruiter took two people."""
    found = tmp_path / "home"
    shutil.copytree(made_once, found)
    settings = config.load({"JOBFAIR_HOME": str(found)}, environment="demo")
    database = open_home(settings)
    audit.act_as(None, "test")
    today = clock.today()
    day = today - timedelta(days=3)
    with database.writing() as session:
        position, division = session.execute(
            select(Position.id, Organisation.division_code)
            .join(Employer, Employer.id == Position.employer_id)
            .join(UserAccount, UserAccount.organisation_id == Employer.organisation_id)
            .join(Organisation, Organisation.division_code.is_not(None))
            .where(UserAccount.role == "recruiter", Position.status == "open")
            .order_by(Position.id)
            .limit(1)
        ).one()
        draft = FairDraft("after", "会后反馈招聘会", "", day, day, "毕节", division or "")
        fair = open_fair(session, draft).id
        add_positions(session, fair, [position])
        free = (
            one
            for one in session.execute(select(Seeker.id).order_by(Seeker.id)).scalars().all()
            if may_be_offered(session, one, fair, position)
        )
        for seeker in (next(free), next(free)):
            key = offer(session, fair, position, seeker, key=new_key()).key
            accept(session, key)
            placement = find_by_fingerprint(session, PLACEMENT_MARK + key)
            assert placement
            first = Fact(EventKind.ON_POST, today - timedelta(days=2), grade=Grade.C)
            append_event(session, placement, first, Recorder())
    database.close()
    return found


def test_an_employer_reports_and_the_office_settles_what_differs(
    chromium: Browser, home: Path, made_once: Path
) -> None:
    links = dict(LINK.findall(made_once.with_suffix(".links").read_text(encoding="utf-8")))
    today = clock.today().isoformat()
    with serving(home) as origin:
        with watching(chromium, origin, "zh", 390) as seen:
            seen.open(links["Recruiter"])
            seen.follow("Our fairs")
            note = seen.say("Reports to be made after fairs: %(n)s, of them overdue: %(overdue)s")
            seen.follow(seen.main.get_by_role("link", name=note.split("%")[0]))
            seen.follow(seen.main.get_by_role("table").get_by_role("link").first)
            seen.follow("Answer")
            people = seen.main.get_by_role("group")
            people.nth(0).get_by_label(seen.say("Came"), exact=True).check()
            people.nth(1).get_by_label(seen.say("Did not come"), exact=True).check()
            seen.press("Send the report")  # what is missing is asked for, and what was said stays
            assert seen.main.get_by_text(seen.say("Choose the reason.")).count()
            people.nth(0).get_by_label(seen.say("Arrived on")).fill(today)
            people.nth(1).get_by_role("combobox").select_option("elsewhere")
            seen.press("Send the report")
            assert seen.main.get_by_text(seen.say("Took other work")).count() == 1
        with watching(chromium, origin, "zh", 390) as seen:
            seen.open(links["Administrator"])
            task = seen.say("differences between office and employer to be settled")
            seen.follow(seen.main.get_by_role("link", name=task))
            seen.follow(seen.main.get_by_role("table").get_by_role("link").first)
            assert seen.main.get_by_text(re.compile(seen.say("The employer says"))).count()
            stands = "The office's record stands; the employer's word is taken back"
            seen.main.get_by_label(seen.say(stands)).check()
            seen.type("What was found out", "本人在岗，企业名单漏记")
            seen.press("Settle")
            assert seen.main.get_by_role("table").count() == 0
