"""Files at an entry and at a claim: kept sealed, opened by few and noted, gone when they must."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from jobfair.evidence.queries import Of, list_files
from jobfair.evidence.services import Owner, keep_file, reveal_file
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements.queries import person_lines
from jobfair.seekers.services import erase_seeker, withdraw_consent
from tests.evidence.factory import PDF, photo
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.subsidies.factory import at_work, clerk, make_terms, propose, stand_at

SignIn = Callable[..., FlaskClient]
HOME = "520502001"
_DIGEST = re.compile(r"jf-digest\">([0-9a-f]{64})<")


@dataclass(frozen=True, slots=True)
class Entry:
    """The first day at work of somebody, and the address of its files."""

    seeker: int
    event: int

    @property
    def url(self) -> str:
        return f"/placements/events/{self.event}/files"


@pytest.fixture
def entry(database: Database, make: Make) -> Entry:
    seeker = make.seeker(1, division=HOME)
    make_placement(database, seeker)
    with database.reading() as session:
        [line] = person_lines(session, seeker)
    return Entry(seeker, line.events[-1].event.id)


def send(client: FlaskClient, url: str, content: bytes, name: str = "photo.jpg") -> tuple[int, str]:
    """Send a file as a browser does; written here, as the test client leaves large ones open."""
    head = f'--mark\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--mark--\r\n"
    kind = "multipart/form-data; boundary=mark"
    answer = client.post(url, data=body, content_type=kind, follow_redirects=True)
    return answer.status_code, answer.text


def audited(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.execute(
            text("SELECT action FROM audit_entry WHERE action LIKE 'evidence.%' ORDER BY seq")
        )
        return [row[0] for row in rows]


def test_a_photo_proves_an_entry_and_is_seen_again(
    database: Database, entry: Entry, sign_in: SignIn
) -> None:
    office = sign_in("clerk", division="520502")
    assert "No file yet" in office.get(entry.url).text
    status, page = send(office, entry.url, photo())
    assert (status, "The file is kept, sealed." in page) == (200, True)
    [digest] = _DIGEST.findall(page)
    line = office.get(f"/placements/people/{entry.seeker}").text
    assert "Evidence files (1)" in line
    [address] = re.findall(r'href="(/placements/files/\d+)"', page)
    seen = office.get(address)
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert seen.headers["Content-Disposition"] == f'inline; filename="{digest[:12]}.jpeg"'
    assert b"GuizhouPhone" not in seen.data
    assert Image.open(BytesIO(seen.data)).size == (48, 32)
    assert audited(database) == ["evidence.keep", "evidence.read"]
    with database.reading() as session:
        stored = session.execute(text("SELECT content_sealed FROM evidence_content")).scalar_one()
    assert b"JFIF" not in bytes(stored)
    assert len(stored) > len(seen.data)


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"MZ nothing to see", 422, "no JPEG or PNG picture"),
        (b"", 422, "no JPEG or PNG picture|Take a photo or choose"),
        (photo()[:300], 422, "cut off or damaged"),
        (b"\xff\xd8\xff" + bytes(4 * 1024 * 1024), 422, "larger than 4 MB"),
    ],
    ids=["program", "empty", "half", "large"],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(
    entry: Entry, sign_in: SignIn, content: bytes, status: int, told: str
) -> None:
    office = sign_in("clerk", division="520502")
    answered, page = send(office, entry.url, content, "工资条.jpg")
    assert (answered, bool(re.search(told, page))) == (status, True)
    assert _DIGEST.findall(page) == []
    nothing = office.post(entry.url, data={})
    assert (nothing.status_code, "choose a file first" in nothing.text) == (422, True)


def test_the_same_file_is_recognised(
    database: Database, make: Make, entry: Entry, sign_in: SignIn
) -> None:
    office = sign_in("clerk", division="520502")
    send(office, entry.url, photo())
    status, page = send(office, entry.url, photo(turned=6) + b"tail")
    assert (status, "already kept here since" in page) == (409, True)
    assert len(_DIGEST.findall(page)) == 1
    other = make.seeker(2, division=HOME)
    make_placement(database, other)
    with database.reading() as session:
        [line] = person_lines(session, other)
    elsewhere = f"/placements/events/{line.events[-1].event.id}/files"
    _status, there = send(office, elsewhere, photo())
    assert "also kept at 1 other records" in there
    assert "also kept at 1 other records" in office.get(entry.url).text


def test_a_wrong_file_is_taken_away_with_its_reason_and_may_come_again(
    database: Database, entry: Entry, sign_in: SignIn
) -> None:
    office = sign_in("clerk", division="520502")
    _status, page = send(office, entry.url, photo())
    [address] = re.findall(r'href="(/placements/files/\d+)"', page)
    empty = office.post(f"{address}/remove", data={"why": " "})
    assert (empty.status_code, "Enter why the file is taken away" in empty.text) == (422, True)
    gone = office.post(f"{address}/remove", data={"why": "传错了人"}, follow_redirects=True).text
    assert "传错了人" in gone
    assert office.get(address).status_code == 404
    assert office.post(f"{address}/remove", data={"why": "again"}).status_code == 404
    with database.reading() as session:
        left = session.execute(text("SELECT COUNT(*) FROM evidence_content")).scalar_one()
    assert left == 0
    assert send(office, entry.url, photo())[0] == 200


def test_other_offices_and_roles_see_no_file(entry: Entry, sign_in: SignIn) -> None:
    _status, page = send(sign_in("clerk", division="520502"), entry.url, photo())
    [address] = re.findall(r'href="(/placements/files/\d+)"', page)
    for client in (sign_in("clerk", division="520521"), sign_in("leader"), sign_in("recruiter")):
        assert client.get(entry.url).status_code in {403, 404}
        assert client.get(address).status_code in {403, 404}
        assert client.post(f"{address}/remove", data={"why": "x"}).status_code in {403, 404}


def test_files_go_with_the_persons_data(database: Database, entry: Entry) -> None:
    with database.writing() as session:
        owner = Owner(Of.EVENT, entry.event, entry.seeker)
        file_id = keep_file(session, owner, photo(), Recorder(), most_mb=4)
        assert reveal_file(session, Of.EVENT, file_id).content
    with database.writing() as session:
        withdraw_consent(session, entry.seeker)
        erase_seeker(session, entry.seeker)
    with database.reading() as session:
        [row] = list_files(session, Of.EVENT, entry.event)
        left = session.execute(text("SELECT COUNT(*) FROM evidence_content")).scalar_one()
    assert left == 0
    assert row.removed_why == "the person's data were erased"
    assert audited(database)[-1] == "evidence.erase"


def test_a_claim_stands_on_files_and_an_auditor_sees_that_they_are_there(
    database: Database, make: Make, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2025, 6, 2)
    at_work(make, 1)
    [claim] = propose(database, make_terms(database), clerk(make))
    office = sign_in("clerk", division="520502")
    url = f"/subsidies/claims/{claim}/files"
    status, page = send(office, url, PDF, "合同.pdf")
    assert (status, "Document (PDF)" in page) == (200, True)
    [address] = re.findall(r'href="(/subsidies/files/\d+)"', page)
    opened = office.get(address)
    assert opened.data == PDF
    assert opened.headers["Content-Disposition"].startswith("attachment")
    auditor = sign_in("auditor")
    seen = auditor.get(url).text
    assert _DIGEST.findall(seen) == _DIGEST.findall(page)
    assert address not in seen
    assert auditor.get(address).status_code in {403, 404}
    assert "Evidence files (1)" in auditor.get(f"/subsidies/claims/{claim}").text
    gone = office.post(f"{address}/remove", data={"why": "旧合同"}, follow_redirects=True).text
    assert "旧合同" in gone
