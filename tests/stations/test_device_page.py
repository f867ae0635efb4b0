"""The station's page in a real browser: it works with no network and delivers everything once."""

import io
import socket
from pathlib import Path

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Response, expect

from jobfair.attendance.queries import Attendance
from jobfair.cards.rules import RevokeReason
from jobfair.cards.services import reissue_card
from jobfair.corrections.queries import list_corrections
from jobfair.corrections.rules import Reason
from jobfair.stations.rules import Job
from jobfair.stations.services import revoke
from tests.axe import violations
from tests.browser.watching import RULES
from tests.planted import holds_personal_data, person
from tests.stations.hall import Hall, Open, Phone, kill, own_process, pair_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the page that is tried
]


def test_two_stations_apart_count_exactly_what_they_scanned(
    hall: Hall, chromium: Browser, open_context: Open, tmp_path: Path
) -> None:
    first, folder = pair_phone(open_context(), hall, "Gate A"), tmp_path / "phone"
    with own_process(chromium, folder) as context:
        second = pair_phone(context, hall, "Gate B")
        hall.close()
        first.page.context.set_offline(True)
        first.scan(*hall.tokens[:40], *hall.tokens[:35], *hall.tokens[:40])  # 115 entries
        second.scan(*hall.tokens[20:], *hall.tokens[20:])  # 80 entries
        first.waits(115)
        second.waits(80)
        first.page.reload()
        first.waits(115)
        first.scan(*hall.tokens[:35])
        first.waits(150)
        kill(folder)
    with own_process(chromium, folder) as context:
        second = Phone(context.new_page())
        second.page.goto(f"{hall.origin}/station/")  # the server is away: the phone has the page
        second.waits(80)
        second.scan(*hall.tokens[20:], *hall.tokens[30:])
        second.waits(150)
        hall.open()
        first.page.context.set_offline(False)
        with second.without_network():
            pass
        first.waits(0)
        second.waits(0)
        assert hall.came() == Attendance(persons=60, entries=300, unknown=0)
        third = pair_phone(open_context(), hall, "Gate C")
        hall.close()
        third.scan(hall.tokens[59])
        third.shows("again")
        expect(third.page.locator("#result")).to_contain_text("Gate B")


def test_every_answer_is_shown_by_sign_word_and_colour(hall: Hall, open_context: Open) -> None:
    gate = pair_phone(open_context(), hall, "Gate A")
    with hall.database.writing() as session:
        reissue_card(session, hall.people[3], RevokeReason.LOST)
    gate.page.reload()  # the roster is renewed when the page opens
    gate.scan(hall.tokens[0])
    gate.shows("new")
    gate.scan(hall.codes[0].lower())  # the same person, by the code typed
    gate.shows("again")
    expect(gate.page.locator("#result")).to_contain_text("Gate A")
    gate.page.get_by_role("button", name="Take back the last scan").click()
    gate.shows("undone")
    gate.scan(hall.tokens[3])
    gate.shows("revoked")
    gate.scan("0" * 29)
    gate.shows("unknown")
    gate.scan(hall.codes[1][:-1] + ("0" if hall.codes[1][-1] != "0" else "1"))
    gate.shows("slip")
    gate.scan("http://example.com/")
    gate.shows("unreadable")
    gate.page.get_by_role("button", name="Going out").click()
    gate.scan(hall.tokens[0])
    gate.shows("out")
    gate.waits(0)
    assert hall.came() == Attendance(persons=2, entries=3, unknown=1)


def test_a_wrong_scan_is_given_to_the_right_person_with_no_network(
    hall: Hall, open_context: Open
) -> None:
    gate = pair_phone(open_context(), hall, "Gate A")
    hall.close()
    with gate.without_network():
        gate.scan(hall.tokens[0])
        gate.page.get_by_role("button", name="It was another person").click()
        gate.shows("expected")
        gate.page.reload()  # nothing was read: nothing is changed
        gate.scan(hall.tokens[1])
        gate.page.get_by_role("button", name="It was another person").click()
        gate.scan(hall.tokens[2])
        gate.shows("stored")
        gate.waits(4)
        gate.scan(hall.tokens[1])
        gate.shows("stored")  # was never in
        hall.open()
    gate.waits(0)
    assert hall.came() == Attendance(persons=3, entries=3, unknown=0)
    with hall.database.reading() as session:
        [one] = list_corrections(session, hall.fair, limit=9)
    assert (one.kind, one.reason) == ("in", Reason.OTHER_PERSON)
    assert one.right


def test_the_camera_and_a_photo_read_a_card(hall: Hall, chromium: Browser, tmp_path: Path) -> None:
    film, photo = tmp_path / "film.mjpeg", tmp_path / "photo.png"
    _picture(hall.tokens[0]).save(film, "JPEG")
    _picture(hall.tokens[1]).save(photo)
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    filmed = f"--use-file-for-fake-video-capture={film}"
    with own_process(chromium, tmp_path / "phone", *camera, filmed) as context:
        gate = pair_phone(context, hall, "Gate A")
        hall.close()  # the reader is on the phone already
        gate.page.get_by_role("button", name="Camera", exact=True).click()
        gate.shows("stored")
        gate.page.get_by_role("button", name="Camera", exact=True).click()
        gate.waits(1)  # however often the camera saw it
        gate.page.locator("#photo").set_input_files(photo)
        gate.waits(2)
        hall.open()
        with gate.without_network():
            pass
        gate.waits(0)
    assert hall.came() == Attendance(persons=2, entries=2, unknown=0)


def _picture(token: str) -> Image.Image:
    """Return a card's code as a camera sees it, in the middle of a grey frame."""
    code = io.BytesIO()
    segno.make_qr(token, version=2, error="q").save(code, kind="png", scale=8)
    frame = Image.new("RGB", (640, 480), "grey")
    frame.paste(Image.open(code).convert("RGB"), (180, 100))
    return frame


def test_somebody_without_a_card_is_found_by_number_only_with_the_server(
    hall: Hall, open_context: Open
) -> None:
    gate = pair_phone(open_context(), hall, "Gate A")
    gate.page.get_by_text("No card at hand").click()
    gate.page.get_by_label("Name, ID number or telephone").fill(person(7).id_number)
    gate.page.get_by_role("button", name="Find").click()
    gate.page.locator("#found button").click()
    gate.shows("new")
    assert hall.came().persons == 1
    hall.close()
    gate.page.get_by_label("Name, ID number or telephone").fill(person(7).id_number)
    gate.page.get_by_role("button", name="Find").click()
    expect(gate.page.locator("#search-note")).to_contain_text("needs the server")


def test_a_desk_registers_apart_and_the_card_it_gave_works(hall: Hall, open_context: Open) -> None:
    desk, who = pair_phone(open_context(), hall, "Desk 1", Job.DESK), person(99)
    desk.page.get_by_text("Register somebody new").click()
    expect(desk.page.locator("#consent")).to_contain_text("labour office")
    hall.close()
    form = desk.page.locator("#walk-in-form")
    form.get_by_label("Name").fill(who.name)
    form.get_by_label("ID number", exact=True).fill(who.id_number[:-1] + "?")
    form.get_by_label("Phone").fill(who.phone)
    form.get_by_role("button").click()
    expect(desk.page.locator("#walk-in-fault")).to_contain_text("18 characters")
    form.get_by_label("ID number", exact=True).fill(who.id_number)
    form.get_by_role("checkbox").check()
    assert violations(desk.page, RULES) == []
    form.get_by_role("button").click()
    desk.shows("stored")
    code = desk.page.locator("#walk-in-code").inner_text()
    shown = Image.open(io.BytesIO(desk.page.locator("#walk-in-qr").screenshot()))
    [token] = [one.text for one in zxingcpp.read_barcodes(shown)]
    assert holds_personal_data(desk.kept()) is None  # not even of whom it has just registered
    hall.open()
    with desk.without_network():
        pass
    desk.waits(0)
    desk.shows("new")
    assert hall.came() == Attendance(persons=1, entries=1, unknown=0)
    gate = pair_phone(open_context(), hall, "Gate A")
    gate.scan(code)
    gate.shows("again")
    gate.scan(token)
    gate.shows("again")


def test_neither_storage_nor_traffic_holds_personal_data(hall: Hall, open_context: Open) -> None:
    context = open_context("zh-CN")
    told: list[Response] = []
    context.on("response", lambda answer: told.append(answer))  # noqa: PLW0108 - it sets an attribute
    gate = pair_phone(context, hall, "东门")
    hall.close()
    gate.scan(*hall.tokens[:3])
    gate.shows("stored")
    kept = gate.kept()
    assert "outbox" in kept
    assert '"kind":"in"' in kept  # the look sees what is there
    assert holds_personal_data(kept) is None
    name = person(1).name
    assert f"{name[0]}*{name[-1]}" not in kept  # the masked names are sealed
    bodies = [answer.text() for answer in told if "/station/" in answer.url]
    assert any(f"{name[0]}*{name[-1]}" in body for body in bodies)  # but they came
    assert not any(map(holds_personal_data, bodies))


def test_a_revoked_station_forgets_what_it_knew_and_keeps_what_it_owes(
    hall: Hall, open_context: Open
) -> None:
    gate = pair_phone(open_context(), hall, "Gate A")
    hall.close()
    gate.scan(hall.tokens[0])
    gate.waits(1)
    with hall.database.writing() as session:
        revoke(session, 1)
    gate.page.wait_for_timeout(1100)  # the server remembers a device for a second
    hall.open()
    with gate.without_network():
        pass
    expect(gate.page.locator("#pair-note")).to_contain_text("1 records are still on this device")
    kept = gate.kept()
    assert hall.code_for("Gate B") not in kept
    assert "roster[]" in kept
    gate.page.locator("#code").fill(hall.code_for("Gate C"))
    gate.page.locator("#pair-button").click()
    gate.waits(0)
    assert hall.came().persons == 1


def test_it_says_why_it_cannot_work_without_https(hall: Hall, chromium: Browser) -> None:
    address = hall.origin.replace("localhost", socket.gethostname())
    page = chromium.new_page(locale="en-GB")
    try:
        page.goto(f"{address}/station/")
        expect(page.locator("#insecure")).to_contain_text("no HTTPS")
        expect(page.locator("#pair")).to_be_hidden()
    finally:
        page.close()


def test_the_language_changes_with_no_network(hall: Hall, open_context: Open) -> None:
    gate = pair_phone(open_context("zh-CN"), hall, "东门")
    expect(gate.page.locator("#state-text")).to_have_text("已联网")
    hall.close()
    gate.page.reload()
    gate.page.get_by_role("button", name="English").click()
    expect(gate.page.get_by_role("button", name="Enter")).to_be_visible()
    gate.page.reload()
    expect(gate.page.get_by_role("button", name="Enter")).to_be_visible()
    assert violations(gate.page, RULES) == []
