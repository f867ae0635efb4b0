"""A village objects on a phone; offices bring claims from the proposal to the money."""

import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.serving import make_server

from jobfair.demo.gates import free_ports
from jobfair.kit.clock import BEIJING
from jobfair.kit.db import Database
from jobfair.notices.models import Notice
from jobfair.subsidies.rules.claims import STEP_NAMES, Step
from tests.browser.watching import Watched, watching
from tests.factories import Make
from tests.planted import person
from tests.subsidies.factory import (
    ACCOUNT,
    Time,
    announce,
    apply_for,
    at_work,
    clerk,
    make_terms,
    propose,
    state_of,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the pages that are tried
]
Look = Callable[[int, str], AbstractContextManager[Watched]]


@pytest.fixture
def look(app: Flask, make: Make, chromium: Browser, june: Time) -> Iterator[Look]:
    """Open a watched window in Chinese, as nobody or as a new clerk of the county."""
    (port,) = free_ports(1)
    server = make_server("localhost", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    @contextmanager
    def opened(width: int, role: str = "") -> Iterator[Watched]:
        with watching(chromium, f"http://localhost:{port}", "zh", width) as seen:
            if role:
                who: dict[str, str | float | bool] = {
                    "login": make.user(role).login,
                    "password": make.password,
                }
                seen.page.request.post(f"{seen.origin}/sign-in", form=who)
            yield seen

    yield opened
    server.shutdown()
    server.server_close()


def test_a_villager_finds_the_own_line_and_objects_to_another(
    database: Database, make: Make, look: Look
) -> None:
    rule, who = make_terms(database), clerk(make)
    at_work(make, 1)
    at_work(make, 2)
    claims = propose(database, rule, who)
    for claim in claims:
        apply_for(database, claim, who)
    announce(database, claims, who)
    villager = person(1, division="520502")
    with look(390, "") as seen:
        seen.open("/public-notices")
        seen.follow(seen.main.get_by_role("table").get_by_role("link"))
        seen.type("Your own name", villager.name)
        seen.type("Last four of your ID number", villager.id_number[-4:])
        seen.press("Ask")
        assert seen.main.get_by_text(seen.say("Yes, you stand on this list.")).count() == 1
        seen.press("Send the objection")
        assert seen.main.get_by_text(seen.say("Say what is not right")).count()
        seen.type("Number of the line", "2")
        seen.type("What is not right", "此人今年没有出门")
        seen.press("Send the objection")
        assert seen.main.get_by_text(seen.say("Held by an objection")).count() == 1
    with look(390, "clerk") as seen:
        seen.open("/notices?period=objected")
        seen.follow(seen.main.get_by_role("table").get_by_role("link"))
        seen.follow(seen.main.get_by_role("link", name=seen.say("Decide")))
        seen.main.get_by_label(seen.say("The objection is right: take the line off")).check()
        seen.type("Answer in writing", "经村里核实，情况属实")
        seen.press("Decide")
        assert seen.main.get_by_text(seen.say("Right: taken off")).count() == 1


def test_offices_bring_a_claim_from_the_proposal_to_the_money(
    database: Database, make: Make, look: Look, june: Time, tmp_path: Path
) -> None:
    make_terms(database)
    at_work(make, 1)

    def take(seen: Watched, step: Step) -> None:
        seen.open("/subsidies/claims/1")
        seen.press(STEP_NAMES[step])

    with look(1280, "clerk") as seen:
        seen.open("/subsidies/")
        seen.follow(seen.main.get_by_role("link", name=seen.say("Who is entitled")).first)
        seen.main.get_by_label(seen.say("Subsidy")).select_option(index=1)
        seen.press("Show")
        seen.press("Open a claim for everybody entitled today")
        told = seen.say("With all that are ticked: %(step)s", step=seen.say("Told the person"))
        seen._go(seen.main.get_by_role("button", name=told))
        seen.open("/subsidies/?state=told")
        seen.follow(seen.main.get_by_role("table").get_by_role("link"))
        seen.follow("Take the application")
        seen.main.get_by_label(seen.say("The employer's certificate of work")).check()
        seen.type("Where the documents are kept", "镇档案柜3号")
        seen.type("Number of the own social-security card", ACCOUNT)
        seen.press("Take the application")
        seen.open("/subsidies/announce?rule=1")
        seen.press("Publish the list")
        with database.reading() as session:
            assert session.execute(select(Notice.title)).scalar_one() == "2025年交通补贴公示"
    with look(1280, "clerk") as seen:
        take(seen, Step.CHECK)
        seen.press(STEP_NAMES[Step.APPROVE])
        assert seen.main.get_by_text(
            seen.say("You checked this claim: somebody else must approve it.")
        ).count()
    with look(1280, "clerk") as seen:
        take(seen, Step.APPROVE)
        seen.open("/subsidies/runs")
        seen.press("Make a payment file")
        assert seen.main.get_by_text("2025-06-13 00:00").count()  # not before its notice is over
    june.at = datetime(2025, 6, 13, 9, tzinfo=BEIJING)
    with look(1280, "clerk") as seen:
        seen.open("/subsidies/runs")
        seen.press("Make a payment file")
        answer = seen.page.request.get(f"{seen.origin}/subsidies/runs/1/file/csv")
        rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))
        rows[1][16] = "成功"
        with (tmp_path / "answer.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        seen.follow("Import the bank's answer")
        seen.main.locator("input[type=file]").set_input_files(tmp_path / "answer.csv")
        seen.press("Check the file")
        seen.press("Take in the good rows")
        assert state_of(database, 1) == "paid"
