"""An employer's month: the sheet out, the sheet in, and what the employer may see."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from jobfair.follow_ups.queries.calls import list_dues, list_follow_ups
from jobfair.follow_ups.rules.confirming import Confirmation, Said, read_confirmation
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.placements.queries import find_placement
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]
TODAY = clock.today()
FIRST = TODAY - timedelta(days=30)


@pytest.mark.parametrize(
    ("said", "left_on", "wage", "found"),
    [
        ("在岗", "", "4900", Confirmation("k", Said.HERE, wage_fen=490_000)),
        ("已离职", "2010-12-20", "", Said.LEFT),
        ("从未到岗", "", "", Said.NEVER),
        ("没来", "", "", Said.NEVER),
        ("left", "2010.12.20", "", Said.LEFT),
        ("已离开", "", "", "left_on"),
        ("", "", "4900", "said"),
    ],
)
def test_what_employers_write_is_understood(
    said: str, left_on: str, wage: str, found: object
) -> None:
    read = read_confirmation(key="k", said=said, left_on=left_on, wage=wage)
    if isinstance(read, list):
        assert [field for field, _reason in read] == [found]
    else:
        assert found in {read.said, read}


def _sheet(client: FlaskClient, employer: int) -> list[list[str]]:
    data = client.get(f"/confirmations/{employer}/export/csv").data.decode("utf-8-sig")
    assert holds_personal_data(data) is None
    return list(csv.reader(io.StringIO(data)))


def _send(client: FlaskClient, rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    file = (io.BytesIO(out.getvalue().encode("utf-8-sig")), "名单.csv")
    upload = client.post(
        "/confirmations/import", data={"file": file}, content_type="multipart/form-data"
    )
    assert upload.status_code in {302, 303}, upload.text
    return client.post(upload.location, follow_redirects=True).text


def test_an_employer_confirms_its_people_and_what_was_kept_is_told(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    own = make_organisation(database, kind="employer", name="龙岗电子")
    employer = make_employer(database, name="龙岗电子厂", organisation_id=own)
    other = make_employer(database, name="东莞鞋厂")
    at = {"started_on": FIRST, "employer_name": "龙岗电子厂"}
    here, left, never, odd = (
        make_placement(database, make.seeker(n), employer_id=employer, **at) for n in range(1, 5)
    )
    elsewhere = make_placement(database, make.seeker(5), employer_id=other, started_on=FIRST)
    recruiter = sign_in("recruiter", organisation=own)
    assert "people on post to confirm for this month" in recruiter.get("/").text
    page = recruiter.get("/confirmations").text
    assert "龙岗电子厂" in page
    assert "东莞鞋厂" not in page
    assert recruiter.get(f"/confirmations/{other}/export/csv").status_code == 404
    sheet = _sheet(recruiter, employer)
    assert [len(row) for row in sheet] == [8] * 5
    by_id = sorted(sheet[1:], key=lambda row: row[2])
    day = (TODAY - timedelta(days=3)).isoformat()
    for row, told in zip(
        by_id,
        (["在岗", "", "1850"], ["已离开", day, ""], ["从未到岗", "", ""], ["在岗", "", "35000"]),
        strict=True,
    ):
        row[5:] = told
    foreign = ["f" * 32, "", "", "", "", "在岗", "", ""]
    said = _send(recruiter, [sheet[0], *by_id, by_id[0], foreign])
    for words in (
        "None of your people on post has this code",
        "Kept as the employer&#39;s word",
        "35,000 yuan a month? The median here is 1,800",
    ):
        assert words in said
    with database.reading() as session:
        [kept] = list_follow_ups(session, here)
        assert (kept.grade, kept.way, kept.checkpoint, kept.wage_fen) == (
            "B",
            "employer",
            "m1",
            185_000,
        )
        assert list_follow_ups(session, odd)[0].wage_fen is None
        states = {due.checkpoint: due.state for due in list_dues(session, here)}
        assert states["m1"] == "done"
        for placement in (left, never):
            line = find_placement(session, placement)
            assert line
            assert line.state.disputed
        assert list_follow_ups(session, left) == list_follow_ups(session, elsewhere) == []
    assert "people on post to confirm for this month" not in recruiter.get("/").text
    again = _send(recruiter, [sheet[0], *by_id])
    assert "None of your people" not in again
    with database.reading() as session:
        assert len(list_follow_ups(session, here)) == 1  # once a month


def test_an_office_confirms_only_its_own_county(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    employer = make_employer(database, name="龙岗电子厂")
    for n, home in ((1, "520502001"), (2, "520521001")):
        make_placement(
            database, make.seeker(n, home_division=home), employer_id=employer, started_on=FIRST
        )
    clerk, everywhere = sign_in("clerk", division="520502"), sign_in("admin", division="5205")
    every = _sheet(everywhere, employer)
    assert (len(_sheet(clerk, employer)), len(every)) == (2, 3)
    for row in every[1:]:
        row[5] = "在岗"
    assert "None of your people on post has this code" in _send(clerk, every)
